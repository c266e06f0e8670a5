"""Network work that is not words, done by a worker: wanted in the transaction of its cause, performed after it."""

from core.effects.sms import Sms, open_sms, want_sms
from core.effects.work import (
    LEASE,
    MOST_TRIES,
    Effect,
    EffectKind,
    EffectState,
    again,
    claim_due,
    done,
    done_by_hand,
    effect_of,
    failed,
    release_all,
    retry,
    stuck_effects,
    unknown,
    want,
)

__all__ = [
    "LEASE",
    "MOST_TRIES",
    "Effect",
    "EffectKind",
    "EffectState",
    "Sms",
    "again",
    "claim_due",
    "done",
    "done_by_hand",
    "effect_of",
    "failed",
    "open_sms",
    "release_all",
    "retry",
    "stuck_effects",
    "unknown",
    "want",
    "want_sms",
]
