"""A house with every door open on platforms that fail: nothing personal and no secret is in anything it writes."""

import asyncio
import base64
import contextlib
import json
import re
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from simulators.telegram import TelegramSimulator
from simulators.tinypng import plain_png
from simulators.wechat import WeChatSimulator
from tests.menling.test_serving import House, say

TOKEN = "700000077:canary-token-of-a-bot-AAE"
TELEGRAM_SECRET = "canary-webhook-secret-5521"
APPID, APP_SECRET, WECHAT_TOKEN = "wx77c0ffee77c0ffee", "canaryappsecret77c0ffee", "canary_callback_token"
AES_KEY = "canaryaeskeyABCDEFGHIJKLMNOPQRSTUVWXYZ01234"
MASTER_KEY = base64.b64encode(b"canary master key, 32 bytes long"[:32]).decode()

SECRETS = {
    "bot token": TOKEN,
    "half of the bot token": TOKEN.partition(":")[2],
    "webhook secret": TELEGRAM_SECRET,
    "app secret": APP_SECRET,
    "callback token": WECHAT_TOKEN,
    "EncodingAESKey": AES_KEY,
    "master key": MASTER_KEY,
}
TOLD = {
    "name": "金丝雀小姐",
    "phone": "13877665544",
    "address": "金丝雀花园",
    "words": "canary-words-of-mine",
    "words by WeChat": "金丝雀在微信说的话",
    "words on the page": "canary-said-on-the-page",
    "caption": "canary-caption",
    "payment link": "canarypaymenttoken",
    "operator's password": "canary-password-of-an-operator",
    "forged body": "canary-forged-body",
}


@dataclass
class Heard:
    """What came out of the house on any side."""

    pages: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    """What platforms call people: in no line either, for it is how anybody is found there."""


def environment(port: int, telegram: TelegramSimulator, wechat: WeChatSimulator, log: str) -> dict[str, str]:
    return {
        "MENLING_LOG": log,
        "MENLING_LOG_LEVEL": "debug",
        "MENLING_MASTER_KEY": MASTER_KEY,
        "MENLING_PORT": str(port),
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_SECRET": TELEGRAM_SECRET,
        "TELEGRAM_API_BASE": telegram.base_url,
        "WECHAT_APPID": APPID,
        "WECHAT_SECRET": APP_SECRET,
        "WECHAT_TOKEN": WECHAT_TOKEN,
        "WECHAT_AES_KEY": AES_KEY,
        "WECHAT_API_BASE": wechat.base_url,
    }


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def everything_goes_wrong(house: House, log: str) -> Heard:
    heard = Heard()
    telegram, wechat = (
        TelegramSimulator(TOKEN, first_retry=0.05),
        WeChatSimulator(APPID, APP_SECRET, WECHAT_TOKEN, AES_KEY),
    )
    port = a_free_port()
    await telegram.start()
    await wechat.start()
    try:
        wechat.callback_url = f"http://127.0.0.1:{port}/wechat/main"
        env = environment(port, telegram, wechat, log)
        await asyncio.to_thread(house.start, "--port", str(port), "--demo", **env)
        async with httpx.AsyncClient(base_url=house.url, timeout=60) as web:
            await all_doors_open(web)
            await on_telegram(telegram, heard)
            await on_wechat(wechat, heard)
            await strangers(web)
            await asyncio.to_thread(on_the_page, house)
            heard.pages += [(await web.get(path)).text for path in ("/metrics", "/readyz", "/readyz/telegram")]
            heard.pages += [(await web.get(path)).text for path in ("/readyz/wechat", f"/pay/{TOLD['payment link']}")]
            assert await asyncio.to_thread(house.stop, signal.SIGTERM) == 0
    finally:
        await telegram.stop()
        await wechat.stop()
    return heard


async def all_doors_open(web: httpx.AsyncClient) -> None:
    give_up_at = time.monotonic() + 150
    while set((ready := (await web.get("/readyz")).json())["doors"].values()) != {"open"}:
        assert time.monotonic() < give_up_at, ready
        await asyncio.sleep(0.1)


async def on_telegram(telegram: TelegramSimulator, heard: Heard) -> None:
    person = telegram.user(TOLD["name"], phone=f"+86{TOLD['phone']}")
    heard.ids["chat id"] = str(person.id)
    await person.starts(TOLD["words"])
    await person.says(f"{TOLD['words']}，我住{TOLD['address']}3号楼1201，电话{TOLD['phone']}")
    for method, kind in (
        ("sendMessage", "400"),
        ("sendMessage", "500"),
        ("sendMessage", "reset"),
        ("sendMessage", "429"),
        ("sendMessage", "401"),
        ("getFile", "reset"),
        ("answerCallbackQuery", "400"),
        ("file", "404"),
    ):
        telegram.fail_next(method, kind, seconds=0.2)
        await person.says(f"明天下午三点肩颈舒缓，{TOLD['address']}，{TOLD['words']}")
        await person.sends_photo(plain_png(), caption=TOLD["caption"])
    await person.shares_contact()
    await person.sends_voice()
    await telegram.settled()
    telegram.fail_next("sendMessage", "403")
    await person.says(TOLD["words"])
    await person.blocks()
    await telegram.settled()


async def on_wechat(wechat: WeChatSimulator, heard: Heard) -> None:
    fan = wechat.fan(TOLD["name"])
    heard.ids["openid"] = fan.openid
    await fan.follows(TOLD["words"])
    for kind in (45015, 40001, 48001, "500", "reset"):
        wechat.fail_next("/cgi-bin/message/custom/send", kind)
        wechat.fail_next("/cgi-bin/stable_token", "500")
        wechat.invalidate_token()
        await fan.says(f"{TOLD['words by WeChat']}，{TOLD['address']}")
        await fan.sends_photo(plain_png())
    wechat.fail_next("/cgi-bin/media/upload", 40001)
    for words in ("看看技师", "1"):
        await fan.says(words)
    await fan.sends_location(30.66, 104.07, TOLD["address"])
    await fan.unfollows()
    await wechat.settled()


async def strangers(web: httpx.AsyncClient) -> None:
    """Come with a wrong signature, a wrong password, a link that is none; each is answered, and none is quoted."""
    secret = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}
    body = TOLD["forged body"]
    for path, headers, sent, wanted in (
        ("/telegram/main", {}, body, 403),
        ("/telegram/main", secret, body, 200),
        ("/telegram/main", secret, json.dumps({"update_id": body, "message": {"text": body}}), 200),
        (f"/telegram/{TOKEN}", secret, body, 404),
        (f"/wechat/main?signature={body}&timestamp=1&nonce={body}", {}, body, 403),
        ("/callbacks/sandbox", {}, body, None),
        ("/admin/v1/sessions", {}, json.dumps({"name": body, "password": TOLD["operator's password"]}), None),
    ):
        answer = await web.post(path, headers=headers, content=sent)
        assert answer.status_code == wanted or (wanted is None and 400 <= answer.status_code < 500), (path, answer)
        assert body not in answer.text


def on_the_page(house: House) -> None:
    browser = house.browser()
    assert say(browser, f"{TOLD['words on the page']} {TOLD['phone']}")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("log", ["json", "console"])
def test_nothing_personal_and_no_secret_is_in_what_a_troubled_house_writes(house: House, log: str) -> None:
    heard = asyncio.run(everything_goes_wrong(house, log))

    written = {"log": house.log, "output": (house.folder / "out").read_text()}
    written |= {f"page {number}": page for number, page in enumerate(heard.pages)}
    for where, text in written.items():
        for what, canary in (SECRETS | TOLD | heard.ids).items():
            assert not mentions(text, canary), f"the {what} is in the {where}"
    for event in ("telegram update", "telegram send", "wechat callback", "picture left out", "request"):
        assert event in written["log"], event
    assert "Traceback" not in written["log"]


def mentions(text: str, canary: str) -> bool:
    """Whether the text holds the canary as it is, or as JSON, URLs or bytes would write it; a number only whole."""
    if canary.isdecimal():
        return re.search(rf"(?<![0-9a-f]){canary}(?![0-9a-f])", text) is not None
    forms = {canary, json.dumps(canary)[1:-1], repr(canary.encode())[2:-1], str(httpx.QueryParams({"": canary}))[1:]}
    with contextlib.suppress(ValueError):
        forms.add(base64.b64encode(canary.encode()).decode().rstrip("="))
    return any(form in text for form in forms)
