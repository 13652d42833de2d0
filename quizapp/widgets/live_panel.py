"""A run while it runs: phase, time, memory, curves, and the checks as they finish.

Run it alone: `python -m quizapp.widgets.live_panel`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from quizapp.text.plain import line
from quizapp.widgets.check_row import CheckRow
from quizapp.widgets.curve import Curve
from quizapp.widgets.pane import Pane
from quizapp.widgets.verdicts import check_details, says_the_same

if TYPE_CHECKING:
    from judge.verdict import CheckEvent, Event, PhaseEvent, ProgressEvent, UsageEvent

_RATES: Final = ("acc", "bleu", "f1", "auc", "score", "准确")
"""Names that begin or end like these grow towards one; they get a plot of their own beside the losses."""


class LivePanel(Vertical):
    """Fed with the judge's events through `show`."""

    DEFAULT_CSS = """
    LivePanel {
        #phases { height: auto; padding: 0 1; }
        #usage { height: 1; padding: 0 1; color: $quiet; }
        #curves { height: auto; margin: 1 0 0 0; display: none; padding: 0 1; }
        #curves.-on { display: block; }
        #curves Curve { height: 9; display: none; margin: 0 1 0 0; }
        #curves Curve.-on { display: block; }
        #checks { height: 1fr; margin: 1 0 0 0; }
        .check-details { padding: 0 1 0 5; }
    }
    """

    def __init__(self, groups: Sequence[tuple[str, str]], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._phases = (("start", "启动"), ("import", "加载代码"), *groups)
        self._now = ""
        self._waited = 0
        self.running = False

    def compose(self) -> ComposeResult:
        """Phases, usage, curves, checks."""
        yield Static(id="phases")
        yield Static(id="usage")
        with Horizontal(id="curves"):
            yield Curve("损失", id="losses")
            yield Curve("得分", id="rates")
        yield Pane(id="checks")

    def on_mount(self) -> None:
        """Seconds are counted from the first moment: a cold judge takes its time to say anything."""
        self._ticking = self.set_interval(1, self._tick, pause=True)

    def _tick(self) -> None:
        self._waited += 1
        self.query_one("#usage", Static).update(line(f"正在启动判题机   已等 {self._waited} 秒"))

    async def begin(self) -> None:
        """Forget the last run."""
        self._waited = 0
        self._ticking.reset()
        self._ticking.resume()
        self.running = True
        self._now = self._phases[0][0]
        await self.query_one("#checks").remove_children()
        for curve in self.query(Curve):
            curve.show({})
            curve.remove_class("-on")
        self.query_one("#curves").remove_class("-on")
        self.query_one("#usage", Static).update(line("正在启动判题机"))
        self._draw_phases()

    def finish(self) -> None:
        """The run is over; what it left stays on the screen, seen only when there is no report: the phase it was in did not end."""
        self.running = False
        self._ticking.pause()
        self._draw_phases()

    async def show(self, event: Event) -> None:
        """Draw one event."""
        match event.kind:
            case "phase":
                self._phase(event)
            case "usage":
                self._usage(event)
            case "progress":
                self._progress(event)
            case "check":
                await self._check(event)

    def _phase(self, event: PhaseEvent) -> None:
        self._now = event.phase
        if event.phase not in dict(self._phases):
            self._phases = (*self._phases, (event.phase, event.title))
        self._draw_phases()

    def _draw_phases(self) -> None:
        keys = [key for key, _ in self._phases]
        place = keys.index(self._now) if self._now in keys else -1
        parts: list[tuple[str, str] | str] = []
        for index, (_, title) in enumerate(self._phases):
            current = index == place and self.running
            mark = "✓ " if index < place else "▸ " if current else "- " if index == place else "  "
            parts += [(f"{mark}{line(title).plain}", "$text-primary bold" if current else "" if index < place else "dim"), "  "]
        self.query_one("#phases", Static).update(Content.assemble(*parts))

    def _usage(self, event: UsageEvent) -> None:
        self._ticking.pause()
        text = f"已用 {event.elapsed_s:.1f} 秒   CPU {event.cpu_s:.1f} 秒   内存 {event.memory_mib:.0f} MiB"
        self.query_one("#usage", Static).update(line(text))

    def _progress(self, event: ProgressEvent) -> None:
        rates = {name: value for name, value in event.values.items() if is_rate(name)}
        losses = {name: value for name, value in event.values.items() if name not in rates}
        for values, curve in ((losses, self.query_one("#losses", Curve)), (rates, self.query_one("#rates", Curve))):
            if values:
                curve.add(event.step, values)
                curve.add_class("-on")
                self.query_one("#curves").add_class("-on")

    async def _check(self, event: CheckEvent) -> None:
        checks = self.query_one("#checks", Pane)
        last = checks.children[-1] if checks.children else None
        if isinstance(last, CheckRow) and says_the_same(last.check, event.result):
            last.times += 1
            return
        await checks.mount(CheckRow(event.result))
        if event.result.status not in ("AC", "SK"):
            await checks.mount(Static(check_details(event.result), classes="check-details"))
        checks.scroll_end(animate=False)


def is_rate(name: str) -> bool:
    """Whether a series is a rate rather than a loss."""
    lowered = name.casefold().removeprefix("val_")
    return lowered.startswith(_RATES) or lowered.endswith(_RATES)


if __name__ == "__main__":
    from itertools import count

    from judge import verdict
    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """A training run that goes on and on."""

        def compose(self) -> ComposeResult:
            """The panel."""
            yield LivePanel((("contract", "接口与形状"), ("training", "训练效果与曲线")))

        async def on_mount(self) -> None:
            """One passed check, then ten steps a second."""
            panel, steps = self.query_one(LivePanel), count(1)
            await panel.begin()
            await panel.show(verdict.PhaseEvent(phase="contract", title=""))
            shape = verdict.CheckResult(id="shape", group="contract", title="输出形状为 (N, 10)，N 任意。", status="AC")
            await panel.show(verdict.CheckEvent(result=shape))
            await panel.show(verdict.PhaseEvent(phase="training", title=""))
            self.set_interval(0.1, lambda: self._step(panel, next(steps)))

        async def _step(self, panel: LivePanel, step: int) -> None:
            left = 0.97**step
            await panel.show(
                verdict.ProgressEvent(unit="step", step=step, values={"loss": 2.3 * left, "accuracy": 1 - 0.9 * left})
            )
            await panel.show(verdict.UsageEvent(elapsed_s=step / 10, cpu_s=step / 10, memory_mib=400))

    Demo().run()
