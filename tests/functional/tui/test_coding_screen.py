"""编程题: file, run, report, cancel, and everything that can go wrong."""

import asyncio

import pytest

from judge.client import Broken, Unavailable
from quizapp import workspace
from quizapp.screens import coding_text
from quizapp.screens.coding import CodingScreen
from quizapp.widgets.code_editor import CodeEditor
from quizapp.widgets.curve import Curve

PATH = ("tiny_digits", "torch")


@pytest.fixture(autouse=True)
def frameworks(monkeypatch):
    """Whether a framework is installed here must not matter."""
    monkeypatch.setattr(coding_text, "installed", lambda name: True)


async def opened(pilot):
    await pilot.app.run_action("open('tiny_digits')")
    await pilot.pause()
    await pilot.pause()
    assert isinstance(pilot.app.screen, CodingScreen)
    return pilot.app.screen


def write(text="x = 1\n"):
    path = workspace.solution_path(*PATH)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


async def test_enter_creates_the_file_from_the_starter_and_edits_it(make_app, bank):
    async with make_app().run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press("enter")
        await pilot.pause()

        path = workspace.solution_path(*PATH)
        assert path.read_text(encoding="utf-8") == bank.coding("tiny_digits").starters["torch"]
        assert isinstance(screen.focused, CodeEditor)


async def test_a_file_that_came_from_elsewhere_is_shown_once_it_is_submitted(make_app, text, wait):
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert "还没有创建" in str(screen.query_one("#footing").content)
        write("mine = True\n")
        await pilot.press("f5")
        await wait(pilot, lambda: "40 分" in text(pilot.app))

        assert "还没有创建" not in str(screen.query_one("#footing").content)
        assert screen.query_one(CodeEditor).text == "mine = True\n"


async def test_going_back_before_the_statement_is_drawn_is_no_accident(make_app, text, wait):
    async with make_app().run_test(size=(80, 24)) as pilot:
        await pilot.app.run_action("open('tiny_digits')")
        await pilot.app.pop_screen()
        await pilot.app.run_action("open('tiny_digits')")
        await wait(pilot, lambda: "实现 build_model()" in text(pilot.app))


async def test_an_existing_file_is_never_overwritten(make_app):
    path = write("mine = True\n")
    async with make_app().run_test() as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await pilot.pause()

        assert path.read_text(encoding="utf-8") == "mine = True\n"
        assert pilot.app.screen.query_one(CodeEditor).text == "mine = True\n"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_escape_leaves_the_editor_and_then_the_problem(make_app, wait, size):
    write("a = 1\n")
    async with make_app().run_test(size=size) as pilot:
        screen = await opened(pilot)
        await pilot.press("enter")
        assert isinstance(screen.focused, CodeEditor)
        await pilot.press("escape")
        assert pilot.app.screen is screen
        assert not isinstance(screen.focused, CodeEditor)
        await pilot.press("escape")
        await wait(pilot, lambda: pilot.app.screen is not screen)


async def test_typing_is_saved_before_it_is_submitted(make_app, judge, wait):
    path = write("a = 1\n")
    async with make_app().run_test() as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await pilot.press(*"中文 = 2", "enter", "f5")
        await wait(pilot, lambda: judge.requests)

        assert path.read_text(encoding="utf-8") == "中文 = 2\na = 1\n"
        assert judge.requests[0].source == path.read_bytes()


async def test_typing_is_saved_after_a_moment_of_quiet(make_app, wait):
    path = write("a = 1\n")
    async with make_app().run_test() as pilot:
        await opened(pilot)
        await pilot.press("enter", "b")
        await wait(pilot, lambda: path.read_text(encoding="utf-8") == "ba = 1\n")


async def test_a_change_made_elsewhere_is_not_overwritten(make_app, judge, text, wait):
    path = write("a = 1\n")
    async with make_app().run_test() as pilot:
        await opened(pilot)
        await pilot.press("enter", "b")
        path.write_text("elsewhere = 1\n", encoding="utf-8")
        await pilot.press("f5")
        await wait(pilot, lambda: "在别处被改过" in text(pilot.app))

        assert path.read_text(encoding="utf-8") == "elsewhere = 1\n"
        assert not judge.requests

        await pilot.press("ctrl+s")
        await wait(pilot, lambda: path.read_text(encoding="utf-8") == "ba = 1\n")


async def test_submitting_without_a_file_says_what_to_do(make_app, judge, text, wait):
    async with make_app().run_test() as pilot:
        await opened(pilot)
        await pilot.press("f5")
        await wait(pilot, lambda: "还没有解答文件" in text(pilot.app))

        assert not judge.requests


async def test_a_run_is_watched_live_and_its_report_read(make_app, judge, progress, text, wait):
    write()
    judge.hold.clear()
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("f5")
        await wait(pilot, lambda: "已用 3.0 秒" in text(pilot.app))

        live = text(pilot.app)
        assert "内存 412 MiB" in live
        assert "loss" in live
        assert not screen.query_one("#losses", Curve).empty
        assert "每步没有清零梯度" in live
        assert screen.running

        judge.hold.set()
        await wait(pilot, lambda: not screen.running)
        await wait(pilot, lambda: "40 分" in text(pilot.app))
        finished = text(pilot.app)
        assert "✗ 答案错误 (WA)" in finished
        assert "第 3 行" in finished

        submission = progress.submissions("tiny_digits")[0]
        assert (submission.verdict, progress.source(submission.id)) == ("WA", b"x = 1\n")


async def test_the_report_shows_metric_threshold_and_output_as_they_are(make_app, judge, text, wait):
    write()
    async with make_app().run_test(size=(100, 50)) as pilot:
        screen = await opened(pilot)
        await pilot.press("f5")
        await wait(pilot, lambda: judge.requests and not screen.running)
        await wait(pilot, lambda: "准确率 0.913，要求 ≥ 0.97" in text(pilot.app))

        assert "[bold]x[/bold]" in text(pilot.app)


async def test_a_run_can_be_cancelled(make_app, judge, progress, text, wait):
    write()
    judge.hold.clear()
    async with make_app().run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press("f5")
        await wait(pilot, lambda: screen.running and judge.requests)
        await pilot.press("f9")
        await wait(pilot, lambda: not screen.running)

        assert judge.cancelled
        assert "已取消" in text(pilot.app)
        assert "- 训练效果" in text(pilot.app)  # it was not done, so no tick
        assert not progress.submissions()


async def test_a_running_judge_is_not_left_by_accident(make_app, judge, text, wait):
    write()
    judge.hold.clear()
    async with make_app().run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press("f5")
        await wait(pilot, lambda: screen.running and judge.requests)
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.screen is screen

        await pilot.press("f3")
        await pilot.pause()
        assert pilot.app.screen is not screen
        judge.hold.set()
        await wait(pilot, lambda: not screen.running)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Unavailable("没有安装 PyTorch：运行 make quiz FRAMEWORKS=torch"), "FRAMEWORKS=torch"),
        (Broken("判题进程意外退出。"), "不是你的代码的问题"),
        (RuntimeError("boom [red]"), "boom [red]"),
    ],
)
async def test_a_judge_that_fails_is_one_sentence_and_the_app_goes_on(make_app, judge, progress, text, wait, error, words):
    write()
    judge.fail = error
    async with make_app().run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press("f5")
        await wait(pilot, lambda: words in text(pilot.app).replace("\n", "") or words in "".join(text(pilot.app).split()))

        assert not screen.running
        assert not progress.submissions()

        judge.fail = None
        await pilot.press("f5")
        await wait(pilot, lambda: progress.submissions())


async def test_a_missing_framework_names_the_command(make_app, monkeypatch, judge, text, wait):
    write()
    monkeypatch.setattr(coding_text, "installed", lambda name: False)
    async with make_app().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("f5")
        await wait(pilot, lambda: "make quiz FRAMEWORKS=torch" in text(pilot.app))

        assert not judge.requests


async def test_hints_come_one_by_one(make_app, text):
    async with make_app().run_test() as pilot:
        await opened(pilot)
        await pilot.press("f7")
        await pilot.pause()
        first = text(pilot.app)
        assert "先确认输出的形状" in first
        assert "zero_grad" not in first

        await pilot.press("f7")
        await pilot.pause()
        assert "zero_grad" in text(pilot.app)
        assert "提示 2/2" in text(pilot.app)


async def test_another_framework_is_another_file(make_app, text, wait):
    async with make_app().run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press("f8")
        await wait(pilot, lambda: "TensorFlow" in text(pilot.app))

        assert screen.path == workspace.solution_path("tiny_digits", "tensorflow")


async def test_an_earlier_report_can_be_read_again(make_app, judge, text, wait):
    write()
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("f5")
        await wait(pilot, lambda: judge.requests and not screen.running)
        screen.tab = "history"
        await wait(pilot, lambda: "今天 22:10" in text(pilot.app))
        await pilot.press("enter")
        await wait(pilot, lambda: "✗ 答案错误 (WA)" in text(pilot.app) and screen.tab == "run")


async def test_the_external_editor_is_offered_only_where_it_can_run(make_app, monkeypatch, text, wait):
    monkeypatch.setenv("EDITOR", "no-such-editor")
    async with make_app().run_test() as pilot:
        await opened(pilot)
        await pilot.press("f6")
        await wait(pilot, lambda: "打不开外部编辑器" in text(pilot.app))

        assert workspace.solution_path(*PATH).exists()
        assert isinstance(pilot.app.screen.focused, CodeEditor)


async def test_a_workspace_that_cannot_be_written_is_one_sentence(make_app, workspace, text, wait):
    workspace.write_text("a file where the folder should be")
    async with make_app().run_test() as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await wait(pilot, lambda: "QUIZAPP_WORKSPACE" in text(pilot.app))


async def test_opening_a_problem_warms_the_judge(bank, progress, clock):
    from quizapp.services import Opened, Services

    asked = []

    async def warm(problem, framework):
        asked.append((problem, framework))
        raise RuntimeError("no service here")

    from quizapp.widgets.stage import Stage

    services = Services(lambda: Opened(bank, progress, clock), warm=warm)
    app = Stage()
    async with app.run_test() as pilot:
        await app.push_screen(CodingScreen(services, "tiny_digits"))
        await pilot.pause()
        await asyncio.sleep(0.05)

        assert asked == [PATH]
