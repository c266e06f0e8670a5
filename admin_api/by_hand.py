"""What a person has done outside for us: a refund that no provider can be asked for, paid back by hand."""

from typing import Annotated

from pydantic import Field

from admin_api.acting import Acting
from admin_api.shapes import Id, Model, shown
from core import audit, effects
from core.audit import Operator
from core.db import Tx
from core.effects import EffectKind, EffectState
from core.errors import StateConflict
from core.money import refunds


class DoneIn(Model):
    """Where the money can be found: the provider's own number of the refund, or the bank's."""

    model_config = shown({"reference": "re_3QK2eXAmple"})

    reference: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[!-~]+$")]


class DoneOut(Model):
    """Outside work that was done by hand; `number` is ours."""

    model_config = shown({"id": "112365899124084746", "kind": "refund", "number": "RK3J9X0A1B2C", "state": "done"})

    id: Id
    kind: EffectKind
    number: str
    state: EffectState


async def finish_effect(effect_id: Id, body: DoneIn, act: Acting) -> DoneOut:
    """Record that a stuck refund was paid back by hand at the provider; the customer is told. Once only."""

    def finished(tx: Tx, by: Operator) -> DoneOut:
        one = effects.done_by_hand(tx, effect_id, now=act.now)
        if one.kind is not EffectKind.REFUND:
            raise StateConflict(kind="effect", state=one.kind)
        refunds.finish(tx, one.number, body.reference, act.now)
        facts = {"kind": one.kind.value, "number": one.number, "reference": body.reference}
        audit.note(
            tx,
            "effect.done_by_hand",
            actor_id=by.id,
            subject_kind="effect",
            subject_id=one.id,
            now=act.now,
            facts=facts,
        )
        return DoneOut(id=one.id, kind=one.kind, number=one.number, state=one.state)

    return await act.write(finished)
