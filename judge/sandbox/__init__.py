"""Where the learner's code runs: three tiers, one way to launch them, one honest answer about what this machine gives.

`bwrap` (namespaces, Landlock and seccomp) is the strongest; `landlock` serves where there are no namespaces; `process` isolates nothing and is
only used when it is asked for by name.
"""

from __future__ import annotations

from judge.sandbox import bare, bwrap
from judge.sandbox.box import Box
from judge.sandbox.probing import Probe, Tier, best_tier, probe
from judge.verdict import TierName

__all__ = ["Box", "Probe", "Tier", "best_tier", "launch", "probe"]


def launch(tier: TierName, *, framework: str, device: str = "cpu") -> Box:
    """Start a box with a zygote for `framework`. It says that it is ready on `Box.control`. Raises `OSError`.

    The box ends when the thread that launched it ends, or its process does.
    """
    return bwrap.launch(framework, device, probe().bwrap) if tier == "bwrap" else bare.launch(tier, framework, device)
