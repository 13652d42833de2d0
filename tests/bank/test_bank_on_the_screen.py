"""Every text of the bank as the app draws it, from a narrow split to a wide screen: nothing is cut, nothing is left as LaTeX."""

import re
from collections import Counter

import pytest
from textual.containers import VerticalScroll

from question_bank.loader import load_bank
from quizapp.text.markdown import prose
from quizapp.widgets.prose import Prose
from quizapp.widgets.stage import Stage

WIDTHS = (40, 60, 78, 118)
HIGH = 8000
"""Lines of the screen: all texts fit on it at once."""

NEVER_FIRST = re.compile(r"^[\s▌]*[，。、；：？！）》」』】”’]")
LATEX = re.compile(r"\\(?:frac|sqrt|sum|text|math\w+|left|right|cdot)\b|\$[^\s$]+\$")


def texts():
    """Every text that a learner may read, by where it stands."""
    for question in load_bank().questions:
        for field in ("prompt", "brief", "answer", "explanation", "statement"):
            if text := getattr(question, field, None):
                yield f"{question.id}.{field}", text
        if question.type == "coding":
            yield from ((f"{question.id}.hints[{number}]", str(hint)) for number, hint in enumerate(question.hints))


class Everything(Stage):
    """All texts, one below the other."""

    CSS = "VerticalScroll { scrollbar-size-vertical: 0; } Prose { height: auto; }"

    def __init__(self, written):
        super().__init__()
        self.written = written

    def compose(self):
        with VerticalScroll():
            for text in self.written.values():
                yield Prose(text)


def squeezed(text):
    return re.sub(r"\s+", "", text)


async def test_every_text_is_whole_and_readable_at_every_width():
    written = dict(texts())
    wrong = {}
    app = Everything(written)
    async with app.run_test(size=(WIDTHS[0], HIGH)) as pilot:
        for width in WIDTHS:
            await pilot.resize_terminal(width, HIGH)
            await pilot.pause()
            assert app.query(Prose).last().region.bottom <= HIGH, "the screen is too low for all texts"
            shown = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
            for (name, text), widget in zip(written.items(), app.query(Prose), strict=True):
                lines = shown[widget.region.y : widget.region.bottom]
                if complaint := wrong_with(lines, text):
                    wrong[f"{name} {width}"] = complaint

    assert len(written) > 150
    assert not wrong


def wrong_with(lines, text):
    """What a reader would miss, if anything."""
    missing = Counter(squeezed(prose(text))) - Counter(squeezed("".join(lines)))
    first = [line for line in lines if NEVER_FIRST.match(line)]
    latex = [line for line in lines if LATEX.search(line)]
    return {"missing": "".join(missing), "first": first, "latex": latex} if missing or first or latex else None


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_long_heading_a_wide_table_and_long_code_are_whole(width):
    text = """### `train(model, images, labels, val_images, val_labels, epochs, learning_rate)`

| 方法 | 显存占用 | 适合的场景 |
|---|---|---|
| LoRA | 只训练低秩矩阵，优化器状态很小 | 单卡微调大模型，多个任务共用一个底座 |

```python
choice = torch.multinomial(sorted_probs / sorted_probs.sum(dim=-1, keepdim=True), num_samples=1, generator=generator)
```
"""
    app = Everything({"one": text})
    async with app.run_test(size=(width, 60)) as pilot:
        await pilot.pause()
        shown = squeezed("".join(strip.text for strip in app.screen._compositor.render_strips()))

    for part in ("train(model,images,labels,val_images,val_labels,epochs,learning_rate)", "num_samples=1,generator=generator)"):
        assert part in shown
    assert not Counter(squeezed("LoRA只训练低秩矩阵，优化器状态很小单卡微调大模型，多个任务共用一个底座")) - Counter(shown)
