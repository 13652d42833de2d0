"""The judge's vocabulary: verdicts, one check's result, the report, and the events that stream before it.

Everything here is plain data (pydantic, no numpy), so the UI may import it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FrameworkName = Literal["torch", "tensorflow"]
DeviceName = Literal["auto", "cpu", "cuda", "mps"]
TierName = Literal["bwrap", "landlock", "process"]


class Verdict(StrEnum):
    """What became of a submission, or of one check."""

    AC = "AC"
    WA = "WA"
    RTE = "RTE"
    TLE = "TLE"
    MLE = "MLE"
    OLE = "OLE"
    CE = "CE"
    BR = "BR"
    RV = "RV"
    SV = "SV"
    SK = "SK"
    CX = "CX"
    IE = "IE"

    @property
    def label(self) -> str:
        """The Chinese name shown to the learner."""
        return _LABELS[self]


_LABELS = {
    Verdict.AC: "通过",
    Verdict.WA: "答案错误",
    Verdict.RTE: "运行错误",
    Verdict.TLE: "超时",
    Verdict.MLE: "内存超限",
    Verdict.OLE: "输出超限",
    Verdict.CE: "无法加载",
    Verdict.BR: "返回值不合约定",
    Verdict.RV: "违反题目规则",
    Verdict.SV: "越出沙箱",
    Verdict.SK: "跳过",
    Verdict.CX: "已取消",
    Verdict.IE: "判题机错误",
}


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


class Metric(_Data):
    """One measured number beside the threshold it was held against. `value` is None when it was not finite."""

    name: str
    value: float | None
    op: Literal["<=", ">=", "<", ">", "=="]
    threshold: float


class CheckResult(_Data):
    """One hidden check. `status` is AC when it passed and SK when it was not reached.

    `diagnosis` names the mistake; `message` says what was seen. Both are Chinese sentences.
    """

    id: str
    group: str
    title: str
    status: Verdict
    metrics: tuple[Metric, ...] = ()
    diagnosis: str | None = None
    message: str | None = None


class Location(_Data):
    """A line of the learner's own file (1-based)."""

    line: int
    text: str


class Timings(_Data):
    """Seconds. `total_s` is wall time seen by the judge; `start_s` is getting a box with the framework imported;
    `import_s`, `run_s` and `cpu_s` are the learner's own."""

    total_s: float = 0.0
    start_s: float = 0.0
    import_s: float = 0.0
    run_s: float = 0.0
    cpu_s: float = 0.0
    peak_mib: float = 0.0


class Artifact(_Data):
    """A file the run left for the learner: a curve or a picture. `data` is base64 for images, text otherwise."""

    name: str
    kind: Literal["image", "text", "curve"]
    media_type: str
    data: str


class Report(_Data):
    """The outcome of one submission; what `judge run --json` prints."""

    schema_version: Literal[1] = 1
    verdict: Verdict
    score: Annotated[float, Field(ge=0, le=100)]
    problem: str
    framework: FrameworkName | None
    device: str
    sandbox: TierName | None
    isolated: bool
    seed: int
    versions: dict[str, str] = Field(default_factory=dict)
    timings: Timings = Timings()
    artifacts: tuple[Artifact, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    detail: str | None = None
    """Which limit (`cpu`, `wall`, `import`) or which rule, where the verdict has kinds."""
    message: str | None = None
    """The one sentence to read first."""
    location: Location | None = None
    output: str = ""
    """The tail of what the submission printed, control sequences stripped."""


class Request(_Data):
    """One submission to judge. `source` is the whole file, read once by the client so that what is judged is what is kept."""

    problem: str
    source: bytes
    filename: str = "solution.py"
    framework: FrameworkName | None = None
    device: DeviceName = "auto"
    seed: int | None = None
    tier: TierName | None = None
    """None: the best this machine offers, never `process`. Naming a tier is opting in to it."""


class PhaseEvent(_Data):
    """The run entered a phase: `start` (box and framework), `import`, then a check group id."""

    kind: Literal["phase"] = "phase"
    phase: str
    title: str


class UsageEvent(_Data):
    """What the submission has used so far; about five times a second."""

    kind: Literal["usage"] = "usage"
    elapsed_s: float
    cpu_s: float
    memory_mib: float


class ProgressEvent(_Data):
    """One point of a training curve: `step` counts optimiser steps or epochs as `unit` says."""

    kind: Literal["progress"] = "progress"
    unit: Literal["step", "epoch"]
    step: int
    values: dict[str, float]


class CheckEvent(_Data):
    """A check finished."""

    kind: Literal["check"] = "check"
    result: CheckResult


class ReportEvent(_Data):
    """The last event."""

    kind: Literal["report"] = "report"
    report: Report


Event = Annotated[PhaseEvent | UsageEvent | ProgressEvent | CheckEvent | ReportEvent, Field(discriminator="kind")]
