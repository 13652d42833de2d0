"""The app in a browser on this machine: textual-serve behind a guard. Needs the extra `web`."""
