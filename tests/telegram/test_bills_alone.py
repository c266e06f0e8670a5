"""Where the bill in the chat is the only way to pay it is owed before its words are said, and comes in any case."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bots.telegram import bills
from bots.telegram.bills import Bills
from core import effects
from core.db import DatabaseBusy
from core.effects import EffectKind
from core.errors import NotFound
from core.money.payments import PaymentState
from dialogs.outgoing import Later
from tests.telegram.conftest import Open
from tests.telegram.test_bills import PROVIDER, Till, a_till

pytestmark = pytest.mark.anyio


async def a_house(open_door: Open, folder: Path) -> Till:
    return await a_till(open_door, folder, bills_alone=True)


async def _dies(*_: object) -> None:
    """End between the words and their bill."""


async def words_without_their_bill(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """Say "please pay" in a process that ends before the bill, and let another look after what is owed."""
    monkeypatch.setattr(bills, "_OWED_AFTER", timedelta())  # which is half a minute in the world
    with monkeypatch.context() as killed:
        killed.setattr(Bills, "_hasten", _dies)
        await till.shows()
    assert [one.text for one in till.anna.messages] == ["请付款"]
    assert till.bills == []
    await till.opened.door.show_bills()
    assert len(till.bills) == 1


async def show_in_a_minute(till: Till) -> None:
    """Show what is owed as it will be done in a minute."""
    later = datetime.now(UTC) + timedelta(minutes=1)
    kinds = (EffectKind.BILL,)
    while owed := till.trade.database.run(lambda tx: effects.claim_due(tx, kinds=kinds, real_now=later, most=1)):
        await till.opened.door._bills._show(owed[0])


async def test_a_process_that_ends_between_the_words_and_the_bill_leaves_the_bill_to_another(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = await a_house(open_door, tmp_path)

    await words_without_their_bill(till, monkeypatch)

    assert await till.opened.door.show_bills() == 0
    assert len(till.bills) == 1
    assert (await till.anna.pays(till.bills[0].message_id)).accepted
    await till.settled()
    assert till.paid()[0].state is PaymentState.PAID


async def test_a_bill_that_is_not_owed_before_its_words_would_never_come(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def said_only(*_: object) -> bool:
        return True

    monkeypatch.setattr(Bills, "owe", said_only)
    till = await a_house(open_door, tmp_path)
    with pytest.raises(AssertionError):
        await words_without_their_bill(till, monkeypatch)


async def test_while_the_database_is_busy_nobody_is_asked_to_pay_without_a_way_to(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = await a_house(open_door, tmp_path)

    async def away(_: object) -> None:
        raise DatabaseBusy("away")

    with monkeypatch.context() as patched:
        patched.setattr(till.trade.real.db, "arun", away)
        assert isinstance(await till.opened.door.deliver(till.message()), Later)

    assert till.anna.messages == []
    await till.shows()
    assert len(till.bills) == 1


async def test_a_bill_telegram_cannot_take_just_now_comes_later_by_itself(open_door: Open, tmp_path: Path) -> None:
    till = await a_house(open_door, tmp_path)
    till.opened.sim.fail_next("sendInvoice", "502")

    await till.shows()
    assert till.bills == []
    await show_in_a_minute(till)

    assert len(till.bills) == 1
    assert till.opened.door.troubles() == {}


async def test_a_bill_telegram_refuses_is_an_operators_until_one_gets_through(open_door: Open, tmp_path: Path) -> None:
    till = await a_house(open_door, tmp_path)
    till.opened.door._bills.token = ""  # what the simulator refuses as Telegram does: PAYMENT_PROVIDER_INVALID

    await till.shows()

    (cause,) = till.opened.door.troubles()
    assert cause == "telegram:bell:bills"
    assert [one.text for one in till.anna.messages][1:] == ["账单暂时发不出来，已经请同事处理，一好就发给您。"]
    waiting = till.trade.database.read(lambda tx: effects.effect_of(tx, EffectKind.BILL, till.payment.number))
    assert waiting is not None
    assert (waiting.state, waiting.attempts) == ("waiting", 1)

    till.opened.door._bills.token = PROVIDER
    await show_in_a_minute(till)
    assert len(till.bills) == 1
    assert till.opened.door.troubles() == {}


async def test_a_bill_refused_in_whatever_words_is_said_to_be_late_and_comes_once(
    open_door: Open, tmp_path: Path
) -> None:
    till = await a_house(open_door, tmp_path)
    till.opened.sim.fail_next("sendInvoice", "400", times=2, description="chat not found")

    await till.shows()
    till.opened.door._bills._sent.clear()  # which is some seconds later in the world
    await till.opened.door.deliver(msgspec.structs.replace(till.message(), message_id=36**5 + 1))  # "where do I pay?"
    await asyncio.gather(*till.opened.door._background)

    late = "账单暂时发不出来，已经请同事处理，一好就发给您。"
    assert [one.text for one in till.anna.messages] == ["请付款", late, "请付款", late]
    await show_in_a_minute(till)
    assert len(till.bills) == 1
    assert till.opened.door.troubles() == {}


@pytest.mark.parametrize(("also", "comes"), [("429", 1), ("400", 0)])
async def test_a_bill_is_given_up_only_where_nobody_hears_that_it_is_late_either(
    open_door: Open, tmp_path: Path, also: str, comes: int
) -> None:
    till = await a_house(open_door, tmp_path)
    till.opened.sim.fail_next("sendInvoice", "400", description="chat not found")
    assert await till.opened.door._bills.owe(till.message())
    till.opened.sim.fail_next("sendMessage", also)

    await show_in_a_minute(till)

    assert len(till.bills) == comes


async def test_who_has_blocked_the_bot_is_owed_no_bill(open_door: Open, tmp_path: Path) -> None:
    till = await a_house(open_door, tmp_path)
    till.opened.sim.fail_next("sendInvoice", "403")

    await till.shows()
    await show_in_a_minute(till)

    assert [one.text for one in till.anna.messages] == ["请付款"]
    assert till.opened.door.troubles() == {}


async def test_a_bill_nobody_can_pay_any_more_is_not_shown_late(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = await a_house(open_door, tmp_path)
    monkeypatch.setattr(bills, "_OWED_AFTER", timedelta())
    monkeypatch.setattr(Bills, "_hasten", _dies)
    await till.shows()
    till.trade.clock.at = till.payment.expires_at

    assert await till.opened.door.show_bills() == 1

    assert till.bills == []
    assert await till.opened.door.show_bills() == 0


async def test_a_bill_that_cannot_be_put_into_words_neither_stops_others_nor_comes_back_for_ever(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise NotFound(kind="option")

    till = await a_house(open_door, tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(bills, "_words", unknown)
        await till.shows()

    assert till.bills == []
    tried = till.trade.database.read(lambda tx: effects.effect_of(tx, EffectKind.BILL, till.payment.number))
    assert tried is not None
    assert (tried.state, tried.attempts, tried.why) == ("waiting", 1, "NotFound")
    await show_in_a_minute(till)
    assert len(till.bills) == 1
