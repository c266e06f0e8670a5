"""Each way WeChat allows, in order: an open window, a permit, a template, and else the person's next act."""

import pytest
from sqlalchemy import select

from bots.wechat import Capabilities
from bots.wechat.fields import _LONGEST, _SAID
from bots.wechat.templates import KINDS, PURPOSES, Fact, kind_of
from core.db import Tx
from core.messages import Template
from core.messages.tables import message as message_table
from dialogs.outgoing import Button, Held, Sent
from tests.wechat.conftest import Open
from tests.wechat.messages import (
    BY_PERMIT,
    KEFU,
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
    call = opened.sim.calls_of(TEMPLATE_PATH)[0].body
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

    assert opened.sim.calls_of(TEMPLATE_PATH)[0].body["url"] == "https://menling.example/pay/x"


@pytest.mark.parametrize("template", [Template.REVIEW_INVITE, Template.TICKET_ANSWERED, Template.SETTLEMENT_PAID])
async def test_what_is_not_about_a_visit_waits_for_the_person(open_door: Open, template: Template) -> None:
    opened = await an_account(open_door)
    order = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    for library in ("S-reminder", "T-order", "T-reminder"):
        await fan.permits(library)

    assert await opened.door.deliver(told(opened, fan, template, order)) == Held("no window open")
    assert opened.sim.calls_of(TEMPLATE_PATH) + opened.sim.calls_of(SUBSCRIPTION_PATH) == []


async def test_of_words_that_waited_together_a_template_brings_one_and_the_others_wait_on(open_door: Open) -> None:
    opened = await an_account(open_door, capabilities=Capabilities(kefu=False, menu=False))
    visit = opened.db.run(a_visit)
    fan = await after_the_window(opened)
    waiting = [told(opened, fan, template, visit) for template in (Template.DEPARTED, Template.ARRIVED)]

    outcomes = await opened.door._push_together(waiting)

    assert [type(outcome) for _, outcome in outcomes] == [Sent, Held]
    assert len(opened.sim.calls_of(TEMPLATE_PATH)) == 1


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
