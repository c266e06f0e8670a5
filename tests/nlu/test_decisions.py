# ruff: noqa: E501 - word lists read best by row
"""Yes, however it is put, and wait: words of decision where "shall I do this?" is asked, and later or earlier than that."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from nlu import Understanding
from nlu.decisions import YES, Decision, decided, opening_yes
from nlu.intents import plain_yes
from nlu.shifts import a_bit_later, shift_said, the_same_hour
from nlu.text import normalise

Read = Callable[..., Understanding]

_YES = (
    "就这样下单吧;嗯就这样下单吧;行就这么着;中;对对对 没错 下单;可以啊下单吧谢谢;妥了;没毛病 付款;那就订吧;okok;好的好的 麻烦师傅准时哈;冲"
    ";没问题的话就下单;信息都对;冇問題 落單啦;得㗎喇;好 就咁話;係 落單;yep go for it;aye;lovely jubbly;that's fine book it;ok whatever"
    ";sure why not;brilliant, ta;I'm happy with that;great, book me in;go ahead and book it;yes that's all correct, thank you;👌"
)
_WAIT = (
    "等一下;先别下单;我再想想;不急;还没想好;等我问问老公;等陣先;我諗下先;唔使急;hang on;not yet;not sure;let me think about it"
    ";hold on a sec;I need a minute;ok wait"
)
_NEITHER = (
    "好吗;可以吗;下单了吗;怎么付款;付款方式;不行;yes actually no;好但是晚一点;我的订单;取消;对不起;right now;谢谢;thanks;能下单吗"
    ";先不约了;付款了;您好;ok?;不是不可以;确认一下地址;都行;定金多少"
)


@pytest.mark.parametrize("said", _YES.split(";"))
def test_a_yes_is_a_yes_however_it_is_put(said: str) -> None:
    assert decided(normalise(said).text) is Decision.YES


@pytest.mark.parametrize("said", YES)
def test_every_word_of_the_table_is_a_yes_by_itself_and_where_it_is_asked(read: Read, said: str) -> None:
    assert decided(normalise(said).text) is Decision.YES
    assert plain_yes(normalise(said).text)
    assert read(said).intent == "affirm"


@pytest.mark.parametrize("said", ["好的，改成四点", "可以，但是换个师傅", "ok, but with Mia", "yes. can it be later"])
def test_a_yes_that_opens_a_longer_answer_is_found_at_its_beginning(said: str) -> None:
    text = normalise(said).text
    end = opening_yes(text, 0)
    assert end is not None
    assert text[:end].strip(",. ") in YES


@pytest.mark.parametrize(
    "said", ["对方什么时候来", "好久不见", "okra soup", "要不改天", "可能不行", "先不要吧", "先不需要"]
)
def test_a_word_that_only_begins_like_a_yes_is_none(said: str) -> None:
    text = normalise(said).text
    assert opening_yes(text, 0) is None
    assert decided(text) is not Decision.YES


@pytest.mark.parametrize("said", _WAIT.split(";"))
def test_somebody_who_is_still_thinking_waits(said: str) -> None:
    assert decided(normalise(said).text) is Decision.WAIT


@pytest.mark.parametrize("said", _NEITHER.split(";"))
def test_whatever_says_more_or_asks_decides_nothing(said: str) -> None:
    assert decided(normalise(said).text) is None


@pytest.mark.parametrize("said", ["就这样下单吧", "没毛病 付款", "that's fine book it"])
def test_words_to_do_it_are_the_yes_only_where_it_is_asked(read: Read, said: str) -> None:
    asked = read(said, "yes_no", 5)
    assert (asked.intent, asked.confidence >= 0.9) == ("affirm", True)


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("晚两个小时", 120),
        ("提前半小时可以吗", -30),
        ("遲兩個鐘", 120),
        ("推迟个半小时", 90),
        ("half an hour earlier", -30),
        ("can we do it an hour later", 60),
    ],
)
def test_so_much_later_or_earlier_is_a_correction_of_what_is_shown(read: Read, said: str, minutes: int) -> None:
    assert shift_said(normalise(said).text) == timedelta(minutes=minutes)
    assert read(said, "yes_no", 5).intent == "correct"


@pytest.mark.parametrize("said", ["今晚两个小时", "明晚两小时", "周六晚两个小时", "晚一点", "two hours"])
def test_an_evening_of_two_hours_is_no_delay(said: str) -> None:
    assert shift_said(said) is None


@pytest.mark.parametrize(
    ("said", "later"),
    [
        ("好但是晚一点", True),
        ("可以再早点吗", False),
        ("yes but later", True),
        ("a bit earlier please", False),
        ("later", True),
    ],
)
def test_a_bit_later_is_told_from_a_bit_earlier(said: str, *, later: bool) -> None:
    assert a_bit_later(said, asked=True) is later
    assert a_bit_later("see you later", asked=True) is None


@pytest.mark.parametrize("said", ["后天同一时间", "後天一樣的時間", "same time on monday"])
def test_the_same_time_is_the_hour_that_stands(read: Read, said: str) -> None:
    assert the_same_hour(normalise(said).text)
    assert read(said, "yes_no", 5).intent == "correct"
