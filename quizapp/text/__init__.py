"""Text on its way to the screen: made safe, measured in cells, wrapped the Chinese way, Markdown and math made readable."""
