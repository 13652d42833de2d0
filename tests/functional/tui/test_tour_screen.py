"""The first minute: shown once, left at any time, ended with an answered question."""

from quizapp.screens.answer import AnswerScreen
from quizapp.screens.today import TodayScreen
from quizapp.screens.tour import PAGES, TourScreen


async def test_a_newcomer_is_shown_around_and_answers_a_question(make_app, progress, text, wait):
    async with make_app(tour=True).run_test() as pilot:
        await wait(pilot, lambda: isinstance(pilot.app.screen, TourScreen))
        await wait(pilot, lambda: "欢迎" in text(pilot.app))
        for _ in PAGES:
            await pilot.press("enter")
            await wait(pilot)
        await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
        await pilot.press(*"大模型")
        await pilot.press("f5", "enter")
        await wait(pilot, lambda: pilot.app.screen.stage == "review")
        await pilot.press("enter", "enter")
        await wait(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))

    assert len(progress.answers()) == 1


async def test_it_is_skipped_with_one_key_and_never_comes_again_by_itself(make_app, text, wait):
    async with make_app(tour=True).run_test() as pilot:
        await wait(pilot, lambda: isinstance(pilot.app.screen, TourScreen))
        await wait(pilot)
        await pilot.press("escape")
        await wait(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
    async with make_app(tour=True).run_test() as pilot:
        await wait(pilot, lambda: "新学" in text(pilot.app))
        await wait(pilot)
        assert isinstance(pilot.app.screen, TodayScreen)

        await pilot.press("f11")
        await wait(pilot, lambda: isinstance(pilot.app.screen, TourScreen))


async def test_who_has_answered_is_no_newcomer(make_app, progress, text, wait):
    progress.record_answer("what_is_llm", text="x", rating=3, score=80.0, points={}, mode="practice", seconds=60)
    async with make_app(tour=True).run_test() as pilot:
        await wait(pilot, lambda: "今天没有该复习的题" in text(pilot.app))
        await wait(pilot)

        assert isinstance(pilot.app.screen, TodayScreen)


async def test_every_page_fits_the_smallest_terminal(make_app, wait):
    async with make_app(tour=True).run_test(size=(80, 24)) as pilot:
        await wait(pilot, lambda: isinstance(pilot.app.screen, TourScreen))
        for _ in PAGES[1:]:
            await wait(pilot)
            assert pilot.app.screen.query_one("#page").max_scroll_y == 0
            await pilot.press("enter")
