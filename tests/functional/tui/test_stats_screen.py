"""统计: nothing yet, one answer only, and a month of work, on a small and on a wide screen."""

import pytest

from quizapp.screens.stats import StatsScreen
from quizapp.widgets.columns import Columns
from quizapp.widgets.pane import Pane

from .conftest import report


async def opened(pilot, wait):
    await pilot.press("f4")
    await wait(pilot, lambda: isinstance(pilot.app.screen, StatsScreen))
    await wait(pilot, lambda: str(pilot.app.screen.query_one("#overrules").content))
    await pilot.pause()
    return pilot.app.screen


async def read(pilot, text):
    """The whole page, screen by screen, each line without the gaps between columns."""
    pages = []
    pane = pilot.app.screen.query_one("#numbers", Pane)
    pane.scroll_home(animate=False)
    for _ in range(12):
        await pilot.pause()
        pages.append(text(pilot.app))
        if pane.scroll_y >= pane.max_scroll_y:
            break
        pane.scroll_page_down(animate=False)
    return "\n".join(pages)


def record(progress, question="what_is_llm", **more):
    given = {
        "text": "有幻觉",
        "rating": 3,
        "score": 80.0,
        "points": {"scale": "遗漏"},
        "mode": "practice",
        "seconds": 90.0,
        "confidence": 3,
    }
    return progress.record_answer(question, **{**given, **more})


async def test_an_empty_history_says_so_in_every_section(make_app, text, wait):
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, wait)
        page = await read(pilot, text)

        for words in ("同一题隔天再答", "30 天内没有到期的题", "有多大把握", "还没有提交过", "没有改判过"):
            assert words in page
        assert not screen.query_one(Columns).display


async def test_one_answer_claims_no_retention(make_app, progress, text, wait):
    record(progress)
    async with make_app().run_test(size=(80, 24)) as pilot:
        await opened(pilot, wait)
        page = await read(pilot, text)

        assert "同一题隔天再答" in page
        assert "次数还少，看不出偏差" in page
        assert "答对 100%（1/1）" in page
        assert "简答  中位 1 分 30 秒  1 次" in page


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_month_of_work_is_told(make_app, progress, clock, text, wait, size):
    clock.advance(days=-28)
    for number in range(7):
        made = record(progress, rating=1 if number == 3 else 3, score=20.0 if number in (3, 5) else 90.0)
        clock.advance(days=4)
    progress.overrule(made, {"scale": "命中"}, score=95.0, rating=3)
    for verdict in ("WA", "AC"):
        run = report(type("Asked", (), {"problem": "tiny_digits", "framework": "torch"}), result=verdict)
        progress.record_submission("tiny_digits", source=b"x = 1", filename="x.py", report=run)
    async with make_app().run_test(size=size) as pilot:
        await opened(pilot, wait)
        page = await read(pilot, text)

        assert "近 30 天 83%（5/6）" in page
        assert "偏自信：有把握的 7 次里答错 2 次" in page
        assert "改判了 1 次作答的 1 个要点：遗漏→命中 1" in page
        assert "AC  最好 100 分  第 2 次通过，共 2 次  WA 1 AC 1" in page
        assert max(map(len, page.splitlines())) <= size[0]
