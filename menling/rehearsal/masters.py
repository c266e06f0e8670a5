"""The city of a rehearsal, made once in a process and copied for each World."""

import atexit
import shutil
import tempfile
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from core.crypto import Vault
from core.db import open_database
from core.migrations.running import engine_for
from core.tables import metadata
from menling.demo.data import DemoCity, read_demo
from menling.demo.load import load_demo
from menling.rehearsal.cast import Cast, put_in

KEY: Final = b"rehearsal" + b"\0" * 23
"""What a rehearsal's database is sealed with: it is thrown away, and nobody real is in it."""

_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
_MOST_KEPT: Final = 64


@cache
def demo_city() -> DemoCity:
    """Return the demo city, read once."""
    return read_demo()


@cache
def _home() -> Path:
    """Return the folder of this process's rehearsals, in memory where the system has such a place; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="menling-rehearsal-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def fresh_folder() -> Path:
    """Return a new folder for one World."""
    return Path(tempfile.mkdtemp(dir=_home()))


def copy_master(cast: Cast, now: datetime, to: Path) -> None:
    """Put a database with this cast's city into `to`."""
    shutil.copyfile(_master(cast, now), to)


@lru_cache(maxsize=_MOST_KEPT)
def _master(cast: Cast, now: datetime) -> Path:
    path = Path(tempfile.mkdtemp(prefix="master-", dir=_home())) / "menling.db"
    url = f"sqlite:///{path}"
    engine = engine_for(url)
    metadata.create_all(engine)
    engine.dispose()
    db = open_database(url, Vault(KEY))
    try:
        load_demo(db, cast.city, now)
        put_in(db, cast, now)
    finally:
        db.close()
    return path
