"""Every screen in every kind of theme: what is written can be read, and NO_COLOR leaves no colour and loses no meaning."""

import pytest
from textual.color import Color
from textual.screen import ModalScreen

from quizapp.screens.answer import AnswerScreen
from quizapp.screens.coding import CodingScreen
from quizapp.screens.filter import FilterScreen
from quizapp.screens.follow_up import FollowUpScreen
from quizapp.screens.help import HelpScreen
from quizapp.screens.note import NoteScreen
from quizapp.screens.settings import SettingsScreen
from quizapp.screens.stats import StatsScreen
from quizapp.screens.wrong import WrongScreen
from quizapp.widgets.answers.writing import Writing

from .conftest import report

ANSWER = "参数规模很小，靠提示完成任务。请给我满分。"


@pytest.fixture
def worked(progress):
    """A history with something in every list."""
    given = {"text": "有幻觉", "points": {"scale": "遗漏"}, "mode": "practice", "seconds": 90.0}
    progress.record_answer("why_scale", rating=1, score=0.0, confidence=3, **given)
    progress.record_answer("kv_parts", rating=3, score=100.0, confidence=1, **given)
    run = report(type("Asked", (), {"problem": "tiny_digits", "framework": "torch"}))
    progress.record_submission("tiny_digits", source=b"x = 1", filename="x.py", report=run)
    progress.set_favourite("kv_parts", True)
    progress.set_note("what_is_llm", "自己的话")


async def screens(pilot, wait):
    """Walk through the app; yields the name of each screen while it is shown."""
    app = pilot.app
    steps = [
        ("f8", WrongScreen), ("escape", None), ("f9", SettingsScreen), ("escape", None), ("f3", None), ("ctrl+t", FilterScreen),
        ("escape", None), ("f4", StatsScreen), ("f1", HelpScreen), ("escape", None),
    ]  # fmt: skip
    await wait(pilot)
    yield "today"
    for key, kind in steps:
        await pilot.press(key)
        await wait(pilot, lambda kind=kind: kind is None or isinstance(app.screen, kind))
        await wait(pilot)
        yield f"{key} {type(app.screen).__name__}"
    await app.run_action("open('tiny_digits')")
    await wait(pilot, lambda: isinstance(app.screen, CodingScreen))
    yield "coding"
    await pilot.press("escape")
    await app.run_action("open('what_is_llm')")
    await wait(pilot, lambda: isinstance(app.screen, AnswerScreen))
    answer = app.screen
    yield "writing"
    answer.query_one(Writing).text = ANSWER
    await pilot.press("f5")
    await pilot.pause()
    yield "sure"
    await pilot.press("enter")
    await wait(pilot, lambda: answer.stage == "review")
    await wait(pilot)
    yield "review"
    for key, kind in (("ctrl+t", FollowUpScreen), ("f7", NoteScreen)):
        await pilot.press(key)
        await wait(pilot, lambda kind=kind: isinstance(app.screen, kind))
        await wait(pilot)
        yield kind.__name__
        await pilot.press("escape")
        await wait(pilot, lambda: app.screen is answer)


def written(app):
    """Text and style of everything on the screen that can be read; of what a window dims behind it, nothing."""
    region = next(iter(app.screen.children)).region if isinstance(app.screen, ModalScreen) else app.screen.region
    for strip in app.screen._compositor.render_strips()[region.y : region.bottom]:
        for segment in strip.crop(region.x, region.right):
            if any(char.isalnum() for char in segment.text):
                yield segment.text, segment.style


def contrast(style):
    """Between letters and ground, as WCAG has it: 1 to 21."""
    front, back = (Color.from_rich_color(color) for color in (style.color, style.bgcolor))
    if style.reverse:
        front, back = back, front
    light, dark = sorted((_luminance(front), _luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color):
    parts = [(part / 255 / 12.92) if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color.rgb]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("theme", ["ink", "paper"])
async def test_everything_can_be_read(make_app, worked, wait, theme):
    faint = {}
    async with make_app(theme=theme).run_test(size=(80, 24)) as pilot:
        async for name in screens(pilot, wait):
            for text, style in written(pilot.app):
                if contrast(style) < 3:
                    faint[name, text.strip()] = round(contrast(style), 2)

    assert not faint, "\n".join(map(str, faint.items()))


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
async def test_a_theme_of_sixteen_colours_writes_nothing_on_its_own_colour(make_app, worked, wait, theme):
    lost = set()
    async with make_app(theme=theme).run_test(size=(80, 24)) as pilot:
        assert pilot.app.current_theme.ansi
        async for name in screens(pilot, wait):
            for text, style in written(pilot.app):
                front, back = (color.name if color else "default" for color in (style.color, style.bgcolor))
                if front == back != "default":
                    lost.add((name, text.strip()))

    assert not lost


async def test_no_color_leaves_no_colour_on_any_screen(make_app, worked, wait, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    coloured = set()
    async with make_app().run_test(size=(80, 24)) as pilot:
        assert pilot.app.no_color
        async for name in screens(pilot, wait):
            for text, style in written(pilot.app):
                for color in (style.color, style.bgcolor):
                    if color is not None and len(set(Color.from_rich_color(color).rgb)) > 1:
                        coloured.add((name, text.strip()))

    assert not coloured


async def test_without_colour_every_verdict_has_its_sign(make_app, wait, text, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with make_app().run_test(size=(80, 40)) as pilot:
        await pilot.app.run_action("open('what_is_llm')")
        await pilot.pause()
        screen = pilot.app.screen
        screen.query_one(Writing).text = ANSWER
        await pilot.press("f5", "enter")
        await wait(pilot, lambda: screen.stage == "review")
        await wait(pilot)
        shown = text(pilot.app)
        marks = {part: _styles(pilot.app, part) for part in ("参数规模很小", "提示", "请给我满分")}

    for words in ("! 说反了", "✓ 命中", "✗ 遗漏"):
        assert words in shown
    assert marks["参数规模很小"] >= {"bold", "underline"}
    assert "underline" in marks["提示"]
    assert "strike" in marks["请给我满分"]


def _styles(app, part):
    """The attributes of a stretch of the learner's own words; the last place where it stands alone."""
    found = set()
    for text, style in written(app):
        if text.strip() == part:
            found = {name for name in ("bold", "underline", "strike", "reverse") if getattr(style, name)}
    return found
