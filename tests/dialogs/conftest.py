"""The demo city, loaded once a run and copied for each test."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.db import open_database
from dialogs.engine import hearing
from nlu import Intent, Understanding, understand
from tests import servers
from tests.dialogs.chat import VAULT, World, a_world, make_city


@pytest.fixture(scope="session")
def city_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=servers.own_servers(), prefix="city-") as folder:
        path = Path(folder) / "master.db"
        make_city(f"sqlite:///{path}").close()
        yield path


@pytest.fixture
def city_url(city_file: Path) -> Iterator[str]:
    """The URL of a fresh copy of the demo city."""
    with tempfile.TemporaryDirectory(dir=servers.own_servers(), prefix="chat-") as folder:
        path = Path(folder) / "menling.db"
        shutil.copyfile(city_file, path)
        yield f"sqlite:///{path}"


@pytest.fixture
def world(city_url: str) -> Iterator[World]:
    """A world of one's own."""
    db = open_database(city_url, VAULT)
    yield a_world(db)
    db.close()


@pytest.fixture
def unsure_of_the_odd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a later model makes of them: here it is unsure of these words."""

    def reading(text: str, **scene: Any) -> Understanding:
        understood = understand(text, **scene)
        odd = any(word in text for word in ("抠咔咔", "嘎嘎", "knead"))
        grave = (Intent("emergency", 0.4),) if "咕咕" in text else ()
        intents = (Intent("out_of_scope", 0.6), *grave)
        return replace(understood, intents=intents, unknown=(text,)) if odd else understood

    monkeypatch.setattr(hearing, "understand", reading)
