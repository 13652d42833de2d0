"""The trusted side: runs the hidden pytest checks against a submission in a box, and alone computes the verdict."""
