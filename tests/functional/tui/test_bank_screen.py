"""题库: listing, filtering, searching, folding."""

import pytest
from textual.widgets import Select

from quizapp.screens.answer import AnswerScreen
from quizapp.screens.bank import BankScreen
from quizapp.screens.filter import FilterScreen
from quizapp.widgets.question_list import Heading, QuestionList


async def opened(pilot):
    await pilot.press("f3")
    await pilot.pause()
    await pilot.pause()
    return pilot.app.screen.query_one(QuestionList)


def ids(questions):
    return [row.id for row in questions.rows if not isinstance(row, Heading)]


async def test_every_question_is_listed_under_its_topic(make_app, bank):
    async with make_app().run_test() as pilot:
        questions = await opened(pilot)

        assert isinstance(pilot.app.screen, BankScreen)
        assert ids(questions) == [outline.id for outline in bank.outlines]
        assert [row.id for row in questions.rows if isinstance(row, Heading)] == ["basics", "architecture", "classic_ml"]


async def test_titles_are_shown_as_they_are(make_app, text, wait):
    async with make_app().run_test() as pilot:
        await opened(pilot)
        await wait(pilot, lambda: "为什么除以 √dₖ" in text(pilot.app))


async def test_search_narrows_while_typing_chinese(make_app):
    async with make_app().run_test() as pilot:
        questions = await opened(pilot)
        await pilot.press("ctrl+f")
        await pilot.press(*"大模型")
        await pilot.pause()

        assert ids(questions) == ["what_is_llm"]

        await pilot.press("enter")
        assert pilot.app.focused is questions


async def test_down_leads_from_the_search_line_into_the_list(make_app):
    async with make_app().run_test() as pilot:
        questions = await opened(pilot)
        await pilot.press("ctrl+f", *"除以", "down")
        await pilot.pause()

        assert pilot.app.focused is questions
        await pilot.press("home", "down")
        assert questions.cursor == 1, "in the list it moves the cursor, as ever"


async def test_the_first_question_stands_below_the_name_of_its_topic(make_app):
    async with make_app().run_test(size=(80, 9)) as pilot:
        questions = await opened(pilot)
        await pilot.press("end")
        assert questions.scroll_offset.y > 1
        questions.first_question()
        await pilot.pause()

        assert questions.scroll_offset.y == 0


async def test_the_best_answer_to_a_search_is_one_enter_away(make_app, bank, wait):
    async with make_app().run_test() as pilot:
        questions = await opened(pilot)
        await pilot.press("ctrl+f", *"除以")
        await pilot.pause()
        await pilot.press("enter")
        assert questions.current.id == bank.search("除以")[0].id == "why_scale"

        await pilot.press("enter")
        await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))


async def test_what_was_found_folds_for_itself(make_app, bank):
    async with make_app().run_test() as pilot:
        questions = await opened(pilot)
        await pilot.press("ctrl+f", *"大模型", "enter", "up", "enter")
        await pilot.pause()
        assert ids(questions) == []

        await pilot.press("escape")
        await pilot.pause()
        assert len(ids(questions)) == len(bank.outlines)


async def test_a_full_width_slash_also_searches(make_app):
    async with make_app().run_test() as pilot:
        await opened(pilot)
        await pilot.press("fullwidth_solidus")

        assert pilot.app.focused.id == "search"


async def test_filters_combine_and_escape_clears_them(make_app, bank, text):
    async with make_app().run_test() as pilot:
        questions = await opened(pilot)
        await pilot.press("f6")
        await pilot.pause()
        assert ids(questions) == ["what_is_llm"]

        await pilot.press("f5")
        await pilot.pause()
        assert ids(questions) == []
        assert "没有符合条件的题" in text(pilot.app)

        await pilot.press("escape")
        await pilot.pause()
        assert len(ids(questions)) == len(bank.outlines)


async def refined(pilot, wait, **chosen):
    """Open the window and choose."""
    await pilot.press("ctrl+t")
    await wait(pilot, lambda: isinstance(pilot.app.screen, FilterScreen))
    for name, value in chosen.items():
        pilot.app.screen.query_one(f"#{name}", Select).value = value
    await pilot.pause()
    await pilot.pause()


@pytest.mark.parametrize(
    ("chosen", "passes"),
    [
        ({"frequency": 3}, lambda question: question.frequency == 3),
        ({"tag": "LLM"}, lambda question: "LLM" in question.tags),
        ({"framework": "torch"}, lambda question: "torch" in getattr(question, "frameworks", ())),
        ({"kind": "单选", "level": 2}, lambda question: (question.type, question.difficulty) == ("single", 2)),
    ],
)
async def test_every_facet_narrows_the_list_behind_the_window(make_app, bank, text, wait, chosen, passes):
    wanted = [question.id for question in bank.questions if passes(question)]
    async with make_app().run_test() as pilot:
        questions = await opened(pilot)
        await refined(pilot, wait, **chosen)

        assert ids(questions) == wanted
        assert f"{len(wanted)} 题符合" in text(pilot.app) or not wanted

        await pilot.press("f8")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert len(ids(questions)) == len(bank.outlines)


async def test_filters_stay_when_the_window_closes_and_combine_with_the_search(make_app, text, wait):
    async with make_app().run_test(size=(80, 24)) as pilot:
        questions = await opened(pilot)
        await refined(pilot, wait, frequency=3, tag="LLM")
        await pilot.press("escape", "ctrl+f", *"大模型")
        await pilot.pause()

        assert isinstance(pilot.app.screen, BankScreen)
        assert ids(questions) == ["what_is_llm"]
        assert "高频 + #LLM" in text(pilot.app)


async def test_what_nothing_fits_is_said_in_the_window(make_app, text, wait):
    async with make_app().run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await refined(pilot, wait, framework="torch", kind="单选")

        assert "没有符合的题" in text(pilot.app)


async def test_a_topic_folds_and_its_count_stays(make_app):
    async with make_app().run_test() as pilot:
        questions = await opened(pilot)
        await pilot.press("enter")
        await pilot.pause()

        heading = questions.rows[0]
        assert (heading.id, heading.open, heading.count) == ("basics", False, 3)
        assert "what_is_llm" not in ids(questions)


async def test_favourites_are_kept_and_filtered(make_app, progress, wait):
    async with make_app().run_test() as pilot:
        questions = await opened(pilot)
        await pilot.press("down", "f8")
        await wait(pilot, lambda: any(getattr(row, "favourite", False) for row in questions.rows))
        favourite = questions.current.id

        assert progress.state(favourite).favourite
        for _ in range(7):
            await pilot.press("f5")
        await pilot.pause()
        assert ids(questions) == [favourite]


async def test_a_broken_file_is_named_and_the_rest_works(make_app, tmp_path, text, wait):
    from question_bank.loader import load_bank

    folder = tmp_path / "bank" / "theory" / "basics"
    folder.mkdir(parents=True)
    (tmp_path / "bank" / "topics.yaml").write_text("- {id: basics, title: 基础}\n", encoding="utf-8")
    (folder / "bad.yaml").write_text("id: bad\ntype: nonsense\n", encoding="utf-8")

    async with make_app(bank=load_bank(tmp_path / "bank")).run_test() as pilot:
        await opened(pilot)
        await wait(pilot, lambda: "题库文件有错" in text(pilot.app) and "bad.yaml" in text(pilot.app))


async def test_an_empty_bank_says_what_to_do(make_app, tmp_path, text):
    from question_bank.loader import load_bank

    (tmp_path / "topics.yaml").write_text("[]\n", encoding="utf-8")
    async with make_app(bank=load_bank(tmp_path)).run_test() as pilot:
        await opened(pilot)

        assert "题库是空的" in text(pilot.app)


async def test_the_mouse_is_optional_and_works(make_app):
    async with make_app().run_test() as pilot:
        questions = await opened(pilot)
        await pilot.click(questions, offset=(10, 2))
        await pilot.pause()

        assert questions.cursor == 2
