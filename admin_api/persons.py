"""Persons: erasing one who asked for it."""

from admin_api.acting import Acting
from admin_api.shapes import Id, Model, shown
from core.audit import Operator
from core.db import Tx
from core.orders.leaving import erase_person


class Erased(Model):
    """Who cannot be read any more."""

    model_config = shown({"person_id": "112365899124084747"})

    person_id: Id


async def erase(person_id: Id, act: Acting) -> Erased:
    """Erase a person for ever: names, phone, addresses, words and pictures; 409 while a visit depends on them."""

    def erased(tx: Tx, by: Operator) -> Erased:
        erase_person(tx, person_id, operator_id=by.id, now=act.now)
        return Erased(person_id=person_id)

    return await act.write(erased)
