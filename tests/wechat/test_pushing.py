"""Each way WeChat allows, in order: an open window, a permit, a template, and else the person's next act."""

import asyncio

import pytest
from sqlalchemy import select

from bots.wechat import Capabilities, Quotas, Templates
from bots.wechat.fields import _LONGEST, _SAID
from bots.wechat.templates import KINDS, PURPOSES, Fact, LibraryTemplate, Purpose, kind_of
from core import windows
from core.db import Tx
from core.ids import new_id
from core.messages import Template
from core.messages import tell as write
from core.messages.tables import message as message_table
from core.orders.states import OrderState
from dialogs.outgoing import Body, Button, Delivery, Held, Outgoing, Sent
from simulators.wechat.fan import Fan
from tests.builders import a_city
from tests.visits import an_order
from tests.wechat.conftest import Open, Opened, opening
from tests.wechat.test_coming_in import a_follower

pytestmark = pytest.mark.anyio
_KEFU, _TEMPLATE, _SUBSCRIPTION = (
    "/cgi-bin/message/custom/send",
    "/cgi-bin/message/template/send",
    "/cgi-bin/message/subscribe/bizsend",
)
_FIELDS = {
    "thing1": Fact.SERVICE, "time2": Fact.WHEN, "name3": Fact.TECHNICIAN, "thing4": Fact.NOTE, "phrase5": Fact.STATE,
    "character_string6": Fact.CODE, "amount7": Fact.AMOUNT, "thing8": Fact.REGION, "date9": Fact.DAY,
    "time10": Fact.UNTIL,
}  # fmt: skip
BOOK = Templates(
    template={purpose: LibraryTemplate(f"T-{purpose}", _FIELDS) for purpose in Purpose},
    subscription={Purpose.REMINDER: LibraryTemplate("S-reminder", {"thing1": Fact.SERVICE, "time2": Fact.WHEN})},
)
PASSIVE, KEFU, BY_PERMIT = Sent(how="passive"), Sent(how="kefu"), Sent(how="subscription")


async def an_account(open_door: Open, **over: object) -> Opened:
    """A door whose account has taken every template from the library."""
    opened = await open_door(templates=BOOK, **over)
    labels = {name: fact.value for name, fact in _FIELDS.items()}
    for purpose in Purpose:
        opened.sim.add_template(f"T-{purpose}", title=purpose.value, fields=labels)
    opened.sim.add_template("S-reminder", title="预约提醒", fields={"thing1": "项目", "time2": "时间"})
    return opened


def a_visit(tx: Tx) -> int:
    """An accepted visit of somebody else."""
    return an_order(tx, a_city(tx), state=OrderState.ACCEPTED).id


def told(
    opened: Opened, fan: Fan, template: Template, order: int | None = None, *buttons: Button, news: bool = False
) -> Outgoing:
    """A message of this template to somebody who has written before, about an order where there is one."""

    def unit(tx: Tx) -> Outgoing:
        now = opened.reception.clock.now()
        person = opening(tx, fan.openid).person_id
        facts = {"amount_minor": 1234500} if template is Template.REFUND_DONE else {}
        write(tx, person, template, dedupe=str(new_id()), now=now, order_id=order, facts=facts)
        message_id = tx.scalar(select(message_table.c.id).order_by(message_table.c.id.desc()).limit(1))
        return Outgoing(
            message_id=message_id, person_id=person, kind="notice", channel="wechat", account="bell",
            external_id=fan.openid, body=Body(text=f"[{template}]", rows=(buttons,)), lang="zh-Hans", news=news,
        )  # fmt: skip

    return opened.db.run(unit)


async def after_the_window(opened: Opened) -> Fan:
    """A follower whose window of 48 hours has closed."""
    fan = a_follower(opened)
    await fan.says("hi")
    opened.advance(49)
    return fan


async def delivered(opened: Opened, *messages: Outgoing) -> list[Delivery]:
    return [await opened.door.deliver(one) for one in messages]


async def test_while_a_window_is_open_words_go_whole_by_customer_service(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = a_follower(opened)
    await fan.says("hi")

    outcome = await opened.door.deliver(told(opened, fan, Template.ACCEPTED, order))

    assert outcome == KEFU
    assert (await fan.sees("[accepted]")).kind == "kefu"
    assert opened.left(fan.openid) == opened.sim.kefu_left(fan) == 4


async def test_a_permit_comes_before_a_template_and_is_used_once(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    await fan.permits("S-reminder")

    outcomes = await delivered(opened, *(told(opened, fan, Template.REMINDER_DAY, order) for _ in range(2)))

    assert outcomes[0] == BY_PERMIT
    assert isinstance(outcomes[1], Sent)
    assert outcomes[1].how == "template"
    assert [one.kind for one in fan.messages[-2:]] == ["subscription", "template"]


@pytest.mark.parametrize("template", sorted(PURPOSES))
async def test_every_template_message_holds_the_orders_facts_each_within_its_kind(
    open_door: Open, template: Template
) -> None:
    opened = await an_account(open_door, capabilities=Capabilities(menu=False))
    order = opened.db.run(a_visit)
    fan = await after_the_window(opened)

    outcome = await opened.door.deliver(told(opened, fan, template, order))

    assert isinstance(outcome, Sent)
    assert (outcome.how, bool(outcome.ref)) == ("template", True)
    assert opened.sim.violations == []
    call = opened.sim.calls_of(_TEMPLATE)[0].body
    data = call["data"]
    assert isinstance(data, dict)
    values = {name: entry["value"] for name, entry in data.items()}
    assert (values["phrase5"], values["thing4"]) == _SAID[template]
    assert values["time2"].endswith(":00")
    assert call["client_msg_id"]
    for name, value in values.items():
        assert 0 < len(value) <= _LONGEST[kind_of(name)]


async def test_a_template_leads_to_where_one_can_pay(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    link = Button("支付 ¥260", url="https://menling.example/pay/x", pays="x")

    await opened.door.deliver(told(opened, fan, Template.PAY_NUDGE, order, link))

    assert opened.sim.calls_of(_TEMPLATE)[0].body["url"] == "https://menling.example/pay/x"


@pytest.mark.parametrize("template", [Template.REVIEW_INVITE, Template.TICKET_ANSWERED, Template.SETTLEMENT_PAID])
async def test_what_is_not_about_a_visit_waits_for_the_person(open_door: Open, template: Template) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    for library in ("S-reminder", "T-order", "T-reminder"):
        await fan.permits(library)

    assert await opened.door.deliver(told(opened, fan, template, order)) == Held("no window open")
    assert opened.sim.calls_of(_TEMPLATE) + opened.sim.calls_of(_SUBSCRIPTION) == []


async def test_of_words_that_waited_together_a_template_brings_one_and_the_others_wait_on(open_door: Open) -> None:
    opened = await an_account(open_door, capabilities=Capabilities(kefu=False, menu=False))
    visit = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    waiting = [told(opened, fan, template, visit) for template in (Template.DEPARTED, Template.ARRIVED)]

    outcomes = await opened.door._push_together(waiting)

    assert [type(outcome) for _, outcome in outcomes] == [Sent, Held]
    assert len(opened.sim.calls_of(_TEMPLATE)) == 1


async def test_advertising_goes_by_none_of_these_ways_whatever_is_open(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = a_follower(opened)
    await fan.says("hi")
    await fan.permits("S-reminder")
    calls = len(opened.sim.calls)

    outcome = await opened.door.deliver(told(opened, fan, Template.REMINDER_DAY, order, news=True))

    assert outcome == Held("news", rides=False)
    assert len(opened.sim.calls) == calls


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
    assert {call.errcode for call in first.sim.calls_of(_KEFU)} == {0}


async def test_wechats_word_that_the_window_is_used_up_is_taken_and_the_next_way_is_tried(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = a_follower(opened)
    await fan.says("hi")
    opened.sim.fail_next(_KEFU, 45047)

    outcomes = await delivered(opened, *(told(opened, fan, Template.ACCEPTED, order) for _ in range(2)))

    assert [one.how for one in outcomes if isinstance(one, Sent)] == ["template", "template"]
    assert len(opened.sim.calls_of(_KEFU)) == 1
    assert opened.left(fan.openid) == 0


async def test_what_wechat_did_not_take_does_not_count(open_door: Open) -> None:
    opened = await an_account(open_door)
    fan = a_follower(opened)
    await fan.says("hi")
    order = opened.db.run(a_visit)
    opened.sim.fail_next(_KEFU, 45011, times=2)

    await delivered(opened, *(told(opened, fan, Template.ACCEPTED, order) for _ in range(2)))

    assert opened.left(fan.openid) == opened.sim.kefu_left(fan) == 5


async def test_an_answer_that_never_came_counts_as_used(open_door: Open) -> None:
    opened = await an_account(open_door)
    fan = a_follower(opened)
    await fan.says("hi")
    order = opened.db.run(a_visit)
    opened.sim.fail_next(_KEFU, "reset")

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
    opened.sim.fail_next(_KEFU, 45009)

    ways = await delivered(opened, *(told(opened, fan, Template.ACCEPTED, order) for _ in range(2)))

    assert [one.how for one in ways if isinstance(one, Sent)] == ["template", "template"]
    assert len(opened.sim.calls_of(_KEFU)) == 1
    figures = opened.db.read(lambda tx: list(windows.figures(tx, opened.reception.clock.now())))
    assert ("menling_quota_left", {"channel": "wechat", "account": "bell", "api": "kefu"}, 0.0) in figures


@pytest.mark.parametrize("errcode", [48001, 48004])
async def test_a_feature_that_was_not_granted_is_left_alone(open_door: Open, errcode: int) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = a_follower(opened)
    await fan.says("hi")
    opened.sim.fail_next(_KEFU, errcode)

    await delivered(opened, *(told(opened, fan, Template.ACCEPTED, order) for _ in range(3)))

    assert len(opened.sim.calls_of(_KEFU)) == 1
    assert opened.door.health()["refused"] == "kefu"


async def test_a_template_that_is_wrong_is_left_alone_and_others_are_not(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    opened.sim.fail_next(_TEMPLATE, 40037)

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

    asked = [call.errcode for call in opened.sim.calls_of(_SUBSCRIPTION)]
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
    assert opened.sim.calls_of(_SUBSCRIPTION) == []


async def test_a_template_that_never_arrived_is_among_the_failed_ones(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    message = told(opened, fan, Template.ACCEPTED, order)
    opened.sim.templates_end_with("failed:user block")

    outcome = await opened.door.deliver(message)
    assert isinstance(outcome, Sent)
    await opened.sim.settled()
    opened.db.run(lambda tx: _noted(tx, message.message_id, outcome.ref))
    await opened.sim.repeat(opened.sim.exchanges[-1])

    state = opened.db.read(
        lambda tx: tx.first(
            select(message_table.c.state, message_table.c.why).where(message_table.c.id == message.message_id)
        )
    )
    assert state == ("failed", "template not delivered")


def _noted(tx: Tx, message_id: int, ref: str | None) -> None:
    tx.execute(
        message_table.update()
        .where(message_table.c.id == message_id)
        .values(state="sent", external_ref=ref, due_at=None)
    )


async def test_somebody_who_left_is_gone_whichever_way_is_tried(open_door: Open) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    fan.account.following = False

    outcome = await opened.door.deliver(told(opened, fan, Template.ACCEPTED, order))

    assert getattr(outcome, "gone", False)


def test_every_state_and_note_is_within_its_kind_and_names_every_message() -> None:
    assert set(_SAID) == set(PURPOSES)
    for state, note in _SAID.values():
        assert len(state) <= 5
        assert all("\u4e00" <= letter <= "\u9fff" for letter in state)
        assert len(note) <= 20
    assert set(KINDS) == set(Fact)
