"""笔记 and 追问: what is typed is kept, wherever one goes from there."""

from quizapp.problems import UsageProblem
from quizapp.screens.answer import AnswerScreen
from quizapp.screens.follow_up import FollowUpScreen
from quizapp.screens.note import NoteScreen
from quizapp.widgets.answers.writing import Writing
from quizapp.widgets.choice_bar import ChoiceBar
from quizapp.widgets.menu import Menu


async def answered(pilot, wait, question="what_is_llm", typed="有幻觉"):
    await pilot.app.run_action(f"open('{question}')")
    await pilot.pause()
    screen = pilot.app.screen
    await pilot.press(*typed, "f5", "enter")
    await wait(pilot, lambda: screen.stage == "review" and screen.query_one("#rate", ChoiceBar).choices[0].note)
    return screen


async def writing(pilot, wait, kind):
    await wait(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.query(Writing))
    await wait(pilot, lambda: pilot.app.focused is pilot.app.screen.query_one(Writing))
    return pilot.app.screen.query_one(Writing)


async def test_a_note_is_kept_on_leaving_and_shown_with_the_answer(make_app, progress, text, wait):
    async with make_app().run_test(size=(80, 40)) as pilot:
        screen = await answered(pilot, wait)
        assert "我的笔记" not in text(pilot.app)
        await pilot.press("f7")
        await writing(pilot, wait, NoteScreen)
        await pilot.press(*"面试官追问了[显存]", "escape")
        await wait(pilot, lambda: pilot.app.screen is screen)

        assert progress.state("what_is_llm").note == "面试官追问了[显存]"
        assert progress.draft("note:what_is_llm") == ""
        await wait(pilot, lambda: "我的笔记" in text(pilot.app) and "面试官追问了[显存]" in text(pilot.app))


async def test_an_emptied_note_is_gone(make_app, progress, wait):
    progress.set_note("what_is_llm", "旧的")
    async with make_app().run_test() as pilot:
        await pilot.app.run_action("open('what_is_llm')")
        await pilot.press("f7")
        note = await writing(pilot, wait, NoteScreen)
        await wait(pilot, lambda: note.text == "旧的")
        await pilot.press("backspace", "backspace", "escape")
        await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))

    assert progress.state("what_is_llm").note == ""


async def test_a_note_left_as_it_was_writes_nothing(make_app, progress, wait):
    progress.set_note("what_is_llm", "旧的")
    async with make_app().run_test() as pilot:
        await pilot.app.run_action("open('what_is_llm')")
        await pilot.press("f7")
        note = await writing(pilot, wait, NoteScreen)
        await wait(pilot, lambda: note.text == "旧的")
        before = progress.count()
        await pilot.press("escape")
        await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))

    assert progress.count() == before


async def test_a_half_written_note_survives_a_crash(make_app, progress, wait):
    async with make_app().run_test() as pilot:
        await pilot.app.run_action("open('what_is_llm')")
        await pilot.press("f7")
        await writing(pilot, wait, NoteScreen)
        await pilot.press(*"写到一半")
        await wait(pilot, lambda: progress.draft("note:what_is_llm") == "写到一半")
    async with make_app().run_test() as pilot:
        await pilot.app.run_action("open('what_is_llm')")
        await pilot.press("f7")
        note = await writing(pilot, wait, NoteScreen)
        await wait(pilot, lambda: note.text == "写到一半")


async def test_a_note_that_cannot_be_kept_stays_on_the_screen(make_app, progress, monkeypatch, text, wait):
    def full(*args, **kwargs):
        raise UsageProblem("写不进 progress.db：磁盘已满")

    async with make_app().run_test() as pilot:
        await pilot.app.run_action("open('what_is_llm')")
        await pilot.press("f7")
        await writing(pilot, wait, NoteScreen)
        monkeypatch.setattr(type(progress), "set_note", full)
        await pilot.press(*"要紧的话", "escape")
        await wait(pilot, lambda: "磁盘已满" in text(pilot.app))

        assert isinstance(pilot.app.screen, NoteScreen)
        assert pilot.app.screen.query_one(Writing).text == "要紧的话"


async def test_a_read_only_app_shows_the_note_and_says_why_it_stays(make_app, progress, text, wait):
    progress.set_note("what_is_llm", "旧的")
    async with make_app(read_only="quizapp 已经开着（进程 1）").run_test() as pilot:
        await pilot.app.run_action("open('what_is_llm')")
        await pilot.press("f7")
        note = await writing(pilot, wait, NoteScreen)
        await wait(pilot, lambda: note.read_only and "笔记只能看" in text(pilot.app))
        await pilot.press("x", "escape")
        await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))

    assert progress.state("what_is_llm").note == "旧的"


async def test_a_follow_up_is_answered_and_belongs_to_the_answer(make_app, progress, text, wait):
    async with make_app().run_test() as pilot:
        screen = await answered(pilot, wait)
        await pilot.press("ctrl+t")
        await writing(pilot, wait, FollowUpScreen)
        await wait(pilot, lambda: "十亿参数的模型推理要多少显存" in text(pilot.app))
        await pilot.press(*"两字节乘十亿", "f5")
        await wait(pilot, lambda: "原题的参考答案" in text(pilot.app))
        await pilot.press("escape")
        await wait(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("enter", "enter")
        await wait(pilot, lambda: progress.answers())

    (answer,) = progress.answers()
    assert answer.detail["follow_ups"] == [{"question": "十亿参数的模型推理要多少显存？", "answer": "两字节乘十亿"}]
    assert progress.draft("what_is_llm") == ""


async def test_every_follow_up_keeps_its_own_reply(make_app, wait):
    async with make_app().run_test() as pilot:
        await answered(pilot, wait)
        await pilot.press("ctrl+t")
        reply = await writing(pilot, wait, FollowUpScreen)
        await pilot.press(*"第一个", "f8")
        await wait(pilot, lambda: reply.text == "")
        await pilot.press(*"第二个", "f8")
        await wait(pilot, lambda: reply.text == "第一个")


async def test_a_close_question_can_be_opened_from_a_follow_up_and_left_again(make_app, bank, wait):
    async with make_app().run_test() as pilot:
        await answered(pilot, wait)
        await pilot.press("ctrl+t")
        await writing(pilot, wait, FollowUpScreen)
        follow_up = pilot.app.screen
        await pilot.press("f8")
        await wait(pilot, lambda: follow_up.query_one(Menu).display)
        offered = [entry.id for entry in follow_up.query_one(Menu).entries]
        assert offered
        assert "what_is_llm" not in offered

        follow_up.query_one(Menu).focus()
        await pilot.press("enter")
        await wait(pilot, lambda: pilot.app.screen is not follow_up)
        assert pilot.app.screen.question.id == offered[0]
        await pilot.press("escape")
        await wait(pilot, lambda: pilot.app.screen is follow_up)


async def test_there_is_no_follow_up_before_the_answer(make_app, wait):
    async with make_app().run_test() as pilot:
        await pilot.app.run_action("open('what_is_llm')")
        await pilot.press("ctrl+t")
        await pilot.pause()

        assert isinstance(pilot.app.screen, AnswerScreen)
