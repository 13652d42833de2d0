"""What the learner can do: one table of commands makes the keys, the key bar, the palette, the help and docs/keys.md."""
