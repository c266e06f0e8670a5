"""Outside a demo a technician signs in with a code sent to the phone we know."""

from functools import partial

import msgspec
import phonenumbers
from starlette.requests import Request
from starlette.responses import Response

from bots.web.acts import Done
from bots.web.desk import Desk, address_of, check_origin, check_pace, json_answer, json_of, real_now
from bots.web.refusals import Refused, language_of
from bots.web.seats import CHANNEL, Seat, SeatName, new_seat
from core import audit, people
from core.db import Tx
from core.effects.sms import want_sms
from core.ids import new_id
from core.people.joining import add_identity

_HOME_REGION = "CN"


class Phone(msgspec.Struct, forbid_unknown_fields=True):
    """A phone as somebody typed it."""

    phone: str


class Proof(msgspec.Struct, forbid_unknown_fields=True):
    """A phone and the code it was sent."""

    phone: str
    code: str


async def send_code(desk: Desk, request: Request) -> Response:
    """Send a code; the answer is the same whether the phone is anybody's or not."""
    check_origin(desk, request)
    phone = _e164((await json_of(request, Phone)).phone)
    check_pace(desk.codes, address_of(request))
    await desk.db.arun(partial(_send, phone=phone, lang=language_of(request)))
    return json_answer(Done())


async def sign_in(desk: Desk, request: Request) -> Response:
    """Give the browser the technician's seat of whoever proves the phone."""
    check_origin(desk, request)
    proof = await json_of(request, Proof)
    phone = _e164(proof.phone)
    check_pace(desk.proofs, address_of(request))
    seat = new_seat(SeatName.TECHNICIAN, real_now())
    if not await desk.db.arun(partial(_prove, desk=desk, phone=phone, code=proof.code, seat=seat)):
        raise Refused("wrong_code")
    answer = json_answer(Done())
    desk.jar.write(answer, seat)
    return answer


async def sign_out(desk: Desk, request: Request) -> Response:
    """Take the technician's seat from this browser."""
    check_origin(desk, request)
    answer = json_answer(Done())
    desk.jar.clear(answer, SeatName.TECHNICIAN)
    return answer


def _e164(typed: str) -> str:
    try:
        number = phonenumbers.parse(typed[:40], _HOME_REGION)
    except phonenumbers.NumberParseException:
        raise Refused("bad_phone") from None
    if not phonenumbers.is_possible_number(number):
        raise Refused("bad_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _send(tx: Tx, *, phone: str, lang: str) -> None:
    now = real_now()
    try:
        code = people.new_sign_in_code(tx, phone, now)
    except people.CodeTooSoon:
        raise Refused("code_too_soon") from None
    if people.phone_owner(tx, phone) is None:
        return  # a text costs money and annoys: who could not sign in with it gets none
    number = str(new_id())
    want_sms(tx, phone=phone, code=code, lang=lang, key=f"sign-in:{number}", number=number, now_real=now)


def _prove(tx: Tx, *, desk: Desk, phone: str, code: str, seat: Seat) -> bool:
    is_right = people.prove_sign_in_code(tx, phone, code, real_now())
    person_id = people.phone_owner(tx, phone) if is_right else None
    if person_id is None:
        return False  # not raised: the try that was counted has to be committed
    now = desk.clock.now()
    add_identity(tx, person_id, channel=CHANNEL, account=seat.account, external_id=seat.external_id, now=now)
    audit.note(
        tx, "person.signed_in", actor_id=person_id, subject_kind="person", subject_id=person_id, facts={}, now=now
    )
    return True
