"""The subcommands of `quizapp`, a module for each errand; imported when called for."""
