"""错题本: what is in it, practising it, taking a question out; and going round between screens without a stop."""

import pytest
from textual.widgets import Input

from quizapp.problems import UsageProblem
from quizapp.screens.answer import AnswerScreen
from quizapp.screens.bank import BankScreen
from quizapp.screens.today import TodayScreen
from quizapp.screens.wrong import WrongScreen
from quizapp.widgets.choice_bar import ChoiceBar
from quizapp.widgets.question_list import Heading, QuestionList


def missed(progress, *questions):
    for question in questions:
        progress.record_answer(question, text="x", rating=1, score=0.0, points={}, mode="practice", seconds=9)


async def opened(pilot, wait, key="f8"):
    await wait(pilot)
    await pilot.press(key)
    await wait(pilot, lambda: isinstance(pilot.app.screen, WrongScreen))
    await wait(pilot)
    return pilot.app.screen


@pytest.mark.parametrize("key", ["f8", "w", "ｗ"])
async def test_missed_questions_stand_under_their_topics(make_app, progress, wait, key):
    missed(progress, "what_is_llm", "why_scale")
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, wait, key)
        rows = screen.query_one(QuestionList).rows

        assert [row.id for row in rows if isinstance(row, Heading)] == ["basics", "architecture"]
        assert [row.id for row in rows if not isinstance(row, Heading)] == ["what_is_llm", "why_scale"]


async def test_a_session_over_one_topic_starts_from_its_heading(make_app, progress, wait):
    missed(progress, "what_is_llm", "why_scale")
    async with make_app().run_test() as pilot:
        await opened(pilot, wait)
        await pilot.press("up", "f5")
        await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))

        assert (pilot.app.screen.question.id, pilot.app.screen.following) == ("what_is_llm", ())


async def test_one_key_practises_the_whole_book(make_app, progress, wait):
    missed(progress, "what_is_llm", "is_llm_supervised", "why_scale", "kv_parts")
    async with make_app().run_test() as pilot:
        await opened(pilot, wait)
        await pilot.press("f5")
        await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
        screen = pilot.app.screen

        assert {screen.question.id, *screen.following} == {"what_is_llm", "is_llm_supervised", "why_scale", "kv_parts"}


async def test_a_question_is_taken_out_by_hand_and_stays_out(make_app, progress, text, wait):
    missed(progress, "what_is_llm")
    async with make_app().run_test(size=(60, 20)) as pilot:
        await opened(pilot, wait)
        await pilot.press("f8")
        await wait(pilot, lambda: "错题本是空的" in text(pilot.app))
        await pilot.press("escape")
        await wait(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))

    assert progress.standings()["what_is_llm"].wrong is None


async def test_an_empty_book_says_so(make_app, text, wait):
    async with make_app().run_test() as pilot:
        await opened(pilot, wait)
        assert "错题本是空的" in text(pilot.app)
        await pilot.press("f5", "f8", "escape")
        await wait(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))


async def test_a_locked_progress_file_is_told_and_the_question_stays(make_app, progress, text, wait, monkeypatch):
    def locked(*_):
        raise UsageProblem("进度库被占用")

    missed(progress, "what_is_llm")
    monkeypatch.setattr(progress, "set_wrong", locked)
    async with make_app().run_test() as pilot:
        screen = await opened(pilot, wait)
        await pilot.press("f8")
        await wait(pilot, lambda: "进度库被占用" in text(pilot.app))

        assert screen.query_one(QuestionList).rows


async def test_open_answer_rate_go_back_and_search_again(make_app, progress, wait):
    async with make_app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f3")
        await wait(pilot, lambda: isinstance(pilot.app.screen, BankScreen))
        for query, question in (("damoxing", "what_is_llm"), ("除以", "why_scale")):
            await pilot.press("ctrl+f", "ctrl+u", *query)
            found = pilot.app.screen.query_one(QuestionList)
            await wait(pilot, lambda f=found, q=question: q in [row.id for row in f.rows])
            await pilot.press("escape")
            await pilot.app.run_action(f"open({question!r})")
            await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
            await pilot.press("b", "f5", "enter")
            await wait(pilot, lambda: pilot.app.screen.stage == "review")
            await wait(pilot, lambda: pilot.app.screen.query_one("#rate", ChoiceBar).choices[0].note)
            pilot.app.screen.query_one("#rate").focus()
            await pilot.press("3")
            await wait(pilot, lambda: isinstance(pilot.app.screen, BankScreen))
        await pilot.press("ctrl+f", *"llm")
        assert pilot.app.screen.query_one("#search", Input).value == "llm"

    assert {answer.question for answer in progress.answers()} == {"what_is_llm", "why_scale"}


@pytest.mark.parametrize("question", ["what_is_llm", "why_scale"])
async def test_a_question_met_in_an_interview_is_noted_from_any_field(make_app, progress, text, wait, question):
    async with make_app().run_test() as pilot:
        await pilot.app.run_action(f"open({question!r})")
        await pilot.press("f9")
        await wait(pilot, lambda: "面试里遇到过" in text(pilot.app))

    assert progress.standings()[question].met == 1


async def test_a_favourite_that_cannot_be_kept_is_told_in_the_bank(make_app, progress, text, wait, monkeypatch):
    def locked(*_):
        raise UsageProblem("进度库被占用")

    monkeypatch.setattr(progress, "set_favourite", locked)
    async with make_app().run_test() as pilot:
        await pilot.press("f3", "down", "f8")
        await wait(pilot, lambda: "进度库被占用" in text(pilot.app))


async def test_a_click_on_the_section_leaves_what_is_open_in_it(make_app, wait):
    async with make_app().run_test() as pilot:
        await opened(pilot, wait)
        await pilot.app.run_action("open('why_scale')")
        await pilot.click("TopBar", offset=(2, 0))
        await wait(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
        await pilot.press("f8")
        await wait(pilot, lambda: isinstance(pilot.app.screen, WrongScreen))
