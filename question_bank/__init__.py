"""What the learner sees: question models, loader, lint, search."""
