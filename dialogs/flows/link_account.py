"""One person on several channels: a code shown here and typed there, a link, or a phone they prove; then one yes."""

import unicodedata
from typing import Any

from core import people
from core.people import Shown, TriesUsed, masked_phone
from core.uniting import CannotJoin, Side, ask_to_join, check_can_join
from dialogs.engine.actions import Begin, Commit, Word, plain
from dialogs.engine.flow import Answer, Ask, Done, Field, Flow, Missed, Redo, Took
from dialogs.engine.step import Step
from dialogs.fields.phone import PHONE
from dialogs.flows import answering_joining
from dialogs.linking import link_buttons, other_account, text_code, why_not
from dialogs.outgoing import Button
from nlu import Understanding

_CODE_DIGITS = 6
TYPED = "_typed"
"""Value holding a code that came by a link: looked up when the flow opens."""


def _start(step: Step) -> Done | None:
    """Go on with what was said already; without that show a code for the other side, and nothing is asked here."""
    if answering_joining.is_asked(step):
        return answering_joining.opened(step)
    typed = step.values.pop(TYPED, None)
    if typed is not None:
        found = _look_up(step, str(typed))
        if isinstance(found, Missed):
            return Done(found.text)
        step.values.update(found.values)
    if "code" in step.values or step.values.get("by_phone"):
        return None
    return Done("") if step.values.get("_failed") else _shown(step)


def _shown(step: Step) -> Done:
    shown = people.link_code_of(step.tx, step.person_id, channel=step.channel, account=step.account, now=step.now)
    by_phone = Button(step.say("link_account.by_phone"), plain(Begin("link_account", {"by_phone": True})))
    text = step.say("link_account.show", code=shown.code, until=step.clock(shown.expires_at))
    return Done(text, (*link_buttons(step, f"l_{shown.code}"), by_phone))


def _ask_code(step: Step) -> Ask:
    return Ask(step.say("link_account.ask_code"))


def _read_code(step: Step, answer: Answer) -> Took | Missed | None:
    code = people.link_code_in(answer.text)
    if code is None:
        return None
    found = _look_up(step, code)
    if isinstance(found, Missed) and not answer.asked:
        step.values["_failed"] = True  # what is wrong with it is said, and no other code beside it
    return found


def _look_up(step: Step, code: str) -> Took | Missed:
    try:
        shown = people.whose_link_code(step.tx, step.person_id, code, step.now)
    except TriesUsed as error:
        return Missed(step.say("link_account.tries", at=step.clock(error.facts["retry_at"])))
    if shown is None:
        return Missed(step.say("link_account.code_wrong"))
    if shown.person_id == step.person_id:
        return Missed(step.say("link_account.own_code"))
    try:
        check_can_join(step.tx, step.person_id, shown.person_id)
    except CannotJoin as error:
        return Missed(why_not(step, error))
    return Took({"code": code, "_other": _kept(shown)})


def _kept(shown: Shown) -> list[Any]:
    return [shown.person_id, shown.channel, shown.account]


def _ask_phone(step: Step) -> Ask:
    return Ask(step.say("link_account.ask_phone"), asks="phone")


def _read_phone(step: Step, answer: Answer) -> Took | Missed | None:
    """Take a phone; one that the platform vouches for is proved, to any other a code goes by text message."""
    if _is_known(step):
        return None
    found = PHONE.read(step, answer)
    if not isinstance(found, Took):
        return found
    phone = str(found.values["phone"])
    told = {"phone": phone, "by_phone": True, "sms": None}
    if answer.phone is not None:
        return _proved(step, phone, told | {"_proved": True})
    # Strangers are not written to, and nobody learns from the answer who is one.
    refused = text_code(step, phone, goes=bool(people.others_with_phone(step.tx, step.person_id, phone)))
    return Missed(refused) if refused is not None else Took(told | {"_proved": None, "_other": None})


def _proved(step: Step, phone: str, told: dict[str, Any]) -> Took | Missed:
    """Go on with a phone that is the person's own: whose else it is."""
    for person_id, _ in people.others_with_phone(step.tx, step.person_id, phone):
        where = next(iter(people.identities_of(step.tx, person_id)), None)
        if where is None:
            continue
        try:
            check_can_join(step.tx, step.person_id, person_id)
        except CannotJoin:
            continue
        return Took(told | {"_other": [person_id, where.channel, where.account]})
    return Missed(step.say("link_account.nobody"))


def _ask_sms(step: Step) -> Ask:
    return Ask(step.say("link_account.ask_sms", phone=masked_phone(step.values["phone"])))


def _read_sms(step: Step, answer: Answer) -> Took | Missed | None:
    if not answer.asked:
        return None
    code = "".join(str(unicodedata.decimal(letter)) for letter in answer.text if letter.isdecimal())  # １ is 1
    if len(code) != _CODE_DIGITS:
        return Missed(step.say("link_account.sms_wrong")) if code else None
    phone = str(step.values["phone"])
    if people.prove_sign_in_code(step.tx, phone, code, step.now) is None:
        return Missed(step.say("link_account.sms_wrong"))
    people.phone_proved(step.tx, step.person_id, phone, step.now)
    return Took({"sms": code}) if answering_joining.is_asked(step) else _proved(step, phone, {"sms": code})


def _other(step: Step) -> Side | None:
    told = step.values.get("_other")
    return None if told is None else Side(int(told[0]), str(told[1]), str(told[2]))


def _is_known(step: Step) -> bool:
    """Whether the other account is named already: by its code, or by the card that asked."""
    return "code" in step.values or answering_joining.is_asked(step)


def _summary(step: Step) -> Ask | Redo:
    if answering_joining.is_asked(step):
        return answering_joining.summary(step)
    other = _other(step)
    if other is None:
        return Redo(step.say("link_account.nobody"), ("code", "phone", "sms", "by_phone"))
    text = step.say("link_account.summary", that=other_account(step, other.person_id, other.channel))
    buttons = (
        Button(step.say("link_account.yes"), plain(Commit())),
        Button(step.say("link_account.no"), plain(Word("drop"))),
    )
    return Ask(text, extra=buttons)


def _commit(step: Step) -> Done:
    if answering_joining.is_asked(step):
        return answering_joining.agreed(step)
    other = _other(step)
    if other is None:
        return Done(step.say("link_account.nobody"))
    code = step.values.get("code")
    if code is not None and not people.take_link_code(step.tx, other.person_id, str(code), step.now):
        return Done(step.say("link_account.code_wrong"))
    agreed = code is not None or people.both_proved(step.tx, step.person_id, other.person_id)
    here = Side(step.person_id, step.channel, step.account)
    try:
        ask_to_join(step.tx, here, other, agreed=agreed, now=step.now)
    except CannotJoin as error:
        return Done(why_not(step, error))
    if agreed:
        return Done(step.say("link_account.done"))
    return Done(step.say("link_account.asked", that=other_account(step, other.person_id, other.channel)))


def _drop(step: Step) -> str:
    return answering_joining.refused(step) if answering_joining.is_asked(step) else step.say("link_account.kept")


def _claims(step: Step, understood: Understanding) -> bool:
    """A code by itself is for linking, whenever it comes; the flow that runs reads its own."""
    return step.frame.flow != "link_account" and people.link_code_in(understood.text) is not None


LINK_ACCOUNT = Flow(
    name="link_account",
    role="anyone",
    intents=("link_account",),
    fields=(
        Field(
            "code", "code", _ask_code, _read_code, holds=str,
            skip=lambda step: _is_known(step) or bool(step.values.get("by_phone")),
        ),
        Field("phone", "phone", _ask_phone, _read_phone, holds=str, skip=_is_known),
        Field(
            "sms", "code", _ask_sms, _read_sms, holds=str, needs=("phone",),
            skip=lambda step: "code" in step.values or bool(step.values.get("_proved")),
        ),
    ),
    start=_start,
    summary=_summary,
    commit=_commit,
    drop=_drop,
    claims=_claims,
    outspoken=True,
    anew=True,
    keeps={
        "by_phone": bool, "_other": list[Any], "_failed": bool, "_proved": bool,
        TYPED: str, "joining": int, "no": bool,
    },
    deed=r"合并|绑定|并成|\b(?:join|link|merge|combine)\b",
)  # fmt: skip
