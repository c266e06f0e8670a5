"""Phones, names, places, order codes, ordinals, stars and wishes, as people really type them."""

import pytest

from tests.nlu.conftest import Read


def value_of(read: Read, words: str, kind: str, asked: str | None = None, choices: int = 0) -> object:
    english = words.isascii()
    zone, lang = ("Europe/London", "en") if english else ("Asia/Shanghai", "zh-Hans")
    entity = read(words, asked, choices, lang=lang, zone=zone).first(kind)
    return None if entity is None else entity.value


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("07700 900461", "+447700900461"),
        ("ring me on 07700900585 when you're outside", "+447700900585"),
        ("+44 (0)7911 123456", "+447911123456"),
        ("0044 7700 900777", "+447700900777"),
        ("020 7946 0958", "+442079460958"),
        ("oh seven nine one one, one two three four five six", "+447911123456"),
        ("我在伦敦 号码07700 900123", "+447700900123"),
        ("我的电话是021-62345678", "+862162345678"),
        ("幺三八 零零幺三 八零零零", "+8613800138000"),
        ("尾号5678", None),
        ("it ends with 5678", None),
    ],
)
def test_phones_are_read_as_people_say_them(read: Read, words: str, number: str | None) -> None:
    assert value_of(read, words, "phone", "phone") == number


@pytest.mark.parametrize(
    ("words", "asked", "name"),
    [
        ("小王", "name", "小王"),
        ("免贵姓刘 刘晓燕", "name", "刘晓燕"),
        ("就写林太太吧", "name", "林太太"),
        ("im Kasia", "name", "Kasia"),
        ("just Alice please", "name", "Alice"),
        ("put it under Danny O'Brien", None, "Danny O'Brien"),
        ("it's for Mrs Chen", None, "Mrs Chen"),
        ("it's spelt Siobhan", None, "Siobhan"),
        ("change my name to Zoe", None, "Zoe"),
        ("名字改成陈思", None, "陈思"),
        ("想更改姓名為黃志強", None, "黃志強"),
        ("名字打错 是王晓 不是王小", None, "王晓"),
        ("叫我小李就行", None, "小李"),
        ("我姓章不姓张", None, "章"),
    ],
)
def test_a_name_is_told_in_many_ways(read: Read, words: str, asked: str | None, name: str) -> None:
    assert value_of(read, words, "name", asked) == name


@pytest.mark.parametrize(
    "words",
    ["帮我叫个师傅", "我想改姓名", "名字写错了", "my name is spelt wrong", "call me tomorrow", "keep it as planned"],
)
def test_talk_about_a_name_gives_none(read: Read, words: str) -> None:
    assert value_of(read, words, "name") is None


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Book it for 90 mins at mine", "home"),
        ("delete my work address", "work"),
        ("把公司那个地址删掉", "work"),
        ("足疗 明晚9点 酒店", "hotel"),
        ("给家里三台空调都洗洗", "home"),
        ("where you came before", "usual"),
        ("he won't leave my flat", None),
        ("阿姨把我家花瓶打碎了", None),
        ("天天坐办公室", None),
        ("后天家里有事", None),
        ("my usual please", None),
    ],
)
def test_a_remembered_place_is_heard_only_where_somebody_should_come(read: Read, words: str, place: str | None) -> None:
    assert value_of(read, words, "place_name") == place


@pytest.mark.parametrize(
    ("words", "kind", "value"),
    [
        ("最下面那个吧", "ordinal", -1),
        ("头一个", "ordinal", 1),
        ("bottom one", "ordinal", -1),
        ("倒数第二个", "ordinal", -2),
        ("就选一号吧", "ordinal", 1),
        ("中间那个", "ordinal", 2),
        ("go with 2", "ordinal", 2),
        ("3 out of 5, was ok", "stars", 3),
        ("rating: 4", "stars", 4),
        ("给王师傅5星", "stars", 5),
        ("给王师傅5星", "technician", "wang"),
        ("where's my refund for 9WX4LP", "order_code", "9WX4LP"),
        ("nothing over £60 though", "price_most", (6000, "GBP")),
        ("a certified massage therapist", "certified", True),
        ("manicures, two of them", "quantity", 2),
        ("打扫三间房", "quantity", 3),
        ("9号今晚有空吗", "technician", "wang"),
        ("the one I had before", "technician", "last"),
    ],
)
def test_short_answers_have_their_values(read: Read, words: str, kind: str, value: object) -> None:
    assert value_of(read, words, kind, "choice" if kind == "ordinal" else None, 3) == value


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("明天第一个客人几点", "ordinal"),
        ("rebook the last one", "ordinal"),
        ("does Mia speak mandarin?", "language"),
        ("我看不懂英文", "language"),
        ("my Chinese number", "language"),
        ("has anyone accepted my job yet", "anyone"),
        ("hello, anyone there?", "anyone"),
        ("I'm a qualified beautician", "certified"),
        ("the AC was worse than before your man cleaned it", "sex"),
        ("9号技师是男的女的", "sex"),
        ("王师傅是男的吗", "sex"),
        ("is Tom a man", "sex"),
        ("refund one of them please", "quantity"),
        ("9号下午", "technician"),
    ],
)
def test_what_is_only_talked_about_is_no_wish(read: Read, words: str, kind: str) -> None:
    assert value_of(read, words, kind) is None


@pytest.mark.parametrize(
    ("words", "kind", "value"),
    [
        ("男的女的都行", "anyone", "anyone"),
        ("man or woman, either", "anyone", "anyone"),
        ("swap him for a woman", "sex", "female"),
        ("not a man please", "sex", "female"),
        ("小姐姐来", "sex", "female"),
        ("the lady please", "sex", "female"),
        ("whichever, I really don't mind who", "anyone", "anyone"),
    ],
)
def test_a_wish_for_who_comes_is_heard(read: Read, words: str, kind: str, value: str) -> None:
    assert value_of(read, words, kind) == value


@pytest.mark.parametrize(
    ("words", "denied"),
    [
        ("不要王师傅，换李娜", "王师傅"),
        ("除了王师傅都行", "王师傅"),
        ("not Mia please", "Mia"),
        ("anyone but Mia", "Mia"),
    ],
)
def test_who_is_not_wanted_is_kept_apart(read: Read, words: str, denied: str) -> None:
    understood = read(words, lang="en" if words.isascii() else "zh-Hans")
    assert [entity.text for entity in understood.negated if entity.kind == "technician"] == [denied]
    assert denied not in [entity.text for entity in understood.entities]
