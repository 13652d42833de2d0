"""A picture among other widgets, in every way it can be drawn."""

import re

import pytest
from PIL import Image
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from quizapp.pictures.decode import png
from quizapp.widgets.picture import Picture
from quizapp.widgets.stage import Stage


class Shown(Stage):
    CSS = "#below { height: 30; } Static { height: 1; }"

    def __init__(self, way, data):
        super().__init__()
        self.picture = Picture(data, rows=8, way=way)
        self.written = []

    def compose(self) -> ComposeResult:
        yield Static("题头")
        with VerticalScroll():
            yield self.picture
            yield Static("下面", id="below")

    def on_mount(self):
        self._driver.write = self._keep

    def _keep(self, sequence):
        if re.search(r"\x1b(_G|P|\]1337)", sequence):  # and not the shape of the pointer
            self.written.append(sequence)


@pytest.fixture
def square():
    image = Image.new("RGB", (64, 64), "red")
    image.paste(Image.new("RGB", (64, 32), "blue"), (0, 32))
    return png(image)


def drawn_rows(written):
    """Lines of the screen that were drawn over."""
    return [int(row) for row in re.findall(r"\x1b\[(\d+);1H\x1b(?:P|\])", "".join(written))]


async def test_half_blocks_need_nothing_beside_the_cells(square, text, wait):
    app = Shown(None, square)
    async with app.run_test(size=(40, 14)) as pilot:
        await wait(pilot, lambda: "▀" in text(app))
        lines = [line.count("▀") for line in text(app).splitlines() if "▀" in line]

    assert lines == [16] * 8
    assert app.written == []


async def test_kitty_is_handed_the_picture_and_forgets_it_in_the_end(square, text, wait):
    app = Shown("kitty", square)
    async with app.run_test(size=(40, 14)) as pilot:
        await wait(pilot, lambda: "\U0010eeee" in text(app))
        await pilot.press("down")
        await pilot.pause()
        await wait(pilot)
        before = [sequence for sequence in app.written if "a=T" in sequence]
        name = int(re.search(r"i=(\d+)", before[-1])[1])
        strips = app.screen._compositor.render_strips()
        colours = {tuple(s.style.color.triplet) for strip in strips for s in strip if "\U0010eeee" in s.text}
        app.app_resume_signal.publish(app)
        await pilot.pause()

    after = [sequence for sequence in app.written if "a=T" in sequence]
    assert after[len(before) :] == before[-1:]  # once more when the terminal is given back
    assert colours == {(name >> 16, name >> 8 & 255, name & 255)}
    assert app.written[-1] == f"\x1b_Ga=d,d=I,i={name},q=2\x1b\\"


@pytest.mark.parametrize("way", ["sixel", "iterm"])
async def test_only_the_rows_that_can_be_seen_are_drawn_over(way, square, wait):
    app = Shown(way, square)
    async with app.run_test(size=(40, 14)) as pilot:
        await wait(pilot, lambda: app.written)
        assert drawn_rows(app.written)[-8:] == list(range(2, 10))
        app.written.clear()
        app.query_one(VerticalScroll).scroll_to(y=5, animate=False)
        await wait(pilot, lambda: app.written)

        assert drawn_rows(app.written) == [2, 3, 4]
        assert all(sequence.startswith("\x1b7") and sequence.endswith("\x1b8") for sequence in app.written)


async def test_nothing_is_drawn_over_another_screen(square, wait):
    app = Shown("sixel", square)
    async with app.run_test(size=(40, 14)) as pilot:
        await wait(pilot, lambda: app.written)
        await app.push_screen(Screen())
        app.written.clear()
        app.picture.refresh()
        await pilot.pause()
        await pilot.pause()

        assert app.written == []


@pytest.mark.parametrize("way", ["halfblock", "kitty", "sixel", "iterm"])
async def test_a_broken_picture_is_a_sentence(way, text, wait):
    app = Shown(way, b"\x89PNG broken")
    async with app.run_test(size=(40, 14)) as pilot:
        await wait(pilot, lambda: "图片文件损坏，无法显示" in text(app))

    assert app.written == []
