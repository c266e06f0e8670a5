"""The pages of the manual, and what stands in their chapters, tables and examples."""

import re

from tests.docs import drawn

ROOT = drawn.ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def page_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """One chapter of a page."""
    return page.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]


def rows_of(page: str) -> list[list[str]]:
    """Every row of every table, cell by cell."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def named(page: str) -> set[str]:
    """Every word in code letters that begins a row of a table, several of them when they share it."""
    return {name for cells in rows_of(page) for name in re.findall(r"`([^`]+)`", cells[0])}


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
