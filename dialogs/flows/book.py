"""Booking a visit: service, option, how many, address, technician, time, phone; then the summary and one yes."""

from dataclasses import replace

from core import people
from core.calendar import NotBookable, SlotTaken
from core.catalog import text_in
from core.money import coupons
from core.money.pricing import Quote
from core.orders import placing
from core.people import masked_phone
from core.settings import rules
from dialogs.engine.actions import Begin, Change, plain, yes_to
from dialogs.engine.flow import Ask, Done, Field, Flow, Redo
from dialogs.engine.step import Step
from dialogs.fields.address import ADDRESS, DISTRICT, DOOR
from dialogs.fields.holding import held_again, hold_choice, keep_hold, let_go, note_lapse, renew, who_comes
from dialogs.fields.phone import PHONE
from dialogs.fields.plan import option_of, option_words, plan_of, quantity_of, service_of
from dialogs.fields.quantity import QUANTITY
from dialogs.fields.refusals import redo_start
from dialogs.fields.service import OPTION, SERVICE, THEN
from dialogs.fields.start import KEEPS, START
from dialogs.fields.technician import TECHNICIAN
from dialogs.fields.wishes import particular
from dialogs.lexicon import catalogue_of
from dialogs.nothing_sold import nothing_sold
from dialogs.outgoing import Button
from dialogs.pricing import pay_button, price_line
from dialogs.texts import formats


def _start(step: Step) -> Done | None:
    """A newcomer's coupon is granted before the first quote, so that the discount is real from the start."""
    shut = nothing_sold(step)
    if shut is not None:
        return Done(shut.text, shut.buttons)
    coupons.grant_new_customer(
        step.tx, step.person_id, currency=step.house.currency, rules=rules(step.tx), now=step.now
    )
    return None


def _summary(step: Step) -> Ask | Redo:
    preview = _preview(step)
    if isinstance(preview, Redo):
        return preview
    service, option = service_of(step), option_of(step)
    plan = plan_of(step)
    text = step.say(
        "book.summary",
        service=text_in(service.names, step.lang),
        option=option_words(step, option, quantity_of(step)),
        who=who_comes(step, preview.slot),
        day=step.day(preview.slot.starts_at),
        span=formats.span(preview.slot.starts_at, preview.slot.ends_at, step.zone),
        address=plan.address_text,
        phone=masked_phone(plan.phone),
        price=price_line(step, preview.quote),
        held_until=step.clock(preview.hold.expires_at),
        cancel_rule=step.say(
            "book.cancel_rule", fee=step.money(rules(step.tx).departed_kept_minor, preview.quote.currency)
        ),
    )
    return Ask(held_again(step) + text, extra=_summary_buttons(step, preview))


def _again(step: Step) -> Ask | Redo:
    preview = _preview(step)
    if isinstance(preview, Redo):
        return preview
    span = formats.span(preview.slot.starts_at, preview.slot.ends_at, step.zone)
    total = step.money(preview.quote.total_minor, preview.quote.currency)
    text = step.say(
        "book.summary_again",
        day=step.day(preview.slot.starts_at),
        span=span,
        total=total,
        held_until=step.clock(preview.hold.expires_at),
    )
    return Ask(held_again(step) + text, extra=_summary_buttons(step, preview))


def _preview(step: Step) -> placing.Preview | Redo:
    """Hold the time and quote it; what was shown is kept, so that the yes is to exactly this."""
    if particular(step.values) and step.values["technician"].get("anyone"):
        refused_choice = hold_choice(step)
        if refused_choice is not None:
            return refused_choice
    try:
        with step.tx.savepoint():
            hold_id = step.values.get("hold")
            preview = placing.preview(step.tx, step.person_id, plan_of(step), hold_id=hold_id, now=step.now)
    except (SlotTaken, NotBookable) as refused:
        return redo_start(step, refused)
    step.values["shown"] = preview.quote.to_json()
    keep_hold(step, preview.hold)
    return preview


def _summary_buttons(step: Step, preview: placing.Preview) -> tuple[Button, ...]:
    counted = ("quantity",) if option_of(step).most > 1 else ()
    changes = ("start", "technician", "address", *counted)
    yes = yes_to(plan_of(step), preview.slot.technician_id, preview.quote.to_json())
    return (
        Button(step.say("book.confirm"), yes),
        *(Button(step.say(f"book.change_{name}"), plain(Change(name))) for name in changes),
    )


def _commit(step: Step) -> Done | Redo:
    plan = plan_of(step)
    try:
        with step.tx.savepoint():  # refused, whatever else is held stays
            placed = placing.place(
                step.tx,
                step.person_id,
                plan,
                shown=Quote.from_json(step.values["shown"]),
                hold_id=step.values.get("hold"),
                now=step.now,
            )
    except (SlotTaken, NotBookable) as refused:
        return redo_start(step, refused)
    except placing.QuoteChanged:
        return Redo(step.say("book.price_changed"), ())
    _remember(step)
    expires_at = placed.payment.expires_at
    text = step.say("book.placed", code=placed.order.code, until=step.clock(expires_at))
    total = step.money(placed.order.total_minor, placed.order.currency)
    pay = pay_button(step, total, placed.payment.token)
    return Done(text, (pay, *_and_then(step)))


def _and_then(step: Step) -> tuple[Button, ...]:
    """Offer what was wished for beside this visit."""
    then = step.values.get(THEN)
    if then is None:
        return ()
    service = text_in(catalogue_of(step).service(then).names, step.lang)
    return (Button(step.say("book.then", service=service), plain(Begin("book", {"service": then}))),)


def _remember(step: Step) -> None:
    """Keep phone and address for the next time."""
    people.set_phone(step.tx, step.person_id, step.values["phone"])
    address = step.values["address"]
    plan = plan_of(step)
    people.save_address(
        step.tx,
        step.person_id,
        text=plan.address_text,
        region_id=plan.region_id,
        lat=plan.lat if address.get("lat") is None else address["lat"],
        lng=plan.lng if address.get("lng") is None else address["lng"],
        now=step.now,
    )


def _drop(step: Step) -> str:
    """Release the held time; a coupon is only taken by an order, so none needs giving back."""
    return step.say("book.dropped_released" if let_go(step) else "book.dropped")


def _while_held(field: Field) -> Field:
    """Return a field of the last questions: by now the time is chosen, so it is held while the answer is typed."""
    return replace(field, ask=lambda step: hold_choice(step) or field.ask(step))


BOOK = Flow(
    name="book",
    role="customer",
    intents=("book", "ask_availability", "recommend"),
    fields=(
        SERVICE,
        OPTION,
        QUANTITY,
        ADDRESS,
        DISTRICT,
        TECHNICIAN,
        START,
        _while_held(DOOR),
        _while_held(PHONE),
    ),
    start=_start,
    summary=_summary,
    again=_again,
    commit=_commit,
    drop=_drop,
    resume=note_lapse,
    renew=renew,
    keeps=KEEPS,
)
