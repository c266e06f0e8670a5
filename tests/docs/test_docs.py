"""The manual cannot rot: what exists appears in it, what is drawn in it is current, and its links lead somewhere."""

import dataclasses
import importlib
import pkgutil
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

import core
import menling
from admin_api import PREFIX, refusals
from admin_api.routes import ROUTES
from bots.web import refusals as page_refusals
from core.calendar.wishes import Rule
from core.errors import BookingError
from core.orders.states import OrderEvent, OrderState
from core.settings import DEFAULTS
from core.tables import metadata
from dialogs.flows import FLOWS
from dialogs.views import VIEWS
from menling.chores import build_worker
from menling.config import Settings
from tests.docs import drawn
from tests.docs.pages import LINK, PAGES, ROOT, named, page_of, rows_of, section
from tests.docs.pictures import PICTURES
from tests.docs.svg import INKS

_METRIC = re.compile(r'(?:(?:Counter|Histogram|Gauge|count|took)\(\s*|yield )"(menling_[a-z_]+)"')

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


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


class TestWhatExistsIsInTheManual:
    def test_every_setting_with_its_default(self) -> None:
        chapter = section(page_of("docs/operations.md"), "Settings")
        rows = {cells[0].strip("`"): cells[1] for cells in rows_of(chapter)}

        for name, field in Settings.model_fields.items():
            told = rows[_variable(name)]
            plain = field.default
            shown = {True: "1", False: "0"}.get(plain, str(plain)) if isinstance(plain, bool) else str(plain)
            if isinstance(plain, int | Path) or (isinstance(plain, str) and plain):
                assert told == f"`{shown}`", name

    def test_no_setting_that_does_not_exist(self) -> None:
        known = {_variable(name) for name in Settings.model_fields}
        told = named(section(page_of("docs/operations.md"), "Settings"))

        assert told == known

    def test_every_figure_of_the_trade_with_its_default(self) -> None:
        chapter = section(page_of("docs/operations.md"), "Figures of the trade")
        told: dict[str, str] = dict(re.findall(r"`([a-z_]+)` \((\d+)\)", chapter))
        for cells in rows_of(chapter):
            names = re.findall(r"`([a-z_]+)`", cells[0])
            told |= (
                dict(zip(names, cells[1].split(", ") if len(names) > 1 else cells[1:2], strict=True)) if names else {}
            )

        for name, figure in dataclasses.asdict(DEFAULTS).items():
            shown = ", ".join(map(str, figure)) if isinstance(figure, tuple) else str(figure)
            assert told[name] == shown, name

    def test_every_error_code_of_the_core(self) -> None:
        told = named(page_of("docs/errors.md"))

        assert {refusal.code for refusal in _refusals()} <= told
        assert {rule.value for rule in Rule} <= told

    def test_every_rule_of_the_calendar_in_the_order_they_are_asked(self) -> None:
        for told in (
            section(page_of("docs/calendar.md"), "One rule set"),
            section(page_of("docs/errors.md"), "Rules behind `not_bookable`"),
        ):
            listed = [cells[0].strip("`") for cells in rows_of(told) if cells[0].startswith("`")]
            assert listed == [rule.value for rule in Rule]

    def test_every_error_code_of_the_doors(self) -> None:
        page = page_of("docs/errors.md")
        missing = [code for code in (*refusals.REASONS, *page_refusals.REASONS) if f"`{code}`" not in page]

        assert missing == []

    def test_every_metric_and_none_besides(self) -> None:
        rooms = ("bots", "core", "dialogs", "gateways", "menling")
        sources = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
        made = {name for path in sources for name in _METRIC.findall(path.read_text(encoding="utf-8"))}
        told = named(section(page_of("docs/operations.md"), "Metrics"))

        assert made == told

    def test_every_chore_of_the_worker_with_its_pace(self) -> None:
        paces = {
            cells[0].strip("`"): cells[1] for cells in rows_of(section(page_of("docs/operations.md"), "Processes"))
        }
        source = Path(cast("str", importlib.import_module(build_worker.__module__).__file__)).read_text("utf-8")
        chores = re.findall(r'Chore\("([a-z ]+)", ([0-9.]+)', source)

        assert len(chores) >= 7
        for name, seconds in chores:
            assert paces[name] == f"{seconds} s", name

    def test_every_route_of_the_admin_api(self) -> None:
        page = page_of("docs/admin-api.md")

        assert [r.path for r in ROUTES if f"| {r.method} | `{PREFIX}{r.path}` |" not in page] == []

    def test_every_sign_of_life(self) -> None:
        source = (Path(menling.__path__[0]) / "app.py").read_text(encoding="utf-8")
        paths = re.findall(r'@router\.get\("([^"]+)"\)', source)

        assert len(paths) == 4
        assert set(paths) <= named(section(page_of("docs/operations.md"), "Health"))

    def test_every_flow_and_view(self) -> None:
        page = page_of("docs/flows.md")

        assert [flow.name for flow in FLOWS if f"## {flow.name}: " not in page] == []
        assert [view.name for view in VIEWS if f"| {view.name}: " not in page] == []

    def test_every_state_and_event_of_an_order(self) -> None:
        told = named(page_of("docs/orders.md"))

        assert {state.value for state in OrderState} | {event.value for event in OrderEvent} <= told

    def test_every_table_of_the_database(self) -> None:
        assert set(metadata.tables) <= named(page_of("docs/architecture.md"))

    def test_every_command_of_make(self) -> None:
        listed = subprocess.run(["make", "-C", str(ROOT), "help"], capture_output=True, text=True, check=True).stdout
        told = named(section(page_of("docs/operations.md"), "Commands"))
        targets = re.findall(r"^ +make ([a-z-]+)", listed, re.MULTILINE)

        assert len(targets) > 5
        assert {f"make {target}" for target in targets} <= told

    def test_every_command_of_menling(self) -> None:
        files = ("cli/__init__.py", "understanding/arguments.py")
        source = "".join((Path(menling.__path__[0]) / file).read_text(encoding="utf-8") for file in files)
        commands = re.findall(r'commands\.add_parser\(\s*"([a-z-]+)"', source)
        commands += [f"nlu {name}" for name in re.findall(r'actions\.add_parser\(\s*"([a-z]+)"', source)]
        told = " ".join(named(section(page_of("docs/operations.md"), "Commands")))

        assert len(commands) >= 14
        assert [name for name in commands if f"menling {name}" not in told] == []

    def test_every_decision_is_listed_and_none_is_missing(self) -> None:
        files = {path.name for path in (ROOT / "docs/decisions").glob("0*.md")}
        listed = re.findall(r"\]\((0[^)]+)\)", page_of("docs/decisions/README.md"))

        assert sorted(listed) == sorted(files)
        assert [name[:4] for name in sorted(files)] == [f"{number:04}" for number in range(1, len(files) + 1)]


class TestWhatIsDrawnIsCurrent:
    def test_the_flows(self) -> None:
        assert page_of("docs/flows.md") == drawn.flows_page(), "run: python -m tests.docs.drawn"

    @pytest.mark.parametrize(("page", "name"), drawn.BLOCKS)
    def test_each_block(self, page: str, name: str) -> None:
        now = page_of(f"docs/{page}")

        assert now == drawn.with_block(now, name, drawn.BLOCKS[page, name]()), "run: python -m tests.docs.drawn"

    @pytest.mark.parametrize("file", PICTURES)
    def test_each_picture(self, file: str) -> None:
        assert page_of(f"docs/pictures/{file}") == PICTURES[file](), "run: python -m tests.docs.drawn"

    @pytest.mark.parametrize("file", PICTURES)
    def test_each_picture_is_told_in_words_fits_dark_pages_and_asks_for_nothing_elsewhere(self, file: str) -> None:
        drawing = ET.fromstring(page_of(f"docs/pictures/{file}"))  # noqa: S314  it is our own
        told = {child.tag.rpartition("}")[2]: child.text or "" for child in drawing}

        assert len(told["title"]) > 10
        assert len(told["desc"]) > 40
        assert "prefers-color-scheme:dark" in told["style"]
        assert not re.search(r"url\(|@import|href|http(?!://www\.w3\.org/2000/svg)", page_of(f"docs/pictures/{file}"))

    def test_every_ink_of_the_pictures_differs_on_dark_pages(self) -> None:
        assert [name for name, (light, dark) in INKS.items() if light == dark] == []


class TestEveryPage:
    @each_page
    def test_has_only_links_that_lead_somewhere(self, page: Path) -> None:
        for link in LINK.findall(page.read_text(encoding="utf-8")):
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


def _links(page: Path) -> list[str]:
    return [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not link.startswith("http")]


def _anchors(page: str) -> set[str]:
    """The anchors a forge gives to headings."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
