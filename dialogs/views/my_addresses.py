"""A person's saved addresses: all of them, and one with what can be done with it."""

from typing import Any

from core.catalog import text_in
from core.people import Address, address
from dialogs.cards.under_way import visit_now
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.engine.talk import fitting
from dialogs.fields.address import address_line, as_value, saved
from dialogs.flows.set_out import visit_meant
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Button
from dialogs.views.my_day import asks_of_the_visit
from dialogs.views.paging import page_of
from nlu import Understanding

_NAME = "my_addresses"


def _show(step: Step, understood: Understanding | None, about: dict[str, Any]) -> Shown:
    if understood is not None and asks_of_the_visit(understood):
        visit = visit_meant(step)
        if visit is not None:  # a technician on the way asks for the customer's door, not for their own
            return visit_now(step, visit)
    if "address" in about:
        return _one(step, address(step.tx, step.person_id, int(about["address"])))
    known = saved(step)
    add = Button(step.say("my_addresses.add"), plain(Begin("add_address")))
    if not known:
        return Shown(step.say("my_addresses.none"), (add,))
    page = page_of(step, _NAME, about, [each.id for each in known])
    shown = [each for each in known if each.id in page.ids]
    lines = [step.say("my_addresses.head", count=len(known)), *(address_line(step, each) for each in shown)]
    buttons = tuple(Button(fitting(each.text), plain(Look(_NAME, {"address": each.id}))) for each in shown)
    return Shown("\n".join(lines), (*buttons, *page.more, add))


def _one(step: Step, one: Address) -> Shown:
    region = next((each for each in catalogue_of(step).regions if each.id == one.region_id), None)
    where = "" if region is None else text_in(region.names, step.lang)
    text = step.say("my_addresses.one", line=address_line(step, one), region=where).strip()
    about = {"which": one.id}
    default = Button(step.say("my_addresses.make_default"), plain(Begin("default_address", about)))
    buttons = (
        Button(step.say("my_addresses.book_here"), plain(Begin("book", {"address": as_value(one)}))),
        *(() if one.always else (default,)),
        Button(step.say("my_addresses.remove"), plain(Begin("remove_address", about))),
        Button(step.say("my_addresses.all"), plain(Look(_NAME))),
    )
    return Shown(text, buttons, columns=2)


MY_ADDRESSES = View(_NAME, "customer", ("my_addresses",), _show)
