"""编程题: watching the file, comparing submissions, the reference answer."""

import asyncio

import pytest

from quizapp import workspace
from quizapp.public_tests import PublicOutcome, PublicTest
from quizapp.references import Reference, References
from quizapp.screens import coding, coding_text
from quizapp.screens.coding import CodingScreen
from quizapp.screens.compare import CompareScreen, Comparison, difference
from quizapp.screens.reference import ReferenceScreen
from quizapp.widgets import watch_panel
from quizapp.widgets.code_editor import CodeEditor
from quizapp.widgets.watch_panel import WatchPanel

PATH = ("tiny_digits", "torch")
GOOD = PublicOutcome((PublicTest("test_shape", "passed"), PublicTest("test_plot", "passed")))
BAD = PublicOutcome((PublicTest("test_shape", "failed", "AssertionError: assert (3, 9) == (3, 10) [red]", 7), *GOOD.tests[1:]))


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    monkeypatch.setattr(coding_text, "installed", lambda name: True)
    monkeypatch.setattr(coding, "public_test", lambda bank, problem: tmp_path / "test_public.py")
    monkeypatch.setattr(WatchPanel.__init__, "__kwdefaults__", {**WatchPanel.__init__.__kwdefaults__, "period": 0.02})


class PublicTests:
    """Answers by the source; what is not known takes for ever."""

    def __init__(self, **answers):
        self.answers = answers
        self.seen = []
        self.cancelled = 0

    async def __call__(self, test, source):
        self.seen.append(source)
        answer = self.answers.get(source.decode("utf-8", "replace").strip())
        if answer is None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        return answer


def write(text="bad", framework="torch"):
    path = workspace.solution_path("tiny_digits", framework)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


async def opened(pilot):
    await pilot.app.run_action("open('tiny_digits')")
    await pilot.pause()
    await pilot.pause()
    assert isinstance(pilot.app.screen, CodingScreen)
    return pilot.app.screen


# --- watching -------------------------------------------------------------------------------------------------------------


async def test_each_save_runs_the_public_tests(make_app, text, wait):
    path = write("bad")
    public = PublicTests(bad=BAD, good=GOOD)
    async with make_app(public=public).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("ctrl+l")
        await wait(pilot, lambda: "公开测试 1/2 通过" in text(pilot.app))
        assert "assert (3, 9) == (3, 10) [red]" in text(pilot.app), "what the test said stands as it is"
        assert "第 7 行" in text(pilot.app)

        path.write_text("good")
        await wait(pilot, lambda: "公开测试 2/2 通过，按 F5 跑隐藏检查" in text(pilot.app))
        assert public.seen == [b"bad", b"good"]
        await wait(pilot, lambda: screen.query_one(CodeEditor).text == "good")

        await pilot.press("ctrl+l")
        await pilot.pause()
        path.write_text("bad")
        await asyncio.sleep(0.1)
        assert public.seen == [b"bad", b"good"], "watched no longer"
        assert "监视 solution_torch.py" not in text(pilot.app)


async def test_a_save_that_empties_the_file_first_is_one_save(make_app, text, wait, monkeypatch):
    path = write("good")
    before, emptied, full = (1, 3), (2, 0), (3, 4)
    looks = iter([before, before, emptied, full])
    later = []
    monkeypatch.setattr(watch_panel, "_stamp", lambda path: next(looks, None) or later.append(path) or full)
    public = PublicTests(good=GOOD)
    async with make_app(public=public).run_test() as pilot:
        await opened(pilot)
        await pilot.press("ctrl+l")
        await wait(pilot, lambda: len(later) > 5)
        await wait(pilot, lambda: "2/2" in text(pilot.app))
        assert public.seen == [path.read_bytes()] * 2, "once when watching began, once for the save"


async def test_a_save_while_the_tests_run_starts_them_anew(make_app, text, wait):
    path = write("endless")
    public = PublicTests(good=GOOD)
    async with make_app(public=public).run_test() as pilot:
        await opened(pilot)
        await pilot.press("ctrl+l")
        await wait(pilot, lambda: public.seen)
        path.write_text("good")
        await wait(pilot, lambda: "2/2" in text(pilot.app))

        assert public.cancelled == 1


async def test_a_file_deleted_while_it_is_watched_may_come_back(make_app, text, wait):
    path = write("bad")
    async with make_app(public=PublicTests(bad=BAD, good=GOOD)).run_test() as pilot:
        await opened(pilot)
        await pilot.press("ctrl+l")
        await wait(pilot, lambda: "1/2" in text(pilot.app))
        path.unlink()
        await wait(pilot, lambda: "文件不在了" in text(pilot.app))
        path.write_text("good")
        await wait(pilot, lambda: "2/2" in text(pilot.app))


async def test_typing_not_yet_saved_is_not_replaced_by_a_change_elsewhere(make_app, wait, text):
    path = write("bad")
    async with make_app(public=PublicTests(bad=BAD, good=GOOD)).run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press("enter", "ctrl+l")
        await wait(pilot, lambda: "1/2" in text(pilot.app))
        await pilot.press("x")
        path.write_text("good")
        await wait(pilot, lambda: "2/2" in text(pilot.app))

        assert screen.query_one(CodeEditor).text == "xbad"
        screen.query_one(CodeEditor)._base = "xbad"  # not to be asked about on leaving


async def test_leaving_the_screen_ends_the_tests(make_app, wait):
    write("endless")
    public = PublicTests()
    async with make_app(public=public).run_test() as pilot:
        await opened(pilot)
        await pilot.press("ctrl+l")
        await wait(pilot, lambda: public.seen)
        await pilot.press("escape")
        await wait(pilot, lambda: public.cancelled)


async def test_tests_that_cannot_run_are_one_sentence(make_app, text, wait):
    write("bad")
    problem = PublicOutcome(problem="公开测试没有跑完：Python 中途退出了（代码里调用了退出，或内存不够）。")
    async with make_app(public=PublicTests(bad=problem)).run_test() as pilot:
        await opened(pilot)
        await pilot.press("ctrl+l")
        await wait(pilot, lambda: "Python 中途退出了" in text(pilot.app))


async def test_a_problem_without_public_tests_says_what_to_press(make_app, monkeypatch, text, wait):
    monkeypatch.setattr(coding, "public_test", lambda bank, problem: None)
    async with make_app().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+l")
        await wait(pilot, lambda: "这道题没有公开测试" in text(pilot.app))


async def test_a_binary_file_opens_with_a_sentence_and_is_left_alone(make_app, text, wait, judge):
    path = write(b"\xff\xfe\x00 binary")
    async with make_app().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await wait(pilot, lambda: "UTF-8" in text(pilot.app))
        await pilot.press("f5")
        await wait(pilot, lambda: judge.requests)

        assert judge.requests[0].source == path.read_bytes() == b"\xff\xfe\x00 binary"


# --- comparing ------------------------------------------------------------------------------------------------------------


async def submit(pilot, judge, wait, source, result="WA"):
    judge.result = result
    write(source)
    asked = len(judge.requests)
    await pilot.press("f5")
    await wait(pilot, lambda: len(judge.requests) > asked and not pilot.app.screen.running)


async def test_two_submissions_are_compared(make_app, judge, text, wait):
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await submit(pilot, judge, wait, "x = 1\ny = [bold]\n")
        await submit(pilot, judge, wait, "x = 2\ny = [bold]\n")
        write("x = 3\ny = [bold]\n")
        screen.tab = "history"
        await pilot.pause()
        await pilot.press("ctrl+g")
        await wait(pilot, lambda: isinstance(pilot.app.screen, CompareScreen) and "+x = 2" in text(pilot.app))
        assert "-x = 1" in text(pilot.app)
        assert " y = [bold]" in text(pilot.app)

        await pilot.press("f8")
        await wait(pilot, lambda: "+x = 3" in text(pilot.app))
        assert "现在的 solution_torch.py" in text(pilot.app)
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.screen is screen


async def test_the_first_submission_is_compared_with_the_starter_also_when_its_file_is_gone(make_app, judge, text, wait):
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await submit(pilot, judge, wait, "print('mine')\n")
        workspace.solution_path(*PATH).unlink()
        screen.tab = "history"
        await pilot.pause()
        await pilot.press("ctrl+g")
        await wait(pilot, lambda: "+print('mine')" in text(pilot.app))
        assert "起始代码" in text(pilot.app)


async def test_without_submissions_there_is_nothing_to_compare(make_app, wait):
    async with make_app().run_test() as pilot:
        screen = await opened(pilot)
        screen.tab = "history"
        await pilot.pause()
        await pilot.press("ctrl+g", "d")
        await pilot.pause()
        assert pilot.app.screen is screen


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (b"a\n", b"a\n", "一样"),
        (b"\xff\n", b"\x00[/x]\n", "[/x]"),
        (b"a\n" * 30_000, b"b\n" * 30_000, "太长"),
        (b"", b"x", "+x"),
    ],
)
def test_a_difference_of_any_bytes_is_text(before, after, words):
    assert words in difference(Comparison("前", before, "后", after)).plain


# --- the reference answer -------------------------------------------------------------------------------------------------


@pytest.fixture
def answers(monkeypatch):
    found = References(
        "## 为什么\n\n因为 $\\sqrt{d_k}$。",
        (Reference("cnn", "torch", "a = list[int]\n"), Reference("mlp", "torch", "b = 2\n")),
    )
    monkeypatch.setattr(coding, "references", lambda problem, framework: found)


async def test_the_answer_is_shown_at_once_after_solving(make_app, judge, text, wait, answers):
    async with make_app().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await submit(pilot, judge, wait, "mine = 1\n", "AC")
        await pilot.press("ctrl+n")
        await wait(pilot, lambda: isinstance(pilot.app.screen, ReferenceScreen) and "a = list[int]" in text(pilot.app))
        assert "为什么" in text(pilot.app), "the explanation stands beside it"
        assert "√d" in text(pilot.app)

        await pilot.press("f8")
        await wait(pilot, lambda: "b = 2" in text(pilot.app))
        await pilot.press("f8")
        await wait(pilot, lambda: "mine = 1" in text(pilot.app) and "我的代码" in text(pilot.app))
        await pilot.press("f8", "escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, CodingScreen)


async def test_before_solving_it_is_shown_only_to_who_asks_twice(make_app, judge, text, wait, answers):
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("ctrl+n")
        await wait(pilot, lambda: "再按一次" in "".join(text(pilot.app).split()))
        assert pilot.app.screen is screen
        await pilot.press("ctrl+n")
        await wait(pilot, lambda: isinstance(pilot.app.screen, ReferenceScreen) and "为什么" in text(pilot.app))


async def test_a_problem_without_an_answer_says_so(make_app, text, wait):
    async with make_app().run_test() as pilot:
        await opened(pilot)
        await pilot.press("ctrl+n", "ctrl+n")
        await wait(pilot, lambda: "还没有参考答案" in text(pilot.app))
        await pilot.press("f8")
        await pilot.pause()
        assert "还没有讲解" in text(pilot.app)
