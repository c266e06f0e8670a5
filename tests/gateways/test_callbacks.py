"""A callback is believed for its signature alone, answered after the commit, and never with a server error (R34)."""

import json
import random
from datetime import timedelta

from sqlalchemy import select

from core.db import Database
from core.money.tables import provider_event
from core.orders.states import OrderState
from gateways.sandbox import sandbox_key, signed_headers
from gateways.sandbox.provider import MERCHANT
from tests.core.money.stories import order_now
from tests.gateways.world import SECRET, World, in_a_world

KEY = sandbox_key(SECRET)


def body_for(world: World, **changes: object) -> bytes:
    payment = world.story.payment
    facts = {
        "event_id": "EV1",
        "kind": "paid",
        "number": payment.number,
        "txn": "SB1",
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "merchant": MERCHANT,
        "at": "2026-03-10T02:00:00Z",
    }
    return json.dumps(facts | changes).encode()


def events(db: Database) -> int:
    return len(db.read(lambda tx: tx.all(select(provider_event.c.id))))


def test_a_signed_callback_is_acted_on_and_answered_with_204(db: Database) -> None:
    async def tell(world: World) -> None:
        body = body_for(world)
        headers = signed_headers(KEY, body, real_now=world.real[0])

        for _ in range(3):
            answer = await world.client.post("/callbacks/sandbox", content=body, headers=headers)
            assert answer.status_code == 204

        assert order_now(db, world.story).state is OrderState.TO_ACCEPT
        assert events(db) == 1

    in_a_world(db, tell)


def test_a_replay_after_the_window_is_refused(db: Database) -> None:
    async def tell(world: World) -> None:
        body = body_for(world)
        headers = signed_headers(KEY, body, real_now=world.real[0])
        world.real[0] += timedelta(seconds=301)

        assert (await world.client.post("/callbacks/sandbox", content=body, headers=headers)).status_code == 401
        assert events(db) == 0

    in_a_world(db, tell)


def test_unknown_providers_large_bodies_and_other_methods_have_clear_answers(db: Database) -> None:
    async def tell(world: World) -> None:
        assert (await world.client.post("/callbacks/nobody", content=b"{}")).status_code == 404
        assert (await world.client.post("/callbacks/sandbox", content=b"x" * 70_000)).status_code == 413
        assert (await world.client.get("/callbacks/sandbox")).status_code == 405

    in_a_world(db, tell)


def test_five_hundred_forgeries_have_no_effect_and_cause_no_server_error(db: Database) -> None:
    async def tell(world: World) -> None:
        dice = random.Random(7)
        body = body_for(world)
        statuses = set()
        for _ in range(500):
            forged = bytearray(body)
            headers = signed_headers(KEY, body, real_now=world.real[0])
            match dice.randrange(5):
                case 0:
                    forged[dice.randrange(len(forged))] ^= 1 << dice.randrange(8)
                case 1:
                    headers.pop(dice.choice(["sandbox-timestamp", "sandbox-nonce", "sandbox-signature"]))
                case 2:
                    headers |= {"sandbox-signature": dice.randbytes(64).hex()}
                case 3:
                    headers |= {"sandbox-timestamp": str(dice.randrange(10**10))}
                case _:
                    headers = signed_headers(sandbox_key(dice.randbytes(32)), body, real_now=world.real[0])
            answer = await world.client.post("/callbacks/sandbox", content=bytes(forged), headers=headers)
            statuses.add(answer.status_code)

        assert statuses == {401}
        assert events(db) == 0
        assert order_now(db, world.story).state is OrderState.TO_PAY

    in_a_world(db, tell)


def test_a_signed_notice_for_another_merchant_is_a_case_and_not_an_error(db: Database) -> None:
    async def tell(world: World) -> None:
        body = body_for(world, merchant="somebody-else")
        headers = signed_headers(KEY, body, real_now=world.real[0])

        assert (await world.client.post("/callbacks/sandbox", content=body, headers=headers)).status_code == 204
        assert order_now(db, world.story).state is OrderState.TO_PAY

    in_a_world(db, tell)
