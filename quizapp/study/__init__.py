"""The study domain: what to ask when, how an answer is scored, how a session runs. Pure: time and chance are handed in."""
