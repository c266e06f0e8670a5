"""The worker performs what is due, asks again under the same number, and shows what will not go through."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import effects
from core.audit.tables import audit_line
from core.db import Database
from core.effects import EffectKind, EffectState
from core.money import refunds
from core.money.refunds import RefundState
from core.orders.paying import take_notice
from gateways import build_gateways
from gateways.ports import Done, Failed, Outcome, RefundOrder, Unknown
from gateways.sms import words_of
from tests.core.money.stories import said
from tests.gateways.world import World, in_a_world


def owes_a_refund(world: World) -> str:
    """Pay the order twice; the number of the refund that follows."""
    merchant = world.sandbox.merchant
    for _ in range(2):
        notice = said(world.story.payment, merchant=merchant)
        world.db.run(
            lambda tx, notice=notice: take_notice(  # type: ignore[misc]
                tx, notice, raw=b"", expected_merchant=merchant, now=world.clock.at
            )
        )
    (back,) = world.db.read(lambda tx: refunds.refunds_of(tx, world.story.order.id))
    return back.number


def refund_state(world: World) -> RefundState:
    (back,) = world.db.read(lambda tx: refunds.refunds_of(tx, world.story.order.id))
    return back.state


def test_a_refund_whose_answer_is_lost_is_asked_again_under_the_same_number(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[RefundOrder] = []
    answers: list[Outcome | Exception] = [TimeoutError(), Unknown("cut"), Failed("busy"), Done("SB-ref")]

    async def refund(order: RefundOrder) -> Outcome:
        asked.append(order)
        answer = answers[len(asked) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def tell(world: World) -> None:
        number = owes_a_refund(world)
        monkeypatch.setattr(world.sandbox, "refund", refund)
        while refund_state(world) is RefundState.WANTED:
            await world.works()
            world.real[0] += timedelta(seconds=5)

        assert {order.number for order in asked} == {number}
        assert len(asked) == 4
        assert refund_state(world) is RefundState.DONE

    in_a_world(db, tell)


def test_a_refund_that_never_goes_through_is_stuck_where_operators_see_it(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(order: RefundOrder) -> Outcome:
        return Failed("account closed")

    async def tell(world: World) -> None:
        number = owes_a_refund(world)
        monkeypatch.setattr(world.sandbox, "refund", refuse)
        for _ in range(20):
            await world.works()
            world.real[0] += timedelta(hours=2)

        assert refund_state(world) is RefundState.STUCK
        assert [one.number for one in db.read(effects.stuck_effects)] == [number]
        noted = [row.action for row in db.read(lambda tx: tx.all(select(audit_line.c.action)))]
        assert noted.count("effect.stuck") == 1

    in_a_world(db, tell)


def test_a_worker_that_died_after_the_call_is_followed_by_one_that_ends_the_same_refund(db: Database) -> None:
    async def tell(world: World) -> None:
        number = owes_a_refund(world)
        (claimed,) = db.run(
            lambda tx: effects.claim_due(tx, kinds=(EffectKind.REFUND,), real_now=world.real[0], most=1)
        )
        sent = await world.sandbox.refund(
            RefundOrder(number, claimed.facts["payment_number"], "T", claimed.facts["amount_minor"], "CNY")
        )
        assert isinstance(sent, Done)
        world.real[0] += effects.LEASE

        assert await world.works() == 1

        found = db.read(lambda tx: refunds.refund_by_number(tx, number))
        assert found is not None
        assert found.state is RefundState.DONE
        again = await world.sandbox.refund(RefundOrder(number, "P", "T", claimed.facts["amount_minor"], "CNY"))
        assert again == sent

    in_a_world(db, tell)


def test_a_result_that_cannot_be_written_stops_no_other_effect_and_ends_stuck(db: Database) -> None:
    async def tell(world: World) -> None:
        facts = {
            "provider": "sandbox",
            "payment_number": "P",
            "provider_txn": "T",
            "amount_minor": 1,
            "currency": "CNY",
        }
        db.run(
            lambda tx: effects.want(
                tx, EffectKind.REFUND, key="odd", number="R-ODD", facts=facts, now_real=world.real[0]
            )
        )
        owes_a_refund(world)
        assert await world.works() == 2
        assert refund_state(world) is RefundState.DONE

        for _ in range(20):
            world.real[0] += timedelta(hours=2)
            await world.works()
        assert [one.number for one in db.read(effects.stuck_effects)] == ["R-ODD"]

    in_a_world(db, tell)


def test_a_code_goes_out_once_and_is_forgotten(db: Database) -> None:
    async def tell(world: World) -> None:
        db.run(
            lambda tx: effects.want_sms(
                tx, phone="+8613800138000", code="482913", lang="zh-Hans", key="k", number="S1", now_real=world.real[0]
            )
        )
        assert await world.works() == 1
        assert await world.works() == 0

        assert world.sms.getvalue().count("482913") == 1
        kept = db.read(lambda tx: effects.effect_of(tx, EffectKind.SMS, "S1"))
        assert kept is not None
        assert (kept.state, dict(kept.facts)) == (EffectState.DONE, {})

    in_a_world(db, tell)


def test_a_code_is_written_in_the_persons_language() -> None:
    assert words_of(effects.Sms("+44", "123456", "en")).startswith("Menling: your code is 123456")
    assert words_of(effects.Sms("+86", "123456", "zh-Hans")).startswith("【门铃】验证码 123456")
    assert words_of(effects.Sms("+886", "123456", "zh-Hant")).startswith("【門鈴】驗證碼 123456")


def test_unsafe_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="no payment provider stripe"):
        build_gateways(payments="stripe", secret=b"x" * 32, callback_base="http://127.0.0.1")
    with pytest.raises(ValueError, match="too short"):
        build_gateways(secret=b"short", callback_base="http://127.0.0.1")
