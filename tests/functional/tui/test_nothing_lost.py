"""What was typed a moment ago is there again, however the page was left."""

import os
import signal
import sys
from contextlib import nullcontext

import pytest

from quizapp import settings, workspace
from quizapp.screens import coding, coding_text, drafting, external_editor
from quizapp.screens.answer import AnswerScreen
from quizapp.screens.bank import BankScreen
from quizapp.screens.coding import CodingScreen
from quizapp.screens.note import NoteScreen
from quizapp.widgets import code_editor
from quizapp.widgets.answers.writing import Writing
from quizapp.widgets.code_editor import CodeEditor

PATH = ("tiny_digits", "torch")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    """Nothing is saved because time went by; both frameworks are there."""
    monkeypatch.setattr(drafting, "_SAVE_AFTER", 3600.0)
    monkeypatch.setattr(code_editor, "_SAVE_AFTER", 3600.0)
    monkeypatch.setattr(coding_text, "installed", lambda name: True)


def write(text):
    path = workspace.solution_path(*PATH)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


async def opened(pilot, wait, question="tiny_digits"):
    await pilot.app.open_questions((question,))
    await wait(pilot)
    return pilot.app.screen


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_an_answer_in_the_middle_of_a_word(make_app, progress, wait, elsewhere):
    async with make_app().run_test() as pilot:
        assert isinstance(await opened(pilot, wait, "what_is_llm"), AnswerScreen)
        await pilot.press(*"写到一半")
        if elsewhere:
            await pilot.press("f3")
            await wait(pilot, lambda: isinstance(pilot.app.screen, BankScreen))
        await pilot.press("ctrl+q")
        await wait(pilot, lambda: not pilot.app.is_running)

    assert progress.draft("what_is_llm") == "写到一半"


async def test_a_note_in_the_middle_of_a_word(make_app, wait):
    async with make_app().run_test() as pilot:
        await opened(pilot, wait, "what_is_llm")
        await pilot.press("f7")
        await wait(pilot, lambda: isinstance(pilot.app.screen, NoteScreen))
        await pilot.press(*"记一半")
        await pilot.press("ctrl+q")
        await wait(pilot, lambda: not pilot.app.is_running)

    async with make_app().run_test() as pilot:
        await opened(pilot, wait, "what_is_llm")
        await pilot.press("f7")
        await wait(
            pilot, lambda: isinstance(pilot.app.screen, NoteScreen) and pilot.app.screen.query_one(Writing).text == "记一半"
        )


async def test_code_in_the_built_in_editor(make_app, wait):
    path = write("a = 1\n")
    async with make_app().run_test() as pilot:
        await opened(pilot, wait)
        await pilot.press("enter", "b", "ctrl+q")
        await wait(pilot, lambda: not pilot.app.is_running)

    assert path.read_text(encoding="utf-8") == "ba = 1\n"


async def test_code_written_in_two_places_ends_in_two_files(make_app, text, wait):
    path = write("a = 1\n")
    async with make_app().run_test() as pilot:
        await opened(pilot, wait)
        await pilot.press("enter", "b")
        path.write_text("elsewhere = 1\n", encoding="utf-8")
        await pilot.press("escape", "escape")
        await wait(pilot, lambda: "在别处被改过" in text(pilot.app))
        assert isinstance(pilot.app.screen, CodingScreen), "told first"

        await pilot.press("escape")
        await wait(pilot, lambda: not isinstance(pilot.app.screen, CodingScreen))

    assert path.read_text(encoding="utf-8") == "elsewhere = 1\n"
    assert path.with_name("solution_torch.unsaved.py").read_text(encoding="utf-8") == "ba = 1\n"


async def test_code_written_in_two_places_and_the_app_closed(make_app, wait):
    path = write("a = 1\n")
    async with make_app().run_test() as pilot:
        await opened(pilot, wait)
        await pilot.press("enter", "b")
        path.write_text("elsewhere = 1\n", encoding="utf-8")
        await pilot.press("ctrl+q")
        await wait(pilot, lambda: not pilot.app.is_running)

    assert path.read_text(encoding="utf-8") == "elsewhere = 1\n"
    assert path.with_name("solution_torch.unsaved.py").read_text(encoding="utf-8") == "ba = 1\n"


async def test_the_framework_that_was_set_comes_first(make_app, wait):
    settings.save_settings(settings.Settings(framework="tensorflow"))
    async with make_app().run_test() as pilot:
        screen = await opened(pilot, wait)

        assert screen.framework == "tensorflow"
        assert screen.query_one(CodeEditor).path is None


async def test_the_editor_that_was_set_is_the_one_that_opens(make_app, monkeypatch, wait):
    asked = []
    monkeypatch.setenv("EDITOR", "from-the-environment")
    monkeypatch.setattr(coding, "edit", lambda path, command: asked.append(command))
    monkeypatch.setattr("quizapp.app.QuizApp.suspend", lambda app: nullcontext())
    settings.save_settings(settings.Settings(editor='my-editor -n "two words"'))
    async with make_app().run_test() as pilot:
        await opened(pilot, wait)
        await pilot.press("f6")
        await wait(pilot, lambda: asked)

    assert asked == [["my-editor", "-n", "two words"]]


def test_quotes_that_do_not_match_are_no_reason_to_stop():
    assert external_editor.words('vim "-n') == ["vim", '"-n']


@pytest.mark.skipif(os.name == "nt", reason="a signal from one process to another is POSIX's")
def test_ctrl_c_in_the_external_editor_does_not_end_the_app(tmp_path):
    script, file, before = tmp_path / "editor.py", tmp_path / "solution.py", signal.getsignal(signal.SIGINT)
    script.write_text(
        "import os, signal, sys\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "open(sys.argv[1], 'w').write(str(signal.getsignal(signal.SIGINT) is signal.SIG_IGN))\n"
    )

    assert external_editor.edit(file, [sys.executable, str(script)]) is None
    assert file.read_text() == "False"  # the editor itself can still be interrupted
    assert signal.getsignal(signal.SIGINT) is before
