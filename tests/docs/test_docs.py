"""The manual cannot rot: what exists appears in it, what is drawn in it is current, and its examples run."""

import asyncio
import dataclasses
import hashlib
import hmac
import importlib
import pkgutil
import re
import subprocess
import types
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import httpx
import pytest
from babel.messages.pofile import read_po
from fastapi import FastAPI

import core
import menling
from admin_api import PREFIX, refusals
from admin_api.routes import ROUTES
from bots.web import refusals as page_refusals
from core import people
from core.calendar.wishes import Rule
from core.effects import Sms
from core.errors import BookingError
from core.orders.states import OrderEvent, OrderState
from core.settings import DEFAULTS
from core.tables import metadata
from dialogs.engine.flow import Field, Flow
from dialogs.flows import FLOWS
from dialogs.incoming import Text
from dialogs.outgoing import Body, Outgoing, Refused, Unknown
from dialogs.views import VIEWS
from gateways.ports import Done, Failed
from menling.chores import build_worker
from menling.config import Settings
from menling.rehearsal import World as Rehearsal
from menling.rehearsal.playing import play
from menling.rehearsal.script import read_script
from tests.dialogs.chat import World, a_world, make_city
from tests.docs import drawn
from tests.docs.pictures import PICTURES
from tests.docs.svg import INKS
from tests.fake_reception import FakeReception

ROOT = drawn.ROOT
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_METRIC = re.compile(r'(?:(?:Counter|Histogram|Gauge|count|took)\(\s*|yield )"(menling_[a-z_]+)"')

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def _page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _section(page: str, heading: str) -> str:
    """One chapter of a page."""
    return page.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]


def _rows(page: str) -> list[list[str]]:
    """Every row of every table, cell by cell."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def _named(page: str) -> set[str]:
    """Every word in code letters that begins a row of a table, several of them when they share it."""
    return {name for cells in _rows(page) for name in re.findall(r"`([^`]+)`", cells[0])}


def _blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def _variable(field: str) -> str:
    alias = Settings.model_fields[field].validation_alias
    return str(alias) if alias else f"MENLING_{field.upper()}"


def _refusals() -> Iterator[type[BookingError]]:
    for module in pkgutil.walk_packages(core.__path__, "core."):
        if ".migrations." not in module.name:
            importlib.import_module(module.name)
    waiting = [BookingError]
    while waiting:
        waiting += (found := waiting.pop()).__subclasses__()
        if found.__module__.startswith("core."):
            yield found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demo city, for the README's own words."""
    db = make_city(f"sqlite:///{tmp_path_factory.mktemp('city') / 'menling.db'}")
    yield a_world(db)
    db.close()


class TestWhatExistsIsInTheManual:
    def test_every_setting_with_its_default(self) -> None:
        chapter = _section(_page("docs/operations.md"), "Settings")
        rows = {cells[0].strip("`"): cells[1] for cells in _rows(chapter)}

        for name, field in Settings.model_fields.items():
            told = rows[_variable(name)]
            plain = field.default
            shown = {True: "1", False: "0"}.get(plain, str(plain)) if isinstance(plain, bool) else str(plain)
            if isinstance(plain, int | Path) or (isinstance(plain, str) and plain):
                assert told == f"`{shown}`", name

    def test_no_setting_that_does_not_exist(self) -> None:
        known = {_variable(name) for name in Settings.model_fields}
        told = _named(_section(_page("docs/operations.md"), "Settings"))

        assert told == known

    def test_every_figure_of_the_trade_with_its_default(self) -> None:
        chapter = _section(_page("docs/operations.md"), "Figures of the trade")
        told: dict[str, str] = dict(re.findall(r"`([a-z_]+)` \((\d+)\)", chapter))
        for cells in _rows(chapter):
            names = re.findall(r"`([a-z_]+)`", cells[0])
            told |= (
                dict(zip(names, cells[1].split(", ") if len(names) > 1 else cells[1:2], strict=True)) if names else {}
            )

        for name, figure in dataclasses.asdict(DEFAULTS).items():
            shown = ", ".join(map(str, figure)) if isinstance(figure, tuple) else str(figure)
            assert told[name] == shown, name

    def test_every_error_code_of_the_core(self) -> None:
        told = _named(_page("docs/errors.md"))

        assert {refusal.code for refusal in _refusals()} <= told
        assert {rule.value for rule in Rule} <= told

    def test_every_rule_of_the_calendar_in_the_order_they_are_asked(self) -> None:
        for told in (
            _section(_page("docs/calendar.md"), "One rule set"),
            _section(_page("docs/errors.md"), "Rules behind `not_bookable`"),
        ):
            named = [cells[0].strip("`") for cells in _rows(told) if cells[0].startswith("`")]
            assert named == [rule.value for rule in Rule]

    def test_every_error_code_of_the_doors(self) -> None:
        page = _page("docs/errors.md")
        missing = [code for code in (*refusals.REASONS, *page_refusals.REASONS) if f"`{code}`" not in page]

        assert missing == []

    def test_every_metric_and_none_besides(self) -> None:
        rooms = ("bots", "core", "dialogs", "gateways", "menling")
        sources = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
        made = {name for path in sources for name in _METRIC.findall(path.read_text(encoding="utf-8"))}
        told = _named(_section(_page("docs/operations.md"), "Metrics"))

        assert made == told

    def test_every_chore_of_the_worker_with_its_pace(self) -> None:
        paces = {cells[0].strip("`"): cells[1] for cells in _rows(_section(_page("docs/operations.md"), "Processes"))}
        source = Path(cast("str", importlib.import_module(build_worker.__module__).__file__)).read_text("utf-8")
        chores = re.findall(r'Chore\("([a-z ]+)", ([0-9.]+)', source)

        assert len(chores) >= 7
        for name, seconds in chores:
            assert paces[name] == f"{seconds} s", name

    def test_every_route_of_the_admin_api(self) -> None:
        page = _page("docs/admin-api.md")

        assert [r.path for r in ROUTES if f"| {r.method} | `{PREFIX}{r.path}` |" not in page] == []

    def test_every_sign_of_life(self) -> None:
        source = (Path(menling.__path__[0]) / "app.py").read_text(encoding="utf-8")
        paths = re.findall(r'@router\.get\("([^"]+)"\)', source)

        assert len(paths) == 4
        assert set(paths) <= _named(_section(_page("docs/operations.md"), "Health"))

    def test_every_flow_and_view(self) -> None:
        page = _page("docs/flows.md")

        assert [flow.name for flow in FLOWS if f"## {flow.name}: " not in page] == []
        assert [view.name for view in VIEWS if f"| {view.name}: " not in page] == []

    def test_every_state_and_event_of_an_order(self) -> None:
        told = _named(_page("docs/orders.md"))

        assert {state.value for state in OrderState} | {event.value for event in OrderEvent} <= told

    def test_every_table_of_the_database(self) -> None:
        assert set(metadata.tables) <= _named(_page("docs/architecture.md"))

    def test_every_command_of_make(self) -> None:
        listed = subprocess.run(["make", "-C", str(ROOT), "help"], capture_output=True, text=True, check=True).stdout
        told = _named(_section(_page("docs/operations.md"), "Commands"))
        targets = re.findall(r"^ +make ([a-z-]+)", listed, re.MULTILINE)

        assert len(targets) > 5
        assert {f"make {target}" for target in targets} <= told

    def test_every_command_of_menling(self) -> None:
        files = ("cli/__init__.py", "understanding/arguments.py")
        source = "".join((Path(menling.__path__[0]) / file).read_text(encoding="utf-8") for file in files)
        commands = re.findall(r'commands\.add_parser\(\s*"([a-z-]+)"', source)
        commands += [f"nlu {name}" for name in re.findall(r'actions\.add_parser\(\s*"([a-z]+)"', source)]
        told = " ".join(_named(_section(_page("docs/operations.md"), "Commands")))

        assert len(commands) >= 14
        assert [name for name in commands if f"menling {name}" not in told] == []

    def test_every_decision_is_listed_and_none_is_missing(self) -> None:
        files = {path.name for path in (ROOT / "docs/decisions").glob("0*.md")}
        listed = re.findall(r"\]\((0[^)]+)\)", _page("docs/decisions/README.md"))

        assert sorted(listed) == sorted(files)
        assert [name[:4] for name in sorted(files)] == [f"{number:04}" for number in range(1, len(files) + 1)]


class TestWhatIsDrawnIsCurrent:
    def test_the_flows(self) -> None:
        assert _page("docs/flows.md") == drawn.flows_page(), "run: python -m tests.docs.drawn"

    @pytest.mark.parametrize(("page", "name"), drawn.BLOCKS)
    def test_each_block(self, page: str, name: str) -> None:
        now = _page(f"docs/{page}")

        assert now == drawn.with_block(now, name, drawn.BLOCKS[page, name]()), "run: python -m tests.docs.drawn"

    @pytest.mark.parametrize("file", PICTURES)
    def test_each_picture(self, file: str) -> None:
        assert _page(f"docs/pictures/{file}") == PICTURES[file](), "run: python -m tests.docs.drawn"

    @pytest.mark.parametrize("file", PICTURES)
    def test_each_picture_is_told_in_words_fits_dark_pages_and_asks_for_nothing_elsewhere(self, file: str) -> None:
        drawing = ET.fromstring(_page(f"docs/pictures/{file}"))  # noqa: S314  it is our own
        told = {child.tag.rpartition("}")[2]: child.text or "" for child in drawing}

        assert len(told["title"]) > 10
        assert len(told["desc"]) > 40
        assert "prefers-color-scheme:dark" in told["style"]
        assert not re.search(r"url\(|@import|href|http(?!://www\.w3\.org/2000/svg)", _page(f"docs/pictures/{file}"))

    def test_every_ink_of_the_pictures_differs_on_dark_pages(self) -> None:
        assert [name for name, (light, dark) in INKS.items() if light == dark] == []


class TestEveryPage:
    @each_page
    def test_has_only_links_that_lead_somewhere(self, page: Path) -> None:
        for link in _LINK.findall(page.read_text(encoding="utf-8")):
            if link.startswith(("https://", "http://")):
                continue
            path, _, anchor = unquote(link).partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{link} leads nowhere"
            if anchor:
                assert anchor in _anchors(target.read_text(encoding="utf-8")), f"{link} leads to no heading"

    @each_page
    def test_names_no_folder_of_anybodys_machine(self, page: Path) -> None:
        found = re.search(r"(?<![\w.])/(?:work|home|root|Users|tmp|mnt|opt)/", page.read_text(encoding="utf-8"))

        assert found is None, found

    @each_page
    def test_is_reached_from_the_readme_or_a_list_there(self, page: Path) -> None:
        lists = [ROOT / "README.md", ROOT / "docs/decisions/README.md"]
        linked = {(at.parent / link.split("#")[0]).resolve() for at in lists for link in _links(at)}

        assert page in linked or page == ROOT / "README.md"


class TestExamplesRun:
    @pytest.mark.parametrize(("column", "lang", "ends_in"), [(0, "zh-Hans", "付款"), (1, "en", "Pay")])
    def test_the_words_of_the_readme_book_a_visit(self, world: World, column: int, lang: str, ends_in: str) -> None:
        rows = _rows(_section(_page("README.md"), "What you see, and what to try"))
        words = [cells[column] for cells in rows if cells[0] not in ("中文", "---")]
        customer = world.chat(f"newcomer-{lang}", lang)

        for said in words:
            customer.says(said)

        assert len(words) >= 8
        assert any(button.url and ends_in in button.label for button in customer.buttons), customer.transcript()

    def test_the_routes_of_the_readme_exist(self) -> None:
        asked = re.findall(r"\$API(/[^ \"]*)", _section(_page("README.md"), "Close a settlement with curl"))
        paths = {path.replace("$ID", "{settlement_id}") for path in asked} - {"/openapi.json`"}

        assert len(paths) == 4
        assert paths <= {route.path for route in ROUTES}

    def test_the_flow_changes_a_phone(self, tmp_path: Path) -> None:
        page = _page("docs/adding-a-flow.md")
        (code,), (story,) = _blocks(page, "python"), _blocks(page, "yaml")
        told = tmp_path / "set_phone.yaml"
        told.write_text(story, encoding="utf-8")
        script = read_script(told)

        with Rehearsal(script.cast, now=script.now, door="web") as world:
            played = play(script, world, say=lambda _: None)
            phone = world.read(lambda tx: people.phone_of(tx, world.people[0].person_id))

        assert code == _page("dialogs/flows/set_phone.py")
        assert story == _page("tests/stories/flows/set_phone.yaml")
        assert [failure.why for failure in played.failures] == []
        assert "set_phone" in played.entered
        assert phone == "+8613912345678"

    @pytest.mark.parametrize(("place", "catalogue"), [(0, "zh_Hans"), (1, "en")])
    def test_the_texts_of_the_flow_are_those_of_the_catalogue_and_all_of_them(self, place: int, catalogue: str) -> None:
        told = _read(_blocks(_page("docs/adding-a-flow.md"), "po")[place])
        kept = _read(_page(f"dialogs/texts/{catalogue}.po"))
        own = {key for key in kept if key == "flow.set_phone" or key.startswith("set_phone.")}

        assert told == {key: kept[key] for key in own}

    def test_every_part_of_a_field_and_of_a_flow_is_told(self) -> None:
        page = _page("docs/adding-a-flow.md")
        plain = {"name", "kind", "ask", "read", "fields"}
        parts = {part.name for kind in (Field, Flow) for part in dataclasses.fields(kind)}

        assert parts - plain - _named(page) == set()

    def test_the_gateway_tells_done_from_refused_and_unknown(self) -> None:
        http_sms = _module(_blocks(_page("docs/adding-a-gateway.md"), "python")[0])
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
        partner = _module(_blocks(_page("docs/adding-a-door.md"), "python")[0])
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
        partner = _module(_blocks(_page("docs/adding-a-door.md"), "python")[0])

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


def _links(page: Path) -> list[str]:
    return [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if not link.startswith("http")]


def _anchors(page: str) -> set[str]:
    """The anchors a forge gives to headings."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
