"""What WeChat allows is counted as WeChat counts it, and its word about a way is believed."""

import asyncio
from datetime import timedelta

import pytest

from bots.wechat import Quotas
from bots.wechat.troubles import in_words
from core import windows
from core.messages import Template
from dialogs.outgoing import Held, Sent
from tests.wechat.conftest import Open
from tests.wechat.messages import (
    KEFU,
    KEFU_PATH,
    SUBSCRIPTION_PATH,
    TEMPLATE_PATH,
    a_visit,
    after_the_window,
    an_account,
    delivered,
    told,
)
from tests.wechat.test_coming_in import a_follower

pytestmark = pytest.mark.anyio


async def test_the_last_of_the_window_is_kept_for_what_is_urgent(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = a_follower(opened)
    await fan.says("hi")

    ordinary = await delivered(opened, *(told(opened, fan, Template.REVIEW_INVITE, order) for _ in range(5)))
    urgent = await delivered(opened, *(told(opened, fan, Template.ARRIVED, order) for _ in range(2)))

    assert ordinary == [KEFU] * 4 + [Held("no window open")]
    assert urgent[0] == KEFU
    assert isinstance(urgent[1], Sent)
    assert urgent[1].how == "template"


async def test_a_menu_tap_opens_three_for_a_minute_and_a_tap_on_a_line_none_of_the_five(open_door: Open) -> None:
    opened = await an_account(open_door)
    fan = a_follower(opened)
    order = opened.db.run(a_visit)

    await fan.clicks_menu("my_orders")
    assert opened.left(fan.openid) == opened.sim.kefu_left(fan) == 3
    outcomes = await delivered(opened, *(told(opened, fan, Template.REVIEW_INVITE, order) for _ in range(4)))
    await fan.scans("invite-1")
    assert opened.left(fan.openid) == opened.sim.kefu_left(fan) == 3

    assert outcomes == [KEFU] * 3 + [Held("no window open")]


async def test_the_count_outlives_the_process_and_is_shared_by_all(open_door: Open) -> None:
    first = await an_account(open_door)
    order = first.db.run(a_visit)
    fan = a_follower(first)
    await fan.says("hi")
    await delivered(first, *(told(first, fan, Template.ARRIVED, order) for _ in range(3)))
    await first.door.stop()
    second = await open_door(sim=first.sim)
    third = await open_door(sim=first.sim)

    outcomes = await asyncio.gather(
        *(
            door.deliver(told(first, fan, Template.ARRIVED, order))
            for door in (second.door, third.door)
            for _ in range(3)
        )
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["Held"] * 4 + ["Sent"] * 2
    assert {call.errcode for call in first.sim.calls_of(KEFU_PATH)} == {0}


async def test_wechats_word_that_the_window_is_used_up_is_taken_and_the_next_way_is_tried(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = a_follower(opened)
    await fan.says("hi")
    opened.sim.fail_next(KEFU_PATH, 45047)

    outcomes = await delivered(opened, *(told(opened, fan, Template.ACCEPTED, order) for _ in range(2)))

    assert [one.how for one in outcomes if isinstance(one, Sent)] == ["template", "template"]
    assert len(opened.sim.calls_of(KEFU_PATH)) == 1
    assert opened.left(fan.openid) == 0


async def test_what_wechat_did_not_take_does_not_count(open_door: Open) -> None:
    opened = await an_account(open_door)
    fan = a_follower(opened)
    await fan.says("hi")
    order = opened.db.run(a_visit)
    opened.sim.fail_next(KEFU_PATH, 45011, times=2)

    await delivered(opened, *(told(opened, fan, Template.ACCEPTED, order) for _ in range(2)))

    assert opened.left(fan.openid) == opened.sim.kefu_left(fan) == 5


async def test_an_answer_that_never_came_counts_as_used(open_door: Open) -> None:
    opened = await an_account(open_door)
    fan = a_follower(opened)
    await fan.says("hi")
    order = opened.db.run(a_visit)
    opened.sim.fail_next(KEFU_PATH, "reset")

    await delivered(opened, told(opened, fan, Template.ACCEPTED, order))

    assert opened.left(fan.openid) == 4


async def test_a_days_quota_that_is_used_up_stops_that_way_for_all_until_midnight(open_door: Open) -> None:
    opened = await an_account(open_door, quotas=Quotas(kefu=2, template=3))
    order = opened.db.run(a_visit)
    fans = [a_follower(opened) for _ in range(2)]
    for fan in fans:
        await fan.says("hi")

    outcomes = await delivered(opened, *(told(opened, fan, Template.ACCEPTED, order) for fan in fans for _ in range(3)))

    ways = [one.how if isinstance(one, Sent) else one.reason for one in outcomes if isinstance(one, Sent | Held)]
    assert ways == ["kefu", "kefu", "template", "template", "template", "no window open"]


async def test_45009_is_believed_for_the_day(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = a_follower(opened)
    await fan.says("hi")
    opened.sim.fail_next(KEFU_PATH, 45009)

    ways = await delivered(opened, *(told(opened, fan, Template.ACCEPTED, order) for _ in range(2)))

    assert [one.how for one in ways if isinstance(one, Sent)] == ["template", "template"]
    assert len(opened.sim.calls_of(KEFU_PATH)) == 1
    figures = opened.db.read(lambda tx: list(windows.figures(tx, opened.reception.clock.now())))
    assert ("menling_quota_left", {"channel": "wechat", "account": "bell", "api": "kefu"}, 0.0) in figures
    assert list(opened.door.troubles()) == ["wechat:bell:45009:kefu"]


@pytest.mark.parametrize("errcode", [48001, 48004])
async def test_a_feature_that_was_not_granted_is_left_alone(open_door: Open, errcode: int) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = a_follower(opened)
    await fan.says("hi")
    opened.sim.fail_next(KEFU_PATH, errcode)

    await delivered(opened, *(told(opened, fan, Template.ACCEPTED, order) for _ in range(3)))

    assert len(opened.sim.calls_of(KEFU_PATH)) == 1
    assert opened.door.health()["refused"] == "kefu"
    assert list(opened.door.troubles()) == [f"wechat:bell:{errcode}:kefu"]


async def test_a_quota_used_up_by_our_own_count_needs_an_operator_until_a_message_gets_through(open_door: Open) -> None:
    opened = await an_account(open_door, quotas=Quotas(kefu=1, template=0))
    order = opened.db.run(a_visit)
    fan = a_follower(opened)
    await fan.says("hi")

    await delivered(opened, *(told(opened, fan, Template.ACCEPTED, order) for _ in range(2)))
    assert list(opened.door.troubles()) == ["wechat:bell:45009:kefu"]
    opened.reception.clock.offset += timedelta(days=1)
    await fan.says("hi")
    await delivered(opened, told(opened, fan, Template.ACCEPTED, order))

    assert opened.door.troubles() == {}


@pytest.mark.parametrize("by_wechat", [True, False])
async def test_a_quota_is_no_trouble_after_midnight_in_shanghai_where_nothing_is_sent_either(
    open_door: Open, *, by_wechat: bool
) -> None:
    opened = await an_account(open_door, quotas=Quotas(kefu=5 if by_wechat else 1, template=0))
    order = opened.db.run(a_visit)
    fan = a_follower(opened)
    await fan.says("hi")
    if by_wechat:
        opened.sim.fail_next(KEFU_PATH, 45009)
    await delivered(opened, *(told(opened, fan, Template.ACCEPTED, order) for _ in range(2)))
    (trouble,) = opened.door.troubles().values()
    assert trouble.ends_at == windows.day_ends_at(opened.reception.clock.now())

    opened.reception.clock.offset += trouble.ends_at - opened.reception.clock.now()

    assert opened.door.troubles() == {}


@pytest.mark.parametrize(
    ("errcode", "causes"),
    [(40164, ["wechat:bell:40164:shop"]), (40013, ["wechat:bell:40013"]), (40002, ["wechat:bell:40002"]), (-1, [])],
)
async def test_an_account_that_gets_no_token_needs_an_operator_unless_it_passes(
    errcode: int, causes: list[str]
) -> None:
    said = in_words("bell", "shop", no_token=errcode, refused={})

    assert list(said) == causes
    assert all(one.words.startswith("WeChat account bell on shop: ") for one in said.values())


async def test_a_template_that_is_wrong_is_left_alone_and_others_are_not(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    opened.sim.fail_next(TEMPLATE_PATH, 40037)

    outcomes = await delivered(
        opened, told(opened, fan, Template.ACCEPTED, order), told(opened, fan, Template.ARRIVED, order),
        told(opened, fan, Template.PAY_NUDGE, order),
    )  # fmt: skip

    assert outcomes[:2] == [Held("no window open")] * 2
    assert isinstance(outcomes[2], Sent)


async def test_a_permit_wechat_does_not_know_of_is_forgotten(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    await fan.permits("S-reminder")
    await fan.permits("S-reminder")
    fan.account.permits.clear()

    await delivered(opened, *(told(opened, fan, Template.REMINDER_DAY, order) for _ in range(2)))

    asked = [call.errcode for call in opened.sim.calls_of(SUBSCRIPTION_PATH)]
    assert [errcode for errcode in asked if errcode != 42001] == [43101]  # the token is 49 hours old, too


async def test_permits_turned_away_count_nothing_and_those_taken_back_are_gone(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    await fan.permits("S-reminder", accepts=False)
    first = await opened.door.deliver(told(opened, fan, Template.REMINDER_DAY, order))
    await fan.permits("S-reminder")
    await fan.ends_permits("S-reminder")
    second = await opened.door.deliver(told(opened, fan, Template.REMINDER_DAY, order))

    assert [one.how for one in (first, second) if isinstance(one, Sent)] == ["template", "template"]
    assert opened.sim.calls_of(SUBSCRIPTION_PATH) == []
