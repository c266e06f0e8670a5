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
        ("接单", "affirm"),
        ("不接", "deny"),
        ("leave a review", "review"),
        ("leave it as it was", "keep"),
        ("cancel my booking", "cancel"),
        ("取消", "cancel"),
    ],
)
def test_what_only_sounds_like_it_means_something_else(read: Read, words: str, intent: str) -> None:
    assert read(words).intent == intent
