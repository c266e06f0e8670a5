"""Named stamps that tell every process when what it remembers has changed."""

from sqlalchemy import bindparam, select, update

from core.db import Tx, insert_into
from core.ids import new_id
from core.settings.tables import counter as table

_READ = select(table.c.name, table.c.value)
_MEMO = "counters"
_INSERT = insert_into(table)
_STAMP = update(table).where(table.c.name == bindparam("b_name")).values(value=bindparam("new_value"))


def counter(tx: Tx, name: str) -> int:
    """Return the stamp of what `name` stands for; 0 while nothing was ever changed.

    All stamps are read at once and remembered by the transaction until it takes a guard, so that a decision never rests
    on a stamp read before its guard.
    """
    stamps: dict[str, int] | None = tx.memo.get(_MEMO)
    if stamps is None:
        stamps = tx.memo[_MEMO] = {row.name: int(row.value) for row in tx.all(_READ)}
    return stamps.get(name, 0)


def bump(tx: Tx, name: str) -> int:
    """Give `name` a stamp never used before in any database, keep others out of it until the commit, and return it."""
    stamp = new_id()
    params = {"b_name": name, "new_value": stamp}
    if tx.execute(_STAMP, params) == 0 and not tx.insert_if_new(_INSERT, {"name": name, "value": stamp}):
        tx.execute(_STAMP, params)
    tx.memo.clear()
    return stamp
