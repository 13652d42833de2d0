"""Keys of one's own: what is in `keys.toml` works and is shown, and a mistake in it is one sentence."""

import ast
import re
from pathlib import Path

import pytest

from quizapp.commands import own_keys
from quizapp.commands.command import key_name
from quizapp.commands.in_use import key, use
from quizapp.commands.own_keys import key_of, keys_path, own_keymap
from quizapp.commands.table import EVERYTHING
from quizapp.problems import UsageProblem
from quizapp.screens.answer import AnswerScreen

DOCUMENT = Path(__file__).parents[3] / "docs" / "keys.md"


def wish(words):
    keys_path().parent.mkdir(parents=True, exist_ok=True)
    keys_path().write_text(words, encoding="utf-8")


def test_every_key_can_be_written_as_it_is_printed():
    keys = {key for table in EVERYTHING.values() for command in table for key in command.keys}

    assert {key_of(key_name(key)) for key in keys} == keys


def test_the_example_in_the_documents_is_a_right_one(tmp_path):
    example = re.search(r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "keys.toml"
    path.write_text(example[1], encoding="utf-8")

    assert set(own_keymap(path).values()) == {"ctrl+y", "ctrl+b,ctrl+n"}


async def test_own_keys_work_and_are_shown_everywhere(make_app, text, wait):
    wish('["答题"]\n"对答案" = "Ctrl+Y"\n"跳过" = "Ctrl+B"\n["到处"]\n"明暗" = ["Ctrl+K", "F12"]\n')
    async with make_app().run_test(size=(80, 40)) as pilot:
        await pilot.app.open_questions(("what_is_llm",))
        await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
        assert text(pilot.app).splitlines()[-1].split()[:4] == ["Ctrl+Y", "对答案", "Ctrl+B", "跳过"]

        await pilot.press("f5")
        assert pilot.app.screen.stage == "writing", "the old key is free"
        await pilot.press("ctrl+y")
        await wait(pilot, lambda: pilot.app.screen.stage == "sure")

        dark = pilot.app.current_theme.dark
        await pilot.press("ctrl+k")
        assert pilot.app.current_theme.dark is not dark

        await pilot.press("f1")
        await wait(pilot, lambda: "Ctrl+Y" in text(pilot.app))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what_is_llm", "写完按 Ctrl+Y 对答案"),
        ("tiny_digits", "按 Ctrl+B 从初始代码创建并在这里写，按 F6"),
    ],
)
async def test_sentences_name_the_key_that_works(make_app, text, wait, question, said):
    wish('["答题"]\n"对答案" = "Ctrl+Y"\n["编程题"]\n"在这里写" = "Ctrl+B"\n')
    async with make_app().run_test(size=(120, 40)) as pilot:
        await pilot.app.open_questions((question,))
        await wait(pilot, lambda: said in text(pilot.app))


async def test_after_a_mistake_sentences_name_the_usual_keys(make_app, text, wait):
    use({reveal.binding_id(strong=True): "ctrl+y" for reveal in EVERYTHING["答题"] if reveal.label == "对答案"})
    wish("[答题]\n")
    async with make_app().run_test(size=(80, 40)) as pilot:
        await pilot.app.open_questions(("what_is_llm",))
        await wait(pilot, lambda: "写完按 F5 对答案" in text(pilot.app))


def test_no_sentence_names_a_key_that_may_have_been_changed():
    package = Path(own_keys.__file__).parents[1]
    for path in (*package.glob("screens/*.py"), *package.glob("widgets/**/*.py"), package / "app.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        words = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        for node in (node for node in words if id(node) not in documents):
            assert not re.search(r"\bF\d+|Ctrl\+[A-Z]|按 ?(Esc|Enter|空格|回车)", node.value), (
                path.name,
                node.lineno,
                node.value,
            )


def test_every_sentence_names_a_command_that_is_there():
    sources = [path.read_text(encoding="utf-8") for path in Path(own_keys.__file__).parents[1].rglob("*.py")]
    named = {pair for source in sources for pair in re.findall(r"""\bkey\(["'](\w+)["'], ["'](\w+)["']\)""", source)}

    assert len(named) > 15
    assert all(key(*pair) for pair in named)


async def test_letters_work_with_their_full_width_twins(make_app, wait):
    wish('["题库"]\n"筛选" = ["Ctrl+T", "Y"]\n')
    async with make_app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f3")
        await wait(pilot)
        await pilot.press("ｙ")
        await wait(pilot, lambda: type(pilot.app.screen).__name__ == "FilterScreen")


async def test_a_mistake_is_told_and_the_usual_keys_stay(make_app, wait):
    wish('["答题"]\n"对答卷" = "F5"\n')
    async with make_app().run_test(size=(80, 24)) as pilot:
        # Not in the lines of the screen: where the words wrap depends on how long the path of the file is.
        await wait(pilot, lambda: any("没有“对答卷”" in str(toast.render()) for toast in pilot.app.screen.query("Toast")))
        await pilot.app.open_questions(("what_is_llm",))
        await wait(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
        await pilot.press("f5")
        await wait(pilot, lambda: pilot.app.screen.stage == "sure")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('["答题"]\n"对答案" = "F6"\n', "F6 已经是“跳过”"),
        ('["答题"]\n"对答案" = "F2"\n', "F2 已经是“今天”"),
        ('["到处"]\n"明暗" = "F5"\n', "F5 已经是“开始”"),
        ('["答题"]\n"对答案" = "Y"\n', "至少用 F 键或 Ctrl 组合键"),
        ('["答题"]\n"追问" = ["F3", "Y"]\n', "F3 已经是“题库”"),
        ('["答题"]\n"追问" = ["F12", "Y"]\n', "F12 已经是“明暗”"),
        ('["到处"]\n"导览" = ["F11", "Y"]\n', "只能用 F 键或 Ctrl 组合键"),
        ('["列表"]\n"下一行" = "Y"\n', "输入法不拦的键"),
        ('["答题"]\n"对答案" = "Ctrl+I"\n', "就是 Tab"),
        ('["答题"]\n"对答案" = "Cmd+K"\n', "不认识按键 Cmd+K"),
        ('["答题"]\n"对答案" = 5\n', "应是一个按键或几个按键"),
        ('["考试"]\n"对答案" = "F5"\n', "没有“考试”这一处"),
        ('"答题" = "F5"\n', "应是一节"),
        ("[答题]\n", "不是有效的 TOML"),
    ],
)
def test_each_mistake_has_its_sentence(tmp_path, words, said):
    path = tmp_path / "keys.toml"
    path.write_text(words, encoding="utf-8")

    with pytest.raises(UsageProblem, match=re.escape(said)):
        own_keymap(path)
