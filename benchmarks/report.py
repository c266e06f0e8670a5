"""What a benchmark found: lines for the table on the screen and for build/bench.json."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

RESULTS = Path("build/bench.json")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside its peer and floor. Without a target it is told for information and is neither met nor missed.

    `ratio` is what the target is set against: how many times ours the peer costs, the part of the floor's speed that
    we keep, or ours itself where the goal is a plain figure.
    """

    goal: int
    name: str
    unit: str
    better: Literal["higher", "lower"]
    ours: float | None = None
    peer: float | None = None
    floor: float | None = None
    ratio: float | None = None
    target: float | None = None
    met: bool | None = None


def judged(line: Line) -> Line:
    """Return the line with `met` set: its ratio, or ours where there is no ratio, against the target."""
    figure = line.ours if line.ratio is None else line.ratio
    if line.target is None or figure is None:
        return line
    reached = figure >= line.target if line.better == "higher" else figure <= line.target
    return Line(**(asdict(line) | {"met": reached}))


def skipped(goal: int, name: str, why: str) -> Line:
    """Return the line of something that could not be measured here."""
    return Line(goal, name, f"skipped: {why}", "higher")


def show(lines: Sequence[Line]) -> None:
    """Print the table; a goal that is not met says so."""
    head = ("goal", "name", "unit", "ours", "peer", "floor", "ratio", "target", "")
    rows = [head, *(_cells(line) for line in lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    for row in rows:
        left = "  ".join(cell.ljust(width) for cell, width in zip(row[:3], widths[:3], strict=True))
        right = "  ".join(cell.rjust(width) for cell, width in zip(row[3:], widths[3:], strict=True))
        print(f"{left}  {right}".rstrip())
    missed = [line.name for line in lines if line.met is False]
    met = sum(line.met is True for line in lines)
    print(f"\n{met} met, {len(missed)} not met{': ' + ', '.join(missed) if missed else ''}")


def keep(lines: Sequence[Line]) -> None:
    """Write build/bench.json."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1) + "\n")


def _cells(line: Line) -> tuple[str, ...]:
    verdict = {True: "met", False: "NOT MET", None: ""}[line.met]
    target = "" if line.target is None else f"{'>=' if line.better == 'higher' else '<='} {_figure(line.target)}"
    figures = (line.ours, line.peer, line.floor, line.ratio)
    return (str(line.goal), line.name, line.unit, *(_figure(figure) for figure in figures), target, verdict)


def _figure(figure: float | None) -> str:
    if figure is None:
        return ""
    if abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.3g}"
