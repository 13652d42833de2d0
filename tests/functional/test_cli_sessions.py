"""Sessions on a plain terminal: answers typed by a person or fed by a script, resumable at any point."""

from __future__ import annotations

import io
import json
import re
import sys

import pytest

from judge.client import Broken, Unavailable
from question_bank.loader import load_bank
from quizapp.cli import main
from quizapp.commands_cli.asking import ask, key, understood
from quizapp.progress import Progress
from quizapp.study.scoring import score
from quizapp.text.spoken import spoken

BANK = load_bank()


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def quizapp(home, monkeypatch, capsys):
    """Run with `typed` on standard input."""

    def run(*arguments, typed=""):
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["quizapp", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


def recorded(home):
    with Progress.open(home / "progress.db", mode="read") as progress:
        return progress.answers()


def of_type(kind):
    return next(outline.id for outline in BANK.outlines if outline.type == kind)


def right_answer(question, asked):
    """What to type for full marks."""
    letters = {name: "ABCDEFGH"[place] for place, name in enumerate(asked.order)}
    match question.type:
        case "single":
            return letters[question.correct]
        case "multiple":
            return "".join(letters[name] for name in question.correct)
        case "true_false":
            return "对" if question.correct else "错"
        case "cloze":
            return "\n".join(texts[0] for texts in question.blanks)
        case "ordering":
            return " ".join(str(asked.order.index(item) + 1) for item in question.items)
        case _:
            from question_bank.numeric import answer

            return str(answer(question, asked.values))


@pytest.mark.parametrize("kind", ["single", "multiple", "true_false", "cloze", "ordering", "numeric"])
@pytest.mark.parametrize("attempt", [0, 1, 2])
def test_typing_the_right_answer_earns_full_marks_however_it_is_put(kind, attempt):
    for question in (question for question in BANK.theory if question.type == kind):
        asked = ask(question, attempt)
        given, complaint = understood(asked, right_answer(question, asked))
        assert complaint == ""
        assert score(question, given, asked.values).score == 100, question.id


def test_a_choice_is_asked_scored_and_recorded_with_the_rating_chosen(quizapp, home):
    name = of_type("single")
    typed = right_answer(BANK.get(name), ask(BANK.get(name), 0)) + "\n4\n"
    code, out, _ = quizapp("quiz", name, typed=typed)
    answer = recorded(home)[0]

    assert code == 0
    assert "100 分" in out
    assert (answer.question, answer.score, answer.rating, answer.mode) == (name, 100.0, 4, "drill")
    assert answer.detail["order"] == list(ask(BANK.get(name), 0).order)


def test_nonsense_is_answered_with_how_to_answer(quizapp, home):
    name = of_type("single")
    _, out, _ = quizapp("quiz", name, typed="Z\n12\nA\n\n")
    assert out.count("单选题输入一个字母") == 2
    assert len(recorded(home)) == 1


def test_what_is_no_number_is_asked_again_and_not_held_against_anybody(quizapp, home):
    name = of_type("numeric")
    number = right_answer(BANK.get(name), ask(BANK.get(name), 0))
    _, out, _ = quizapp("quiz", name, typed=f"很多\n\n{number}\n\n")
    assert "看不懂“很多”" in out
    assert "没有写结果" in out
    assert [answer.score for answer in recorded(home)] == [100.0]


def test_half_an_answer_is_there_when_the_session_is_resumed(quizapp, home):
    name = of_type("short_answer")
    _, out, _ = quizapp("quiz", name, typed="第一行\n第二行\n:quit\n")
    assert "quizapp quiz --resume" in out
    with Progress.open(home / "progress.db", mode="read") as progress:
        assert progress.draft(name) == "第一行\n第二行"
    _, out, _ = quizapp("quiz", "--resume", typed="第三行\n.\n3\n")

    assert "接着上次没写完的答案：\n第一行\n第二行" in out
    assert recorded(home)[0].text == "第一行\n第二行\n第三行"
    assert quizapp("quiz", "--resume")[::2] == (2, "没有没做完的练习\n")


def test_giving_up_shows_the_answer_and_counts_as_nothing(quizapp, home):
    name = of_type("short_answer")
    _, out, _ = quizapp("quiz", name, typed=":answer\n\n.\n:quit\n")
    assert spoken(BANK.get(name).answer)[:12] in out
    assert (recorded(home)[0].score, recorded(home)[0].rating) == (0.0, 1)


def test_reading_shows_the_answer_on_return_and_asks_only_how_it_went(quizapp, home):
    _, out, _ = quizapp("quiz", "--mode", "read", "--count", "2", typed="\n4\n\n\n")
    answers = recorded(home)
    assert [(a.rating, a.score, a.text, a.mode) for a in answers] == [(3, None, "", "read"), (4, None, "", "read")]
    for answer in answers:
        assert spoken(BANK.get(answer.question).answer)[:12] in out
    assert "遗漏" not in out


@pytest.mark.parametrize("kind", ["single", "multiple", "true_false", "ordering", "numeric"])
def test_the_key_of_a_question_is_the_right_answer_as_it_is_put(kind):
    for question in (question for question in BANK.theory if question.type == kind):
        asked = ask(question, 1)
        told = key(asked, 80)
        if kind == "numeric":
            assert any(score(question, number, asked.values).score == 100 for number in re.findall(r"[\d.,e+]*\d", told))
        else:
            given, _ = understood(asked, told.splitlines()[0].removeprefix("答案："))
            assert score(question, given, asked.values).score == 100


def test_a_button_says_when_the_question_comes_back_and_keeps_its_word(quizapp, home):
    name = of_type("true_false")
    _, out, _ = quizapp("quiz", name, typed="对\n4\n")
    promised = int(re.search(r"4 轻松（(\d+) 天后）", out)[1])
    with Progress.open(home / "progress.db", mode="read") as progress:
        assert (progress.standings()[name].due - progress.today()).days == promised


def test_options_are_explained_in_the_order_they_were_shown(quizapp):
    _, out, _ = quizapp("quiz", of_type("multiple"), typed=":answer\n\n")
    letters = re.findall(r"^  [✓✗] ([A-H]) ", out, re.MULTILINE)
    assert letters == sorted(letters)
    assert len(letters) >= 4


def test_modes_without_questions_say_so(quizapp):
    assert quizapp("quiz", "--mode", "wrong")[::2] == (2, "错题本是空的\n")
    assert quizapp("quiz", "--mode", "favourite")[2] == "还没有收藏题目\n"


def test_a_script_takes_a_mock_and_gets_one_json_report(quizapp, home):
    typed = "参数多\n.\n" * 3
    code, out, err = quizapp("mock", "--topic", "basics", "--minutes", "10", "--seed", "5", "--json", typed=typed)
    report = json.loads(out)

    assert code == 0
    assert report["questions"] == 3
    assert {line["topic"] for line in report["lines"]} == {"basics"}
    assert report["answered"] == len(recorded(home)) > 0
    assert "模拟面试" in err
    again = json.loads(quizapp("mock", "--topic", "basics", "--minutes", "10", "--seed", "5", "--json", typed=typed)[1])
    assert [line["question"] for line in again["lines"]] == [line["question"] for line in report["lines"]]
    assert [earlier["id"] for earlier in again["earlier"]] == [report["id"]]


def test_answers_of_a_script_stay_with_their_questions_whatever_is_asked(quizapp, home):
    """However many lines an answer has and whatever the type: up to the dot it is the answer to one question."""
    arguments = ("mock", "--minutes", "60", "--seed", "11", "--json")
    names = [line["question"] for line in json.loads(quizapp(*arguments)[1])["lines"]]
    assert len({BANK.get(name).type for name in names}) >= 4
    typed = "".join(f"第 {number} 个\n两行\n.\n" if number % 3 else ".\n" for number in range(len(names)))
    report = json.loads(quizapp(*arguments, typed=typed)[1])
    assert report["answered"] == len(names)
    texts = {answer.question: answer.text for answer in recorded(home)}
    assert [texts[name] for name in names] == [f"第 {number} 个\n两行" if number % 3 else "" for number in range(len(names))]


def test_a_mock_left_in_the_middle_is_resumed(quizapp):
    code, out, _ = quizapp("mock", "--topic", "basics", "--minutes", "10", "--seed", "5", typed="甲\n乙\n.\n丙\n:quit\n")
    assert (code, "quizapp mock --resume" in out) == (1, True)
    code, out, _ = quizapp("mock", "--resume", "--json", typed="")
    assert json.loads(out)["answered"] == 1


def test_grading_a_file_and_recording_it(quizapp, home, tmp_path):
    name = of_type("short_answer")
    model = BANK.get(name).answer
    _, out, _ = quizapp("grade", name, "--record", "--json", typed=model)
    graded = json.loads(out)
    assert {"score", "band", "points", "wrong", "follow_up"} <= set(graded)
    assert recorded(home)[0].text == model
    (tmp_path / "noise.txt").write_bytes(b"\xff\xfe\x00\xd8")
    assert "不是 UTF-8" in quizapp("grade", name, "--file", tmp_path / "noise.txt")[2]
    assert "不是简答题" in quizapp("grade", of_type("single"), typed="A")[2]


def test_marks_are_set_shown_and_undone(quizapp):
    name = of_type("single")
    assert quizapp("mark", name, "--favourite", "--note", "再看一遍", "--met")[1] == "收藏，遇到过 1 次，笔记：再看一遍\n"
    assert json.loads(quizapp("list", "--status", "favourite", "--json")[1])[0]["id"] == name
    said = [quizapp("undo")[2] for _ in range(3)]
    assert [kind in text for kind, text in zip(("笔记", "遇到过", "收藏"), said, strict=True)] == [True] * 3
    assert quizapp("mark", name)[1] == "没有标记\n"
    assert quizapp("undo")[::2] == (2, "没有可以撤销的了\n")


def test_a_point_is_overruled_and_the_score_follows(quizapp, home):
    name = of_type("short_answer")
    assert "还没有作答过" in quizapp("overrule", name, "x", "命中")[2]
    quizapp("grade", name, "--record", typed="不知道")
    point = BANK.get(name).key_points[0].id
    assert "可选：" in quizapp("overrule", name, "nonsense", "命中")[2]
    raised = json.loads(quizapp("overrule", name, point, "命中", "--reason", "我说了", "--json")[1])
    answer = recorded(home)[0]

    assert raised["score"] == answer.score > 0
    assert (answer.points[point], answer.overruled) == ("命中", True)
    assert json.loads(quizapp("stats", "--json")[1])["overruled"] == 1


@pytest.mark.parametrize("problem", [Unavailable("没有安装 torch"), Broken("判题机坏了"), KeyboardInterrupt()])
def test_a_submission_that_cannot_be_judged_does_not_end_the_session(quizapp, home, monkeypatch, tmp_path, problem):
    async def judge(request, on_event):
        raise problem

    monkeypatch.setattr("judge.client.judge", judge)
    program = tmp_path / "mine.py"
    program.write_text("x = 1", encoding="utf-8")
    coding, other = of_type("coding"), of_type("single")
    right = right_answer(BANK.get(other), ask(BANK.get(other), 0))  # what is missed would be asked again
    status, out, _ = quizapp("quiz", coding, other, typed=f":submit {program}\n:skip\n{right}\n\n:skip\n")

    assert status == 0
    assert str(problem) in out
    assert "这一组做完了" in out
    assert [one.question for one in recorded(home)] == [other]
