"""Who gets in, for how long, and who does not."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from admin_api.passwords import Passwords, hash_password
from admin_api.refusals import Refused
from admin_api.tokens import Tokens
from core import audit
from core.audit import Role
from tests.admin_api.conftest import HASHER, SECRET, Office, code_of


def actions(office: Office) -> list[str]:
    return [line.action for line in office.db.read(audit.lines)]


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def with_token(office: Office, token: str) -> str:
    answer = office.get("/overview", by=None, headers={"Authorization": f"Bearer {token}"})
    return "in" if answer.status_code == 200 else code_of(answer)


def test_a_password_buys_a_token_of_fifteen_minutes(office: Office) -> None:
    began = datetime.now(UTC)

    answer = office.sign_in("Lin")

    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    given_at = datetime.fromisoformat(answer.json()["expires_at"]) - timedelta(minutes=15)
    assert began - timedelta(seconds=1) <= given_at <= datetime.now(UTC)  # the second may be cut off
    assert with_token(office, answer.json()["token"]) == "in"
    assert actions(office) == ["operator.signed_in"]


def test_a_wrong_password_and_an_unknown_login_look_alike(office: Office) -> None:
    wrong, unknown = office.sign_in("lin", "battery staple"), office.sign_in("nobody", "battery staple")

    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.status_code == 401
    assert wrong.headers["www-authenticate"] == "Bearer"
    assert code_of(wrong) == "unauthenticated"
    assert actions(office) == ["operator.sign_in_refused"]


def test_an_unknown_login_costs_a_password_hash_as_a_known_one_does(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str | None] = []
    compare = Passwords._match

    def noted(self: Passwords, kept: str | None, password: str) -> bool:
        compared.append(kept)
        return compare(self, kept, password)

    monkeypatch.setattr(Passwords, "_match", noted)
    office.sign_in("nobody")
    office.sign_in("lin", "wrong")

    assert [kept is None for kept in compared] == [True, False]


def test_the_eleventh_try_is_refused_even_with_the_right_password(office: Office) -> None:
    tries = [office.sign_in("lin", "guess") for _ in range(10)]
    eleventh = office.sign_in("lin")

    assert {answer.status_code for answer in tries} == {401}
    assert eleventh.status_code == 429
    assert code_of(eleventh) == "too_many"
    assert "retry-after" in eleventh.headers


def test_tries_are_counted_by_login_and_address(office: Office) -> None:
    for _ in range(11):
        office.sign_in("lin", "guess", address="192.0.2.1")

    assert office.sign_in("lin", address="192.0.2.1").status_code == 429
    assert office.sign_in("LIN ", address="192.0.2.1").status_code == 429
    assert office.sign_in("lin", address="192.0.2.2").status_code == 201
    assert office.sign_in("finn", address="192.0.2.1").status_code == 201


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Basic bGluOng=", "Bearer a.b.c", "Bearer " + "a" * 9999]
)
def test_no_token_is_no_entry(office: Office, authorization: str) -> None:
    answer = office.get("/overview", by=None, headers={"Authorization": authorization})

    assert answer.status_code == 401
    assert code_of(answer) == "unauthenticated"


def test_a_token_signed_by_somebody_else_is_no_entry(office: Office) -> None:
    good = claims_of(office.token("lin"))
    for key in (SECRET, b"another secret of thirty-two bytes", b"\x00" * 32):
        assert with_token(office, jwt.encode(good, key, algorithm="HS256")) == "unauthenticated"


@pytest.mark.parametrize("algorithm", ["none", "None", "HS512", "RS256"])
def test_the_token_does_not_choose_its_algorithm(office: Office, algorithm: str) -> None:
    _, body, signature = office.token("lin").split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()).rstrip(b"=").decode()

    for forged in (f"{header}.{body}.", f"{header}.{body}.{signature}"):
        assert with_token(office, forged) == "unauthenticated"


@pytest.mark.parametrize(
    "change",
    [
        {"exp": timedelta(minutes=-1)},
        {"exp": None},
        {"iat": timedelta(hours=1)},
        {"aud": "menling.page"},
        {"iss": "somebody"},
        {"sub": "lin"},
        {"sub": str(1 << 70)},
        {"sub": "1"},
        {"role": "owner"},
        {"ver": 99},
        {"ver": "one"},
        {"ver": None},
    ],
)
def test_a_token_with_one_wrong_claim_is_no_entry(office: Office, change: dict[str, Any]) -> None:
    key = Tokens(SECRET)._key
    claims = claims_of(office.token("lin"))
    assert with_token(office, jwt.encode(claims, key, algorithm="HS256")) == "in"

    now = datetime.now(UTC)
    at = {name: now + value for name, value in change.items() if isinstance(value, timedelta)}
    wrong = {name: value for name, value in (claims | change | at).items() if value is not None}

    assert with_token(office, jwt.encode(wrong, key, algorithm="HS256")) == "unauthenticated"


def test_a_role_in_the_token_opens_nothing_the_operator_may_not(office: Office) -> None:
    claims = claims_of(office.token("finn")) | {"role": "admin"}
    token = jwt.encode(claims, Tokens(SECRET)._key, algorithm="HS256")

    answer = office.ask("GET", "/audit", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 403
    assert code_of(answer) == "forbidden"


def test_signing_out_ends_every_session_of_the_operator_and_of_no_other(office: Office) -> None:
    first, second = office.sign_in("lin").json()["token"], office.sign_in("lin").json()["token"]

    answer = office.ask("DELETE", "/sessions", headers={"Authorization": f"Bearer {first}"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert with_token(office, first) == "unauthenticated"
    assert with_token(office, second) == "unauthenticated"
    assert with_token(office, office.token("finn")) == "in"
    assert "operator.signed_out" in actions(office)


def test_a_hash_of_another_kind_never_matches(office: Office) -> None:
    office.hire("old", Role.ADMIN, password_hash="plain:correct horse")

    assert office.sign_in("old").status_code == 401


def test_a_crowd_at_the_door_is_asked_to_come_again_and_costs_no_memory() -> None:
    async def all_at_once() -> list[bool | BaseException]:
        passwords = Passwords(HASHER)
        return await asyncio.gather(*(passwords.match(None, "guess") for _ in range(30)), return_exceptions=True)

    answers = asyncio.run(all_at_once())

    assert answers.count(False) == 16
    assert sum(isinstance(answer, Refused) for answer in answers) == 14


def test_passwords_are_kept_as_argon2id_with_64_mebibytes() -> None:
    assert hash_password("correct horse").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_short_secret_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(b"short")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"login": "lin"},
        {"login": "", "password": "x"},
        {"login": "   ", "password": "x"},
        {"login": "l\x00in", "password": "x"},
        {"login": "l" * 65, "password": "x"},
        {"login": "lin", "password": ""},
        {"login": "lin", "password": "x" * 1025},
        {"login": "lin", "password": 7},
        {"login": ["lin"], "password": "x"},
        {"login": "lin", "password": "x", "role": "admin"},
    ],
)
def test_a_malformed_sign_in_is_refused_with_the_field_named(office: Office, body: dict[str, Any]) -> None:
    answer = office.post("/sessions", by=None, json=body)

    assert answer.status_code == 422
    assert code_of(answer) == "invalid_input"
    assert answer.json()["error"]["facts"]["fields"][0]["field"].startswith("body")
    assert "x" * 100 not in answer.text
