"""What must hold whatever happened: used by tests, by the nightly job and after a restore."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from operator import attrgetter

from sqlalchemy import select

from core import uniting
from core.announcements import checking as announcing
from core.calendar import Occupation
from core.calendar.occupations import cells
from core.calendar.occupying import FROM_BASE, leg_to
from core.calendar.tables import claim, occupation
from core.changes.states import ChangeState
from core.changes.tables import change_request
from core.db import Row, Tx
from core.geo import Point
from core.money import books
from core.orders.states import EDGES, HOLDING, SERVED, OrderEvent, OrderState
from core.orders.tables import order as order_table
from core.orders.tables import order_event
from core.support import checking
from core.technicians.tables import technician

_CLAIMS = select(claim.c.technician_id, claim.c.cell_start, claim.c.occupation_id)
_OCCUPATIONS = select(*(occupation.c[name] for name in Occupation.__dataclass_fields__)).order_by(
    occupation.c.technician_id, occupation.c.starts_at
)
_BASES = select(technician.c.id, technician.c.base_lat, technician.c.base_lng)
_ORDERS = select(
    order_table.c.id,
    order_table.c.state,
    order_table.c.version,
    order_table.c.technician_id,
    order_table.c.companion_id,
    order_table.c.crew,
    order_table.c.starts_at,
    order_table.c.ends_at,
)
_OPEN_CHANGES = select(change_request).where(change_request.c.state == ChangeState.OPEN.value)
_EVENTS = select(
    order_event.c.order_id, order_event.c.seq, order_event.c.event, order_event.c.from_state, order_event.c.to_state
).order_by(order_event.c.order_id, order_event.c.seq)


def check_invariants(tx: Tx) -> list[str]:
    """Return one sentence for each thing that is wrong; an empty list is what everybody wants to read."""
    occupations = [Occupation(*row) for row in tx.all(_OCCUPATIONS)]
    orders = {row.id: row for row in tx.all(_ORDERS)}
    bases = {row.id: Point(row.base_lat, row.base_lng) for row in tx.all(_BASES)}
    return [
        *_claims(occupations, tx.all(_CLAIMS)),
        *_occupied([one for one in occupations if one.change_id is None], orders),
        *_asked_for([one for one in occupations if one.change_id is not None], orders, tx.all(_OPEN_CHANGES)),
        *_legs(occupations, bases),
        *_histories(orders, tx.all(_EVENTS)),
        *books.check(tx),
        *checking.check(tx),
        *announcing.check(tx),
        *uniting.check(tx),
    ]


def _claims(occupations: list[Occupation], rows: Iterable[Row]) -> Iterator[str]:
    """Every occupation owns its cells, which rows of one order share with one another; every cell has an occupation."""
    owned: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for row in rows:
        owned[row.occupation_id].add((row.technician_id, row.cell_start))
    sharing: dict[tuple[int, int], list[Occupation]] = defaultdict(list)
    for one in occupations:
        sharing[one.technician_id, one.about or one.id].append(one)
    for group in sharing.values():
        wanted = {one.id: {(one.technician_id, cell) for cell in cells(one.starts_at, one.free_at)} for one in group}
        have = {one.id: owned.pop(one.id, set()) for one in group}
        whole = set().union(*wanted.values()) == set().union(*have.values())
        if not whole or any(have[one] - wanted[one] for one in have):
            yield f"occupation {group[0].id} does not own its cells"
    for occupation_id in owned:
        yield f"claims of occupation {occupation_id} have no occupation"


def _occupied(occupations: list[Occupation], orders: dict[int, Row]) -> Iterator[str]:
    """An order that holds time occupies that of each who comes, led by its technician; a dead one occupies none."""
    of_order: dict[int, list[Occupation]] = defaultdict(list)
    for one in occupations:
        if one.order_id is not None:
            of_order[one.order_id].append(one)
    for order_id, order in orders.items():
        state = OrderState(order.state)
        found = of_order.pop(order_id, [])
        if len(found) != order.crew and state in HOLDING:
            yield f"order {order_id} ({state}) has {len(found)} occupations"
        if found and state not in HOLDING | SERVED:
            yield f"order {order_id} ({state}) still occupies time"
        leads = {one.id for one in found if one.technician_id == order.technician_id}
        for one in found:
            whole = one.technician_id in (order.technician_id, order.companion_id) and one.together in leads
            if not whole or (one.starts_at, one.ends_at) != (order.starts_at, order.ends_at):
                yield f"order {order_id} and its occupation disagree"
    for order_id in of_order:
        yield f"time is occupied for order {order_id}, which does not exist"


def _asked_for(asked: list[Occupation], orders: dict[int, Row], changes: Iterable[Row]) -> Iterator[str]:
    """An open request is about an accepted order as it stands, and has the time of each who would come; others none."""
    of_change: dict[int, list[Occupation]] = defaultdict(list)
    for one in asked:
        of_change[one.change_id or 0].append(one)
    for change in changes:
        order, found = orders.get(change.order_id), of_change.pop(change.id, [])
        stands = order is not None and (order.state, order.version) == (OrderState.ACCEPTED, change.order_version)
        if not stands or change.open_order_id != change.order_id:
            yield f"change {change.id} is open and its order has moved on"
        crew = {change.technician_id, change.companion_id} - {None}
        times = {(one.order_id, one.starts_at, one.ends_at) for one in found}
        wanted = {(change.order_id, change.starts_at, change.ends_at)}
        if {one.technician_id for one in found} != crew or times != wanted:
            yield f"change {change.id} and the time it asks for disagree"
    for change_id in of_change:
        yield f"time is kept for change {change_id}, which is not open"


def _legs(occupations: list[Occupation], bases: dict[int, Point]) -> Iterator[str]:
    """Every way begins where the visit before ends, and there is time for it."""
    for technician_id, rows in groupby(occupations, key=attrgetter("technician_id")):
        day = list(rows)
        for number, after in enumerate(day):
            others = (one for one in reversed(day[:number]) if one.about is None or one.about != after.about)
            before = next(others, None)
            minutes, origin = leg_to(after.point, after.starts_at, before, bases[technician_id])
            if (minutes, origin) != (after.leg_minutes, after.leg_from):
                yield f"occupation {after.id} has the wrong leg"
            if before is None:
                continue
            gap = (after.starts_at - before.free_at).total_seconds() / 60
            if gap < 0:
                yield f"occupations {before.id} and {after.id} overlap"
            elif gap < minutes and origin != FROM_BASE:
                yield f"occupation {after.id} cannot be reached from {before.id}"


def _histories(orders: dict[int, Row], rows: Iterable[Row]) -> Iterator[str]:
    """The events of an order are an unbroken walk along the edges that ends where the order stands."""
    walks: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        walks[row.order_id].append(row)
    for order_id, order in orders.items():
        walk = walks.pop(order_id, [])
        if [row.seq for row in walk] != list(range(1, order.version + 1)) or walk[-1].to_state != order.state:
            yield f"order {order_id} and its events disagree"
        for before, row in pairwise(walk):
            edge = EDGES.get((OrderState(before.to_state), OrderEvent(row.event)))
            if row.from_state != before.to_state or edge != row.to_state:
                yield f"order {order_id} made an illegal move at {row.seq}"
    for order_id in walks:
        yield f"events of order {order_id} have no order"
