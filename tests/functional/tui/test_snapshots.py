"""The main screens as pictures, in both themes and at both sizes: `make snapshots` draws them anew after a wanted change.

A small bank, a clock that stands still, a scripted judge: neither machine nor installed frameworks are in them. Look at the SVG
files with a browser before committing them.
"""

import json
import re

import pytest
from textual.widgets import Input, TextArea

from judge import verdict
from quizapp.themes import DARK, LIGHT

SIZES = ((80, 24), (120, 40))
LOSSES = {"loss": [2.3 * 0.9**step for step in range(30)], "val_loss": [2.4 * 0.91**step + 0.1 for step in range(30)]}


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch, tmp_path):
    """Solutions lie in a folder whose name is the same everywhere; PyTorch is chosen whatever is installed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUIZAPP_WORKSPACE", "solutions")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr("quizapp.screens.mock_setup.secrets.randbits", lambda bits: 7)
    monkeypatch.setattr("quizapp.screens.coding_text.installed", lambda framework: framework == "torch")


async def opened(pilot, wait, question):
    await pilot.app.run_action(f"open('{question}')")
    await wait(pilot)


async def today(pilot, wait, text):
    await wait(pilot, lambda: "约" in text(pilot.app) or "道没做过" in text(pilot.app))


async def bank(pilot, wait, text):
    await pilot.press("f3")
    await wait(pilot, lambda: "全部" in text(pilot.app))
    await pilot.press("ctrl+f", *"zyl")
    await wait(pilot, lambda: "注意力" in text(pilot.app))


async def question(pilot, wait, text):
    await opened(pilot, wait, "what_is_llm")
    await pilot.press(*"参数规模达到千亿靠提示完成任务")


async def choices(pilot, wait, text):
    await opened(pilot, wait, "kv_parts")


async def statement(pilot, wait, text):
    await opened(pilot, wait, "tiny_digits")


async def report(pilot, wait, text):
    await opened(pilot, wait, "tiny_digits")
    await pilot.press("enter")
    await wait(pilot)
    await pilot.press("f5")
    await wait(pilot, lambda: "40 分" in text(pilot.app))


async def review(pilot, wait, text):
    await opened(pilot, wait, "what_is_llm")
    await pilot.press(*"参数规模达到千亿靠提示完成任务", "f5", "enter")
    await wait(pilot, lambda: "命中 2/4 个要点" in text(pilot.app) and "2 天" in text(pilot.app))


async def mock(pilot, wait, text):
    await pilot.press("ctrl+t")
    await wait(pilot, lambda: "限时作答" in text(pilot.app))
    await pilot.press("f5")
    await wait(pilot, lambda: "剩" in text(pilot.app))


async def stats(pilot, wait, text):
    await pilot.press("f4")
    await wait(pilot, lambda: "作答 1 次" in text(pilot.app))
    await wait(pilot, lambda: str(pilot.app.screen.query_one("#overrules").content))


async def settings(pilot, wait, text):
    await pilot.press("f9")
    await wait(pilot, lambda: "面试日期" in text(pilot.app))


SCENES = (today, bank, question, choices, review, statement, report, mock, stats, settings)


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
async def test_a_screen_looks_as_it_did(make_app, judge, progress, clock, golden, wait, text, scene, size, theme):
    """Few enough to be looked at one by one."""
    progress.record_answer(
        "is_llm_supervised", text="错", rating=3, score=100.0, points={}, mode="drill", seconds=12.0, confidence=3
    )
    clock.advance(days=2)
    curve = verdict.Artifact(name="训练曲线", kind="curve", media_type="application/json", data=json.dumps(LOSSES))
    judge.more = {**judge.more, "artifacts": (curve,), "message": "准确率不到要求：每一步都没有清零梯度。"}
    app = make_app(theme=theme)
    async with app.run_test(size=size) as pilot:
        await scene(pilot, wait, text)
        for widget in app.screen.query("Input, TextArea").results(Input | TextArea):
            widget.cursor_blink = False
        await pilot.pause()
        golden(
            plain(app.export_screenshot(title="quizapp", simplify=True)), f"{scene.__name__}-{size[0]}x{size[1]}-{theme}.svg"
        )


def plain(svg):
    """A line for every text, so that a difference can be read; without the fonts, which only a browser needs."""
    without = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    unnumbered = re.sub(r"terminal-\d+", "terminal", without)
    return re.sub(r"(</text>|/>)\s*(?=<)", r"\1\n", unnumbered)
