"""换个练法: every kind of session from the app, left in the middle and taken up again."""

from quizapp.screens.answer import AnswerScreen
from quizapp.screens.practice import PracticeScreen
from quizapp.screens.today import TodayScreen
from quizapp.study.running import unfinished
from quizapp.widgets.menu import Menu


async def open_practice(pilot, wait):
    await wait(pilot)
    await pilot.press("p")
    await wait(pilot, lambda: isinstance(pilot.app.screen, PracticeScreen))
    await wait(pilot, lambda: pilot.app.screen.query_one(Menu).entries)


async def choose(pilot, wait, name):
    menu = pilot.app.screen.query_one(Menu)
    menu.cursor = next(n for n, entry in enumerate(menu.entries) if entry.id == name)
    await pilot.press("enter")
    await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
    await wait(pilot)


async def test_every_kind_says_how_many_it_has(make_app, text, wait):
    async with make_app().run_test() as pilot:
        await open_practice(pilot, wait)

        for name in ("背题", "刷题", "没做过的", "高频", "收藏", "每日一题", "冲刺"):
            assert name in text(pilot.app)
        assert "还没有收藏题目" in text(pilot.app)


async def test_reading_folds_the_answer_and_asks_for_nothing(make_app, progress, text, wait):
    async with make_app().run_test() as pilot:
        await open_practice(pilot, wait)
        await choose(pilot, wait, "read")
        first = pilot.app.screen.question.id
        assert "背题  第 1 /" in text(pilot.app)
        await pilot.press("f5")
        await wait(pilot, lambda: "参考答案" in text(pilot.app) or "要点" in text(pilot.app))
        assert "遗漏" not in text(pilot.app), "nothing was written, nothing is judged"
        await pilot.press("enter")
        await wait(pilot, lambda: pilot.app.screen.question.id != first)

    kept = progress.answers(first)[0]
    assert (kept.mode, kept.rating, kept.score, kept.text) == ("read", 3, None, "")


async def test_a_session_goes_on_where_it_was_left(make_app, progress, text, wait):
    async with make_app().run_test() as pilot:
        await open_practice(pilot, wait)
        await choose(pilot, wait, "read")
        first = pilot.app.screen.question.id
        await pilot.press("f5")
        await wait(pilot, lambda: pilot.app.screen.stage == "review")
        await pilot.press("3")
        await wait(pilot, lambda: pilot.app.screen.question.id != first)
        second = pilot.app.screen.question.id
        await pilot.press("escape")
        await wait(pilot, lambda: isinstance(pilot.app.screen, PracticeScreen))

    async with make_app().run_test() as pilot:
        await open_practice(pilot, wait)
        await wait(pilot, lambda: "接着背题" in text(pilot.app))
        await choose(pilot, wait, "resume:0")

        assert pilot.app.screen.question.id == second


async def test_what_was_missed_comes_again_and_what_was_skipped_comes_last(make_app, progress, wait):
    async with make_app().run_test() as pilot:
        await open_practice(pilot, wait)
        await choose(pilot, wait, "read")
        first = pilot.app.screen.question.id
        await pilot.press("f6")
        await wait(pilot, lambda: pilot.app.screen.question.id != first)
        second = pilot.app.screen.question.id
        await pilot.press("f5")
        await wait(pilot, lambda: pilot.app.screen.stage == "review")
        await pilot.press("1")
        await wait(pilot, lambda: pilot.app.screen.question.id != second)

    state = unfinished(progress)[0].state
    assert state.queue[-1] == first
    assert second in state.queue


async def test_a_session_that_is_done_is_over(make_app, progress, text, wait):
    async with make_app().run_test() as pilot:
        await open_practice(pilot, wait)
        await choose(pilot, wait, "daily")
        await pilot.press("f6")
        await wait(pilot, lambda: isinstance(pilot.app.screen, PracticeScreen))

        assert "这一组做完了" in text(pilot.app)
    assert not unfinished(progress)


async def test_nothing_starts_where_nothing_can_be_recorded(make_app, text, wait):
    async with make_app(read_only="另一个 quizapp 正开着").run_test() as pilot:
        await open_practice(pilot, wait)
        await pilot.press("enter")
        await wait(pilot, lambda: "现在不能开始" in text(pilot.app))
        await pilot.press("escape")
        await wait(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))


async def test_today_keeps_to_the_daily_quota_and_says_how_the_interview_would_go(make_app, text, wait):
    import datetime as dt

    from quizapp.settings import Settings, changed, save_settings

    save_settings(changed(Settings(), new_per_day=2, interview_date=dt.date(2026, 7, 20)))
    async with make_app().run_test() as pilot:
        await wait(pilot, lambda: "面试当天预计能答出" in text(pilot.app))

        assert "新学 2 题" in text(pilot.app)
        assert "距面试还有 17 天" in text(pilot.app)
