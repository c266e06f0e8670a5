"""The parts of the manual that are drawn from the code; `python -m tests.docs.drawn` writes them anew."""

import ast
import re
from pathlib import Path
from typing import Final

from admin_api import PREFIX
from admin_api.routes import ROUTES
from core.orders.states import EDGES, OrderState
from dialogs.building import build_house
from dialogs.drawing import draw
from tests.behaviours.table import table, waiting
from tests.docs.costs import statements_table
from tests.docs.pictures import PICTURES

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"


def flows_page() -> str:
    """Return docs/flows.md as `menling flows` prints it."""
    house = build_house(public_url="http://127.0.0.1:8000", zone="Asia/Shanghai", currency="CNY")
    return draw(house)


def orders_diagram() -> str:
    """Return the state diagram of an order, edge by edge from the one table."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {OrderState.TO_PAY}: placed"]
    lines += [f"    {state} --> {target}: {event}" for (state, event), target in EDGES.items()]
    left = {state for state, _ in EDGES}
    lines += [f"    {state} --> [*]" for state in OrderState if state not in left]
    return "\n".join([*lines, "```"])


def admin_table() -> str:
    """Return the routes of the admin API with who may call them and what they promise."""
    lines = ["| method | path | roles | what it does |", "| --- | --- | --- | --- |"]
    for route in ROUTES:
        roles = "everybody" if route.roles is None else ", ".join(sorted(route.roles))
        promise = " ".join((route.endpoint.__doc__ or "").split("\n\n")[0].split())
        lines.append(f"| {route.method} | `{PREFIX}{route.path}` | {roles} | {promise} |")
    return "\n".join(lines)


def calendar_promises() -> str:
    """Return what the tests of the calendar promise, file by file in the words of their names."""
    lines = []
    for path in sorted((ROOT / "tests/core/calendar").glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        promises = [_sentence(name) for name in names if name.startswith("test_")]
        about = (ast.get_docstring(tree) or "").split("\n")[0].rstrip(".")
        lines += [f"- `{path.name}`: {about}", *(f"  - {one}" for one in promises)]
    return "\n".join(lines)


def _sentence(name: str) -> str:
    """Return the name of a test as the words it stands for: an apostrophe cannot be in a name."""
    return re.sub(r"(?<=\w) s(?= )", "'s", name.removeprefix("test_").replace("_", " "))


BLOCKS: Final = {
    ("orders.md", "edges"): orders_diagram,
    ("admin-api.md", "routes"): admin_table,
    ("calendar.md", "statements"): statements_table,
    ("calendar.md", "promises"): calendar_promises,
    ("behaviours.md", "table"): table,
    ("behaviours.md", "waiting"): waiting,
}
"""Page and name of every block between `<!-- drawn: name -->` and `<!-- /drawn -->`."""


def with_block(page: str, name: str, drawn: str) -> str:
    """Return a page with the block of this name replaced; ValueError when the page has no such block."""
    block = re.compile(rf"(<!-- drawn: {name} -->).*?(<!-- /drawn -->)", re.DOTALL)
    if not block.search(page):
        raise ValueError(f"the page has no block {name}")
    return block.sub(lambda found: f"{found[1]}\n{drawn}\n{found[2]}", page)


def write_all() -> None:
    """Write every drawn part anew."""
    (DOCS / "flows.md").write_text(flows_page(), encoding="utf-8")
    for (page, name), drawn in BLOCKS.items():
        path = DOCS / page
        path.write_text(with_block(path.read_text(encoding="utf-8"), name, drawn()), encoding="utf-8")
    for file, picture in PICTURES.items():
        (DOCS / "pictures" / file).write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    write_all()
