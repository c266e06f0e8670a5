"""A world a test, through the door the parameter names."""

from collections.abc import Iterator

import pytest

from menling.rehearsal import World
from tests.behaviours.scene import NOW
from tests.behaviours.table import DOORS


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    """One door after the other."""
    return str(request.param)


@pytest.fixture
def w(door: str) -> Iterator[World]:
    """The demo city behind one door; at the end everything in it agrees with everything else."""
    with World(now=NOW, door=door) as world:
        yield world
        assert world.check() == []


@pytest.fixture
def wechat() -> Iterator[World]:
    """The demo city behind WeChat alone: for what only numbers, windows and messages that cannot be edited bring."""
    with World(now=NOW, door="wechat") as world:
        yield world
        assert world.check() == []
