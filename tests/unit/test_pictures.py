"""Pictures as bytes for the terminal: what each protocol is sent decodes to the picture again, and nothing is asked."""

import base64
import io
import itertools
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from rich.cells import cell_len

from quizapp.pictures import encode
from quizapp.pictures.decode import BadPicture, grid, opened, png
from quizapp.pictures.ways import cell_pixels, chosen, way

CELL = (10, 20)


def picture(width=40, height=40):
    """Four quarters: red, green, blue, white."""
    image = Image.new("RGB", (width, height), "white")
    for place, colour in (((0, 0), "red"), ((width // 2, 0), "lime"), ((0, height // 2), "blue")):
        image.paste(Image.new("RGB", (width // 2, height // 2), colour), place)
    return image


def unsixel(text):
    """A reader of sixels: pixels by place."""
    body = re.fullmatch(r'\x1bP0;1q"1;1;(\d+);(\d+)(.*)\x1b\\', text, re.DOTALL)
    width, height = int(body[1]), int(body[2])
    names = {
        int(n): tuple(round(int(part) * 2.55) for part in rgb) for n, *rgb in re.findall(r"#(\d+);2;(\d+);(\d+);(\d+)", body[3])
    }
    seen, x, top, colour = {}, 0, 0, None
    for token in re.findall(r"#\d+(?:;\d+)*|!\d+.|[$\-?-~]", re.sub(r"#\d+;2;\d+;\d+;\d+", "", body[3])):
        if token[0] == "#":
            colour = names[int(token[1:])]
        elif token == "$":
            x = 0
        elif token == "-":
            x, top = 0, top + 6
        else:
            count, char = (int(token[1:-1]), token[-1]) if token[0] == "!" else (1, token)
            for column, bit in itertools.product(range(x, x + count), range(6)):
                if ord(char) - 63 >> bit & 1:
                    assert (column, top + bit) not in seen
                    seen[column, top + bit] = colour
            x += count
    return width, height, seen


def test_sixel_says_every_pixel_once():
    rows = encode.sixel_rows(picture(), 4, 2, CELL)

    whole = {}
    for number, row in enumerate(rows):
        width, height, seen = unsixel(row)
        assert (width, height) == (40, 20)
        assert set(seen) == {(x, y) for x in range(40) for y in range(20)}
        whole |= {(x, y + number * 20): colour for (x, y), colour in seen.items()}
    assert [whole[place] for place in ((5, 5), (35, 5), (5, 35), (35, 35))] == [
        (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255),
    ]  # fmt: skip


@settings(max_examples=30)
@given(st.integers(1, 9), st.integers(1, 13), st.data())
def test_any_indexes_come_back(width, height, data):
    palette = [(index * 51, 0, 255 - index * 51) for index in range(6)]
    indexes = bytes(data.draw(st.lists(st.integers(0, 5), min_size=width * height, max_size=width * height)))

    _, _, seen = unsixel(encode.sixel(indexes, width, palette))

    for place, index in enumerate(indexes):
        assert seen[place % width, place // width] == pytest.approx(palette[index], abs=2)


def test_iterm_gets_one_png_a_row_of_cells():
    rows = encode.iterm_rows(picture(), 4, 2, CELL)

    upper, lower = (re.fullmatch(r"\x1b\]1337;File=([^:]+):([A-Za-z0-9+/=]+)\x07", row) for row in rows)
    assert "width=4;height=1" in upper[1]
    images = [Image.open(io.BytesIO(base64.b64decode(part[2]))) for part in (upper, lower)]
    assert [image.size for image in images] == [(40, 20), (40, 20)]
    assert images[0].getpixel((5, 5)) == (255, 0, 0)
    assert images[1].getpixel((5, 5)) == (0, 0, 255)


def test_kitty_gets_the_picture_in_chunks_and_is_asked_nothing():
    data = png(Image.effect_noise((120, 120), 90).convert("RGB"))

    sent = encode.kitty_upload(data, 77, 12, 6)

    chunks = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", sent)
    assert "".join(f"\x1b_G{head};{body}\x1b\\" for head, body in chunks) == sent
    assert len(chunks) > 2
    assert base64.b64decode("".join(body for _, body in chunks)) == data
    assert chunks[0][0] == "a=T,U=1,f=100,t=d,i=77,c=12,r=6,q=2,m=1"
    assert [head for head, _ in chunks[1:]] == ["m=1"] * (len(chunks) - 2) + ["m=0"]
    assert all(len(body) <= 4096 for _, body in chunks)


def test_kitty_cells_are_one_cell_wide_and_all_different():
    cells = {encode.kitty_cell(row, column) for row in range(20) for column in range(100)}

    assert len(cells) == 2000
    assert {cell_len(cell) for cell in cells} == {1}
    assert {unicodedata.combining(mark) for cell in cells for mark in cell[1:]} == {230}
    assert encode.kitty_cell(0, 1) == "\U0010eeee\u0305\u030d"


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "xterm-256color"}, "halfblock"),
        ({"TERM": "linux"}, "halfblock"),
        ({}, "halfblock"),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, "halfblock"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/s,1,0"}, "halfblock"),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, "halfblock"),
        ({"TERM": "xterm-kitty", "TEXTUAL_DRIVER": "web"}, "halfblock"),
    ],
)
def test_a_terminal_is_known_by_its_name_or_gets_half_blocks(env, expected):
    assert way("auto", env, cell=CELL) == expected


def test_what_was_set_holds_unless_it_cannot_be():
    assert way("sixel", {"TERM": "xterm"}, cell=CELL) == "sixel"
    assert way("sixel", {"TERM": "xterm"}, cell=None) == "halfblock"
    assert way("kitty", {"TERM": "xterm"}, truecolor=False) == "halfblock"
    assert way("halfblock", {"TERM": "xterm-kitty"}) == "halfblock"
    assert way("kitty", {"TERM": "tmux-256color", "TMUX": "x"}) == "kitty"


def test_the_setting_is_read(monkeypatch, tmp_path):
    monkeypatch.setattr("quizapp.settings.config_dir", lambda: tmp_path)
    assert chosen({"TERM": "xterm-kitty"}, truecolor=True) == "kitty"
    (tmp_path / "settings.toml").write_text('pictures = "halfblock"\n')
    assert chosen({"TERM": "xterm-kitty"}, truecolor=True) == "halfblock"
    (tmp_path / "settings.toml").write_text("pictures = 3\n")
    assert chosen({"TERM": "xterm-kitty"}, truecolor=True) == "kitty"


def test_no_terminal_no_cell_size(monkeypatch):
    monkeypatch.setattr("sys.__stderr__", None)
    assert cell_pixels() is None


def test_a_picture_keeps_its_proportions():
    assert grid(picture(200, 100), 40, 16) == (40, 10)
    assert grid(picture(100, 200), 40, 16) == (16, 16)
    assert grid(picture(1, 1), 40, 16) == (32, 16)
    assert grid(picture(1000, 2), 40, 16) == (40, 1)


@pytest.mark.parametrize("data", [b"", b"no picture", png(picture())[:60]])
def test_a_bad_picture_is_a_sentence(data):
    with pytest.raises(BadPicture, match="图片文件损坏"):
        opened(data)


def test_a_bomb_is_not_opened():
    out = io.BytesIO()
    Image.new("1", (5000, 4000)).save(out, "PNG")
    with pytest.raises(BadPicture, match="图片太大"):
        opened(out.getvalue())
