"""How a check ends when it does not pass, and how a run ends when it cannot go on."""

from __future__ import annotations

from judge.verdict import Location, Verdict


class UsageProblem(Exception):
    """The judge was asked for something it cannot do here (unknown problem, no such device). One Chinese sentence; exit status 2."""


class JudgeProblem(Exception):
    """The judge itself failed. Becomes IE; never charged to the learner."""


class NotReady(JudgeProblem):
    """The process for the learner's code did not come up. Nothing of theirs was read yet: another box may do better."""


class CheckFailed(Exception):
    """A check measured something wrong. `diagnosis` names the mistake, `message` says what was seen."""

    def __init__(self, verdict: Verdict, diagnosis: str | None, message: str | None = None) -> None:
        super().__init__(diagnosis or message or verdict.label)
        self.verdict = verdict
        self.diagnosis = diagnosis
        self.message = message
        self.location: Location | None = None
        self.detail: str | None = None


class SubmissionFailed(CheckFailed):
    """The learner's code raised, hung, grew too large, or answered what cannot be read. `fatal`: its process is gone."""

    def __init__(
        self,
        verdict: Verdict,
        diagnosis: str | None,
        message: str | None = None,
        *,
        location: Location | None = None,
        detail: str | None = None,
        fatal: bool = False,
    ) -> None:
        super().__init__(verdict, diagnosis, message)
        self.location = location
        self.detail = detail
        self.fatal = fatal
