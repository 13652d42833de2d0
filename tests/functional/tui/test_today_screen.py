"""今天 and what surrounds every screen: sections, help, palette, themes."""

import pytest
from textual.command import CommandPalette

from quizapp.screens.answer import AnswerScreen
from quizapp.screens.bank import BankScreen
from quizapp.screens.coding import CodingScreen
from quizapp.screens.help import HelpScreen
from quizapp.screens.stats import StatsScreen
from quizapp.screens.today import TodayScreen


def answer(progress, question, rating=3, score=80.0):
    progress.record_answer(question, text="x", rating=rating, score=score, points={}, mode="practice", seconds=60)


async def test_the_first_screen_says_what_to_do(make_app, text, wait):
    async with make_app().run_test() as pilot:
        await wait(pilot, lambda: "今天没有该复习的题" in text(pilot.app))

        assert isinstance(pilot.app.screen, TodayScreen)
        assert "7 月 3 日" in text(pilot.app)
        assert "星期五" in text(pilot.app)


async def test_what_was_learnt_comes_back_when_it_is_due(make_app, progress, clock, text, wait):
    answer(progress, "what_is_llm", rating=1)
    clock.advance(days=3)
    async with make_app().run_test() as pilot:
        await wait(pilot, lambda: "今天有 1 题该复习" in text(pilot.app))
        await pilot.press("enter")
        await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))

        assert pilot.app.screen.question.id == "what_is_llm"


@pytest.mark.parametrize("key", ["f5", "enter"])
async def test_one_key_asks_everything_of_the_day(make_app, text, wait, key):
    async with make_app().run_test() as pilot:
        await wait(pilot, lambda: "道没做过" in text(pilot.app))
        planned = pilot.app.screen._agenda.queue
        await pilot.press(key)
        await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
        screen = pilot.app.screen

        assert len(planned) > 2
        assert (screen.question.id, *screen.following) == planned


async def test_one_key_opens_the_next_program(make_app, wait):
    async with make_app().run_test() as pilot:
        await wait(pilot)
        await pilot.press("f7")
        await wait(pilot, lambda: isinstance(pilot.app.screen, CodingScreen))


@pytest.mark.parametrize(("key", "screen"), [("f2", TodayScreen), ("f3", BankScreen), ("f4", StatsScreen)])
async def test_sections_are_one_key_away(make_app, wait, key, screen):
    async with make_app().run_test() as pilot:
        await wait(pilot)
        await pilot.press(key)
        await wait(pilot, lambda: isinstance(pilot.app.screen, screen))


async def test_a_section_keeps_what_was_open_and_closes_it_when_asked_again(make_app, wait):
    async with make_app().run_test() as pilot:
        await wait(pilot)
        await pilot.press("f7")
        await wait(pilot, lambda: isinstance(pilot.app.screen, CodingScreen))
        await pilot.press("f3")
        await wait(pilot, lambda: isinstance(pilot.app.screen, BankScreen))
        await pilot.press("f2")
        await wait(pilot, lambda: isinstance(pilot.app.screen, CodingScreen))
        await pilot.press("f2")
        await wait(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))


async def test_sections_are_counted_again_only_when_something_was_done(make_app, progress, text, wait, monkeypatch):
    async with make_app().run_test() as pilot:
        await pilot.press("f4")
        await wait(pilot, lambda: "作答 0 次" in text(pilot.app))
        await pilot.press("f2")
        await wait(pilot, lambda: "道没做过" in text(pilot.app))
        counted, count = [], progress.stats
        monkeypatch.setattr(progress, "stats", lambda: counted.append(1) or count())
        for key in ("f4", "f2", "f4"):
            await pilot.press(key)
            await wait(pilot)
        assert not counted

        answer(progress, "what_is_llm")
        await pilot.press("f2", "f4")
        await wait(pilot, lambda: "作答 1 次" in text(pilot.app))


async def test_sections_can_be_clicked(make_app, wait):
    async with make_app().run_test() as pilot:
        await wait(pilot)
        await pilot.click("TopBar", offset=(8, 0))
        await wait(pilot, lambda: isinstance(pilot.app.screen, BankScreen))


@pytest.mark.parametrize("key", ["f1", "question_mark", "fullwidth_question_mark"])
async def test_help_lists_what_works_here(make_app, text, wait, key):
    async with make_app().run_test(size=(80, 40)) as pilot:
        await wait(pilot)
        await pilot.press(key)
        await wait(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))

        assert "开始今天的练习" in text(pilot.app)
        assert "收藏或取消收藏光标" not in text(pilot.app)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, TodayScreen)


async def test_the_palette_finds_commands_and_questions(make_app, wait):
    async with make_app().run_test() as pilot:
        await wait(pilot)
        await pilot.press("ctrl+p")
        await wait(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
        await pilot.press(*"识别手写")
        await wait(pilot, lambda: pilot.app.screen.query_one("CommandList").option_count == 1)
        await pilot.press("enter")
        await wait(pilot, lambda: isinstance(pilot.app.screen, CodingScreen))


async def test_the_palette_finds_questions_as_the_bank_does(make_app, wait):
    async with make_app().run_test() as pilot:
        await wait(pilot)
        await pilot.press("ctrl+p")
        await wait(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
        await pilot.press(*"sbsxsz")
        await wait(pilot, lambda: pilot.app.screen.query_one("CommandList").option_count == 1)
        await pilot.press("enter")
        await wait(pilot, lambda: isinstance(pilot.app.screen, CodingScreen))


async def test_dark_and_light(make_app):
    async with make_app().run_test() as pilot:
        assert pilot.app.current_theme.dark
        await pilot.press("f12")
        assert not pilot.app.current_theme.dark


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "nord", "textual-light"])
async def test_other_themes_draw_every_section(make_app, wait, theme):
    async with make_app(theme=theme).run_test() as pilot:
        for key in ("f2", "f3", "f4", "f1"):
            await pilot.press(key)
            await wait(pilot)


async def test_ctrl_c_says_how_to_quit(make_app, text, wait):
    async with make_app().run_test() as pilot:
        await wait(pilot)
        await pilot.press("ctrl+c")
        await wait(pilot, lambda: "Ctrl+Q" in text(pilot.app))


async def test_statistics_count_what_was_done(make_app, progress, text, wait):
    answer(progress, "what_is_llm")
    answer(progress, "why_scale", rating=1, score=0.0)
    async with make_app().run_test() as pilot:
        await pilot.press("f4")
        await wait(pilot, lambda: "作答 2 次" in text(pilot.app))

        assert "连续 1 天" in text(pilot.app)
        assert "错题本 1 题" in text(pilot.app)
