"""Playing a script: each step through the door, then what it expects; a failure tells what was seen instead."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce

from core import people
from core.catalog import catalogue
from core.db import Tx
from menling.demo.data import Words
from menling.rehearsal.person import Person
from menling.rehearsal.script import Role, Script, Step, pattern_of, place_in
from menling.rehearsal.shapes import NotPossible, OrderSeen
from menling.rehearsal.world import World
from simulators.screen import CannotDo, NotOnScreen


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that was not met: at which step, and what was seen instead."""

    step: int
    why: str


@dataclass(slots=True)
class Played:
    """What became of a script; `texts` are all words that were shown, person by person, in order."""

    failures: list[Failure] = field(default_factory=list)
    orders: tuple[OrderSeen, ...] = ()
    texts: list[tuple[str, str]] = field(default_factory=list)
    entered: set[str] = field(default_factory=set)
    """Flows and views that were entered, by name."""


Watch = Callable[[World, int], None]
"""Called after each step with its number."""


def play(
    script: Script, world: World, *, after_step: Watch | None = None, say: Callable[[str], None] = print
) -> Played:
    """Play a script in its world, telling the transcript as it comes; stops at the first step that fails."""
    played = Played()
    cast = {role.name: _enter(world, role) for role in script.people}
    told = _tell(world, 0, say)
    kept: dict[str, str] = {}
    for number, written in enumerate(script.steps, 1):
        step = _filled(written, kept)
        problems = _perform(world, step, cast)
        told = _tell(world, told, say)
        problems += _unmet(world, step, cast) or _keep(step, cast, kept)
        played.failures += [Failure(number, why) for why in problems]
        if problems:
            break
        if after_step is not None:
            after_step(world, number)
            told = _tell(world, told, say)
    played.failures += [Failure(len(script.steps), why) for why in world.check()]
    played.orders = world.orders()
    played.entered = set(world.entered)
    played.texts = [(line.person, line.reply.text) for line in world.transcript if not line.mine]
    return played


def _enter(world: World, role: Role) -> Person:
    person = world.person(role.lang, name=role.name, demo=role.demo)
    if role.phone is not None or role.address is not None:
        world.run(lambda tx: _furnish(tx, world, person, role))
    return person


def _furnish(tx: Tx, world: World, person: Person, role: Role) -> None:
    if role.phone is not None:
        people.set_phone(tx, person.person_id, role.phone if role.phone.startswith("+") else f"+86{role.phone}")
    if role.address is not None:
        code = place_in(world.cast, role.address)
        place = next(one for one in catalogue(tx).places if one.code == code)
        people.save_address(
            tx,
            person.person_id,
            text=role.address,
            region_id=place.region_id,
            lat=place.lat,
            lng=place.lng,
            now=world.now,
        )


def _tell(world: World, told: int, say: Callable[[str], None]) -> int:
    for line in world.transcript[told:]:
        say(line.lines())
    return len(world.transcript)


def _filled(step: Step, kept: Mapping[str, str]) -> Step:
    """Return the step with what was kept written in."""
    if not kept:
        return step

    def fill(text: str) -> str:
        return reduce(lambda filled, name: filled.replace(f"<{name}>", kept[name]), kept, text)

    return replace(
        step,
        value=fill(step.value) if isinstance(step.value, str) else step.value,
        expect=tuple(fill(text) for text in step.expect),
        absent=tuple(fill(text) for text in step.absent),
        buttons=tuple(fill(text) for text in step.buttons),
    )


def _keep(step: Step, cast: dict[str, Person], kept: dict[str, str]) -> list[str]:
    """Keep what a step wants kept of what was said; a sentence for each that is not there."""
    text = "\n".join(one.text for one in (cast.values() if step.who is None else [cast[step.who]]))
    missing = []
    for name, pattern in step.keep.items():
        found = pattern_of(pattern).search(text)
        if found is None:
            missing.append(f"nothing like {pattern} was said, to keep as <{name}>")
        else:
            kept[name] = found[1]
    return missing


def _perform(world: World, step: Step, cast: dict[str, Person]) -> list[str]:
    """Do what the step says; a sentence when nobody could."""
    try:
        _do(world, step, None if step.who is None else cast[step.who])
    except NotOnScreen as error:
        seen = "" if step.who is None else _seen(cast[step.who])
        return [f"{str(error).splitlines()[0]}; {seen}"]
    except (NotPossible, CannotDo) as error:
        return [str(error)]
    return []


def _do(world: World, step: Step, person: Person | None) -> None:
    match step.act, step.value:
        case "advance", float(minutes):
            world.advance(minutes=minutes)
        case "restart", _:
            world.restart()
        case _, _ if person is None:
            return
        case "say", str(text):
            person.say(text)
        case "press", str(label):
            person.press(label)
        case "photo", _:
            person.photo()
        case "contact", str(phone):
            person.contact(phone)
        case "location", (float(lat), float(lng)):
            person.location(lat, lng)
        case "pay", str(manner):
            person.pay(manner=manner)


def _unmet(world: World, step: Step, cast: dict[str, Person]) -> list[str]:
    """Return a sentence for each expectation that does not hold."""
    listeners = list(cast.values()) if step.who is None else [cast[step.who]]
    text = "\n".join(one.text for one in listeners)
    buttons = [label for one in listeners for label in one.buttons]
    found = [f"expected {wanted!r}" for wanted in step.expect if not pattern_of(wanted).search(text)]
    found += [f"did not expect {unwanted!r}" for unwanted in step.absent if pattern_of(unwanted).search(text)]
    for label in step.buttons:
        if not any(pattern_of(label).search(one) for one in buttons):
            found.append(f"expected a button {label!r}")
    if found:
        seen = "; ".join(_seen(one) for one in listeners if one.replies or step.who is not None)
        found = [f"{', '.join(found)}; {seen or 'nobody was told anything'}"]
    if step.order is not None:
        found += _order_unmet(world, step, cast)
    return found


def _seen(person: Person) -> str:
    if not person.replies:
        return f"{person.name} saw nothing"
    shown = " / ".join(" ".join(reply.shown.split()) for reply in person.replies)
    return f"{person.name} saw: {shown}"


def _order_unmet(world: World, step: Step, cast: dict[str, Person]) -> list[str]:
    assert step.order is not None
    wanted = dict(step.order.facts)
    orders = _orders_of(world, None if step.who is None else cast[step.who])
    how_many = wanted.pop("orders", None)
    found = (
        [] if how_many is None or how_many == len(orders) else [f"expected {how_many} orders, there are {len(orders)}"]
    )
    if not wanted:
        return found
    if not orders:
        return [*found, "expected an order, there is none"]
    order = orders[-1]
    for key, value in wanted.items():
        given = _given(order, key)
        if not _fits(world, key, value, given):
            found.append(f"expected the order's {key} to be {_told(key, value)}, it is {_told(key, given)}")
    return found


def _orders_of(world: World, person: Person | None) -> list[OrderSeen]:
    """Return whose orders a step means: a customer's own, those a technician has, or all."""
    everybody = world.orders()
    if person is None:
        return list(everybody)
    own = [one for one in everybody if one.person_id == person.person_id]
    works = world.technician_name(person)
    return own or [one for one in everybody if works is not None and one.technician == works]


def _given(order: OrderSeen, key: str) -> object:
    match key:
        case "starts":
            return order.starts_at.strftime("%Y-%m-%d %H:%M")
        case "total":
            return order.total_minor
        case _:
            return getattr(order, key)


def _fits(world: World, key: str, wanted: object, given: object) -> bool:
    if key in ("technician", "service", "option"):
        return given is not None and str(wanted) in _names(world, key, str(given))
    if key == "starts":
        return str(given).endswith(str(wanted).replace("T", " "))
    return wanted == given


def _names(world: World, key: str, name: str) -> set[str]:
    """Return the names of a thing of the city, by the one it is told of by."""
    found = {name}
    city = world.cast.city
    named: list[Words] = [one.names for one in (city.technicians if key == "technician" else city.services)]
    if key == "option":
        named = [option.names for service in city.services for option in service.options]
    for words in named:
        if words.zh_hans == name:
            found |= {words.zh_hans, words.en}
    return found


def _told(key: str, value: object) -> str:
    if key == "total" and isinstance(value, int):
        return f"{value / 100:.2f}".removesuffix(".00")
    return value.isoformat() if isinstance(value, datetime) else str(value)


__all__ = ["Failure", "Played", "play"]
