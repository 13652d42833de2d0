"""What the judge knows: verdicts, the grader, the worker and the box between them."""
