"""模拟面试: drawn, timed, skipped, marked, left in the middle, taken up again, reported beside the one before."""

import pytest

from quizapp.progress import Progress
from quizapp.screens.coding import CodingScreen
from quizapp.screens.mock import MockScreen
from quizapp.screens.mock_report import MockReportScreen
from quizapp.screens.mock_setup import MockSetupScreen
from quizapp.screens.today import TodayScreen
from quizapp.study.running import unfinished
from quizapp.widgets.answers.writing import Writing


async def begin(pilot, wait, *changes):
    """From 今天 to the first question; `changes` are the menu lines that are changed before, by their place."""
    await wait(pilot)
    await pilot.press("ctrl+t")
    await wait(pilot, lambda: isinstance(pilot.app.screen, MockSetupScreen))
    await wait(pilot)
    for place in changes:
        await pilot.press(*["up"] * 9, *["down"] * place, "enter")
    await pilot.press("f5")
    await wait(pilot, lambda: isinstance(pilot.app.screen, MockScreen))
    await wait(pilot)


def current(app):
    return app.screen.running.state.current


async def answer(pilot, wait, reply=""):
    """Answer what is asked, whatever it is, and its follow-up."""
    screen = pilot.app.screen
    if isinstance(screen.field, Writing):
        screen.field.load_text("大模型参数规模大，用海量文本自监督预训练。")
    else:
        await pilot.press("enter", *"12")
        screen.field.restore(screen.field.draft)
        if screen.field.given is None:
            await pilot.press("f6")
            await wait(pilot)
            return
    await pilot.press("f5")
    await wait(pilot)
    if pilot.app.screen is screen and screen.follow_up:
        if reply:
            screen.query_one("#reply", Writing).load_text(reply)
        await pilot.press("f5")
    await wait(pilot, lambda: pilot.app.screen is not screen)
    await wait(pilot)


async def test_an_interview_from_the_first_question_to_the_report(make_app, progress, text, wait):
    async with make_app().run_test() as pilot:
        await begin(pilot, wait)
        assert "模拟面试" in text(pilot.app)
        assert "剩 30 分钟" in text(pilot.app)
        for _ in range(40):
            if isinstance(pilot.app.screen, MockReportScreen):
                break
            await answer(pilot, wait, "我会接着说。")

        assert isinstance(pilot.app.screen, MockReportScreen)
        assert "总分" in text(pilot.app)
        assert not unfinished(progress)
        assert progress.stats().answers > 0


async def test_the_answer_is_not_shown_and_the_follow_up_is_recorded_with_its_reply(make_app, progress, text, wait):
    async with make_app().run_test() as pilot:
        await begin(pilot, wait)
        while not isinstance(pilot.app.screen.field, Writing):
            await pilot.press("f6")
            await wait(pilot)
        screen = pilot.app.screen
        screen.field.load_text("参数多，数据多。")
        await pilot.press("f5")
        await wait(pilot, lambda: screen.follow_up)

        assert "追问" in text(pilot.app)
        assert "命中" not in text(pilot.app)
        screen.query_one("#reply", Writing).load_text("因为规模定律。")
        await pilot.press("f5")
        await wait(pilot, lambda: pilot.app.screen is not screen)

    kept = progress.answers(screen.question.id)[0]
    assert kept.mode == "mock"
    assert kept.detail["follow_ups"] == [{"question": screen.follow_up, "answer": "因为规模定律。"}]


async def test_an_empty_answer_is_not_handed_in(make_app, progress, text, wait):
    async with make_app().run_test() as pilot:
        await begin(pilot, wait)
        while not isinstance(pilot.app.screen.field, Writing):
            await pilot.press("f6")
            await wait(pilot)
        await pilot.press("f5")
        await wait(pilot, lambda: "还没有作答" in text(pilot.app))

    assert not progress.answers()


async def test_it_resumes_where_it_stopped_with_what_was_half_typed(make_app, progress, clock, tmp_path, text, wait):
    async with make_app().run_test() as pilot:
        await begin(pilot, wait)
        while not isinstance(pilot.app.screen.field, Writing):
            await pilot.press("f6")
            await wait(pilot)
        asked = current(pilot.app)
        pilot.app.screen.field.load_text("写到一半")
        clock.advance(minutes=4)
        await pilot.press("escape")
        await wait(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))

    clock.advance(hours=9)
    async with make_app().run_test() as pilot:
        await wait(pilot)
        await pilot.press("ctrl+t")
        await wait(pilot, lambda: "接着上次" in text(pilot.app))
        assert "剩 26 分钟" in text(pilot.app)
        await pilot.press(*["up"] * 9, "enter")
        await wait(pilot, lambda: isinstance(pilot.app.screen, MockScreen))
        await wait(pilot)

        assert current(pilot.app) == asked
        assert pilot.app.screen.field.text == "写到一半"
        assert "剩 26 分钟" in text(pilot.app)


async def test_time_that_is_over_is_said_once_and_ends_nothing(make_app, clock, text, wait):
    async with make_app().run_test() as pilot:
        await begin(pilot, wait)
        clock.advance(minutes=31)
        pilot.app.screen._tick()
        await wait(pilot, lambda: "时间到了" in text(pilot.app))

        assert "超时 1 分钟" in text(pilot.app)
        assert isinstance(pilot.app.screen, MockScreen)


async def test_the_clock_for_spoken_answers(make_app, clock, text, wait):
    async with make_app().run_test() as pilot:
        await begin(pilot, wait)
        await pilot.press("f8")
        await wait(pilot, lambda: "口述 0:30" in text(pilot.app))
        await pilot.press("f8")
        await wait(pilot, lambda: "口述 2:00" in text(pilot.app))
        clock.advance(seconds=121)
        pilot.app.screen._tick()
        await wait(pilot, lambda: "口述时间到" in text(pilot.app))
        await pilot.press("f8", "f8", "f8")
        await wait(pilot, lambda: "口述 " not in text(pilot.app))


async def test_a_skipped_question_comes_last_and_a_marked_one_is_told(make_app, text, wait):
    async with make_app().run_test(size=(80, 60)) as pilot:
        await begin(pilot, wait)
        first = current(pilot.app)
        await pilot.press("f9")
        await wait(pilot, lambda: "已标记" in text(pilot.app))
        await pilot.press("f6")
        await wait(pilot, lambda: current(pilot.app) != first)

        assert pilot.app.screen.running.state.queue[-1] == first
        await pilot.press("f7")
        await wait(pilot, lambda: "再按一次 F7" in text(pilot.app))
        await pilot.press("f7")
        await wait(pilot, lambda: isinstance(pilot.app.screen, MockReportScreen))
        await wait(pilot)
        assert "（标记）" in text(pilot.app)
        assert "跳过" in text(pilot.app)
        assert "没答" in text(pilot.app)


async def test_the_second_report_stands_beside_the_first(make_app, clock, text, wait):
    async with make_app().run_test() as pilot:
        for _ in range(2):
            await begin(pilot, wait)
            clock.advance(minutes=5)
            await pilot.press("f7", "f7")
            await wait(pilot, lambda: isinstance(pilot.app.screen, MockReportScreen))
            await wait(pilot)
            told = text(pilot.app)
            await pilot.press("escape")
            await wait(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
        assert "与上一次相同" in told


async def test_a_program_is_written_in_the_interview(make_app, judge, progress, workspace, text, wait, monkeypatch):
    monkeypatch.setattr("quizapp.screens.coding.missing_framework", lambda framework: "")
    judge.result = "AC"
    async with make_app().run_test() as pilot:
        await begin(pilot, wait, 2)
        while not pilot.app.screen.is_program:
            await pilot.press("f6")
            await wait(pilot)
        screen = pilot.app.screen
        await pilot.press("f5")
        await wait(pilot, lambda: isinstance(pilot.app.screen, CodingScreen))
        await wait(pilot)
        await pilot.press("enter")
        await wait(pilot, lambda: any(workspace.rglob("*.py")))
        await pilot.press("f5")
        await wait(pilot, lambda: progress.submissions())
        await pilot.press("escape", "escape")
        await wait(pilot, lambda: not isinstance(pilot.app.screen, CodingScreen) and pilot.app.screen is not screen)

    assert progress.submissions()[0].verdict == "AC"
    outcome = next(iter(unfinished(progress)), None)
    assert outcome is None or screen.question.id in outcome.state.outcomes


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_everything_fits(make_app, text, wait, size):
    async with make_app().run_test(size=size) as pilot:
        await begin(pilot, wait)

        screen = pilot.app.screen
        assert screen.query_one("#answer").region.bottom <= size[1] - 1, "above the key bar"
        assert "F5" in text(pilot.app)


async def test_without_writing_there_is_no_interview(make_app, text, wait):
    async with make_app(read_only="另一个 quizapp 正开着").run_test() as pilot:
        await wait(pilot)
        await pilot.press("ctrl+t")
        await wait(pilot, lambda: isinstance(pilot.app.screen, MockSetupScreen))
        await wait(pilot)
        await pilot.press("f5")
        await wait(pilot, lambda: "现在不能开始模拟面试" in text(pilot.app))


async def test_a_kill_in_the_middle_costs_nothing_that_was_handed_in(make_app, progress, tmp_path, clock, wait):
    async with make_app().run_test() as pilot:
        await begin(pilot, wait)
        await answer(pilot, wait)
        done = len(progress.answers())
    with Progress.open(tmp_path / "progress.db", clock, mode="read") as again:
        assert len(again.answers()) == done
        assert unfinished(again)
