"""What the people of a fleet's town do, and how their orders must end."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final, TypeVar

import httpx

from core.orders.states import OrderState
from tests.fleet.balancer import HOUSE
from tests.fleet.fleet import Fleet
from tests.fleet.phones import Phone
from tests.fleet.town import SERVICE, Worker

_ORDER_CODE: Final = re.compile(r"\b[2-9A-HJKMNP-Z]{6}\b")
_START_CODE: Final = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_TIMES_ASKED: Final = 3
_TRIES: Final = 60
_LOOKS: Final = 11
_BETWEEN_LOOKS: Final = 2.0

T = TypeVar("T")


class Wish(StrEnum):
    """What a customer is after."""

    LOOKS = "asks what it costs and leaves"
    LEAVES_UNPAID = "books and does not pay"
    BOOKS = "books and pays, and is expected"
    CANCELS = "books, pays, is expected, and cancels"
    MOVES = "books, pays, and agrees on another time"
    IS_VISITED = "books, pays, is visited, and says that all is well"


ENDS: Final[Mapping[Wish, frozenset[OrderState]]] = {
    Wish.LEAVES_UNPAID: frozenset({OrderState.TO_PAY, OrderState.EXPIRED}),
    Wish.BOOKS: frozenset({OrderState.ACCEPTED}),
    Wish.CANCELS: frozenset({OrderState.CANCELLED}),
    Wish.MOVES: frozenset({OrderState.ACCEPTED}),
    Wish.IS_VISITED: frozenset({OrderState.CONFIRMED}),
}


@dataclass(slots=True)
class Told:
    """What somebody's script came to: the order's code, and the states it may be in."""

    person_id: int
    wish: Wish
    code: str = ""

    @property
    def states(self) -> frozenset[OrderState]:
        """The states the order may end in; none where there is no order."""
        return ENDS.get(self.wish, frozenset())


async def lives(fleet: Fleet, phone: Phone, told: Told, worker: Worker, when: str) -> Told:
    """Do what is wished, with a technician who does their part; `when` is a day and an hour nobody else wants."""
    if told.wish is Wish.LOOKS:
        await phone.says(f"{SERVICE}多少钱")
        await phone.sees("198")
        return told
    await asks(phone, worker, when)
    return await goes_on(fleet, phone, told, worker)


async def goes_on(fleet: Fleet, phone: Phone, told: Told, worker: Worker) -> Told:
    """Do the rest of what is wished, from the summary on."""
    told.code = await confirms(phone)
    if told.wish is Wish.LEAVES_UNPAID:
        return told
    await pays(fleet, phone)
    await phone.is_told("收到 ¥", nudge="我的订单")
    await accepts(worker, told.code)
    await phone.is_told(f"{worker.name}接单了", nudge="我的订单")
    if told.wish is Wish.CANCELS:
        await cancels(phone, told.code)
    return told


async def asks(phone: Phone, worker: Worker, when: str) -> None:
    """Ask for a visit in one sentence, and see its summary."""
    await phone.says(f"{when}想约{SERVICE}60分钟，{worker.name}")
    await phone.sees("请核对", worker.name)


async def confirms(phone: Phone) -> str:
    """Say yes to the summary; the order's code."""
    before = len(phone.lines())
    await _insists(phone, "确认下单", of="请核对")
    held = await phone.is_told("请付款", nudge="再说一遍", since=before)  # who had to press twice may know already
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
    for look in range(1, _LOOKS):  # the page looks again by itself, and has the provider asked when no notice comes
        page = await patiently(partial(fleet.browser.get, f"{link}?checking={look}"))
        if "checking=" not in page.text:
            return
        await asyncio.sleep(_BETWEEN_LOOKS)


async def accepts(worker: Worker, code: str) -> None:
    """See the offer and take it."""
    async with worker.hands:
        await worker.phone.is_told("新单", code, nudge="我的日程")
        await worker.phone.takes("接单", of=f"新单 {code}")
        await worker.phone.sees(code)  # 已接单, or where WeChat had it told twice, the visit as it stands


async def cancels(phone: Phone, code: str) -> None:
    """Cancel while it costs nothing, and get the money back."""
    await phone.says("取消")
    await phone.sees("全额退")
    await _insists(phone, "确认取消", of=code)
    await phone.is_told("已退回您的付款账户", nudge="我的订单")


async def moves(phone: Phone, worker: Worker, code: str, when: str) -> None:
    """Ask for another time; the technician agrees."""
    await phone.says(f"{code} 改到{when}")
    await phone.sees("改成")
    async with worker.hands:
        before = len(worker.phone.lines())
        await phone.says("好的")
        await worker.phone.is_told("改个时间", nudge="我的日程", since=before)
        await worker.phone.takes("同意", of="改个时间")
    await phone.is_told("改好了", nudge="我的订单")


async def sets_out(phone: Phone, worker: Worker, code: str) -> None:
    """Be reminded, set out and arrive; the customer is told, and has the code to begin with."""
    async with worker.hands:
        await worker.phone.is_told("该出发了", code, nudge="我的日程")
        await worker.phone.takes("我出发了", of=code)
        await worker.phone.takes("我到了")
        await worker.phone.sees("已告诉顾客您到了")
    await phone.is_told("出发了，预计", nudge="我的订单")
    await phone.is_told("开工码", nudge="我的订单")


async def begins(phone: Phone, worker: Worker) -> None:
    """Tell the code; the technician types it."""
    told = await phone.is_told("开工码", nudge="我的订单")
    async with worker.hands:
        await worker.phone.says(_START_CODE.findall(told)[-1])
        await worker.phone.sees("完成服务")
    await phone.is_told("服务已开始", nudge="我的订单")


async def finishes(phone: Phone, worker: Worker) -> None:
    """Finish with a picture; the customer says that all is well."""
    async with worker.hands:
        await worker.phone.says("完成服务")
        await worker.phone.sees("完工照片")
        await worker.phone.photo()
        await worker.phone.takes("发好了")
        await worker.phone.sees("辛苦了")
    await phone.is_told("做完了", nudge="我的订单")
    await phone.takes("确认完成", of="做完了")
    await phone.is_told("评个分", nudge="我的订单")


async def _insists(phone: Phone, label: str, *, of: str) -> None:
    """Take a choice, and again where the question has come anew: who said a thing twice was asked twice."""
    for _ in range(_TIMES_ASKED):
        await phone.takes(label, of=of)
        if "过期了" not in await phone.sees(""):
            return


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
