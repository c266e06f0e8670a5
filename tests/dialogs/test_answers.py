"""What operators write as answers is what the chat says, from the next turn on, in the words of whoever asks."""

import pytest

from core.catalog import remove_answer, set_answer
from tests.dialogs.chat import World
from tests.dialogs.steps import EN, ZH

BOTH = pytest.mark.parametrize("lang", [ZH, EN])
KEYWORDS = {"zh-Hans": ["电梯"], "en": ["lift", "stairs"]}
TEXTS = {"zh-Hans": "没有电梯也上门，不加钱。", "en": "We climb any stairs at no extra charge {0} %s."}


@BOTH
def test_a_new_answer_is_said_at_once(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.hostile = True  # an operator's braces are words too
    question = "我家没有电梯呢" if lang == ZH else "my house has no lift"
    chat.says(question)
    chat.does_not_see("不加钱", "no extra charge")
    world.run(lambda tx: set_answer(tx, "lift", keywords=KEYWORDS, texts=TEXTS))
    chat.says(question)
    chat.sees("没有电梯也上门，不加钱。" if lang == ZH else "at no extra charge {0} %s.")
    world.run(lambda tx: remove_answer(tx, "lift"))
    chat.says(question)
    chat.does_not_see("不加钱", "no extra charge")


def test_an_answer_stands_in_the_middle_of_a_booking_and_the_question_follows_once(world: World) -> None:
    world.run(lambda tx: set_answer(tx, "lift", keywords=KEYWORDS, texts=TEXTS))
    chat = world.customer("xiaoyu")
    chat.says("约个肩颈按摩")
    chat.says("楼里没有电梯行吗")
    chat.sees("不加钱", "要哪一种")
    assert chat.text.count("要哪一种") == 1
    assert chat.asking == "option"


def test_keywords_are_found_in_traditional_script_and_as_whole_english_words(world: World) -> None:
    world.run(lambda tx: set_answer(tx, "lift", keywords=KEYWORDS, texts=TEXTS))
    chat = world.chat("lin")
    chat.says("我家沒有電梯呢")
    chat.sees("不加" if "不加" in chat.text else "不加價")
    other = world.chat("emma", EN)
    other.hostile = True
    other.says("is a facelift a thing")
    other.does_not_see("no extra charge")


@BOTH
def test_whom_we_do_not_serve_is_told_by_an_answer(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("孕妇可以按摩吗" if lang == ZH else "I'm pregnant, can I have a massage?")
    chat.sees("怀孕" if lang == ZH else "pregnan")
    assert chat.flow is None
    chat.says("约个特殊服务" if lang == ZH else "do you do happy endings")
    chat.sees("正规" if lang == ZH else "professional")


@pytest.mark.parametrize(("words", "lang"), [("换语言", ZH), ("change language", EN)])
def test_wanting_another_language_without_naming_one_offers_three(world: World, words: str, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(words)
    assert chat.labels == ["简体中文", "繁體中文", "English"]
    chat.says("English")
    assert chat.flow is None
    assert chat.loaded.lang == EN


def test_a_language_named_in_words_while_it_is_asked_ends_the_question(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("换语言")
    chat.says("用英文吧")
    assert chat.loaded.lang == EN
    assert chat.flow is None


def test_more_without_the_button_turns_the_page_of_a_view(world: World) -> None:
    chat = world.chat("lin")
    chat.says("有哪些技师")
    first = chat.labels
    chat.says("还有别的吗")
    assert chat.labels != first
    assert "★" in chat.labels[0]


@pytest.mark.parametrize(("words", "lang"), [("能便宜点不", ZH), ("any discount?", EN)])
def test_asking_for_a_discount_is_answered_by_the_house_and_not_by_a_price_list(
    world: World, words: str, lang: str
) -> None:
    chat = world.chat("lin", lang)
    chat.says(words)
    chat.sees("统一" if lang == ZH else "the same for everybody")


def test_the_cheapest_is_told_and_not_the_whole_list(world: World) -> None:
    chat = world.chat("lin")
    chat.says("最便宜的多少钱")
    chat.sees("¥88")
    chat.does_not_see("精油")
    chat.says("按摩多少钱")
    chat.sees("足部按摩")
    chat.does_not_see("美甲")
