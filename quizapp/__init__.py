"""The learner-facing app: study, progress, screens, command line."""
