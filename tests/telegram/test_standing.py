"""What stands in a chat: buttons and bills go once their order has moved on; a visit's next step and a bill stay."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bots.telegram.standing import Standing
from core.db import Tx
from core.messages import Template, keyboards, tell
from core.messages.tables import keyboard, message
from core.money.payments import PaymentState
from core.money.tables import payment
from core.orders import cancelling, visit
from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.telling import person_of
from dialogs.lasting import About, Lasting, lasting
from dialogs.outgoing import Body, Button
from simulators.telegram import Person, SeenMessage
from tests.builders import City
from tests.telegram.conftest import Open, Opened
from tests.telegram.test_bills import PROVIDER
from tests.telegram.trade import Trade, a_trade
from tests.visits import STARTS_AT, a_photo

pytestmark = pytest.mark.anyio
REAL = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Scene:
    """A town whose customer and technician are in Telegram."""

    opened: Opened
    trade: Trade
    city: City
    anna: Person
    wang: Person

    async def settled(self) -> None:
        """Everything taken, shown, sent and noted."""
        await self.opened.sim.settled()
        await self.opened.door._in_turn.drain(5)
        await self.trade.sends(self.opened)
        await asyncio.gather(*self.opened.door._background)
        await asyncio.sleep(0)
        await asyncio.gather(*self.opened.door._background)

    async def tidies_up(self) -> int:
        """What a worker does every few seconds."""
        await self.settled()
        return await self.opened.door.end_keyboards()

    def noted(self) -> int:
        count = select(func.count()).select_from(keyboard)
        return int(self.trade.database.read(lambda tx: tx.scalar(count)) or 0)

    def cancels(self, order: Order) -> None:
        now = self.trade.clock.at

        def cancel(tx: Tx) -> None:
            seen = cancelling.consequence(tx, self.trade.now(order), now)
            cancelling.cancel(tx, order.id, person_id=self.city.customer.id, shown=seen, now=now)

        self.trade.database.run(cancel)


async def a_scene(open_door: Open, folder: Path, *, provider_token: str = "") -> Scene:
    trade = a_trade(folder)
    opened = await open_door(trade, provider_token=provider_token)
    anna, wang = opened.sim.user("Anna"), opened.sim.user("小王")
    for person in (anna, wang):
        person.account.started = True
    city = trade.city()
    trade.has_telegram(city.customer.id, anna.id)
    trade.has_telegram(trade.technician_person(city), wang.id)
    return Scene(opened, trade, city, anna, wang)


def now_of(person: Person, message: SeenMessage) -> list[str]:
    """The buttons a message has by now."""
    return next(one.labels for one in person.messages if one.message_id == message.message_id)


def with_button(person: Person, label: str) -> list[SeenMessage]:
    return [one for one in person.messages if any(label in button for button in one.labels)]


async def test_a_pay_button_stays_under_other_questions_and_goes_once_it_is_paid(
    open_door: Open, tmp_path: Path
) -> None:
    scene = await a_scene(open_door, tmp_path, provider_token=PROVIDER)
    scene.trade.order(scene.city, OrderState.TO_PAY)
    await scene.anna.says("我要付款")
    await scene.settled()
    (shown,) = with_button(scene.anna, "付款 ¥")
    await scene.anna.says("你们几点开门")
    await scene.settled()
    assert any("付款 ¥" in label for label in now_of(scene.anna, shown))

    bill = next(one for one in scene.anna.messages if one.text.startswith("[invoice"))
    await scene.anna.pays(bill.message_id)
    assert await scene.tidies_up() == 2

    assert with_button(scene.anna, "付款 ¥") == []
    assert scene.opened.sim.calls_of("deleteMessage") == []  # the bill is the receipt now


async def test_a_pay_button_that_went_does_not_come_back_with_the_next_question(
    open_door: Open, tmp_path: Path
) -> None:
    scene = await a_scene(open_door, tmp_path, provider_token=PROVIDER)
    scene.trade.order(scene.city, OrderState.TO_PAY)
    await scene.anna.says("我要付款")
    await scene.settled()
    bill = next(one for one in scene.anna.messages if one.text.startswith("[invoice"))
    await scene.anna.pays(bill.message_id)
    await scene.tidies_up()

    await scene.anna.says("你们几点开门")
    await scene.settled()

    assert with_button(scene.anna, "付款 ¥") == []


async def test_a_pay_button_cleared_while_the_next_question_is_shown_does_not_stay(
    open_door: Open, tmp_path: Path
) -> None:
    scene = await a_scene(open_door, tmp_path)
    scene.trade.order(scene.city, OrderState.TO_PAY)
    await scene.anna.says("我要付款")
    await scene.settled()
    looks: list[frozenset[About]] = []

    async def paid_after_the_first_look(_: int, __: str, found: Sequence[Lasting]) -> frozenset[About]:
        looks.append(frozenset(one.about for one in found) if looks else frozenset())
        return looks[-1]

    scene.opened.door._delivering.moved_on = paid_after_the_first_look
    await scene.anna.says("你们几点开门")
    await scene.settled()

    assert len(looks) == 3  # the last one finds nothing new
    assert with_button(scene.anna, "付款 ¥") == []


async def test_a_link_to_pay_is_over_with_its_payment_though_the_order_is_to_be_paid_again(
    open_door: Open, tmp_path: Path
) -> None:
    scene = await a_scene(open_door, tmp_path)
    scene.trade.order(scene.city, OrderState.TO_PAY)
    await scene.anna.says("我要付款")
    await scene.settled()
    (shown,) = with_button(scene.anna, "付款 ¥")
    scene.trade.database.run(lambda tx: tx.execute(update(payment).values(state=PaymentState.EXPIRED)))

    await scene.anna.says("你们几点开门")
    await scene.settled()

    assert not any("付款" in label for label in now_of(scene.anna, shown))


async def test_the_bill_of_an_order_that_was_cancelled_goes_with_its_pay_button(
    open_door: Open, tmp_path: Path
) -> None:
    scene = await a_scene(open_door, tmp_path, provider_token=PROVIDER)
    order = scene.trade.order(scene.city, OrderState.TO_PAY)
    await scene.anna.says("我要付款")
    await scene.settled()
    assert await scene.tidies_up() == 0

    scene.cancels(order)
    assert await scene.tidies_up() == 2

    assert with_button(scene.anna, "付款 ¥") == []
    assert not any(one.text.startswith("[invoice") for one in scene.anna.messages)
    assert await scene.tidies_up() == 0


async def test_a_question_still_open_keeps_its_other_choices(open_door: Open, tmp_path: Path) -> None:
    scene = await a_scene(open_door, tmp_path)
    order = scene.trade.order(scene.city, OrderState.TO_PAY)
    await scene.anna.says(f"/start o_{order.code}")
    await scene.settled()
    (shown,) = with_button(scene.anna, "付款 ¥")
    others = [label for label in shown.labels if "付款" not in label]

    scene.cancels(order)
    await scene.tidies_up()

    assert now_of(scene.anna, shown) == others != []


async def test_the_choices_of_a_card_that_was_decided_go(open_door: Open, tmp_path: Path) -> None:
    scene = await a_scene(open_door, tmp_path)
    order = scene.trade.order(scene.city, OrderState.TO_ACCEPT)
    await scene.settled()
    (offer,) = with_button(scene.wang, "接单")
    assert await scene.tidies_up() == 0

    scene.cancels(order)
    assert await scene.tidies_up() >= 1

    assert now_of(scene.wang, offer) == []


async def test_a_card_told_twice_by_two_workers_is_cleared_by_one(open_door: Open, tmp_path: Path) -> None:
    scene = await a_scene(open_door, tmp_path)
    order = scene.trade.order(scene.city, OrderState.TO_ACCEPT)
    await scene.settled()
    scene.cancels(order)
    await scene.settled()

    def both(tx: Tx) -> list[bool]:
        who: dict[str, Any] = {"channel": "telegram", "account": "bell", "real_now": REAL, "most": 20}
        found = keyboards.over(tx, since=scene.trade.clock.at - timedelta(days=1), **who)
        return [keyboards.take(tx, one, real_now=REAL) for one in (*found, *found)]

    taken = scene.trade.database.run(both)
    assert taken == [True] * (len(taken) // 2) + [False] * (len(taken) // 2)
    assert taken


async def test_buttons_whose_words_cannot_be_read_any_more_go_and_stop_no_others(
    open_door: Open, tmp_path: Path
) -> None:
    scene = await a_scene(open_door, tmp_path)
    order = scene.trade.order(scene.city, OrderState.TO_PAY)
    await scene.anna.says("我要付款")
    await scene.settled()
    (shown,) = with_button(scene.anna, "付款 ¥")
    foreign = update(message).where(message.c.body_sealed.is_not(None)).values(body_sealed=b"from elsewhere")
    scene.trade.database.run(lambda tx: tx.execute(foreign))
    scene.cancels(order)

    assert await scene.opened.door.end_keyboards() > 0

    assert now_of(scene.anna, shown) == []
    assert scene.noted() == 0


async def buttons_left_by_a_process_that_ends(open_door: Open, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a process end between taking buttons upon itself and clearing them away, and another look a minute later."""
    scene = await a_scene(open_door, folder)
    order = scene.trade.order(scene.city, OrderState.TO_ACCEPT)
    await scene.settled()
    (offer,) = with_button(scene.wang, "接单")
    scene.cancels(order)
    await scene.settled()
    with monkeypatch.context() as killed:
        killed.setattr(keyboards, "LEASE", timedelta())
        killed.setattr(Standing, "_clear", _ends)
        with pytest.raises(ConnectionAbortedError):
            await scene.opened.door.end_keyboards()

    await scene.opened.door.end_keyboards()

    assert now_of(scene.wang, offer) == []
    assert scene.noted() == 0


async def _ends(*_: object) -> None:
    raise ConnectionAbortedError


async def test_what_a_process_was_about_to_clear_away_when_it_ended_another_does(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await buttons_left_by_a_process_that_ends(open_door, tmp_path, monkeypatch)


async def test_what_is_forgotten_as_it_is_taken_would_stand_for_good(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(tx: Tx, found: keyboards.KeyboardOver, **_: object) -> bool:
        keyboards.cleared(tx, found)
        return True

    monkeypatch.setattr(keyboards, "take", forgetful)
    with pytest.raises(AssertionError):
        await buttons_left_by_a_process_that_ends(open_door, tmp_path, monkeypatch)


async def test_while_telegram_is_away_buttons_are_left_for_later(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(open_door, tmp_path)
    order = scene.trade.order(scene.city, OrderState.TO_ACCEPT)
    await scene.settled()
    (offer,) = with_button(scene.wang, "接单")
    scene.cancels(order)
    await scene.settled()
    monkeypatch.setattr(keyboards, "LEASE", timedelta())
    monkeypatch.setattr("bots.telegram.sending._BACK_SOON", 0.0)
    scene.opened.sim.fail_next("editMessageReplyMarkup", "502")
    await scene.opened.door.end_keyboards()
    assert now_of(scene.wang, offer) != []

    await scene.opened.door.end_keyboards()

    assert now_of(scene.wang, offer) == []


async def in_service_and_offered(open_door: Open, folder: Path) -> tuple[Scene, Order, SeenMessage]:
    """A technician who serves one visit, has its next step on the screen, and is offered another."""
    scene = await a_scene(open_door, folder)
    serving = scene.trade.order(scene.city, OrderState.IN_SERVICE)
    scene.trade.clock.at = serving.starts_at + timedelta(minutes=5)
    await scene.settled()
    await scene.wang.says("今天的单")
    await scene.settled()
    (step,) = with_button(scene.wang, "完成服务")
    scene.trade.order(scene.city, OrderState.TO_ACCEPT, starts_at=STARTS_AT + timedelta(days=1))
    await scene.settled()
    return scene, serving, step


async def test_who_accepts_another_order_keeps_the_step_of_the_visit_they_are_at(
    open_door: Open, tmp_path: Path
) -> None:
    scene, serving, step = await in_service_and_offered(open_door, tmp_path)

    await scene.wang.presses("接单")
    await scene.settled()
    assert now_of(scene.wang, step) == ["完成服务"]

    accepted = with_button(scene.wang, "我出发了")[-1]
    press = await scene.wang.presses("完成服务")
    await scene.settled()
    assert press.text == ""
    assert "照片" in scene.wang.messages[-1].text
    assert "我出发了" in now_of(scene.wang, accepted)  # what it says of the other visit is not written over

    me = person_of_technician(scene)
    now = scene.trade.clock.at + timedelta(hours=1)

    def finish(tx: Tx) -> None:
        photo = a_photo(tx, me, now=now)
        visit.finish(tx, serving.id, technician_id=scene.city.technician.id, photo_file_ids=(photo,), now=now)

    scene.trade.database.run(finish)
    await scene.tidies_up()
    assert with_button(scene.wang, "完成服务") == []
    assert "我出发了" in now_of(scene.wang, accepted)


async def test_a_step_shown_anew_is_taken_from_where_it_stood(open_door: Open, tmp_path: Path) -> None:
    scene, _, step = await in_service_and_offered(open_door, tmp_path)
    await scene.wang.presses("接单")
    await scene.settled()

    await scene.wang.says("今天的单")
    await scene.settled()

    assert now_of(scene.wang, step) == []
    assert len(with_button(scene.wang, "完成服务")) == 1


async def test_a_press_on_another_button_of_the_same_message_keeps_the_step_too(
    open_door: Open, tmp_path: Path
) -> None:
    scene, _, step = await in_service_and_offered(open_door, tmp_path)
    await scene.wang.says("今天的单")
    await scene.settled()
    (step,) = with_button(scene.wang, "完成服务")

    await scene.wang.presses("待接的单")
    await scene.settled()

    assert now_of(scene.wang, step) == ["完成服务"]
    assert scene.wang.messages[-1].message_id != step.message_id


def person_of_technician(scene: Scene) -> int:
    return scene.trade.database.read(lambda tx: person_of(tx, scene.city.technician.id))


def test_what_outlasts_its_question_is_paying_and_a_visits_next_step() -> None:
    step = {"type": "begin", "flow": "finish_visit", "values": {"order": 7}}
    rows = (
        (Button("付款", url="https://menling.example/pay/x", pays="x"), Button("导航", url="https://maps.example")),
        (
            Button("完成服务", step),
            Button("取消这单", step | {"flow": "cancel_order"}),
        ),
        (Button("我到了", {"type": "act", "verb": "arrive", "order_id": 8}), Button("旧的", {"type": "gone"})),
    )

    found = {(one.place, one.about, one.good_in) for one in lasting(Body("?", rows))}

    assert found == {
        (0, (None, "x"), OrderState.TO_PAY),
        (2, (7, None), OrderState.IN_SERVICE),
        (4, (8, None), OrderState.DEPARTED),
    }


async def test_buttons_about_no_order_are_not_looked_after(open_door: Open, tmp_path: Path) -> None:
    scene = await a_scene(open_door, tmp_path)
    now, who = scene.trade.clock.at, scene.city.technician.id
    me = person_of_technician(scene)
    facts = {"technician_id": who}
    scene.trade.database.run(lambda tx: tell(tx, me, Template.APPLICATION_REFUSED, dedupe="no", facts=facts, now=now))
    await scene.settled()

    assert with_button(scene.wang, "重新申请")
    assert scene.noted() == 0
