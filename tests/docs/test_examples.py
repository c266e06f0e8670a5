"""The examples of the manual run, and do what the page beside them says."""

import asyncio
import dataclasses
import hashlib
import hmac
import re
import types
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from babel.messages.pofile import read_po
from fastapi import FastAPI

from admin_api.routes import ROUTES
from core import people
from core.effects import Sms
from dialogs.engine.flow import Field, Flow
from dialogs.incoming import Text
from dialogs.outgoing import Body, Outgoing, Refused, Unknown
from gateways.ports import Done, Failed
from menling.rehearsal import World as Rehearsal
from menling.rehearsal.playing import play
from menling.rehearsal.script import read_script
from tests.dialogs.chat import World, a_world, make_city
from tests.docs.pages import blocks, named, page_of, rows_of, section
from tests.fake_reception import FakeReception


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demo city, for the README's own words."""
    db = make_city(f"sqlite:///{tmp_path_factory.mktemp('city') / 'menling.db'}")
    yield a_world(db)
    db.close()


class TestExamplesRun:
    @pytest.mark.parametrize(("column", "lang", "ends_in"), [(0, "zh-Hans", "付款"), (1, "en", "Pay")])
    def test_the_words_of_the_readme_book_a_visit(self, world: World, column: int, lang: str, ends_in: str) -> None:
        rows = rows_of(section(page_of("README.md"), "What you see, and what to try"))
        words = [cells[column] for cells in rows if cells[0] not in ("中文", "---")]
        customer = world.chat(f"newcomer-{lang}", lang)

        for said in words:
            customer.says(said)

        assert len(words) >= 8
        assert any(button.url and ends_in in button.label for button in customer.buttons), customer.transcript()

    def test_the_routes_of_the_readme_exist(self) -> None:
        asked = re.findall(r"\$API(/[^ \"]*)", section(page_of("README.md"), "Close a settlement with curl"))
        paths = {path.replace("$ID", "{settlement_id}") for path in asked} - {"/openapi.json`"}

        assert len(paths) == 4
        assert paths <= {route.path for route in ROUTES}

    def test_the_flow_changes_a_phone(self, tmp_path: Path) -> None:
        page = page_of("docs/adding-a-flow.md")
        (code,), (story,) = blocks(page, "python"), blocks(page, "yaml")
        told = tmp_path / "set_phone.yaml"
        told.write_text(story, encoding="utf-8")
        script = read_script(told)

        with Rehearsal(script.cast, now=script.now, door="web") as world:
            played = play(script, world, say=lambda _: None)
            phone = world.read(lambda tx: people.phone_of(tx, world.people[0].person_id))

        assert code == page_of("dialogs/flows/set_phone.py")
        assert story == page_of("tests/stories/flows/set_phone.yaml")
        assert [failure.why for failure in played.failures] == []
        assert "set_phone" in played.entered
        assert phone == "+8613912345678"

    @pytest.mark.parametrize(("place", "catalogue"), [(0, "zh_Hans"), (1, "en")])
    def test_the_texts_of_the_flow_are_those_of_the_catalogue_and_all_of_them(self, place: int, catalogue: str) -> None:
        told = _read(blocks(page_of("docs/adding-a-flow.md"), "po")[place])
        kept = _read(page_of(f"dialogs/texts/{catalogue}.po"))
        own = {key for key in kept if key == "flow.set_phone" or key.startswith("set_phone.")}

        assert told == {key: kept[key] for key in own}

    def test_every_part_of_a_field_and_of_a_flow_is_told(self) -> None:
        page = page_of("docs/adding-a-flow.md")
        plain = {"name", "kind", "ask", "read", "fields"}
        parts = {part.name for kind in (Field, Flow) for part in dataclasses.fields(kind)}

        assert parts - plain - named(page) == set()

    def test_the_gateway_tells_done_from_refused_and_unknown(self) -> None:
        http_sms = _module(blocks(page_of("docs/adding-a-gateway.md"), "python")[0])
        asked: list[bytes] = []

        def provider(request: httpx.Request) -> httpx.Response:
            asked.append(request.content)
            status = (202, 400, 503)[len(asked) - 1]
            return httpx.Response(status, json={"id": "m-1"})

        async def three_times() -> list[object]:
            gateway = http_sms.HttpSms("http://sms.test", "key", transport=httpx.MockTransport(provider))
            sms = Sms(phone="+8613800138000", code="123456", lang="en")
            return [await gateway.send(sms, number="N1") for _ in range(3)]

        done, failed, unknown = asyncio.run(three_times())

        assert done == Done(reference="m-1")
        assert failed == Failed("status 400")
        assert type(unknown).__name__ == "Unknown"
        assert b"123456" in asked[0]
        assert b"N1" in asked[0]

    def test_the_door_takes_signed_updates_once_and_no_others(self) -> None:
        partner = _module(blocks(page_of("docs/adding-a-door.md"), "python")[0])
        reception = FakeReception()
        sent: list[bytes] = []

        def far(request: httpx.Request) -> httpx.Response:
            sent.append(request.content)
            return httpx.Response(200)

        async def knock() -> list[int]:
            client = httpx.AsyncClient(base_url="http://partner.test", transport=httpx.MockTransport(far))
            door = partner.PartnerDoor(b"secret", reception.for_door(), client)
            app = FastAPI()
            app.include_router(door.router)
            near = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://us.test")
            good = '{"id": "1", "user": "u", "text": "你好"}'.encode()
            knocks = [(good, _signed(good)), (good, _signed(good)), (good, "0" * 64), (b"{", _signed(b"{"))]
            return [
                (await near.post("/partner/main", content=raw, headers={"X-Signature": proof})).status_code
                for raw, proof in knocks
            ]

        assert asyncio.run(knock()) == [200, 200, 403, 200]
        assert reception.heard == [Text("你好")]
        assert len(sent) == 1
        assert "你好" in sent[0].decode()

    @pytest.mark.parametrize(("error", "outcome"), [(410, Refused), (httpx.ReadTimeout("late"), Unknown)])
    def test_the_door_tells_gone_from_unknown(self, error: int | Exception, outcome: type) -> None:
        partner = _module(blocks(page_of("docs/adding-a-door.md"), "python")[0])

        def far(request: httpx.Request) -> httpx.Response:
            if isinstance(error, Exception):
                raise error
            return httpx.Response(error)

        async def deliver() -> object:
            client = httpx.AsyncClient(base_url="http://partner.test", transport=httpx.MockTransport(far))
            door = partner.PartnerDoor(b"secret", FakeReception().for_door(), client)
            return await door.deliver(Outgoing(1, 1, "card", "partner", "main", "u", Body("您好"), "zh-Hans"))

        assert isinstance(asyncio.run(deliver()), outcome)


def _module(source: str) -> Any:
    module = types.ModuleType("example")
    exec(compile(source, "example", "exec"), module.__dict__)  # noqa: S102  the example of our own manual
    return module


def _read(po: str) -> dict[str, str]:
    return {str(m.id): str(m.string) for m in read_po(BytesIO(po.encode())) if m.id}


def _signed(raw: bytes) -> str:
    return hmac.new(b"secret", raw, hashlib.sha256).hexdigest()
