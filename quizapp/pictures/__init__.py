"""Pictures in a terminal: which way this one can draw them, decoding, and the bytes of each protocol. No Textual here."""
