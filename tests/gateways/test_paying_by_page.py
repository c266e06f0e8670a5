"""From the link in the chat to the paid order: the page, the sandbox's signed notice, and every bad day in between."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import people
from core.db import Database
from core.effects import EffectKind, EffectState, effect_of
from core.money import ledger, refunds
from core.money.payments import PaymentState
from core.money.refunds import RefundState
from core.money.tables import provider_event
from core.orders.cancelling import cancel, consequence
from core.orders.moves import load
from core.orders.paying import take_notice
from core.orders.states import OrderState
from gateways.ports import Charge
from gateways.sandbox import Manner
from tests.core.money.stories import AFTER_DEADLINE, another_link, expires, order_now, payments_now, said
from tests.gateways.world import World, in_a_world


def state(world: World) -> OrderState:
    return order_now(world.db, world.story).state


def test_the_page_shows_what_is_paid_and_nothing_a_stranger_could_use(db: Database) -> None:
    async def tell(world: World) -> None:
        page = await world.client.get(world.path)

        assert page.status_code == 200
        for part in (
            world.story.order.code,
            "肩颈舒缓",
            "60 分钟",
            "3月11日 周三 10:00",
            "锦江区",
            "服务费",
            "¥198.00",
        ):
            assert part in page.text
        for part in ("新客券", "−¥20.00", "支付 ¥", "请在 10:15 前支付", 'data-seconds="900"', "不会真实扣款"):
            assert part in page.text
        for secret in ("13800138000", "望京花园", "1201", "王小姐", world.story.order.start_code):
            assert secret not in page.text

    in_a_world(db, tell)


def test_the_page_speaks_the_customers_language_or_the_one_asked_for(db: Database) -> None:
    async def tell(world: World) -> None:
        english = (await world.client.get(f"{world.path}?lang=en")).text
        assert "Pay ¥" in english
        assert "Wed 11 Mar, 10:00" in english
        assert "Neck and shoulder relief" in english
        traditional = (await world.client.get(f"{world.path}?lang=zh-Hant")).text
        assert "新客優惠券" in traditional
        assert "¥198.00" in traditional
        assert "CN¥" not in traditional

        db.run(lambda tx: people.set_language(tx, world.story.order.person_id, "en"))
        assert "Review and pay" in (await world.client.get(world.path)).text
        assert "确认并支付" in (await world.client.get(f"{world.path}?lang=zh-Hans")).text
        assert "Review and pay" in (await world.client.get(f"{world.path}?lang=<script>")).text

    in_a_world(db, tell)


def test_the_page_loads_nothing_from_elsewhere_and_cannot_be_framed(db: Database) -> None:
    async def tell(world: World) -> None:
        page = await world.client.get(world.path)

        policy = page.headers["content-security-policy"]
        nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
        assert nonce is not None
        assert page.text.count(f'nonce="{nonce[1]}"') == 2
        assert "frame-ancestors 'none'" in policy
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "same-origin"
        assert not re.search(r'(src|href)="https?:', page.text)

    in_a_world(db, tell)


def test_pressing_pay_books_the_order_by_a_signed_notice(db: Database) -> None:
    async def tell(world: World) -> None:
        await world.client.get(world.path)
        answer = await world.pays()

        assert (answer.status_code, answer.headers["location"]) == (303, f"{world.path}?checking=1")
        assert state(world) is OrderState.TO_ACCEPT
        assert "支付成功" in (await world.client.get(f"{world.path}?checking=1")).text
        assert db.read(ledger.check) == []

    in_a_world(db, tell)


def test_while_the_notice_is_on_its_way_the_page_waits_and_then_lets_go(db: Database) -> None:
    async def tell(world: World) -> None:
        await world.pays("lost")

        waiting = (await world.client.get(f"{world.path}?checking=3&lang=en")).text
        assert "Confirming your payment" in waiting
        assert 'content="2;url=?checking=4&amp;lang=en"' in waiting
        assert "<button" not in waiting
        tired = (await world.client.get(f"{world.path}?checking=11&lang=en")).text
        assert "Still waiting" in tired
        assert 'http-equiv="refresh"' not in tired

    in_a_world(db, tell)


def test_a_lost_notice_is_healed_by_the_query_within_ten_minutes(db: Database) -> None:
    async def tell(world: World) -> None:
        await world.client.get(world.path)
        started = world.real[0]
        world.real[0] = started + timedelta(minutes=1)
        assert await world.works() == 1
        assert state(world) is OrderState.TO_PAY
        await world.pays("lost")
        paid_at = world.real[0]

        while state(world) is OrderState.TO_PAY:
            world.real[0] += timedelta(seconds=30)
            await world.works()

        assert world.real[0] - paid_at <= timedelta(minutes=10)
        assert state(world) is OrderState.TO_ACCEPT
        world.real[0] += timedelta(days=2)
        assert await world.works() == 0

    in_a_world(db, tell)


def test_who_comes_back_from_paying_has_the_provider_asked_within_seconds(db: Database) -> None:
    async def tell(world: World) -> None:
        await world.client.get(world.path)
        await world.pays("lost")
        await world.client.get(f"{world.path}?checking=1")
        assert await world.works() == 0

        await world.client.get(f"{world.path}?checking=2")
        assert await world.works() == 1

        assert state(world) is OrderState.TO_ACCEPT
        await world.client.get(f"{world.path}?checking=5")
        assert await world.works() == 0

    in_a_world(db, tell)


def test_a_query_for_what_nobody_pays_ends_a_day_after_the_deadline(db: Database) -> None:
    async def tell(world: World) -> None:
        await world.client.get(world.path)
        number = world.story.payment.number
        asked = 0
        for _ in range(60):
            world.real[0] += timedelta(hours=1)
            world.clock.at += timedelta(hours=1)
            asked += await world.works()

        found = db.read(lambda tx: effect_of(tx, EffectKind.PROVIDER_QUERY, number))
        assert found is not None
        assert found.state is EffectState.DONE
        assert 20 < asked < 30

    in_a_world(db, tell)


def test_a_repeated_notice_changes_nothing(db: Database) -> None:
    async def tell(world: World) -> None:
        await world.pays("repeated")

        assert state(world) is OrderState.TO_ACCEPT
        assert len(db.read(lambda tx: tx.all(select(provider_event.c.id)))) == 1

    in_a_world(db, tell)


def test_a_double_charge_is_refunded_by_the_worker(db: Database) -> None:
    async def tell(world: World) -> None:
        await world.client.get(world.path)
        await world.pays("twice")
        (back,) = db.read(lambda tx: refunds.refunds_of(tx, world.story.order.id))
        assert back.state is RefundState.WANTED

        assert await world.works() == 1

        (back,) = db.read(lambda tx: refunds.refunds_of(tx, world.story.order.id))
        assert back.state is RefundState.DONE
        assert state(world) is OrderState.TO_ACCEPT
        assert db.read(ledger.check) == []
        assert await world.works() == 0

    in_a_world(db, tell)


def test_a_wrong_amount_is_set_aside_and_the_page_says_so(db: Database) -> None:
    async def tell(world: World) -> None:
        await world.pays("wrong_amount")

        assert state(world) is OrderState.TO_PAY
        page = (await world.client.get(world.path)).text
        assert "需要人工核对" in page
        assert "<button" not in page

    in_a_world(db, tell)


def test_money_after_a_cancel_comes_back_and_the_page_follows_it(db: Database) -> None:
    async def tell(world: World) -> None:
        story = world.story
        db.run(
            lambda tx: cancel(
                tx,
                story.order.id,
                person_id=story.order.person_id,
                shown=consequence(tx, load(tx, story.order.id), world.clock.at),
                now=world.clock.at,
            )
        )
        assert "订单已取消" in (await world.client.get(world.path)).text
        await world.sandbox.provider.charge(charge_of(world), Manner.NORMAL)
        await world.sandbox.provider.settle_down()

        assert "正在退款" in (await world.client.get(world.path)).text
        await world.works()
        assert "已退款" in (await world.client.get(world.path)).text
        assert payments_now(db, story)[0].state is PaymentState.REFUNDED

    def charge_of(world: World) -> Charge:
        made = world.story.payment
        return Charge(made.number, made.amount_minor, made.currency, made.expires_at)

    in_a_world(db, tell)


def test_after_the_deadline_the_page_takes_no_money(db: Database) -> None:
    async def tell(world: World) -> None:
        world.clock.at = AFTER_DEADLINE
        assert "支付时间已过" in (await world.client.get(world.path)).text
        assert (await world.pays()).headers["location"] == world.path
        assert expires(db) == 1
        assert "支付时间已过" in (await world.client.get(world.path)).text
        assert payments_now(db, world.story)[0].state is PaymentState.EXPIRED

    in_a_world(db, tell)


@pytest.mark.parametrize("token", ["x", "A" * 24, "A" * 300, "%00" * 20, "..%2f..%2fetc", "门铃门铃门铃门铃门铃门铃"])
def test_an_unknown_link_is_a_clear_page(db: Database, token: str) -> None:
    async def tell(world: World) -> None:
        page = await world.client.get(f"/pay/{token}", headers={"accept-language": "zh-CN,zh"})
        posted = await world.client.post(f"/pay/{token}")

        if "%2f" not in token:
            assert "没有找到这笔订单" in page.text
        assert (page.status_code, posted.status_code) == (404, 404)

    in_a_world(db, tell)


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_a_form_from_another_site_is_refused(db: Database, headers: dict[str, str]) -> None:
    async def tell(world: World) -> None:
        assert (await world.client.post(world.path, headers=headers)).status_code == 403
        await world.sandbox.provider.settle_down()
        assert state(world) is OrderState.TO_PAY

    in_a_world(db, tell)


def test_our_own_form_and_an_odd_one_are_taken_for_what_they_are(db: Database) -> None:
    async def tell(world: World) -> None:
        assert (await world.client.post(world.path, content=b"x" * 2000)).status_code == 413
        own = {"origin": "http://menling.test", "sec-fetch-site": "same-origin"}
        answer = await world.client.post(f"{world.path}?lang=en", headers=own, content=b"manner=\xff\xfe&a=b")
        await world.sandbox.provider.settle_down()

        assert answer.headers["location"] == f"{world.path}?checking=1&lang=en"
        assert state(world) is OrderState.TO_ACCEPT

    in_a_world(db, tell)


def test_a_provider_that_is_down_leaves_a_page_that_says_so(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def tell(world: World) -> None:
        async def down(*_: object) -> None:
            raise ConnectionError

        with monkeypatch.context() as patch:
            patch.setattr(world.sandbox, "pay", down)
            answer = await world.pays()
            assert answer.headers["location"] == f"{world.path}?trouble=1"
            page = (await world.client.get(answer.headers["location"])).text
            assert "支付暂时没有连上" in page
            assert "<button" in page
            patch.setattr(world.sandbox, "prepare", down)
            assert "支付暂时没有连上" in (await world.client.get(world.path)).text
        assert "确认并支付" in (await world.client.get(world.path)).text

    in_a_world(db, tell)


def test_the_sandbox_remembers_a_payment_across_a_restart(db: Database, tmp_path: Path) -> None:
    book = tmp_path / "sandbox.jsonl"
    numbers: list[str] = []

    async def before(world: World) -> None:
        await world.pays("lost")
        numbers.append(world.story.payment.number)
        with book.open("ab") as torn:
            torn.write(b'{"event_id": "EV')

    async def after(world: World) -> None:
        found = await world.sandbox.query(numbers[0])
        assert found is not None
        assert found.number == numbers[0]
        assert await world.sandbox.query("P-none") is None
        await world.pays("lost")
        numbers.append(world.story.payment.number)

    async def once_more(world: World) -> None:
        assert len([number for number in numbers if await world.sandbox.query(number)]) == 2

    in_a_world(db, before, book=book)
    in_a_world(db, after, book=book)
    in_a_world(db, once_more, book=book)


def test_a_link_paid_by_another_route_shows_the_order_as_paid(db: Database) -> None:
    async def tell(world: World) -> None:
        story = world.story
        second = db.run(lambda tx: another_link(tx, story, world.clock.at))
        notice = said(second, merchant=world.sandbox.merchant)
        db.run(
            lambda tx: take_notice(tx, notice, raw=b"", expected_merchant=world.sandbox.merchant, now=world.clock.at)
        )

        assert "支付成功" in (await world.client.get(world.path)).text

    in_a_world(db, tell)


def test_where_the_bill_in_the_chat_is_the_only_way_the_page_leads_to_it_and_asks_nobody(db: Database) -> None:
    async def tell(world: World) -> None:
        way = f'href="https://t.me/menling_bot?start=o_{world.story.order.code}"'
        said_in = {"zh-Hans": "请在 Telegram 里付款", "zh-Hant": "請在 Telegram 裡付款", "en": "Please pay in Telegram"}
        for lang, words in said_in.items():
            page = (await world.client.get(f"{world.path}?lang={lang}")).text
            assert words in page
            assert way in page
            assert "<button" not in page
        assert (await world.client.post(world.path, data={"manner": "normal"})).headers["location"] == world.path
        assert state(world) is OrderState.TO_PAY
        assert payments_now(world.db, world.story)[0].provider is None
        assert db.read(lambda tx: effect_of(tx, EffectKind.PROVIDER_QUERY, world.story.payment.number)) is None

        world.clock.at = AFTER_DEADLINE
        expires(world.db)
        page = (await world.client.get(world.path)).text
        assert "支付时间已过" in page
        assert way not in page

    in_a_world(db, tell, bot="https://t.me/menling_bot")
