"""Who, what and where, each with its place in the words as they were typed."""

from collections.abc import Callable
from datetime import datetime

import pytest

from nlu import Lexicon, LexiconEntry, Understanding, When, understand
from tests.nlu.conftest import SATURDAY_MORNING, a_lexicon

Read = Callable[..., Understanding]


def value_of(understood: Understanding, kind: str) -> object:
    entity = understood.first(kind)
    return None if entity is None else entity.value


@pytest.mark.parametrize(
    ("words", "kind", "value"),
    [
        ("明天下午三点想约个肩颈按摩，在家", "service", "neck"),
        ("明天下午三點想約個肩頸按摩，在家", "service", "neck"),
        ("明天下午三点想约个肩颈按摩，在家", "place_name", "home"),
        ("any manicures today?", "service", "manicure"),
        ("王师傅，90分钟的", "technician", "wang"),
        ("王师傅，90分钟的", "duration", 90),
        ("要法式的", "option", "french"),
        ("9号技师", "technician", "wang"),
        ("technician 3 please", "technician", "li"),
        ("mia please", "technician", "mia"),
        ("李姐有空吗", "technician", "li"),
        ("换个女师傅", "sex", "female"),
        ("female therapist please", "sex", "female"),
        ("不要男师傅", "sex", "female"),
        ("谁都行", "anyone", "anyone"),
        ("随便安排一个", "anyone", "anyone"),
        ("whoever is free", "anyone", "anyone"),
        ("老地方", "place_name", "usual"),
        ("上次的地址", "place_name", "usual"),
        ("same place as last time", "place_name", "usual"),
        ("at home", "place_name", "home"),
        ("my office", "place_name", "work"),
        ("送到朝阳区望京花园3号楼1201，谢谢", "address", "朝阳区望京花园3号楼1201"),
        ("送到朝阳区望京花园3号楼1201，谢谢", "region", "chaoyang"),
        ("明天下午三点到望京花园3号楼1201做肩颈按摩", "address", "望京花园3号楼1201"),
        ("come to flat 3, 12 Park Road please", "address", "flat 3, 12 Park Road"),
        ("13800138000", "phone", "+8613800138000"),
        ("我的手机号是138-0013-8000", "phone", "+8613800138000"),
        ("138 0013 8000", "phone", "+8613800138000"),
        ("+86 13800138000", "phone", "+8613800138000"),
        ("一三八零零一三八零零零", "phone", "+8613800138000"),
        ("１３８００１３８０００", "phone", "+8613800138000"),
        ("幺三八 零零幺三 八零零零", "phone", "+8613800138000"),
        ("+44 7911 123456", "phone", "+447911123456"),
        ("订单M7K2QX到哪了", "order_code", "M7K2QX"),
        ("m7k2qx", "order_code", "M7K2QX"),
        ("第二个", "ordinal", 2),
        ("the second one", "ordinal", 2),
        ("the last one", "ordinal", -1),
        ("最后一个", "ordinal", -1),
        ("预算200块", "money", (20000, "CNY")),
        ("一百二十元", "money", (12000, "CNY")),
        ("£20 is fine", "money", (2000, "GBP")),
        ("给5星", "stars", 5),
        ("four stars", "stars", 4),
        ("⭐⭐⭐⭐", "stars", 4),
        ("我叫王芳", "name", "王芳"),
        ("my name is Anna Lee", "name", "Anna Lee"),
        ("说英文", "language", "en"),
        ("请说繁体中文", "language", "zh-Hant"),
        ("好的", "yes_no", True),
        ("nope", "yes_no", False),
    ],
)
def test_a_thing_named_is_found_with_its_value(read: Read, words: str, kind: str, value: object) -> None:
    assert value_of(read(words), kind) == value


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("please cancel my booking", "order_code"),
        ("what's my order status", "order_code"),
        ("我女儿想做美甲", "sex"),
        ("想约家政保洁", "place_name"),
        ("13800138", "phone"),
        ("any manicure today?", "anyone"),
        ("第一次来", "ordinal"),
        ("星期五", "stars"),
        ("5分钟", "stars"),
        ("i want to work for you", "place_name"),
    ],
)
def test_what_only_looks_like_a_thing_is_left_alone(read: Read, words: str, kind: str) -> None:
    assert read(words).first(kind) is None


@pytest.mark.parametrize(
    ("words", "asked", "choices", "kind", "value"),
    [
        ("2", "choice", 3, "ordinal", 2),
        ("2️⃣", "choice", 3, "ordinal", 2),
        ("二", "technician", 3, "ordinal", 2),
        ("4", "when", 4, "ordinal", 4),
        ("9号", "technician", 3, "technician", "wang"),
        ("2号", "technician", 3, "ordinal", 2),
        ("女", "sex", 2, "sex", "female"),
        ("随便", "sex", 2, "anyone", "anyone"),
        ("三里屯太古里附近", "address", 0, "address", "三里屯太古里附近"),
        ("Tower B 2203", "address", 0, "address", "Tower B 2203"),
        ("fifth floor, 12 Baker Street", "address", 0, "address", "fifth floor, 12 Baker Street"),
        ("望京花园3号楼1201，电话13800138000", "address", 0, "address", "望京花园3号楼1201"),
        ("望京花园3号楼1201，电话13800138000", "address", 0, "phone", "+8613800138000"),
        ("家", "address", 0, "place_name", "home"),
        ("我姓王", "name", 0, "name", "王"),
        ("李雷 13800138000", "name", 0, "name", "李雷"),
        ("李雷 13800138000", "name", 0, "phone", "+8613800138000"),
        ("90", "option", 2, "duration", 90),
        ("John Smith", "name", 0, "name", "John Smith"),
        ("5", "stars", 5, "stars", 5),
        ("朝阳", "region", 4, "region", "chaoyang"),
    ],
)
def test_an_answer_fills_what_was_asked(
    read: Read, words: str, asked: str, choices: int, kind: str, value: object
) -> None:
    assert value_of(read(words, asked, choices), kind) == value


@pytest.mark.parametrize("words", ["取消", "人工", "返回", "👍", "...", "", "多少钱？", "😀"])
def test_a_command_or_a_lone_emoji_is_no_address(read: Read, words: str) -> None:
    assert read(words, "address").first("address") is None


def test_national_numbers_are_read_as_the_place_writes_them(read: Read) -> None:
    assert value_of(read("07911 123456", lang="en", zone="Europe/London"), "phone") == "+447911123456"


def test_a_name_borne_by_two_is_told_as_both(read: Read) -> None:
    found = [entity.value for entity in read("张师傅吧").entities if entity.kind == "technician"]
    assert sorted(map(str, found)) == ["zhang-a", "zhang-b"]


@pytest.mark.parametrize(
    "words",
    [
        "明天下午三點，王師傅，望京花園３號樓１２０１，電話１３８００１３８０００",
        "  hi\u200b, Mia\u202e tomorrow at ３ in 朝阳区 ",
        "½ 第②个 …王师傅… 90分钟",
    ],
)
def test_spans_point_into_the_words_as_they_were_typed(read: Read, words: str) -> None:
    understood = read(words)
    assert understood.entities
    for entity in understood.entities:
        assert words[entity.start : entity.end] == entity.text
        assert entity.text.strip()


def test_denied_things_are_kept_apart_from_what_is_wanted(read: Read) -> None:
    chinese = read("不是明天，后天")
    english = read("not Mia, Wang please", lang="en")
    later = read("明天不行，周日吧")

    assert [entity.text for entity in chinese.negated] == ["明天"]
    assert [entity.text for entity in chinese.entities if entity.kind == "when"] == ["后天"]
    assert [entity.value for entity in english.negated] == ["mia"]
    assert [entity.value for entity in english.entities if entity.kind == "technician"] == ["wang"]
    assert [entity.text for entity in later.negated] == ["明天"]
    assert chinese.corrects
    assert english.corrects
    assert later.corrects


@pytest.mark.parametrize(
    ("words", "corrects"),
    [
        ("改成四点吧", True),
        ("换个女师傅", True),
        ("刚才说错了，是周五", True),
        ("no, 4pm", True),
        ("sorry, i meant Thursday", True),
        ("换个地址", True),
        ("四点", False),
        ("明天下午三点", False),
        ("no preference", False),
        ("不用了谢谢", False),
        ("no thanks", False),
    ],
)
def test_only_a_correction_corrects(read: Read, words: str, corrects: bool) -> None:
    assert read(words).corrects is corrects


@pytest.mark.parametrize(
    ("text", "technicians", "day"),
    [
        ("lashes sun 4pm", [], "2026-11-22T16:00"),
        ("manicure on Sun please", [], "2026-11-22T00:00"),
        ("book Sun for tomorrow", ["sun"], "2026-11-22T00:00"),
    ],
)
def test_a_name_that_is_a_day_too_is_a_person_where_it_is_written_as_one(
    text: str, technicians: list[str], day: str
) -> None:
    shop = Lexicon.of((*a_lexicon().entries, LexiconEntry("sun", "technician", ("孙师傅", "Sun"))))

    read = understand(text, lang="en", zone="Asia/Shanghai", now=SATURDAY_MORNING, lexicon=shop)

    when = read.first("when")
    assert [each.value for each in read.entities if each.kind == "technician"] == technicians
    assert when is not None
    assert isinstance(when.value, When)
    assert when.value.start == datetime.fromisoformat(day)
