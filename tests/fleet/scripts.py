"""What the people of a fleet's town do, and how their orders must end."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

import httpx

from core.orders.states import OrderState
from tests.fleet.balancer import HOUSE
from tests.fleet.fleet import Fleet
from tests.fleet.phones import Phone
from tests.fleet.town import SERVICE, Worker

_ORDER_CODE: Final = re.compile(r"\b[2-9A-HJKMNP-Z]{6}\b")
_TRIES: Final = 60

T = TypeVar("T")


class Wish(StrEnum):
    """What a customer is after."""

    LOOKS = "asks what it costs and leaves"
    LEAVES_UNPAID = "books and does not pay"
    BOOKS = "books and pays, and is expected"
    CANCELS = "books, pays, is expected, and cancels"


ENDS: Final = {
    Wish.LEAVES_UNPAID: OrderState.TO_PAY,
    Wish.BOOKS: OrderState.ACCEPTED,
    Wish.CANCELS: OrderState.CANCELLED,
}


@dataclass(slots=True)
class Told:
    """What somebody's script came to: the order's code, and the state it must be in."""

    person_id: int
    wish: Wish
    code: str = ""

    @property
    def state(self) -> OrderState | None:
        """The state the order must end in; None where there is none."""
        return ENDS.get(self.wish)


async def lives(fleet: Fleet, phone: Phone, told: Told, worker: Worker, when: str) -> Told:
    """Do what is wished, with a technician who does their part; `when` is a day and an hour nobody else wants."""
    if told.wish is Wish.LOOKS:
        await phone.says(f"{SERVICE}多少钱")
        await phone.sees("198")
        return told
    told.code = await books(phone, worker, when)
    if told.wish is Wish.LEAVES_UNPAID:
        return told
    await pays(fleet, phone)
    await phone.is_told("收到 ¥", nudge="我的订单")
    await accepts(worker, told.code)
    await phone.is_told(f"{worker.name}接单了", nudge="我的订单")
    if told.wish is Wish.CANCELS:
        await cancels(phone, told.code)
    return told


async def books(phone: Phone, worker: Worker, when: str) -> str:
    """Book in one sentence and a yes; the order's code."""
    await phone.says(f"{when}想约{SERVICE}60分钟，{worker.name}")
    await phone.sees("请核对", worker.name)
    await phone.takes("确认下单", of="请核对")
    held = await phone.sees("请付款")
    code = _ORDER_CODE.search(held)
    assert code is not None, held
    return code[0]


async def pays(fleet: Fleet, phone: Phone) -> None:
    """Open the pay page and press its button, again when it breaks, as a person would."""
    link = HOUSE + phone.pay_path()
    page = await patiently(lambda: fleet.browser.get(link))
    assert page.status_code == 200, page.text
    paid = await patiently(lambda: fleet.browser.post(link, data={}, headers={"Origin": HOUSE}))
    assert paid.status_code in (200, 303), paid.text


async def accepts(worker: Worker, code: str) -> None:
    """See the offer and take it."""
    await worker.phone.is_told("新单", code, nudge="我的日程")
    await worker.phone.takes("接单", of=f"新单 {code}")
    await worker.phone.is_told("已接单", code, nudge="我的日程")


async def cancels(phone: Phone, code: str) -> None:
    """Cancel while it costs nothing, and get the money back."""
    await phone.says("取消")
    await phone.sees("全额退")
    await phone.takes("确认取消", of=code)
    await phone.is_told("已退回您的付款账户", nudge="我的订单")


async def patiently(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Ask again while nobody answers, or somebody who is about to."""
    for _ in range(_TRIES):
        try:
            answer = await ask()
        except httpx.TransportError:
            await asyncio.sleep(0.2)
            continue
        if answer.status_code < 500:
            return answer
        await asyncio.sleep(0.2)
    raise AssertionError("the house does not answer")
