"""Searching as people type: 汉字, pinyin, initials, English, wrong characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import pinyin
from question_bank.search import Index, prepare, squeeze


def found(bank, query):
    return [outline.id for outline in bank.search(query)]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("大模型", "what_is_llm"),
        ("什么是大模型", "what_is_llm"),
        ("shenmeshidamoxing", "what_is_llm"),
        ("smsdmx", "what_is_llm"),
        ("dmx", "what_is_llm"),
        ("damo", "what_is_llm"),
        ("xunlian", "training_challenges"),
        ("训练 挑战", "training_challenges"),
        ("挑战 训练", "training_challenges"),
        ("训连", "training_challenges"),
        ("zhuyili", "attention_scale_sqrt_dk"),
        ("注一力", "attention_scale_sqrt_dk"),
        ("pinggu", "evaluation_metrics"),
        ("KV Cache", "kv_cache_principle"),
        ("kvcache", "kv_cache_principle"),
        ("kv-cache", "kv_cache_principle"),
        ("ＫＶ　Ｃａｃｈｅ", "kv_cache_principle"),
        ("kv_cache_principle", "kv_cache_principle"),
        ("LORA", "lora_principle"),
        ("lroa", "lora_principle"),
        ("transfomer", "transformer_overview"),
        ("流水线 气泡", "pipeline_bubble"),
        ("liushuixian", "pipeline_bubble"),
        ("lora canshu", "lora_parameter_count"),
        ("vllm", "paged_attention"),
        ("mnist", "mnist_digits"),
        ("shouxieshuzi", "mnist_digits"),
        ("欧盟", "eu_ai_act_dates"),
        ("GAN", "gan_mode_collapse"),
    ],
)
def test_a_query_finds_what_was_meant_among_the_first(bank, query, wanted):
    assert wanted in found(bank, query)[:10]


def test_title_comes_before_label_before_prompt(bank):
    order = found(bank, "rope")
    assert order[0] == "rope_principle"


@pytest.mark.parametrize("query", ["", "   ", "\n", "-", "完全没有这样的题目啊", "qqqqzzzz", "\x00", "(" * 50, "." * 500])
def test_nothing_for_nothing(bank, query):
    assert found(bank, query) == []


def test_pinyin_begins_at_a_syllable(bank):
    hits = {bank.outline[question_id].title for question_id in found(bank, "amoxing")}
    assert not any("大模型" in title for title in hits)


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("重排", "chong pai"),
        ("权重", "quan zhong"),
        ("长度外推", "chang du wai tui"),
        ("长上下文", "chang shang xia wen"),
        ("并行", "bing xing"),
        ("行业", "hang ye"),
        ("调用", "diao yong"),
        ("微调", "wei tiao"),
        ("学习率", "xue xi lv"),
        ("lora 原理", "lora yuan li"),
    ],
)
def test_readings_of_the_field(text, syllables):
    assert " ".join(syllable for syllable, _ in pinyin.spoken(text)) == syllables


def test_every_question_is_found_by_its_title_pinyin_and_initials(bank):
    for outline in bank.outlines:
        assert outline.id in found(bank, outline.title)[:3]
        heard = list(pinyin.spoken(outline.title.lower()))
        assert outline.id in found(bank, "".join(syllable for syllable, _ in heard))
        assert outline.id in found(bank, "".join(initial for _, initial in heard))
        assert found(bank, outline.id)[0] == outline.id


@settings(max_examples=200, deadline=None)
@given(query=st.text(max_size=30))
def test_any_text_may_be_typed(bank, query):
    hits = found(bank, query)
    assert len(hits) == len(set(hits))
    assert set(hits) <= set(bank.outline)


def test_no_more_than_the_limit_and_the_best_of_them(bank):
    few, many = bank.index.search("模型", limit=3), bank.index.search("模型")
    assert few == many[:3]


def test_words_apart_must_all_be_there(bank):
    for row in bank.index.search("kv 缓存"):
        everything = "".join(
            column.lines[row] for column in (bank.index.keys.titles, bank.index.keys.labels, bank.index.keys.prompts)
        )
        assert "kv" in everything
        assert "缓存" in everything


def test_an_empty_bank_is_searched_in_peace():
    assert Index(prepare([], {})).search("大模型") == []


def test_squeeze():
    assert squeeze("Ｋ-V Cache／大 模型") == "kvcache大模型"


def test_frequent_questions_come_first_among_equals(bank):
    questions = [bank.get("what_is_llm").model_copy(update={"id": f"q{n}", "frequency": n}) for n in (1, 3, 2)]
    assert Index(prepare(questions, {})).search("大模型") == [1, 2, 0]
