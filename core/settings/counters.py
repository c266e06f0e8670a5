"""Named stamps that tell every process when what it remembers has changed."""

from sqlalchemy import bindparam, select, update

from core.db import Tx, insert_into
from core.ids import new_id
from core.settings.tables import counter as table

_READ = select(table.c.value).where(table.c.name == bindparam("b_name"))
_INSERT = insert_into(table)
_STAMP = update(table).where(table.c.name == bindparam("b_name")).values(value=bindparam("new_value"))


def counter(tx: Tx, name: str) -> int:
    """Return the stamp of what `name` stands for; 0 while nothing was ever changed."""
    return int(tx.scalar(_READ, {"b_name": name}) or 0)


def bump(tx: Tx, name: str) -> int:
    """Give `name` a stamp never used before in any database, keep others out of it until the commit, and return it."""
    stamp = new_id()
    params = {"b_name": name, "new_value": stamp}
    if tx.execute(_STAMP, params) == 0 and not tx.insert_if_new(_INSERT, {"name": name, "value": stamp}):
        tx.execute(_STAMP, params)
    return stamp
