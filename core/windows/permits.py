"""Permits: a person allows one notification of a template; sending it uses the permit up."""

from sqlalchemy import bindparam, update

from core.db import Tx, insert_into
from core.windows.tables import push_permit as table

_THIS = (table.c.identity_id == bindparam("b_identity"), table.c.template == bindparam("b_template"))
_INSERT = insert_into(table)
_ONE_MORE = (
    update(table)
    .where(*_THIS, table.c.told != bindparam("b_told"))
    .values(left=table.c.left + 1, told=bindparam("b_told"))
)
_USE = update(table).where(*_THIS, table.c.left > 0).values(left=table.c.left - 1)
_RETURN = update(table).where(*_THIS).values(left=table.c.left + 1)
_FORGET = update(table).where(*_THIS).values(left=0)


def permit(tx: Tx, identity_id: int, template: str, *, told: str) -> bool:
    """Count one permit; `told` names the platform's event, which counts once however often it is repeated."""
    params = {"b_identity": identity_id, "b_template": template, "b_told": told}
    if tx.execute(_ONE_MORE, params):
        return True
    row = {"identity_id": identity_id, "template": template, "left": 1, "told": told}
    return tx.insert_if_new(_INSERT, row)


def use_permit(tx: Tx, identity_id: int, template: str) -> bool:
    """Use one permit up, before the call is made; False when there is none."""
    return bool(tx.execute(_USE, {"b_identity": identity_id, "b_template": template}))


def return_permit(tx: Tx, identity_id: int, template: str) -> None:
    """Give a permit back that the platform certainly did not use up."""
    tx.execute(_RETURN, {"b_identity": identity_id, "b_template": template})


def forget_permit(tx: Tx, identity_id: int, template: str) -> None:
    """Take the platform's word, or the person's, that nothing of this template is allowed any more."""
    tx.execute(_FORGET, {"b_identity": identity_id, "b_template": template})
