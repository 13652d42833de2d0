"""What the terminal is asked and what is made of its answer, against a pretended terminal on the other end of a pty."""

import os
import re
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from quizapp import terminal
from quizapp.text import ambiguous


class Emulator:
    """The other end of a pty: draws what is written, with ambiguous characters `wide` cells wide, and reports the cursor."""

    def __init__(self, wide=1, *, answers=True, late=0.0, first=b""):
        self.master, self.slave = os.openpty()
        self.wide, self.answers, self.late, self.first = wide, answers, late, first
        self.seen = b""
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        column = 1
        while True:
            try:
                data = os.read(self.master, 1024)
            except OSError:
                return
            self.seen += data
            for part in re.findall(r"\x1b\[6n|\x1b\[K|\r|[^\x1b\r]", data.decode()):
                if part == "\x1b[6n" and self.answers:
                    time.sleep(self.late)
                    os.write(self.master, self.first + b"\x1b[5;%dR" % column)
                elif part == "\r":
                    column = 1
                elif part[0] != "\x1b":
                    column += self.wide if part in terminal.AMBIGUOUS else 2

    def close(self):
        os.close(self.slave)  # the thread reads an error and ends; before that its descriptor must not be given to another
        self.thread.join(5)
        os.close(self.master)


@pytest.fixture
def emulate(monkeypatch, tmp_path):
    made = []

    def make(*args, **options):
        emulator = Emulator(*args, **options)
        made.append(emulator)
        monkeypatch.setattr(terminal, "_ends", lambda: (emulator.slave, emulator.slave))
        return emulator

    monkeypatch.setenv("QUIZAPP_HOME", str(tmp_path))
    yield make
    for emulator in made:
        emulator.close()


@pytest.mark.parametrize("wide", [1, 2])
def test_every_sample_is_measured(emulate, wide):
    emulate(wide)
    with terminal.asking((*terminal.AMBIGUOUS, terminal.HANZI)) as answer:
        assert answer(2) == (wide, wide, wide, 2)


def test_what_was_written_is_wiped_and_the_terminal_is_left_as_it_was(emulate):
    import termios

    emulator = emulate(2)
    before = termios.tcgetattr(emulator.slave)
    with terminal.asking(terminal.AMBIGUOUS) as answer:
        answer(2)

    assert termios.tcgetattr(emulator.slave) == before
    assert emulator.seen.endswith(b"\r\x1b[K")


def test_the_terminal_is_left_as_it_was_when_the_import_inside_fails(emulate):
    import termios

    emulator = emulate()
    before = termios.tcgetattr(emulator.slave)
    with pytest.raises(ImportError), terminal.asking(terminal.AMBIGUOUS):
        raise ImportError

    assert termios.tcgetattr(emulator.slave) == before


def test_a_silent_terminal_is_waited_for_no_longer_than_said(emulate):
    emulate(answers=False)
    begun = time.monotonic()
    with terminal.asking(terminal.AMBIGUOUS) as answer:
        assert answer(0.05) is None
    assert time.monotonic() - begun < 2


def test_keys_before_the_answer_do_not_confuse_it(emulate):
    emulate(2, first=b"abc\x1b[A")
    with terminal.asking(terminal.AMBIGUOUS[:1]) as answer:
        assert answer(2) == (2,)


@pytest.mark.parametrize(("setting", "wide", "cells"), [("", 1, 1), ("", 2, 2), ("1", 2, 1), ("2", 1, 2), ('"auto"', 2, 2)])
def test_the_setting_goes_before_the_answer(emulate, tmp_path, monkeypatch, setting, wide, cells):
    emulate(wide)
    monkeypatch.setattr(terminal, "PATIENCE", 2)
    monkeypatch.setattr("quizapp.early.config_dir", lambda: tmp_path)
    if setting:
        (tmp_path / "settings.toml").write_text(f"ambiguous_width = {setting}\n", encoding="utf-8")
    with terminal.ambiguous_width() as width:
        assert width() == cells


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("TEXTUAL_DRIVER", "textual_serve")])
def test_what_is_no_terminal_is_not_asked(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert terminal._ends() == (None, None)


@pytest.mark.parametrize(
    ("found", "wanted", "level", "said"),
    [
        (None, "auto", "note", "量不出"),
        ((1, 1, 1, 2), "auto", "ok", "“ 1 格"),
        ((2, 2, 2, 2), "auto", "ok", "“ 2 格"),
        ((2, 2, 2, 2), 1, "bad", "设置却是 1"),
        ((1, 2, 2, 2), "auto", "note", "不一致"),
        ((1, 1, 1, 1), "auto", "bad", "汉字画成 1 格"),
    ],
)
def test_widths_are_told_with_what_to_do(found, wanted, level, said):
    first = next(iter(terminal.width_findings(found, wanted)))

    assert first[0] == level
    assert said in first[1]
    assert first[2] or level == "ok"


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, "NO_COLOR"),
        ({"COLORTERM": "truecolor"}, "真彩色"),
        ({"TERM": "xterm-256color"}, "256 色"),
        ({"TERM": "vt100"}, "未知"),
    ],
)
def test_colours(env, said):
    assert said in terminal.colour_finding(env)[1]


def test_the_kitty_protocol_is_told_and_is_bad_where_it_loses_text():
    assert terminal.keyboard_finding({})[0] == "ok"
    assert terminal.keyboard_finding({"TEXTUAL_DISABLE_KITTY_KEY": "0"})[0] == "note"
    assert terminal.keyboard_finding({"TEXTUAL_DISABLE_KITTY_KEY": "0", "TERM_PROGRAM": "iTerm.app"})[0] == "bad"


def test_a_small_window_is_told():
    assert terminal.size_finding(80, 24)[0] == "ok"
    assert terminal.size_finding(79, 24)[0] == terminal.size_finding(80, 23)[0] == "note"


def test_ambiguous_characters_count_two_once_installed():
    """In an interpreter of its own: what is installed stays."""
    code = textwrap.dedent("""
        import string
        from rich.cells import cell_len
        from textual._border import BORDER_CHARS
        from textual._cells import cell_len as textual_len
        from textual.scrollbar import ScrollBarRender
        from quizapp.text import ambiguous, wrap
        before = cell_len("“…①α─")
        ambiguous.install(); ambiguous.install(); wrap.install()
        assert before == 5 and cell_len("“…①α─") == textual_len("“…①α─") == 10, before
        assert cell_len("汉字，") == 6 and cell_len(string.printable.strip()) == len(string.printable.strip())
        assert cell_len("✓✗▪◔▾▸⣿⣀") == 8, "what the app draws itself is not ambiguous"
        drawn = {char for rows in BORDER_CHARS.values() for row in rows for char in row}
        assert not [char for char in drawn if ambiguous.is_ambiguous(char)], drawn
        assert BORDER_CHARS["round"] == (("+", "-", "+"), ("|", " ", "|"), ("+", "-", "+"))
        assert set(ScrollBarRender.VERTICAL_BARS) == {" "}
        assert wrap.divide_line("他说“引号”了", 7) == [2, 4], wrap.divide_line("他说“引号”了", 7)
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_a_missing_place_fails_loudly():
    with pytest.raises(RuntimeError, match=r"rich\.cells\.no_such_name"):
        ambiguous._existing("rich.cells", "no_such_name")


def test_the_theme_that_is_advised_exists():
    from textual.theme import BUILTIN_THEMES

    from quizapp.terminal import colour_finding

    _, _, advice = colour_finding({"TERM": "xterm"})

    assert advice.split()[-1] in BUILTIN_THEMES
