"""How many of a thing somebody wants, and what only looks like it."""

from collections.abc import Callable

import pytest

from nlu import Understanding

Read = Callable[..., Understanding]


def said(understood: Understanding) -> dict[str, object]:
    return {e.kind: e.value for e in understood.entities if e.kind in ("quantity", "more_of_it", "ordinal")}


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("两台空调清洗", 2),
        ("空调清洗2台", 2),
        ("明天下午三点洗两个空调", 2),
        ("装三盏灯", 3),
        ("换两把锁", 2),
        ("空调清洗x2", 2),
        ("空调清洗×３", 3),
        ("two wall units tomorrow at 3pm", 2),
        ("2 air conditioners please", 2),
        ("clean a couple of air-cons", 2),
        ("no, three units", 3),
        ("改成三台", 3),
        ("不要两台，要三台", 3),
    ],
)
def test_a_counted_thing_is_a_quantity(read: Read, words: str, count: int) -> None:
    assert said(read(words)) == {"quantity": count}


@pytest.mark.parametrize(
    "words", ["再加一台", "多洗一台", "one more unit please", "add one more light", "another unit"]
)
def test_one_more_adds_to_what_there_is(read: Read, words: str) -> None:
    assert said(read(words)) == {"more_of_it": 1}


@pytest.mark.parametrize(
    ("words", "count"),
    [("3", 3), ("三", 3), ("八个", 8), ("就一台吧", 1), ("three", 3), ("two of them please", 2), ("make it four", 4)],
)
def test_where_a_number_is_asked_a_bare_one_is_enough(read: Read, words: str, count: int) -> None:
    understood = read(words, "quantity", 2)

    assert said(understood) == {"quantity": count}
    assert understood.intent in ("choose", "correct")
    assert understood.unknown == ()


@pytest.mark.parametrize(
    "words",
    [
        "周一把时间改到三点",
        "周一台风来吗",
        "有一件事想问",
        "明天3点两个人",
        "3 号楼 1201",
        "两个小时后",
        "3小时保洁",
        "tomorrow at 3 lights on please",
        "at 2 units",
        "two hours of cleaning",
        "第二把交椅",
    ],
)
def test_what_only_looks_like_a_count_is_none(read: Read, words: str) -> None:
    assert "quantity" not in said(read(words))
    assert "more_of_it" not in said(read(words))


def test_a_time_is_still_a_time_where_a_number_is_asked(read: Read) -> None:
    understood = read("明天下午三点", "quantity", 5)

    assert said(understood) == {}
    assert understood.first("when") is not None


def test_the_count_keeps_its_place_in_the_words(read: Read) -> None:
    found = read("想洗两台挂机，明天下午").first("quantity")

    assert found is not None
    assert found.text == "两台"
    assert "想洗两台挂机，明天下午"[found.start : found.end] == "两台"
