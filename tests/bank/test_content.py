"""What the bank promises to hold, and what every question owes its reader."""

import subprocess
import sys
from collections import Counter
from importlib.util import find_spec

import pytest

from question_bank.loader import load_bank, question_files
from question_bank.matching import hit_groups, normalise
from question_bank.reading import Reader

BANK = load_bank(cache=False)
QUESTIONS = {question.id: question for question in BANK.questions}
TOPICS = [
    "basics", "architecture", "pretraining", "finetuning", "alignment", "inference", "distributed", "rag_agent", "evaluation",
    "data", "multimodal", "safety_policy", "business", "classic_ml", "hand_coding",
]  # fmt: skip


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.relative_to(BANK.root).as_posix()) for path in question_files(BANK.root)]
)
def test_every_file_reads_without_a_problem(path):
    reader = Reader(BANK.root)
    assert reader.question(path) is not None
    assert reader.problems == []


def test_topics_are_the_fifteen_in_order():
    assert [topic.id for topic in BANK.topics] == TOPICS


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_at_least_three_questions(topic):
    assert sum(question.topic == topic for question in QUESTIONS.values()) >= 3


def test_every_type_is_there():
    counts = Counter(question.type for question in QUESTIONS.values())
    assert set(counts) == {"single", "multiple", "true_false", "cloze", "ordering", "numeric", "short_answer", "coding"}
    assert sum(counts.values()) >= 90


ARTICLE = {
    "what_is_llm": "basics",
    "training_challenges": "pretraining",
    "evaluation_metrics": "evaluation",
    "commercialization": "business",
    "policy_ethics": "safety_policy",
    "mnist_digits": "classic_ml",
    "zh_en_transformer": "architecture",
    "face_gan": "multimodal",
}


@pytest.mark.parametrize("question_id", ARTICLE)
def test_the_questions_of_the_article_are_there(question_id):
    assert QUESTIONS[question_id].topic == ARTICLE[question_id]


ENTRIES = {
    "mnist_digits": ["build_model", "train", "plot_history"],
    "zh_en_transformer": ["build_model", "train", "translate", "corpus_bleu"],
    "face_gan": ["build_generator", "build_discriminator", "train", "generate"],
}


@pytest.mark.parametrize("problem", ENTRIES)
def test_entry_points_are_final(problem):
    assert [entry.name for entry in BANK.coding(problem).entries] == ENTRIES[problem]


@pytest.mark.parametrize("question", [q for q in QUESTIONS.values() if q.type == "short_answer"], ids=lambda q: q.id)
class TestShortAnswers:
    def test_the_spoken_version_earns_most_of_the_points(self, question):
        """Somebody who says the 30-second answer has understood it."""
        brief = normalise(question.brief)
        earned = sum(point.weight for point in question.key_points if any(hit_groups(point.keywords, brief)))
        assert earned >= 0.6 * sum(point.weight for point in question.key_points)

    def test_the_spoken_version_is_short(self, question):
        assert len(question.brief) <= 200

    def test_every_point_asks_further(self, question):
        assert all(point.follow_up for point in question.key_points)

    def test_an_empty_phrase_earns_nothing(self, question):
        said = normalise("这是一个很重要的问题，我认为应该全面、辩证地看，首先、其次、最后，总之要具体问题具体分析。")
        assert not any(all(hit_groups(point.keywords, said)) for point in question.key_points)


def test_every_program_names_the_theory_it_builds_on():
    """When a mistake in it is named, those questions are asked the same day."""
    for question in BANK.questions:
        if question.type == "coding":
            related = [BANK.outline[name].type for name in question.related]
            assert len(related) >= 2, question.id
            assert "coding" not in related, question.id


def test_right_options_are_not_always_the_first_or_the_longest():
    """Options are shuffled when shown, but not on paper; and length would give the answer away anywhere."""
    singles = [q for q in QUESTIONS.values() if q.type == "single"]
    longest = sum(max(q.options, key=lambda o: len(o.text)).id == q.correct for q in singles)
    assert longest <= 0.5 * len(singles)
    assert len({q.correct for q in singles}) == 4


@pytest.mark.parametrize("framework", ["torch", "tensorflow"])
def test_starters_import_cleanly(framework):
    if find_spec(framework) is None:
        pytest.skip(f"没有安装 {framework}")
    files = [str(path) for path in BANK.root.glob(f"coding/*/*/starter_{framework}.py")]
    code = "import runpy, sys\nfor path in sys.argv[1:]: runpy.run_path(path)"
    done = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_loading_and_searching_pull_in_nothing_heavy(tmp_path, monkeypatch):
    """With a compiled bank, the start needs neither pypinyin nor rapidfuzz nor anything of the other rooms."""
    monkeypatch.setenv("QUIZAPP_CACHE", str(tmp_path))
    load_bank()
    code = (
        "import sys\n"
        "from question_bank.loader import load_bank\n"
        "bank = load_bank()\n"
        "assert bank.search('damoxing') and bank.get('what_is_llm')\n"
        "heavy = {'pypinyin', 'rapidfuzz', 'markdown_it', 'textual', 'rich', 'numpy', 'torch', 'tensorflow', 'pytest', 'judge', 'quizapp'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
