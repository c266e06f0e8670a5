"""Whoever writes is answered in their language: that of their words, of their wish, and all of it in one script."""

import re
from datetime import timedelta

import opencc
import pytest

from core.technicians import roster
from dialogs.texts import LANGUAGES, read_texts
from menling.rehearsal import DOORS
from menling.rehearsal import World as Rehearsal
from tests.dialogs.chat import Chat, World

HANS, HANT, EN = LANGUAGES
TEXTS = read_texts()
_TO_TRADITIONAL, _TO_SIMPLIFIED = opencc.OpenCC("s2tw"), opencc.OpenCC("tw2s")
TYPED = "望京花園 3 號樓 1201"


def only_simplified(text: str) -> set[str]:
    """The characters that nobody writes in Traditional; those ordinary in both scripts (公里, 皇后) left aside."""
    han = set(re.findall(r"[一-鿿]", text)) - set("里后台只干余于松表系向征舍卷斗了面")
    return {one for one in han if _TO_TRADITIONAL.convert(one) != one and _TO_SIMPLIFIED.convert(one) == one}


def speaks(chat: Chat, lang: str) -> None:
    """Everything on the newest screen is in this language."""
    shown = chat.sees()
    if lang == EN:
        assert re.search(r"[一-鿿]", shown) is None, shown
    else:
        assert re.search(r"[一-鿿]", shown), shown
        assert only_simplified(shown) == set() if lang == HANT else True, shown
    assert chat.loaded.lang == lang


@pytest.mark.parametrize(
    ("hint", "first_words", "lang"),
    [
        ("zh-Hans", "有哪些服务", HANS),
        ("zh-Hans", "有哪些服務？", HANT),
        ("en", "有哪些服務？", HANT),
        ("en", "有哪些服务", HANS),
        ("zh-Hant", "你好", HANT),
        ("zh-Hans", "what do you offer?", EN),
        ("zh-Hans", "massage", HANS),
        ("zh-Hant", "help", HANT),
        ("en", "spa", EN),
        ("zh-TW", "spa", HANT),
        ("fr", "spa", EN),
    ],
)
def test_a_newcomer_is_answered_in_the_language_of_the_first_words_else_of_the_platform(
    world: World, hint: str, first_words: str, lang: str
) -> None:
    chat = world.chat("newcomer", hint)
    chat.says(first_words)
    speaks(chat, lang)


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        (HANS, "what are your prices please", EN),
        (EN, "请问多少钱", HANS),
        (EN, "請問多少錢", HANT),
        (HANS, "請問多少錢", HANT),
        (HANT, "请问多少钱", HANS),
        (HANS, "hello", HANS),
        (HANS, "manicure", HANS),
        (HANT, "OK", HANT),
        (HANT, "可以", HANT),
        (EN, "book 肩颈按摩 tomorrow", EN),
        (EN, "肩颈按摩", EN),
        (HANS, "my code", EN),
        (HANS, "where is he", EN),
        (HANS, "my bad", HANS),
        (HANT, "我的消息", HANT),
        (HANS, "我的消息", HANS),
        (HANT, "我的信息", HANT),
    ],
)
def test_clear_words_of_another_language_are_followed_and_one_foreign_word_is_not(
    world: World, before: str, said: str, after: str
) -> None:
    chat = world.chat("lin", before)
    chat.event("start")

    chat.says(said)

    assert chat.loaded.lang == after, chat.transcript()


@pytest.mark.parametrize(
    ("before", "once", "then"),
    [
        (EN, "我的订单", "my bad"),
        (EN, "我的訂單", "any news"),
        (HANS, "what are your prices please", "可以"),
        (HANT, "what are your prices please", "取消"),
        (HANT, "什么价格", "你們好"),
    ],
)
def test_a_language_left_by_one_message_is_gone_back_to_by_any_words_of_it(
    world: World, before: str, once: str, then: str
) -> None:
    chat = world.chat("anna", before)
    chat.event("start")
    chat.says(once)
    assert chat.loaded.lang != before
    chat.says(then)

    assert chat.loaded.lang == before, chat.transcript()
    speaks(chat, before)


@pytest.mark.parametrize("said", ["my bad", "any news"])
def test_a_language_spoken_twice_is_no_longer_left_by_a_few_foreign_words(world: World, said: str) -> None:
    chat = world.chat("anna", EN)
    chat.event("start")
    chat.says("我的订单")
    chat.says("有哪些服务")
    chat.says(said)

    assert chat.loaded.lang == HANS, chat.transcript()


@pytest.mark.parametrize(
    ("before", "wish", "after", "heard"),
    [
        (HANS, "讲英文", EN, "English it is"),
        (HANT, "English please", EN, "English it is"),
        (EN, "請說中文", HANT, "以後用中文"),
        (EN, "说中文", HANS, "以后用中文"),
        (EN, "Chinese please", HANS, "以后用中文"),
        (HANS, "换成繁体", HANT, "以後用中文"),
        (HANT, "简体中文", HANS, "以后用中文"),
        (HANT, "請說中文", HANT, "以後用中文"),
    ],
)
def test_a_language_can_be_asked_for(world: World, before: str, wish: str, after: str, heard: str) -> None:
    chat = world.chat("lin", before)
    chat.event("start")

    chat.says(wish)

    chat.sees(heard)
    assert chat.loaded.lang == after


def test_a_chinese_address_or_name_does_not_turn_an_english_talk_into_chinese(world: World) -> None:
    chat = world.chat("anna", EN)
    for said in ("a neck massage tomorrow at 3pm please", "60 min", "锦江区望京花园3号楼1201", "王师傅"):
        chat.says(said)

        assert chat.loaded.lang == EN, said
    chat.says("+44 7700 900123")
    chat.sees("Please check", "with Wang")


def test_an_english_name_in_a_review_or_an_address_leaves_a_chinese_talk_chinese(world: World) -> None:
    chat = world.chat("lin", HANS)
    for said in ("明天下午三点想约个肩颈按摩", "60", "Jinjiang, Wangjing Garden, Block 3, 1201"):
        chat.says(said)

        assert chat.loaded.lang == HANS, said


def test_a_whole_visit_in_traditional_has_not_one_simplified_character(world: World) -> None:
    chat, wang = world.chat("chun", HANT), world.technician("wang")
    wang.says("請用繁體中文")
    for said in ("明天下午三點想約個肩頸按摩", "90分鐘的", TYPED, "王師傅", "13800138000"):
        chat.says(said)
        speaks(chat, HANT)
    chat.sees("¥", "週日", "王師傅", "肩頸", "90 分鐘")
    chat.presses(TEXTS.template(HANT, "book.confirm"))
    chat.pays()
    wang.sees("¥", "新單")
    wang.presses(TEXTS.template(HANT, "card.accept"))
    world.at(chat.order.starts_at - timedelta(minutes=40))
    wang.presses(TEXTS.template(HANT, "card.depart"))
    world.at(chat.order.starts_at)
    wang.presses(TEXTS.template(HANT, "card.arrive"))
    world.deliver()
    wang.says(chat.order.start_code)
    world.at(chat.order.ends_at)
    wang.presses(TEXTS.template(HANT, "card.finish"))
    wang.photo()
    wang.presses(TEXTS.template(HANT, "finish_visit.enough"))
    world.deliver()
    chat.presses(TEXTS.template(HANT, "card.confirm"))
    for said in ("我的訂單", "有哪些服務", "價目表", "王師傅怎麼樣", "可以退款嗎", "人工"):
        chat.says(said)

    shown = f"{chat.transcript()}\n{wang.transcript()}"
    assert only_simplified(shown) == set(), [line for line in shown.splitlines() if only_simplified(line)]


def test_each_technician_has_a_name_in_every_language(world: World) -> None:
    names = [one.names for one in world.read(roster).technicians]

    assert all(re.search(r"[A-Z][a-z]+", each["en"]) and re.search(r"[一-鿿]", each["zh-Hans"]) for each in names)


@pytest.mark.parametrize("door", DOORS)
def test_through_every_door_each_is_answered_in_their_own_words(door: str) -> None:
    with Rehearsal(door=door) as world:
        person = world.person(lang=HANS)
        person.say("我想預約明天下午三點的肩頸按摩")
        assert only_simplified(person.text) == set()
        assert "¥" in f"{person.text} {person.buttons}"
        person.say("can I have it on Monday at 4pm instead please")
        assert re.search(r"[A-Za-z]{4}", person.text), person.text
        assert "CN¥" not in f"{person.text} {person.buttons}"
        person.say("算了，还是明天下午三点吧")
        assert re.search(r"[一-鿿]{3}", person.text), person.text


def test_a_command_of_a_chinese_telegram_leaves_english_english() -> None:
    with Rehearsal(door="telegram") as world:
        person = world.person(lang=HANS)
        person.say("English please")
        for command in ("/help", "/orders", "/cancel", "/book", "/human"):
            person.say(command)
            assert re.search(r"[一-鿿]", person.text) is None, person.text
