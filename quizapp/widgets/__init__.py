"""Widgets: they show what they are given and post dataclass messages; none of them knows a screen, the bank or the log."""
