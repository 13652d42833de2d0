"""What can go wrong with data, each told in one Chinese sentence."""

from __future__ import annotations


class DatasetMissing(Exception):
    """A data set is not (whole) in the cache. The sentence names the command that gets it."""


class FetchProblem(Exception):
    """A data set could not be got or kept."""


class Unreachable(FetchProblem):
    """Not this data set's fault: the next one would fare no better (no network, no pip, no place to write)."""
