"""The learner-facing app: study, progress, screens, command line."""

import os

# Read by Textual when it is imported, so it stands here, before any import of it. With the kitty keyboard protocol on, iTerm2
# drops what a Chinese input method commits. No key of this app needs the protocol; who sets the variable keeps their choice.
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
