"""Damaged updates by the thousand, against real doors: each gets the right status, and nothing is left unhandled.

A tenth of them by default; `MENLING_TEST_MUTATIONS=10000` plays the full number. The seed of a run is fixed, so that
what failed once fails again.
"""

import asyncio
import json
import logging
import os
import random
import re
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from core.invariants import check_invariants
from simulators.wechat.crypto import SafeMode
from simulators.wechat.xml import render
from tests.platforms.house import AES_KEY, APPID, BOT_SECRET, TOKEN, House, a_text, envelope
from tests.platforms.mutating import flipped, mutated_json, mutated_xml

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(900)]

HERE = Path(__file__).parent
COUNT = int(os.environ.get("MENLING_TEST_MUTATIONS", "1000"))
SEED = 20_261_122
_NAMES_IN_LOGS = ("turn failed", "telegram update failed", "wechat callback failed")


@pytest.fixture(autouse=True)
def few_words(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of refusals are logged as they should be; a failing test must not print them."""
    caplog.set_level(logging.ERROR)


async def test_damaged_updates_of_telegram_are_refused_or_answered_and_nothing_breaks(house: House) -> None:
    rng = random.Random(SEED)
    seeds = [json.loads(path.read_text()) for path in sorted((HERE / "telegram").glob("*.json"))]
    statuses: Counter[int] = Counter()
    wrong = []
    for number in range(COUNT):
        update = {**rng.choice(seeds), "update_id": 400_000_000 + number}
        raw, secret, path = mutated_json(update, rng), BOT_SECRET, "/telegram/main"
        expected = 200
        if rng.random() < 0.05:
            raw, secret, expected = json.dumps(update).encode(), _wrong_secret(rng), 403
        elif rng.random() < 0.02:
            raw, path, expected = json.dumps(update).encode(), rng.choice(("/telegram/other", "/telegram/MAIN")), 404
        answer = await house.update(raw, secret=secret, path=path)
        statuses[answer.status] += 1
        if answer.status != expected:
            wrong.append((number, answer.status, raw[:300]))
    await house.quiet()

    assert wrong == []
    assert statuses[200] > COUNT * 0.85
    await _stands(house)
    before = len(house.reception.came)
    assert (await house.telegram_says(5_000_000_001, "多少钱")).status == 200
    assert len(house.reception.came) == before + 1


def _wrong_secret(rng: random.Random) -> str:
    return rng.choice(
        (
            "",
            BOT_SECRET[:-1],
            BOT_SECRET + "x",
            BOT_SECRET.upper(),
            "é" * 20,
            flipped(BOT_SECRET.encode(), rng).decode("latin-1"),
        )
    )


async def test_damaged_messages_of_wechat_are_refused_or_answered_and_nothing_breaks(house: House) -> None:
    rng = random.Random(SEED)
    seeds = [path.read_text() for path in sorted((HERE / "wechat").glob("*.xml"))]
    wrong = []
    statuses: Counter[int] = Counter()
    for number in range(COUNT):
        document = rng.choice(seeds)
        document = re.sub(r"<MsgId>\d+", f"<MsgId>{25_000_000_000_000_000 + number}", document)
        document = re.sub(r"<CreateTime>\d+", f"<CreateTime>{1_795_000_000 + number}", document)
        way, expected = rng.choice(_WAYS) if rng.random() < 0.3 else (_inside, {200})
        status = await way(house, document, rng)
        statuses[status] += 1
        if status not in expected:
            wrong.append((number, way.__name__, status, document))
    await house.quiet()

    assert wrong == []
    assert statuses[200] > COUNT * 0.6
    assert statuses[403] > COUNT * 0.1
    await _stands(house)
    answer = await house.wechat_tells(a_text("oLinXiao0000000000000000001", "多少钱"))
    assert answer.status == 200
    assert "Content" in house.opened(answer)


async def _stands(house: House) -> None:
    assert [seen for seen in house.troubles.seen if any(name in seen for name in _NAMES_IN_LOGS)] == []
    assert house.troubles.seen == []
    assert [turn for turn in house.reception.turns if turn.failed] == []
    assert house.db.read(check_invariants) == []


async def _inside(house: House, document: str, rng: random.Random) -> int:
    """Damage inside, sealed and signed as if WeChat had sent it."""
    damaged = mutated_xml(document, rng).encode("utf-8", "replace").decode()
    answer = await house.wechat_tells(damaged)
    house.opened(answer)  # a reply is sealed and signed, whatever it answers
    return answer.status


async def _cipher_flipped(house: House, document: str, rng: random.Random) -> int:
    """Bits turned over in the cipher text, under the signature of the whole one."""
    body, query = house.sealed(document)
    found = re.search(rb"<Encrypt><!\[CDATA\[(.*?)\]\]>", body)
    assert found is not None
    spoilt = found[1].swapcase() if rng.random() < 0.5 else found[1][::-1]
    return (await house.callback(body.replace(found[1], spoilt), query)).status


async def _cipher_flipped_and_signed(house: House, document: str, rng: random.Random) -> int:
    """Bits turned over in the cipher text, signed anew by somebody who knows the token and not the key."""
    spoilt = re.sub(r"[^A-Za-z0-9+/=]", "A", flipped(house.safe.encrypt(document).encode(), rng).decode("latin-1"))
    return (await house.callback(envelope(spoilt), house.signed(spoilt))).status


async def _not_base64(house: House, document: str, rng: random.Random) -> int:
    odd = rng.choice(("", "=", "A" * 43, "%%%%", "明天", "AAAA", "A" * 60_000))
    return (await house.callback(envelope(odd), house.signed(odd))).status


async def _another_account(house: House, document: str, rng: random.Random) -> int:
    """Sealed with the right key for another appid."""
    other = SafeMode(appid=APPID[:-1] + "0", token=TOKEN, encoding_aes_key=AES_KEY).encrypt(document)
    return (await house.callback(envelope(other), house.signed(other))).status


async def _another_key(house: House, document: str, rng: random.Random) -> int:
    other = SafeMode(appid=APPID, token=TOKEN, encoding_aes_key=AES_KEY[::-1]).encrypt(document)
    return (await house.callback(envelope(other), house.signed(other))).status


async def _another_path(house: House, document: str, rng: random.Random) -> int:
    body, query = house.sealed(document)
    return (await house.callback(body, query, path="/wechat/other")).status


async def _wrong_signature(house: House, document: str, rng: random.Random) -> int:
    body, query = house.sealed(document)
    name = rng.choice(("signature", "msg_signature", "nonce"))
    query[name] = rng.choice(("", query[name][:-1], query[name].upper() + "A", "é" * 40, "0" * 40))
    return (await house.callback(body, query)).status


async def _missing(house: House, document: str, rng: random.Random) -> int:
    body, query = house.sealed(document)
    query.pop(rng.choice(("signature", "msg_signature", "timestamp", "nonce", "encrypt_type")))
    return (await house.callback(body, query)).status


async def _late_or_early(house: House, document: str, rng: random.Random) -> int:
    off = rng.choice((-301, 301.5, -3600, 86_400, -(10**9)))
    return (await house.callback(*house.sealed(document, at=time.time() + off))).status


async def _in_time(house: House, document: str, rng: random.Random) -> int:
    return (await house.callback(*house.sealed(document, at=time.time() + rng.choice((-295, 295))))).status


async def _odd_timestamp(house: House, document: str, rng: random.Random) -> int:
    """A time that is none, honestly signed."""
    body, query = house.sealed(document)
    stamp = rng.choice(("", "-1", "１７９５", "NaN", "1e9", "9" * 400, "٣", f"{time.time()}"))
    query["timestamp"] = stamp
    query["signature"] = SafeMode(appid=APPID, token=TOKEN, encoding_aes_key=AES_KEY).sign(stamp, query["nonce"], "")
    return (await house.callback(body, query)).status


async def _plain_mode(house: House, document: str, rng: random.Random) -> int:
    _, query = house.sealed(document)
    query.pop("encrypt_type")
    query.pop("msg_signature")
    return (await house.callback(document.encode(), query)).status


async def _plain_body_in_safe_mode(house: House, document: str, rng: random.Random) -> int:
    _, query = house.sealed(document)
    return (await house.callback(document.encode(), query)).status


async def _compatible_mode(house: House, document: str, rng: random.Random) -> int:
    encrypted = house.safe.encrypt(document)
    body = document.strip().removesuffix("</xml>") + f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    return (await house.callback(body.encode(), house.signed(encrypted))).status


async def _replayed(house: House, document: str, rng: random.Random) -> int:
    """The same request to the letter, a second time within its five minutes: no second turn."""
    body, query = house.sealed(document)
    first = await house.callback(body, query)
    taken = len([turn for turn in house.reception.turns if not turn.repeat])
    again = await house.callback(body, query)
    assert len([turn for turn in house.reception.turns if not turn.repeat]) == taken
    assert first.status == 200
    return again.status


async def _doubled_query(house: House, document: str, rng: random.Random) -> int:
    body, query = house.sealed(document)
    query["openid"] = rng.choice(("", "x" * 5000, "\x00", "=1+1", "oSomebodyElse"))
    return (await house.callback(body, query)).status


async def _odd_envelope(house: House, document: str, rng: random.Random) -> int:
    encrypted = house.safe.encrypt(document)
    body, query = envelope(encrypted), house.signed(encrypted)
    raw = rng.choice(
        (
            b"",
            b"<xml></xml>",
            b"not xml",
            body[: rng.randrange(len(body))],
            body.replace(b"Encrypt", b"encrypt"),
            b"<!DOCTYPE xml [<!ENTITY a 'b'>]>" + body,
            body + body,
            body.decode().encode("utf-16"),
            b"\xff" * 300,
            render({"Encrypt": "x" * 70_000}).encode(),
            b"<xml>" + b"<Encrypt>a</Encrypt>" * 3 + b"</xml>",
        )
    )
    return (await house.callback(raw, query)).status


Way = Callable[[House, str, random.Random], Awaitable[int]]
_WAYS: tuple[tuple[Way, set[int]], ...] = (
    (_cipher_flipped, {403}),
    (_cipher_flipped_and_signed, {200, 403}),
    (_not_base64, {200}),
    (_another_account, {403}),
    (_another_key, {200, 403}),
    (_another_path, {404}),
    (_wrong_signature, {403}),
    (_missing, {403}),
    (_late_or_early, {403}),
    (_in_time, {200}),
    (_odd_timestamp, {403}),
    (_plain_mode, {403}),
    (_plain_body_in_safe_mode, {200, 403}),
    (_compatible_mode, {403}),
    (_replayed, {200}),
    (_doubled_query, {200}),
    (_odd_envelope, {200, 403}),
)


async def test_two_identical_requests_at_once_are_one_turn(house: House) -> None:
    openid, msg_id = "oLinXiao0000000000000000001", secrets.randbits(50)
    document = a_text(openid, "多少钱", msg_id=msg_id)
    answers = [house.opened(one) for one in await asyncio.gather(*(house.wechat_tells(document) for _ in range(3)))]
    await house.quiet()

    assert len([turn for turn in house.reception.turns if not turn.repeat]) == 1
    assert len({answer.partition("<Content>")[2].partition("</Content>")[0] for answer in answers}) == 1
