"""Which of our menus a platform shows somebody: a call changes it, so it is remembered."""

from sqlalchemy import bindparam, update

from core.db import Tx, insert_into
from core.windows.tables import menu_shown as table

_INSERT = insert_into(table)
_CHANGE = update(table).where(table.c.identity_id == bindparam("b_identity")).values(menu=bindparam("new_menu"))


def note_menu(tx: Tx, identity_id: int, menu: str) -> None:
    """Note that the platform now shows this menu."""
    params = {"b_identity": identity_id, "new_menu": menu}
    if not tx.execute(_CHANGE, params) and not tx.insert_if_new(_INSERT, {"identity_id": identity_id, "menu": menu}):
        tx.execute(_CHANGE, params)
