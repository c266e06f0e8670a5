"""The sandbox signs for real; whatever is not its own, not of now or not intelligible is refused before it is read."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money.notices import NoticeKind
from gateways.ports import CallbackRefused, Headers
from gateways.sandbox import SandboxGateway, SandboxProvider, sandbox_key, signed_headers
from gateways.sandbox.provider import MERCHANT

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SECRET = b"a secret of sixteen bytes or more"
KEY = sandbox_key(SECRET)
FACTS = {
    "event_id": "EV1",
    "kind": "paid",
    "number": "P1",
    "txn": "SB1",
    "amount_minor": 31600,
    "currency": "CNY",
    "merchant": MERCHANT,
    "at": "2026-11-20T03:00:00Z",
}


def gateway() -> SandboxGateway:
    return SandboxGateway(SandboxProvider(secret=SECRET, callback_url="http://127.0.0.1:1/"), KEY.public_key())


def body_of(**changes: Any) -> bytes:
    return json.dumps(FACTS | changes).encode()


def headers_of(body: bytes, at: datetime = NOW) -> dict[str, list[str]]:
    return {name: [value] for name, value in signed_headers(KEY, body, real_now=at).items()}


def refusal(headers: Headers, body: bytes) -> int:
    with pytest.raises(CallbackRefused) as refused:
        gateway().read_callback(headers, body, real_now=NOW)
    return refused.value.status


def test_a_signed_notice_of_now_is_read() -> None:
    body = body_of()

    notice = gateway().read_callback(headers_of(body), body, real_now=NOW)

    assert (notice.kind, notice.number, notice.amount_minor) == (NoticeKind.PAID, "P1", 31600)
    assert (notice.provider, notice.event_id, notice.merchant) == ("sandbox", "EV1", MERCHANT)


@pytest.mark.parametrize(("seconds", "taken"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_the_time_window_is_five_minutes_both_ways(seconds: int, taken: bool) -> None:
    body = body_of()
    headers = headers_of(body, NOW + timedelta(seconds=seconds))

    if taken:
        assert gateway().read_callback(headers, body, real_now=NOW).number == "P1"
    else:
        assert refusal(headers, body) == 401


@pytest.mark.parametrize("name", ["sandbox-timestamp", "sandbox-nonce", "sandbox-signature"])
def test_a_missing_empty_or_doubled_header_is_refused(name: str) -> None:
    body = body_of()
    whole = headers_of(body)

    assert refusal({key: value for key, value in whole.items() if key != name}, body) == 401
    assert refusal(whole | {name: [""]}, body) == 401
    assert refusal(whole | {name: whole[name] * 2}, body) == 401


def test_another_key_is_refused() -> None:
    body = body_of()
    other = sandbox_key(b"another secret, just as long as it")
    headers = {name: [value] for name, value in signed_headers(other, body, real_now=NOW).items()}

    assert refusal(headers, body) == 401


@pytest.mark.parametrize("signature", ["WECHATPAY/SIGNTEST/abc", "not base64 !", "AAAA", "é"])
def test_an_odd_signature_is_refused(signature: str) -> None:
    body = body_of()

    assert refusal(headers_of(body) | {"sandbox-signature": [signature]}, body) == 401


@pytest.mark.parametrize("timestamp", ["0", "99999999999999999999", "１７６３６０７６００", "-1763607600", "now"])
def test_an_odd_timestamp_is_refused(timestamp: str) -> None:
    body = body_of()

    assert refusal(headers_of(body) | {"sandbox-timestamp": [timestamp]}, body) == 401


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_one_flipped_bit_of_the_body_is_refused(at: int, bit: int) -> None:
    body = bytearray(body_of())
    headers = headers_of(bytes(body))
    body[at % len(body)] ^= 1 << bit

    assert refusal(headers, bytes(body)) == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_minor": "31600"},
        {"amount_minor": -1},
        {"amount_minor": 10**13},
        {"amount_minor": 1.5},
        {"amount_minor": True},
        {"currency": "cny"},
        {"currency": "CNY\n"},
        {"number": "x" * 33},
        {"number": "a\x00b"},
        {"number": ""},
        {"txn": "x" * 65},
        {"event_id": "x" * 81},
        {"kind": "stolen"},
        {"at": "yesterday"},
        {"merchant": None},
    ],
)
def test_a_signed_oddity_is_a_bad_request_and_never_an_error(changes: Mapping[str, Any]) -> None:
    body = body_of(**changes)

    assert refusal(headers_of(body), body) == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"<xml/>"])
def test_a_signed_body_that_is_no_notice_is_a_bad_request(body: bytes) -> None:
    assert refusal(headers_of(body), body) == 400


def test_every_process_with_the_secret_has_the_same_key() -> None:
    assert sandbox_key(SECRET).public_key() == KEY.public_key()
    assert sandbox_key(b"other").public_key() != KEY.public_key()
