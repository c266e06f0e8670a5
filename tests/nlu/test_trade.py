"""Services are found by what people say for them, whatever the catalogue calls them."""

import pytest

from nlu import Lexicon, LexiconEntry, understand
from nlu.trade import meant, sayings_of
from nlu.trade_words import WORKS
from tests.nlu.conftest import SATURDAY_MORNING

SHOP = (
    LexiconEntry("neck", "service", ("肩颈舒缓", "neck and shoulder massage")),
    LexiconEntry("body", "service", ("全身推拿", "full body massage")),
    LexiconEntry("foot", "service", ("足疗", "foot massage")),
    LexiconEntry("manicure", "service", ("光疗美甲", "gel manicure")),
    LexiconEntry("facial", "service", ("面部护理", "facial")),
    LexiconEntry("lashes", "service", ("美睫", "lash extensions")),
    LexiconEntry("cleaning", "service", ("家政保洁", "house cleaning")),
    LexiconEntry("deep", "service", ("深度保洁", "deep cleaning")),
    LexiconEntry("ac", "service", ("空调清洗", "AC cleaning")),
    LexiconEntry("lock", "service", ("开锁换锁", "locksmith")),
    LexiconEntry("pipe", "service", ("管道疏通", "drain unblocking")),
    LexiconEntry("wall", "option", ("挂机", "wall-mounted unit")),
    LexiconEntry("floor", "option", ("柜机", "floor-standing unit")),
    LexiconEntry("ninety", "option", ("90分钟", "90 minutes")),
)


def named(words: str, *entries: LexiconEntry, kind: str = "service") -> list[object]:
    lexicon = Lexicon.of(entries or SHOP)
    found = understand(words, lang="zh-Hans", zone="Asia/Shanghai", now=SATURDAY_MORNING, lexicon=lexicon)
    return [entity.value for entity in found.entities if entity.kind == kind]


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("按一下肩膀", "neck"),
        ("massage for my neck and shoulders", "neck"),
        ("shoulder and neck massage", "neck"),
        ("90分钟的全身，明天下午", "body"),
        ("能来个按全身的不", "body"),
        ("full body, wed 7pm", "body"),
        ("捏脚 一小时", "foot"),
        ("按个脚", "foot"),
        ("foot rub", "foot"),
        ("想做个法式指甲", "manicure"),
        ("get my nails done", "manicure"),
        ("gel nails thurs", "manicure"),
        ("臉部護理", "facial"),
        ("弄个脸", "facial"),
        ("弄睫毛", "lashes"),
        ("eyelashes done", "lashes"),
        ("来个钟点工", "cleaning"),
        ("找阿姨打扫卫生", "cleaning"),
        ("someone to clean my flat", "cleaning"),
        ("book cleaner friday", "cleaning"),
        ("彻底打扫一下", "deep"),
        ("a proper deep clean", "deep"),
        ("家里三台空调都洗洗", "ac"),
        ("aircon cleaning", "ac"),
        ("the AC needs doing", "ac"),
        ("钥匙锁屋里了", "lock"),
        ("锁坏了", "lock"),
        ("I'm locked out", "lock"),
        ("change the lock on my front door", "lock"),
        ("马桶堵了", "pipe"),
        ("下水道不通", "pipe"),
        ("loo's blocked", "pipe"),
        ("the sink wont drain", "pipe"),
    ],
)
def test_a_service_is_named_by_what_people_say_for_it(words: str, service: str) -> None:
    assert named(words) == [service]


@pytest.mark.parametrize(
    "words", ["全身酸痛", "想按摩", "空调坏了", "your cleaner broke my vase", "she nailed it", "cleaning products"]
)
def test_words_that_only_hold_a_saying_name_no_service(words: str) -> None:
    assert named(words) == []


@pytest.mark.parametrize(
    ("words", "option"), [("挂式的", "wall"), ("both wall mounted", "wall"), ("立式", "floor"), ("floor unit", "floor")]
)
def test_an_option_is_named_by_other_words_too(words: str, option: str) -> None:
    assert named(words, kind="option") == [option]


def test_a_plain_length_is_no_option() -> None:
    assert named("90分钟的", kind="option") == []
    assert named("90分钟的", kind="duration") == [90]


def test_a_service_named_twice_over_is_told_once() -> None:
    assert named("泡脚按脚一条龙，足疗") == ["foot"]


def test_what_two_services_do_names_both() -> None:
    shop = (LexiconEntry("a", "service", ("古法足疗",)), LexiconEntry("b", "service", ("足疗套餐",)))
    assert sorted(map(str, named("想按脚", *shop))) == ["a", "b"]


def test_plain_cleaning_means_the_plain_one_and_the_thorough_one_where_there_is_no_other() -> None:
    plain, deep = LexiconEntry("plain", "service", ("日常保洁",)), LexiconEntry("deep", "service", ("深度保洁",))
    assert named("打扫一下", plain, deep) == ["plain"]
    assert named("打扫一下", deep) == ["deep"]


def test_a_loose_word_means_a_service_only_where_one_alone_can_be_meant() -> None:
    neck, body = LexiconEntry("neck", "service", ("肩颈按摩",)), LexiconEntry("body", "service", ("全身按摩",))
    assert named("想按摩", body) == ["body"]
    assert named("想按摩", neck, body) == []


def test_a_name_of_the_shop_stands_before_a_saying_of_the_trade() -> None:
    foot = LexiconEntry("foot", "service", ("足疗",))
    spa = LexiconEntry("spa", "service", ("温泉", "泡脚"))
    assert named("泡脚", foot, spa) == ["spa"]


def test_work_that_nobody_does_is_not_named() -> None:
    assert named("通马桶", LexiconEntry("neck", "service", ("肩颈按摩",))) == []


def test_every_saying_is_written_as_words_are_folded() -> None:
    for work in WORKS:
        for saying in (*sayings_of(work.sayings), *sayings_of(work.loose)):
            assert saying == saying.strip().lower()
            assert not set(saying) & set("()|~;"), (work.key, saying)


def test_what_a_service_is_called_in_no_shop_costs_nothing() -> None:
    assert all(ids == () for _, ids in meant([]))
