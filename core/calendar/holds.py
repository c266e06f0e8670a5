"""Holding a slot for one person while they decide, and giving it to the order they place."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.calendar import index, occupations, search
from core.calendar.board import empty_board, who_can
from core.calendar.occupations import Occupation
from core.calendar.occupying import Keeping, free, free_lapsed, occupy, own_in_the_way
from core.calendar.refusing import why_not
from core.calendar.wishes import Hold, NotBookable, Slot, SlotTaken, Wish, check_instants
from core.conversations import place as conversations
from core.db import CandidateLost, Tx
from core.settings import Rules, rules
from core.tally import count

_MOST_HOLDS = 2
"""Live holds a person may have; a third takes the place of the oldest."""

_WORTH_RENEWING = timedelta(minutes=1)
_LEAST = timedelta(minutes=1)
"""However long somebody has been choosing, the slot shown last is theirs for so long."""


def hold(
    tx: Tx,
    person_id: int,
    wish: Wish,
    *,
    technician_id: int | None,
    starts_at: datetime,
    now: datetime,
    replacing: int | None = None,
) -> Hold:
    """Keep a slot for a person, in place of the hold named; None as technician takes the best who can come.

    Left to us, the slot tells the two facts that ranked its technician. A person has at most two holds: the oldest
    gives way, and one that is in the way. The same slot held before is renewed. A refusal leaves all as it was.
    Raises SlotTaken with alternatives when somebody else is in the way, NotBookable when a rule forbids the start.
    """
    check_instants(starts_at)
    wish = _of(wish, technician_id)
    conversations.guard(tx, person_id)  # nobody holds more by asking from two places at once
    held = occupations.held_by(tx, person_id)
    for rows in _together(held):
        if _is_for(tx, rows, wish, starts_at, now) and (renewed := _renew(tx, rows, now)) is not None:
            return renewed
    chosen = _choose(tx, wish, person_id=person_id, at=starts_at, now=now)
    if chosen is None:
        raise _refusal(tx, wish, person_id=person_id, at=starts_at, now=now)
    occupations.guard(tx, [*chosen.crew, *(one.technician_id for one in held), *_movers(tx, wish.moving)])
    in_the_way = _in_the_way(tx, held, wish, chosen.crew, at=starts_at, now=now)
    given_up = _given_up(held, {replacing, *in_the_way, *_for_same_move(held, wish)}, now)
    began = _began(given_up, chosen.crew, now)
    taken = _occupy_all(tx, wish, chosen.crew, person_id=person_id, at=starts_at, began=began, now=now)
    if taken is None:
        raise _refusal(tx, wish, person_id=person_id, at=starts_at, now=now)
    for one in given_up:
        free(tx, one, now)
    if given_up:  # the way may begin elsewhere now
        taken = [one for one in occupations.held_by(tx, person_id) if one.together == taken[0].id]
    found = _hold_of(taken)
    return replace(found, slot=replace(found.slot, facts=chosen.facts))


def renew_hold(tx: Tx, hold_id: int, person_id: int, now: datetime) -> Hold | None:
    """Keep a live hold a little longer, up to the most a hold may last; None when it has lapsed or is not theirs."""
    rows = [one for one in occupations.held_by(tx, person_id) if one.together == hold_id]
    return _renew(tx, rows, now) if rows else None


def live_holds(tx: Tx, person_id: int, now: datetime) -> tuple[Hold, ...]:
    """Return what a person holds now, the oldest first."""
    held = occupations.held_by(tx, person_id)
    return tuple(_hold_of(rows) for rows in _together(held) if not rows[0].lapsed(now))


def held_for(tx: Tx, person_id: int, wish: Wish, *, starts_at: datetime, now: datetime) -> Hold | None:
    """Return the person's live hold if it is for this very wish and start."""
    live = (rows for rows in _together(occupations.held_by(tx, person_id)) if not rows[0].lapsed(now))
    return next((_hold_of(rows) for rows in live if _is_for(tx, rows, wish, starts_at, now)), None)


def release_hold(tx: Tx, person_id: int, now: datetime, hold_id: int | None = None) -> bool:
    """Free a hold of a person, or all of them; False when they held nothing. Never fails."""
    held = [one for one in occupations.held_by(tx, person_id) if hold_id in (None, one.together)]
    occupations.guard(tx, [one.technician_id for one in held])
    for one in held:
        free(tx, one, now)
    return bool(held)


def give_to_order(tx: Tx, held: Hold, order_id: int, now: datetime, *, person_id: int) -> bool:
    """Turn a person's live hold into the visit of their order; False when it has lapsed meanwhile.

    The claims stay as they are, so one conditional UPDATE decides against the sweep that would free them.
    """
    return _give(tx, held, person_id=person_id, order_id=order_id, change_id=None, now=now)


def give_to_change(tx: Tx, held: Hold, change_id: int, order_id: int, now: datetime, *, person_id: int) -> bool:
    """Turn a person's live hold into the time that an order asks for beside its own; False when it has lapsed."""
    return _give(tx, held, person_id=person_id, order_id=order_id, change_id=change_id, now=now)


def _give(tx: Tx, held: Hold, *, person_id: int, order_id: int, change_id: int | None, now: datetime) -> bool:
    crew = held.slot.crew
    occupations.guard(tx, crew)
    index.touched(tx, crew)
    given = occupations.give(tx, held.id, person_id=person_id, order_id=order_id, change_id=change_id, now=now)
    return given == len(crew)


def sweep_holds(tx: Tx, now: datetime, most: int = 200) -> int:
    """Free lapsed holds, at most `most`; how many technicians' times there were."""
    found = occupations.lapsed(tx, now, most)
    occupations.guard(tx, [one.technician_id for one in found])
    return sum(free_lapsed(tx, one, now) for one in found)


def _choose(tx: Tx, wish: Wish, *, person_id: int, at: datetime, now: datetime) -> Slot | None:
    """Return whom to hold: the one wished for, free or not, or the best who can come; None when nobody can."""
    if wish.technician_id is not None and wish.crew == 1:
        return Slot(wish.technician_id, at, at + wish.service_time, leg_minutes=0, leg_metres=0)
    return next(iter(search.offers_at(tx, wish, person_id=person_id, now=now, at=at, most=1)), None)


def _occupy_all(
    tx: Tx, wish: Wish, crew: Sequence[int], *, person_id: int, at: datetime, began: datetime, now: datetime
) -> list[Occupation] | None:
    """Take everybody's time; None when the one wished for is not free. Somebody we chose lost is passed over."""
    board = empty_board(tx, now)
    until = max(_expiry(board.figures, began, now), now + _LEAST)
    taken: list[Occupation] = []
    for technician_id in crew:
        keeping = Keeping(person_id, expires_at=until, lead_id=taken[0].id if taken else None, held_since=began)
        part = wish.of_crew(technician_id) if taken else wish.of_lead(technician_id)
        one = occupy(tx, board, part, technician_id, starts_at=at, keeping=keeping)
        if one is None and technician_id == wish.technician_id:
            return None
        if one is None:
            raise CandidateLost((technician_id, at))
        taken.append(one)
    return taken


def _began(given_up: list[Occupation], crew: Sequence[int], now: datetime) -> datetime:
    """Return since when the person keeps these technicians from others: another time with one is no new beginning."""
    return min([now, *(one.first_held_at for one in given_up if one.technician_id in crew and not one.lapsed(now))])


def _refusal(tx: Tx, wish: Wish, *, person_id: int, at: datetime, now: datetime) -> SlotTaken | NotBookable:
    rule = why_not(empty_board(tx, now), wish, at)
    if rule is not None:
        return NotBookable(rule, search.nearest(tx, wish, person_id=person_id, now=now, at=at))
    count("menling_claims_lost", what="slot")
    return SlotTaken(search.alternatives(tx, wish, person_id=person_id, now=now, at=at))


def _in_the_way(
    tx: Tx, held: list[Occupation], wish: Wish, crew: Sequence[int], *, at: datetime, now: datetime
) -> set[int]:
    """Return the person's holds that leave no room for this one with the same technicians."""
    board = empty_board(tx, now)
    with_them = {one.technician_id: one.person_id for one in held if one.technician_id in crew and not one.lapsed(now)}
    return {
        one.together
        for technician_id, person_id in with_them.items()
        for one in own_in_the_way(
            tx, board, wish.of_crew(technician_id), technician_id, person_id=person_id, starts_at=at
        )
    }


def _for_same_move(held: list[Occupation], wish: Wish) -> set[int]:
    """Return what the person holds already for moving the same order: it moves to one time."""
    return {one.together for one in held if wish.moving is not None and one.moving_id == wish.moving}


def _movers(tx: Tx, order_id: int | None) -> list[int]:
    """Return whose time the order has that would move: whatever becomes of it waits for the same guards."""
    return [] if order_id is None else [one.technician_id for one in occupations.of_order(tx, order_id)]


def _given_up(held: list[Occupation], gone_by: Collection[int | None], now: datetime) -> list[Occupation]:
    """Return the rows of the holds that give way to a new one: those named, lapsed ones, and the oldest of many."""
    groups = _together(held)
    gone = [rows for rows in groups if rows[0].together in gone_by or rows[0].lapsed(now)]
    kept = [rows for rows in groups if rows not in gone]
    too_many = max(0, len(kept) - (_MOST_HOLDS - 1))
    return [one for rows in (*gone, *kept[:too_many]) for one in rows]


def _renew(tx: Tx, rows: list[Occupation], now: datetime) -> Hold | None:
    """Keep a hold longer, unless that would be by less than a minute; None when it has lapsed."""
    lead = rows[0]
    if lead.lapsed(now) or lead.expires_at is None or lead.lead_id is not None:
        return None
    until = _expiry(rules(tx), lead.first_held_at, now)
    if until - lead.expires_at < _WORTH_RENEWING:
        return _hold_of(rows)
    technicians = [one.technician_id for one in rows]
    occupations.guard(tx, [*technicians, *_movers(tx, lead.moving_id)])
    index.touched(tx, technicians)
    if occupations.renew(tx, lead.id, person_id=lead.person_id, until=until, now=now) != len(rows):
        for one in rows:  # another has freed a part of it, which lapsed: the rest is nobody's use
            free(tx, one, now)
        return None
    return _hold_of([replace(one, expires_at=until) for one in rows])


def _of(wish: Wish, technician_id: int | None) -> Wish:
    return wish if wish.technician_id == technician_id else replace(wish, technician_id=technician_id)


def _together(held: Iterable[Occupation]) -> list[list[Occupation]]:
    """Return the rows of each hold, the lead's first."""
    found: dict[int, list[Occupation]] = {}
    for one in sorted(held, key=lambda row: (row.together, row.lead_id is not None, row.id)):
        found.setdefault(one.together, []).append(one)
    return list(found.values())


def _is_for(tx: Tx, rows: list[Occupation], wish: Wish, starts_at: datetime, now: datetime) -> bool:
    """Whether a hold is for this very wish: its time, its place, and technicians who suit it."""
    lead = rows[0]
    same = (
        wish.technician_id in (None, lead.technician_id)
        and len(rows) == wish.crew
        and lead.starts_at == starts_at
        and lead.ends_at == starts_at + wish.service_time
        and lead.free_at == starts_at + wish.whole_time
        and lead.point == wish.point
        and lead.moving_id == wish.moving
        and set(wish.companions) <= {one.technician_id for one in rows[1:]}
    )
    if not same:
        return False
    board = empty_board(tx, now)
    parts = [wish.of_lead(lead.technician_id), *(wish.of_crew(one.technician_id) for one in rows[1:])]
    return all(who_can(board, part, one.technician_id) for part, one in zip(parts, rows, strict=True))


def _expiry(figures: Rules, first_held_at: datetime, now: datetime) -> datetime:
    return min(
        now + timedelta(minutes=figures.hold_minutes), first_held_at + timedelta(minutes=figures.hold_most_minutes)
    )


def _hold_of(rows: Sequence[Occupation]) -> Hold:
    lead, *companions = rows
    slot = Slot(
        technician_id=lead.technician_id,
        starts_at=lead.starts_at,
        ends_at=lead.ends_at,
        leg_minutes=lead.leg_minutes,
        leg_metres=lead.leg_metres,
        companions=tuple(one.technician_id for one in companions),
    )
    return Hold(lead.id, slot, lead.expires_at or lead.first_held_at)
