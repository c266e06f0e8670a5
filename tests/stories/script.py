"""The main job in one go: apply, approve, book, pay, accept, remind, visit, confirm, review, settle."""

import re

from tests.stories.actors import Actor, pays
from tests.stories.running import Operator, RunningHouse
from tests.stories.words import Words

_CODE = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_ORDER_CODE = re.compile(r"\b[2-9A-HJKMNP-Z]{6}\b")


def apply_and_be_approved(house: RunningHouse, technician: Actor, w: Words, name: str) -> str:
    """A technician applies by chat and an operator approves; returns the technician's id."""
    technician.says(w.apply)
    technician.sees("")
    technician.says(name)
    technician.sees("?" if w.lang == "en" else "性别")
    technician.presses(w.sex)
    technician.sees("")
    technician.presses(w.skill)
    technician.sees(w.skill)
    technician.presses(w.that_is_all)
    technician.sees("")
    technician.presses(w.region)
    technician.sees(w.region)
    technician.presses(w.that_is_all)
    technician.sees("")
    technician.photo()
    technician.sees(w.rota)
    technician.presses(w.rota)
    technician.sees(name, w.send_in)
    technician.presses(w.send_in)
    technician.sees(w.sent_in)

    operator = house.operator("auditor")
    waiting = operator.get("/technicians", state="applied")["items"]
    mine = next(one for one in waiting if name in one["names"].values())
    operator.post(f"/technicians/{mine['id']}/approve")
    operator.close()
    technician.sees(w.approved)
    return str(mine["id"])


def book(customer: Actor, w: Words, name: str, *, day: str = "明天") -> str:
    """One sentence, then what is missing; a question and a correction in between; returns the order's code."""
    customer.says(w.book.replace("明天", day))
    customer.sees(w.ask_option)
    customer.says(w.option)
    customer.sees(w.ask_address)
    customer.says(w.address)
    customer.sees(w.technicians)
    customer.says(name)
    customer.sees("")
    customer.says(w.phone)
    customer.sees(*w.summary, name)
    customer.says(w.question)
    customer.sees(w.answered, "15:00–16:30")
    customer.says(w.four)
    customer.sees(w.at_four)
    customer.says(w.yes)
    held = customer.sees(w.pay)
    code = _ORDER_CODE.search(held)
    assert code is not None, held
    return code[0]


def pay_and_be_accepted(customer: Actor, technician: Actor, w: Words, code: str) -> None:
    """The money comes by a signed notice; the technician takes the offer."""
    pays(customer.pay_link())
    customer.sees(w.received)
    technician.sees(w.offer, code)
    technician.presses(w.accept)
    technician.sees(w.accepted_by_me, code)
    customer.sees(w.accepted)


def remind(house: RunningHouse, customer: Actor, technician: Actor, w: Words) -> None:
    """A day before, two hours before, and when it is time to set out."""
    house.until("14:15")
    customer.sees(w.reminder_hours)
    customer.says(w.my_orders)  # who only taps, or says nothing, is written to five times in WeChat and no more
    customer.sees(w.listed)
    house.advance(75)
    technician.sees(w.set_out)


def visit(house: RunningHouse, customer: Actor, technician: Actor, w: Words) -> None:
    """Departed, arrived, a wrong code and the right one, finished with a photo."""
    technician.presses(w.depart)
    technician.sees(w.arrive)
    customer.sees(w.departed)
    technician.presses(w.arrive)
    technician.sees(w.ask_code)
    told = customer.sees(w.arrived)
    code = _CODE.findall(told)[-1]
    technician.says("0000" if code != "0000" else "1111")
    technician.sees(w.wrong_code)
    technician.says(code)
    technician.sees(w.finish)
    customer.sees(w.started)
    house.advance(85)
    technician.presses(w.finish)
    technician.sees(w.ask_photos)
    technician.photo()
    technician.sees(w.enough)
    technician.presses(w.enough)
    technician.sees(w.finished_by_me)
    customer.sees(w.finished)


def confirm_and_review(customer: Actor, technician: Actor, w: Words) -> None:
    """The customer says it is done, and how it was."""
    customer.presses(w.confirm)
    customer.sees(w.invite)
    technician.sees(w.confirmed)
    customer.presses(w.review)
    customer.sees(w.overall)
    customer.says("5")
    customer.sees(w.alike)
    customer.presses(w.all_alike)
    customer.sees(w.say_words)
    customer.says(w.praise)
    customer.sees(w.ask_photo)
    customer.presses(w.no_photo)
    customer.sees(w.reviewed)
    technician.sees(w.stars)
    customer.says(w.orders)
    customer.sees(w.done)


def settle(house: RunningHouse, technician: Actor, w: Words, technician_id: str) -> None:
    """An operator previews and closes, another marks it paid, the technician sees the money."""
    finance, admin = house.operator("finance"), house.operator("admin")
    before = finance.get("/settlements/preview")
    owed = {total["technician_id"]: total["income"]["minor"] for total in before["technicians"]}
    assert owed[technician_id] > 0
    closed = finance.post("/settlements", {"until": before["until_at"]})
    assert closed["total"]["minor"] == sum(owed.values())
    admin.post(f"/settlements/{closed['id']}/paid")
    technician.sees(w.paid_out)
    technician.says(w.income)
    technician.sees("¥")
    _nothing_wrong(admin)
    for operator in (finance, admin):
        operator.close()


def _nothing_wrong(operator: Operator) -> None:
    assert operator.get("/audit/verify")["intact"] is True


def whole_story(house: RunningHouse, customer: Actor, technician: Actor, w: Words, name: str) -> None:
    """From the application to the money."""
    house.until("09:00")  # whoever is told something at night is told in the morning
    technician_id = apply_and_be_approved(house, technician, w, name)
    code = book(customer, w, name)
    pay_and_be_accepted(customer, technician, w, code)
    remind(house, customer, technician, w)
    visit(house, customer, technician, w)
    confirm_and_review(customer, technician, w)
    settle(house, technician, w, technician_id)
