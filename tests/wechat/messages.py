"""Messages to followers of an official account, and an account that may push them."""

from sqlalchemy import select

from bots.wechat import Templates
from bots.wechat.templates import Fact, LibraryTemplate, Purpose
from core.db import Tx
from core.ids import new_id
from core.messages import Template
from core.messages import tell as write
from core.messages.tables import message as message_table
from core.orders.states import OrderState
from dialogs.outgoing import Body, Button, Delivery, Outgoing, Sent
from simulators.wechat.fan import Fan
from tests.builders import a_city
from tests.visits import an_order
from tests.wechat.conftest import Open, Opened, opening
from tests.wechat.test_coming_in import a_follower

KEFU_PATH, TEMPLATE_PATH, SUBSCRIPTION_PATH = (
    "/cgi-bin/message/custom/send",
    "/cgi-bin/message/template/send",
    "/cgi-bin/message/subscribe/bizsend",
)

FIELDS = {
    "thing1": Fact.SERVICE, "time2": Fact.WHEN, "name3": Fact.TECHNICIAN, "thing4": Fact.NOTE, "phrase5": Fact.STATE,
    "character_string6": Fact.CODE, "amount7": Fact.AMOUNT, "thing8": Fact.REGION, "date9": Fact.DAY,
    "time10": Fact.UNTIL,
}  # fmt: skip

BOOK = Templates(
    template={purpose: LibraryTemplate(f"T-{purpose}", FIELDS) for purpose in Purpose},
    subscription={Purpose.REMINDER: LibraryTemplate("S-reminder", {"thing1": Fact.SERVICE, "time2": Fact.WHEN})},
)

PASSIVE, KEFU, BY_PERMIT = Sent(how="passive"), Sent(how="kefu"), Sent(how="subscription")


def a_notice(openid: str, body: Body | None = None, **over: object) -> Outgoing:
    facts: dict[str, object] = {
        "message_id": 36**5, "person_id": 1, "kind": "notice", "channel": "wechat", "account": "bell",
        "external_id": openid, "body": body or Body(text="王师傅出发了"), "lang": "zh-Hans",
    }  # fmt: skip
    return Outgoing(**(facts | over))  # type: ignore[arg-type]


async def an_account(open_door: Open, **over: object) -> Opened:
    """A door whose account has taken every template from the library."""
    opened = await open_door(templates=BOOK, **over)
    labels = {name: fact.value for name, fact in FIELDS.items()}
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
