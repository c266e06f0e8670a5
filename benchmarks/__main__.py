"""`python -m benchmarks --goals=1,3`: measure, print a table, write build/bench.json."""

import argparse
import logging
import sys
from collections.abc import Callable, Iterator, Sequence

from benchmarks import report
from benchmarks.report import Line
from tests import servers


def _turns() -> Iterator[Line]:
    from benchmarks import turns  # noqa: PLC0415  a goal not asked for loads none of its peers

    return turns.measure()


def _slots() -> Iterator[Line]:
    from benchmarks import slots  # noqa: PLC0415  a goal not asked for loads none of its peers

    return slots.measure()


def _orders() -> Iterator[Line]:
    from benchmarks import orders  # noqa: PLC0415  a goal not asked for loads none of its peers

    return orders.measure()


def _understanding() -> Iterator[Line]:
    from benchmarks import understanding  # noqa: PLC0415  a goal not asked for loads none of its peers

    return understanding.measure()


def _webhooks() -> Iterator[Line]:
    from benchmarks import webhooks  # noqa: PLC0415  a goal not asked for loads none of its peers

    return webhooks.measure()


def _reminders() -> Iterator[Line]:
    from benchmarks import reminders  # noqa: PLC0415  a goal not asked for loads none of its peers

    return reminders.measure()


def _pushing() -> Iterator[Line]:
    from benchmarks import pushing  # noqa: PLC0415  a goal not asked for loads none of its peers

    return pushing.measure()


GOALS: dict[int, Callable[[], Iterator[Line]]] = {
    1: _turns,
    2: _slots,
    3: _orders,
    4: _understanding,
    5: _webhooks,
    6: _reminders,
    7: _pushing,
}


def main(arguments: Sequence[str]) -> int:
    """Measure the goals asked for; a goal that is not met is printed as such and is no failure of the run."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Us beside peers and floors, in one run.")
    every = ",".join(map(str, GOALS))
    parser.add_argument("--goals", default=every, help=f"which goals, of {every} (default: all)")
    wanted = parser.parse_args(arguments).goals
    chosen = [int(goal) for goal in wanted.split(",") if goal.strip().isdigit()]
    unknown = [goal for goal in chosen if goal not in GOALS]
    if unknown or not chosen:
        parser.error(f"there is no benchmark of {wanted!r}: choose of {every}")
    servers.own_servers()
    logging.disable(logging.WARNING)  # a slow unit shows in the figures
    lines: list[Line] = []
    try:
        for goal in chosen:
            for line in GOALS[goal]():
                print(f"· {line.name}", flush=True)
                lines.append(line)
    finally:  # what was measured before something broke is still worth seeing
        print()
        report.show(lines)
        report.keep(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
