"""What technicians say of their own time, and what only sounds like it."""

from collections.abc import Callable

import pytest

from nlu import Understanding

Read = Callable[..., Understanding]


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("收工", "off_duty"),
        ("收工了", "off_duty"),
        ("我下班了", "off_duty"),
        ("今天不接单了", "off_duty"),
        ("今天不接單了", "off_duty"),
        ("暂停接单", "off_duty"),
        ("off duty", "off_duty"),
        ("i'm done for today", "off_duty"),
        ("no more jobs today", "off_duty"),
        ("clock off", "off_duty"),
        ("开工", "on_duty"),
        ("開工", "on_duty"),
        ("开工了", "on_duty"),
        ("我来上班了", "on_duty"),
        ("恢复接单", "on_duty"),
        ("back on duty", "on_duty"),
        ("i'm back at work", "on_duty"),
        ("start sending me jobs", "on_duty"),
        ("请假", "leave"),
        ("請假", "leave"),
        ("我要请三天假", "leave"),
        ("周五请假", "leave"),
        ("从周一到周三请个假", "leave"),
        ("我想休息两天", "leave"),
        ("明天可以请假吗", "leave"),
        ("i need some time off", "leave"),
        ("can i take tomorrow off", "leave"),
        ("leave from Monday to Wednesday", "leave"),
        ("i'd like next week off", "leave"),
        ("销假", "end_leave"),
        ("取消请假", "end_leave"),
        ("不请假了", "end_leave"),
        ("cancel my leave", "end_leave"),
        ("back from leave early", "end_leave"),
    ],
)
def test_a_technician_s_own_time_is_understood(read: Read, words: str, intent: str) -> None:
    understood = read(words)

    assert (understood.intent, understood.confidence >= 0.75) == (intent, True)


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("我周五请假在家，想约个肩颈按摩", "book"),
        ("我请假了，明天下午能约按摩吗", "book"),
        ("我下班了想按摩", "book"),
        ("今晚下班后约个足疗", "book"),
        ("王师傅请假了吗", "ask_technician"),
        ("你们几点下班", "ask_policy"),
        ("师傅几点上班", "ask_policy"),
        ("我想来上班", "apply_technician"),
        ("好的", "affirm"),
        ("不要", "deny"),
        ("leave a review", "review"),
        ("leave it as it was", "keep"),
        ("cancel my booking", "cancel"),
        ("取消", "cancel"),
    ],
)
def test_what_only_sounds_like_it_means_something_else(read: Read, words: str, intent: str) -> None:
    assert read(words).intent == intent


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("周三的单", "my_day"),
        ("周三有单吗", "my_day"),
        ("Wednesday's jobs", "my_day"),
        ("这周的单", "my_week"),
        ("下周有几单", "my_week"),
        ("我的一周", "my_week"),
        ("my week", "my_week"),
        ("my jobs next week", "my_week"),
        ("我的班表", "my_rota"),
        ("我的排班", "my_rota"),
        ("my rota", "my_rota"),
        ("my working hours", "my_rota"),
        ("改班表", "change_rota"),
        ("调整我的上班时间", "change_rota"),
        ("每周三休息", "change_rota"),
        ("change my hours", "change_rota"),
        ("Wednesdays off", "change_rota"),
        ("待接的单", "offers"),
        ("还有没接的单吗", "offers"),
        ("my offers", "offers"),
        ("接单", "accept"),
        ("接", "accept"),
        ("我接这单", "accept"),
        ("接 M7K2QX", "accept"),
        ("accept", "accept"),
        ("i'll take it", "accept"),
        ("不接", "refuse"),
        ("這單我不接", "refuse"),
        ("不接 M7K2QX", "refuse"),
        ("decline", "refuse"),
        ("turn it down", "refuse"),
    ],
)
def test_diary_rota_and_offers_are_understood(read: Read, words: str, intent: str) -> None:
    understood = read(words)

    assert (understood.intent, understood.confidence >= 0.75) == (intent, True)


@pytest.mark.parametrize(
    ("words", "answer"), [("接单", "affirm"), ("accept", "affirm"), ("不接", "deny"), ("no", "deny")]
)
def test_who_has_no_offer_says_a_plain_yes_or_no_with_the_same_words(read: Read, words: str, answer: str) -> None:
    assert answer in [intent.name for intent in read(words, "yes_no").intents if intent.confidence >= 0.9]


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("any offers", "ask_price"),
        ("接下来怎么办", "out_of_scope"),
        ("周三下午三点", "give_time"),
        ("本周", "give_time"),
        ("取消 M7K2QX", "cancel"),
    ],
)
def test_a_customer_s_words_are_not_taken_for_a_technician_s(read: Read, words: str, intent: str) -> None:
    assert read(words).intent == intent
