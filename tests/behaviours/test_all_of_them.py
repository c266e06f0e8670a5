"""The list itself: no behaviour without a test, none excused that has one."""

import re

from tests.behaviours.table import BEHAVIOURS, FOLDER, PARTLY, SECTIONS, WAITS, kept


def test_every_behaviour_has_a_test_or_says_what_it_waits_for() -> None:
    tested = {number for one in kept() for number in one.numbers}

    assert set(BEHAVIOURS) == set(range(1, 48))
    assert [number for numbers in SECTIONS.values() for number in numbers] == list(range(1, 48))
    assert set(BEHAVIOURS) - tested == set(WAITS)
    assert set(PARTLY) <= tested


def test_every_test_here_says_what_it_keeps() -> None:
    marked = {(one.file, one.name) for one in kept()}
    written = {
        (path.name, name)
        for path in FOLDER.glob("test_*.py")
        if path.name != "test_all_of_them.py"
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert written == marked
