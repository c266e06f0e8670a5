"""Opening what a house stands on: the key, the database and the clock, or a sentence why not."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final

from core import effects, health, migrations
from core.clock import Clock, DemoClock, SystemClock
from core.crypto import Vault
from core.db import Database, DatabaseError, Tx, open_database
from core.messages import outbox
from menling.config import Refused, Settings, master_key, why

_MOST_SKEW: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Ground:
    """What every process works with."""

    settings: Settings
    vault: Vault
    db: Database
    clock: Clock


@contextmanager
def opened(settings: Settings, *, serving: bool = False, demo: bool = False) -> Iterator[Ground]:
    """Open the ground, or raise Refused. `serving` claims an embedded database for this process alone."""
    _make_folders(settings)
    with contextlib.ExitStack() as stack:
        if settings.sqlite_file is not None and serving:
            stack.enter_context(_served_alone(settings.sqlite_file))
        vault = Vault(master_key(settings))
        db = _open(settings.database, vault)
        stack.callback(db.close)
        try:
            _bring_up_to_date(settings, db)
            _check(db)
            if serving and settings.sqlite_file is not None:
                db.run(_release_leases)
            yield Ground(settings, vault, db, DemoClock(db) if demo else SystemClock())
        except DatabaseError as error:
            raise Refused(f"The database does not work ({type(error).__name__}): look at DATABASE_URL.") from error


def migrate(settings: Settings) -> str:
    """Bring the database to the newest version and return its name; one migration at a time."""
    from core.migrations.running import NoDatabase, upgrade  # noqa: PLC0415  a second of imports that ordinary starts do without

    _make_folders(settings)
    with _one_at_a_time(settings.data_dir / "migrate.lock"):
        try:
            upgrade(settings.database)
        except NoDatabase as error:
            raise Refused(f"The database does not answer ({error}): look at DATABASE_URL.") from error
    return migrations.HEAD


def _make_folders(settings: Settings) -> None:
    file = settings.sqlite_file
    for folder in [settings.data_dir] + ([] if file is None else [file.parent]):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise Refused(f"The data folder {folder} cannot be used: it is a file.") from None
        except OSError as error:
            raise Refused(f"The data folder {folder} cannot be used: {why(error)}.") from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Refused(f"The data folder {folder} cannot be used: it is not yours to write in.")


def _open(url: str, vault: Vault) -> Database:
    try:
        return open_database(url, vault)
    except (ValueError, ImportError) as error:
        raise Refused(f"DATABASE_URL is not understood: {error}.") from None
    except Exception as error:
        raise Refused(f"The database cannot be opened ({type(error).__name__}): look at DATABASE_URL.") from error


def _bring_up_to_date(settings: Settings, db: Database) -> None:
    """The embedded database migrates itself; a server's is migrated by whoever runs it."""
    try:
        version = db.read(migrations.version)
    except DatabaseError as error:
        raise Refused(f"The database does not answer ({type(error).__name__}): look at DATABASE_URL.") from error
    if version == migrations.HEAD:
        return
    if version is not None and version > migrations.HEAD:
        raise Refused(f"The database is of a newer Menling (version {version}): this one knows {migrations.HEAD}.")
    if settings.sqlite_file is None:
        where = "is empty" if version is None else f"is at version {version}, behind {migrations.HEAD}"
        raise Refused(f"The database {where}: run `menling migrate` first.")
    migrate(settings)


def _release_leases(tx: Tx) -> None:
    """Nobody else serves this file: what a process that died was about to send or do is free again at once."""
    outbox.release_all(tx)
    effects.release_all(tx)


def _check(db: Database) -> None:
    skew = db.read(health.clock_skew)
    if abs(skew) > _MOST_SKEW:
        raise Refused(
            f"The clocks here and at the database differ by {abs(skew).total_seconds():.0f} s: set them right first."
        )
    blind = db.read(health.case_blind_columns)
    if blind:
        more = f" and {len(blind) - 1} more" if len(blind) > 1 else ""
        raise Refused(f"Column {blind[0]}{more} would take one id for another: its collation must be utf8mb4_bin.")
    if not db.run(lambda tx: health.key_fits(tx, datetime.now(UTC))):
        raise Refused("The data here is sealed with another key than the one given: nothing could be read.")


@contextmanager
def _served_alone(file: Path) -> Iterator[None]:
    lock = file.with_name(f"{file.name}.serving").open("w")
    with lock:
        if not _try_lock(lock):
            raise Refused(
                f"{file} is already served by another process: an embedded database has one, with its worker."
            )
        yield


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _try_lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
