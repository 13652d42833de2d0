"""Pictures of the real app for the documents: `python docs/images/shots.py [today bank answer coding mnist_digits zh_en_transformer face_gan]`.

A home of its own with a few weeks of made-up practice; the bank, the grading and the judge are the real ones. Programs are those of
`solutions/`; they run as a learner's would. Needs PyTorch, the data sets, and the fonts that `paint.py` names.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.events import Paste

HERE = Path(__file__).parent
SOLUTIONS = HERE.parents[1] / "solutions"
ANSWER = (
    "大模型是参数规模达到百亿级的语言模型，用海量无标注文本自监督预训练，基于 Transformer，规模够大时出现涌现能力；"
    "但会有幻觉，成本也高。"
)
PROGRAMS = {
    "mnist_digits": "classic_ml/mnist_digits/accepted/torch_cnn.py",
    "zh_en_transformer": "architecture/zh_en_transformer/accepted/torch_nn_transformer.py",
    "face_gan": "multimodal/face_gan/accepted/tensorflow_dcgan.py",
}
"""Problem to the program that is submitted for it."""


class Stage:
    """The app in a home that is thrown away, and what is done with it."""

    def __init__(self, home: Path, size: tuple[int, int]) -> None:
        from quizapp.app import QuizApp
        from quizapp.services import Services, open_all

        os.environ.update(QUIZAPP_HOME=str(home / "data"), QUIZAPP_WORKSPACE="solutions", COLORTERM="truecolor")
        os.environ.pop("NO_COLOR", None)
        os.chdir(home)
        practise()
        self.services = Services(open_all)
        self.app = QuizApp(self.services)
        self.app.animation_level = "none"
        self.size = size

    async def play(self, scene: Callable[[Stage], Awaitable[None]]) -> None:
        """Run the app and let `scene` use it."""
        async with self.app.run_test(size=self.size) as self.pilot:
            await self.until("道没做过")
            await scene(self)
        self.services.progress.close()

    def shown(self) -> str:
        """The words on the screen."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def until(self, words: str, seconds: float = 30) -> None:
        """Wait for words."""
        for _ in range(int(seconds * 10)):
            await self.pilot.pause(0.1)
            if words in self.shown():
                return
        raise SystemExit(f"没有等到“{words}”，屏幕上是：\n{self.shown()}")

    async def shoot(self, name: str) -> None:
        """Write `name`.png."""
        from paint import paint

        self.app.clear_notifications()
        await self.pilot.pause(0.3)
        target = HERE / f"{name}.png"
        target.parent.mkdir(exist_ok=True)
        paint(self.app).quantize(64).save(target, optimize=True)


def practise() -> None:
    """Six weeks of answers: some hours a day, more right than wrong."""
    from question_bank.loader import load_bank
    from quizapp.progress import Progress

    rng = random.Random(7)
    moment = [dt.datetime.now().astimezone() - dt.timedelta(days=40)]
    names = [outline.id for outline in load_bank().outlines if outline.type != "coding"][:60]
    with Progress.open(clock=lambda: moment[0]) as progress:
        for _ in range(40):
            for name in rng.sample(names, rng.randint(0, 7)):
                rating = rng.choice((1, 2, 3, 3, 3, 4))
                progress.record_answer(
                    name, text="", rating=rating, score=rating * 25.0, points={}, mode="drill", seconds=rng.uniform(20, 200),
                    confidence=rng.choice((1, 2, 3)),
                )  # fmt: skip
                moment[0] += dt.timedelta(minutes=3)
            moment[0] = moment[0].replace(hour=20, minute=0) + dt.timedelta(days=1)


async def today(stage: Stage) -> None:
    await stage.shoot("today")


async def bank(stage: Stage) -> None:
    await stage.pilot.press("f3")
    await stage.until("全部")
    await stage.pilot.press(*["down"] * 9)
    await stage.shoot("bank")


async def answer(stage: Stage) -> None:
    await stage.app.run_action("open('what_is_llm')")
    await stage.until("请说明什么是大模型")
    stage.app.post_message(Paste(ANSWER))
    await stage.until("成本也高")
    await stage.pilot.press("f5")
    await stage.until("有多大把握")
    await stage.pilot.press("enter")
    await stage.until("个要点")
    await stage.pilot.press("down", "down")
    await stage.shoot("answer")


async def submitted(stage: Stage, problem: str) -> None:
    """Open a problem and submit the program of `solutions/`."""
    framework = Path(PROGRAMS[problem]).name.split("_")[0]
    target = Path("solutions") / problem / f"solution_{framework}.py"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOLUTIONS / PROGRAMS[problem], target)
    await stage.app.run_action(f"open('{problem}')")
    await stage.until("提交记录")
    await stage.pilot.press("f5")


async def coding(stage: Stage) -> None:
    await submitted(stage, "mnist_digits")
    await stage.until("loss", 300)
    await stage.pilot.pause(8)
    await stage.shoot("coding")
    await stage.pilot.press("f9")


def report(problem: str) -> Callable[[Stage], Awaitable[None]]:
    """The whole report of a program, on a screen that is high enough for it."""

    async def scene(stage: Stage) -> None:
        await submitted(stage, problem)
        await stage.until("通过 (AC)", 900)
        await stage.pilot.pause(2)
        await stage.shoot(f"reports/{problem}")

    return scene


def main() -> None:
    scenes = {"today": today, "bank": bank, "answer": answer, "coding": coding, **{name: report(name) for name in PROGRAMS}}
    for name in sys.argv[1:] or scenes:
        with tempfile.TemporaryDirectory() as home:
            size = (120, 130) if name in PROGRAMS else (100, 32)
            asyncio.run(Stage(Path(home), size).play(scenes[name]))
            os.chdir(HERE)


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    main()
