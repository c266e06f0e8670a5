"""From a chat to the pay page by WeChat's web login: the page knows who pays, and nobody is led anywhere else."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bots.wechat import Capabilities
from core import payers
from core.db import Database
from dialogs.outgoing import Body, Button
from simulators.wechat.fan import OPENID_COOKIE, Fan
from tests.wechat.conftest import Open, Opened, RowReception
from tests.wechat.test_coming_in import a_follower

pytestmark = pytest.mark.anyio
_OAUTH = Capabilities(oauth=True)
_PAY = "pay-token-0123456789"


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    """A browser that follows nothing by itself."""
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False) as client:
        yield client


async def led_back(opened: Opened, browser: httpx.AsyncClient, fan: Fan) -> str:
    """Open a pay link as this person; the address WeChat leads back to."""
    away = await browser.get(f"{opened.url}/wechat/bell/pay/{_PAY}")
    assert away.status_code == 302
    browser.cookies.set(OPENID_COOKIE, fan.openid)
    login = await browser.get(away.headers["location"])
    return login.headers["location"]


def payer_in(db: Database, response: httpx.Response, at: datetime | None = None) -> str | None:
    told = response.cookies.get(payers.COOKIE, "")
    now = at or datetime.now(UTC)
    return db.read(lambda tx: payers.read_payer(tx, told, real_now=now)) if told else None


async def test_the_link_in_the_chat_leads_by_the_login_to_the_page_with_the_payers_openid(
    open_door: Open, browser: httpx.AsyncClient
) -> None:
    button = Button("支付 ¥260", url=f"https://menling.example/pay/{_PAY}", pays=_PAY)
    opened = await open_door(RowReception(script=lambda _: [Body("请支付", ((button,),))]), capabilities=_OAUTH)
    fan = a_follower(opened)
    await fan.says("付款")
    seen = await fan.sees("请支付")

    back = await led_back(opened, browser, fan)
    response = await browser.get(back)

    assert f"{opened.url}/wechat/bell/pay/{_PAY}" in seen.text
    assert (response.status_code, response.headers["location"]) == (303, f"/pay/{_PAY}")
    assert payer_in(opened.db, response) == fan.openid
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert fan.openid not in cookie


async def test_the_login_asks_for_nothing_but_who_it_is_and_comes_back_to_us(
    open_door: Open, browser: httpx.AsyncClient
) -> None:
    opened = await open_door(capabilities=_OAUTH)

    away = await browser.get(f"{opened.url}/wechat/bell/pay/{_PAY}?redirect_uri=https://evil.example")

    address = urlsplit(away.headers["location"])
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert asked["scope"] == "snsapi_base"
    assert asked["redirect_uri"] == f"{opened.url}/wechat/bell/pay/{_PAY}/back"
    assert asked["state"].isalnum()
    assert len(asked["state"]) <= 128
    assert address.fragment == "wechat_redirect"


async def test_outside_wechat_the_page_opens_at_once(open_door: Open, browser: httpx.AsyncClient) -> None:
    opened = await open_door(capabilities=_OAUTH, web_base="https://open.weixin.qq.com")
    url = f"{opened.url}/wechat/bell/pay/{_PAY}"

    outside = await browser.get(url)
    inside = await browser.get(url, headers={"User-Agent": "Mozilla/5.0 MicroMessenger/8.0"})

    assert (outside.status_code, outside.headers["location"]) == (303, f"/pay/{_PAY}")
    assert inside.headers["location"].startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=")


@pytest.mark.parametrize("spoilt", ["state", "browser", "code", "token", "late"])
async def test_a_login_that_is_not_this_browsers_own_gives_no_payer(
    open_door: Open, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, spoilt: str
) -> None:
    if spoilt == "late":
        monkeypatch.setattr("bots.wechat.paying._STATE_LASTS", timedelta(seconds=-1))
    opened = await open_door(capabilities=_OAUTH)
    back = await led_back(opened, browser, a_follower(opened))
    if spoilt == "browser":
        browser.cookies.clear()
    address = {
        "state": back.replace("state=", "state=1"),
        "code": back.replace("code=", "code=x"),
        "token": back.replace(_PAY, "other-token-0123456789"),
    }.get(spoilt, back)

    response = await browser.get(address)

    assert response.status_code == 303
    assert response.headers["location"].startswith("/pay/")
    assert payer_in(opened.db, response) is None


async def test_a_code_counts_once(open_door: Open, browser: httpx.AsyncClient) -> None:
    opened = await open_door(capabilities=_OAUTH)
    cookies = None
    back = await led_back(opened, browser, a_follower(opened))
    cookies = httpx.Cookies(browser.cookies)
    first = await browser.get(back)
    browser.cookies = cookies

    again = await browser.get(back)

    assert payer_in(opened.db, first) is not None
    assert payer_in(opened.db, again) is None


async def test_a_wechat_that_is_away_does_not_keep_anybody_from_paying(
    open_door: Open, browser: httpx.AsyncClient
) -> None:
    opened = await open_door(capabilities=_OAUTH)
    back = await led_back(opened, browser, a_follower(opened))
    await opened.sim.stop()

    response = await browser.get(back)

    assert (response.status_code, response.headers["location"]) == (303, f"/pay/{_PAY}")


@pytest.mark.parametrize("path", ["/wechat/bell/pay/short", "/wechat/other/pay/" + _PAY, "/wechat/bell/pay/..%2Fadmin"])
async def test_only_our_own_links_lead_anywhere(open_door: Open, browser: httpx.AsyncClient, path: str) -> None:
    opened = await open_door(capabilities=_OAUTH)

    assert (await browser.get(opened.url + path)).status_code == 404
    assert (await browser.get(opened.url + path + "/back")).status_code == 404


async def test_without_the_login_links_lead_straight_to_the_page(open_door: Open, browser: httpx.AsyncClient) -> None:
    link = f"https://menling.example/pay/{_PAY}"
    opened = await open_door(RowReception(script=lambda _: [Body("请支付", ((Button("付", url=link, pays=_PAY),),))]))
    fan = a_follower(opened)

    await fan.says("付款")

    assert link in (await fan.sees("请支付")).text
    assert (await browser.get(f"{opened.url}/wechat/bell/pay/{_PAY}")).status_code == 404


def test_a_payer_is_believed_for_half_an_hour_and_only_as_we_sealed_it(db: Database) -> None:
    now = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    told = db.read(lambda tx: payers.seal_payer(tx, "oAnna", real_now=now))

    def read(told: str, minutes: int = 0) -> str | None:
        return db.read(lambda tx: payers.read_payer(tx, told, real_now=now + timedelta(minutes=minutes)))

    assert read(told, 29) == "oAnna"
    assert read(told, 31) is None
    flipped = told[:-4] + ("AAAA" if told[-4:] != "AAAA" else "BBBB")
    assert [read(bad) for bad in (flipped, "", "x", "é", "a" * 500)] == [None] * 5
