"""Questions and their choices: tap, number, label or words; paging; misses; help; languages."""

import pytest

from dialogs.incoming import Location
from tests.dialogs.chat import World
from tests.dialogs.words import WORDS

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])
WAYS_OUT = {ZH: ["返回", "取消", "人工"], EN: ["Back", "Cancel", "A person"]}


@BOTH
@pytest.mark.parametrize("answer", ["tap", "number", "label", "words", "ordinal"])
def test_a_choice_is_taken_by_tap_number_label_or_words_alike(world: World, lang: str, answer: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(WORDS[lang]["book"])
    label = chat.labels[1]
    said = {
        "number": "2",
        "label": label.upper(),
        "words": WORDS[lang]["option"],
        "ordinal": "第二个" if lang == ZH else "the second",
    }
    if answer == "tap":
        chat.presses(label)
    else:
        chat.says(said[answer])

    assert chat.asking == "address"
    chat.says(WORDS[lang]["address"])
    chat.says(WORDS[lang]["who"])
    chat.says(WORDS[lang]["phone"])
    chat.sees("¥268")


def test_a_full_width_digit_is_a_number_too(world: World) -> None:
    chat = world.chat("lin")
    chat.says(WORDS[ZH]["book"])
    chat.says("２")

    assert chat.asking == "address"


@BOTH
def test_every_question_of_a_booking_shows_the_ways_out_and_at_most_eight_choices(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("我想预约" if lang == ZH else "I'd like to book something")
    for said in (
        "足疗" if lang == ZH else "foot massage",
        "1",
        None,
        "谁都行" if lang == ZH else "anyone",
        "1",
        "8栋502" if lang == ZH else "Block 8, 502",
    ):
        assert [button.label for button in chat.buttons if button.minor] == WAYS_OUT[lang]
        assert len(chat.labels) <= 8
        if said is None:
            chat.location(Location(30.656, 104.08, ""))
        else:
            chat.says(said)
    assert chat.asking == "phone"


@BOTH
def test_more_turns_the_page_comes_round_again_and_numbers_follow_the_page(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("我想预约" if lang == ZH else "I'd like to book something")
    pages = [chat.labels]
    chat.presses("更多" if lang == ZH else "More")
    pages.append(chat.labels)
    chat.says("更多" if lang == ZH else "more")
    pages.append(chat.labels)

    assert all(len(page) <= 8 for page in pages)
    services = [label for page in pages for label in page[:-1]]
    assert len(services) == len(set(services))
    assert len(services) >= 15

    chat.says("更多" if lang == ZH else "more")
    assert chat.labels == pages[0]
    chat.presses("更多" if lang == ZH else "More")
    second = chat.labels[1]
    chat.says("2")
    chat.sees(second.split("，")[0].split(" ¥")[0].split(", from")[0])


@BOTH
def test_three_misses_explain_shorten_and_offer_a_person_and_change_nothing(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("我想预约" if lang == ZH else "I'd like to book something")
    before = dict(chat.values)
    example = "肩颈按摩" if lang == ZH else "manicure"
    person = "人工" if lang == ZH else "A person"

    chat.says("呜啦啦" if lang == ZH else "wibble wobble")
    chat.sees(example)
    assert len(chat.labels) == 8
    assert person not in chat.labels

    chat.says("呜啦啦啦" if lang == ZH else "wibble wobble wubble")
    assert len(chat.labels) == 4

    chat.says("呜啦啦啦啦" if lang == ZH else "wobble wobble")
    assert person in chat.labels
    assert chat.values == before
    assert chat.asking == "service"

    chat.says("足疗" if lang == ZH else "foot massage")
    assert chat.frame.misses == 0


@BOTH
def test_help_says_what_is_possible_here_and_puts_the_question_again(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("帮助" if lang == ZH else "help")
    chat.sees("明天下午三点" if lang == ZH else "tomorrow at 3pm")

    chat.says(WORDS[lang]["book"])
    question = chat.text.splitlines()[-1]
    chat.says("帮助" if lang == ZH else "help")
    chat.sees("预约" if lang == ZH else "your booking", question)


@BOTH
def test_repeat_puts_the_last_question_again_in_full(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    summary = chat.text
    chat.says("重复一遍" if lang == ZH else "say that again")

    assert chat.text == summary


@BOTH
def test_back_goes_one_question_back_at_a_time_and_ends_at_the_first(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    back = "返回" if lang == ZH else "back"
    chat.says(WORDS[lang]["book"])
    chat.says(WORDS[lang]["option"])
    chat.says(WORDS[lang]["address"])
    assert chat.asking == "technician"

    seen = []
    for _ in range(2):
        chat.says(back)
        seen.append(chat.asking)
    assert seen == ["address", "option"]
    chat.presses("返回" if lang == ZH else "Back")
    chat.sees("第一步" if lang == ZH else "first step")
    assert chat.start == "11-22 15:00"


def test_a_person_is_answered_in_the_language_they_write(world: World) -> None:
    chat = world.chat("lin")
    chat.says("你好")
    chat.sees("您好")
    chat.says("how much is a gel manicure please")
    chat.sees("Gel manicure", "¥168")
    chat.says("明天下午三点想约个肩颈按摩")
    chat.sees("要哪一种")


def test_asking_for_english_switches_for_good(world: World) -> None:
    chat = world.chat("lin")
    chat.says("English please")
    chat.sees("English it is")
    chat.presses("Book a visit")
    chat.sees("Which service")


def test_traditional_chinese_is_answered_in_traditional(world: World) -> None:
    chat = world.chat("chun", "zh-Hant")
    chat.says("明天下午三點想約個肩頸按摩")
    assert chat.loaded.lang == "zh-Hant"
    assert chat.asking == "option"
    chat.sees("要哪一種")


@BOTH
def test_small_talk_changes_nothing(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    before = dict(chat.values)
    for said in ("你好", "谢谢", "哈哈") if lang == ZH else ("hello", "thank you", "haha"):
        chat.says(said)
        assert chat.values | {"shown": None} == before | {"shown": None}
        assert chat.asking == "*summary*"
        assert chat.orders == []
