"""Names that are misspelt are still meant; ordinary words are not."""

from collections.abc import Callable

import pytest

from nlu import Lexicon, LexiconEntry, Understanding, understand
from nlu.labelled import own_examples
from nlu.near import Near
from nlu.near.ordinary import ordinary
from nlu.near.syllables import keys, readings
from nlu.text import normalise
from tests.nlu.conftest import SATURDAY_MORNING

Read = Callable[..., Understanding]

SHOP = Lexicon.of(
    (
        LexiconEntry("neck", "service", ("肩颈按摩", "neck and shoulder massage")),
        LexiconEntry("foot", "service", ("足疗", "foot massage")),
        LexiconEntry("manicure", "service", ("美甲", "gel manicure", "manicure")),
        LexiconEntry("facial", "service", ("做脸", "facial")),
        LexiconEntry("lashes", "service", ("种睫毛", "lash extensions")),
        LexiconEntry("deep", "service", ("深度保洁", "deep cleaning")),
        LexiconEntry("ac", "service", ("空调清洗", "AC cleaning")),
        LexiconEntry("lock", "service", ("换锁", "locksmith")),
        LexiconEntry("pipe", "service", ("管道疏通", "drain unblocking")),
        LexiconEntry("wang", "technician", ("王师傅", "王强", "Wang Qiang")),
        LexiconEntry("li", "technician", ("李姐", "Susan")),
        LexiconEntry("mia", "technician", ("Mia Chen",)),
        LexiconEntry("chaoyang", "region", ("朝阳区", "Chaoyang")),
    )
)


def named(words: str) -> list[tuple[str, object]]:
    understood = understand(words, lang="zh-Hans", zone="Asia/Shanghai", now=SATURDAY_MORNING, lexicon=SHOP)
    kinds = ("service", "technician", "region")
    return [(entity.kind, entity.value) for entity in understood.entities if entity.kind in kinds]


@pytest.mark.parametrize(
    ("words", "kind", "value"),
    [
        ("肩井按魔约一个", "service", "neck"),
        ("足料 90分钟", "service", "foot"),
        ("想做美家", "service", "manicure"),
        ("深度宝洁一次", "service", "deep"),
        ("空调青洗", "service", "ac"),
        ("管道书通", "service", "pipe"),
        ("马桶赌了", "service", "pipe"),
        ("王师付来", "technician", "wang"),
        ("曹阳区能来吗", "region", "chaoyang"),
        ("meijia", "service", "manicure"),
        ("jianjing anmo", "service", "neck"),
        ("wangqiang有空吗", "technician", "wang"),
        ("manicrue please", "service", "manicure"),
        ("a maincure tomorrow", "service", "manicure"),
        ("nekc and sholder massage", "service", "neck"),
        ("foot massge", "service", "foot"),
        ("lash extentions", "service", "lashes"),
        ("faical", "service", "facial"),
        ("deep cleening", "service", "deep"),
        ("AC cleanning", "service", "ac"),
        ("loksmith", "service", "lock"),
        ("wnag qiang", "technician", "wang"),
        ("Suzan please", "technician", "li"),
        ("chaoyng", "region", "chaoyang"),
    ],
)
def test_a_misspelt_name_is_taken_for_what_it_nearly_is(words: str, kind: str, value: str) -> None:
    assert named(words) == [(kind, value)]


@pytest.mark.parametrize(
    "words",
    [
        "左脸有点肿",
        "我在做练习",
        "换所有的",
        "每家都去吗",
        "希望师傅早点到",
        "招师傅吗",
        "理解一下",
        "send me a message",
        "is it clear",
        "look at the clock",
        "my brain hurts",
        "keep it as it was",
        "Mya will call",
        "the dash is deep",
    ],
)
def test_an_ordinary_word_is_no_misspelt_name(words: str) -> None:
    assert named(words) == []


def test_an_exact_name_stands_before_a_near_one() -> None:
    shop = Lexicon.of((LexiconEntry("a", "service", ("精油开背",)), LexiconEntry("b", "service", ("经由开背",))))
    found = understand("精油开背", lang="zh-Hans", zone="Asia/Shanghai", now=SATURDAY_MORNING, lexicon=shop)
    assert [entity.value for entity in found.entities if entity.kind == "service"] == ["a"]


def test_a_near_name_lies_where_its_words_were_typed() -> None:
    words = "Ｍorning, a manicrue　please"
    found = understand(words, lang="en", zone="Europe/London", now=SATURDAY_MORNING, lexicon=SHOP)
    entity = next(each for each in found.entities if each.kind == "service")
    assert words[entity.start : entity.end] == "manicrue"


def test_our_own_examples_hold_next_to_no_near_names() -> None:
    near: Near = SHOP.near
    texts = [normalise(each.text).text for each in own_examples()]
    found = [text for text in texts if near.find(text, (exact := SHOP.phrases.find(text))) != exact]
    assert len(texts) > 2000
    assert len(found) <= len(texts) // 500, found


def test_characters_that_sound_alike_have_one_key() -> None:
    table = keys()
    for one, other in ("颈井", "疗料", "脑老", "张脏", "山伤", "因英"):
        assert table[ord(one)] == table[ord(other)], (one, other)
    assert table[ord("脚")] != table[ord("手")]
    assert len(readings()) > 6000


def test_words_of_the_trade_that_are_words_of_every_day_are_left_alone() -> None:
    assert {"message", "clear", "look", "train", "hours", "please", "tomorrow"} <= ordinary()
