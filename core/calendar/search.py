"""Which slots are free: the same rules as for writing, over everybody at once, in a fixed number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.calendar.board import Board, read_board, roomy_starts_of, slot_of, starts_of, way_to, who_can
from core.calendar.cells import nearest_bit, on_grid, places, run
from core.calendar.fitting import Place
from core.calendar.ranking import Comer, Ranked, ranked
from core.calendar.refusing import why_full
from core.calendar.wishes import Free, Full, Slot, Wish, check_instants, check_stretch
from core.db import PassedOver, Tx
from core.technicians import Technician

_NEAR = timedelta(hours=3)
_DAY = timedelta(days=1)
_MOST_OTHERS = 3
_APART = 3
"""Other times are an hour apart: three quarters of one hour are no choice."""
_LOOKED_AT_A_TIME = 64


def free_starts(
    tx: Tx, wish: Wish, *, person_id: int, now: datetime, from_at: datetime, until_at: datetime
) -> Free | Full:
    """Return every start in [from_at, until_at) at which the wish can be booked; raises CouldNotCheck."""
    check_stretch(from_at, until_at)
    board, last = read_board(tx, now, moving=wish.moving), until_at - timedelta.resolution
    bits = _Finder(board, wish, person_id).bits(board.bits(from_at, last))
    if bits:
        return Free(board.starts(bits))
    return Full(why_full(board, wish, from_at, last))


def best_slots(
    tx: Tx, wish: Wish, *, person_id: int, now: datetime, starts: Iterable[datetime], each: int = 1
) -> tuple[Slot, ...]:
    """Return up to `each` who can come at each of these starts, best first with the two facts that ranked each.

    A start that is not free is left out.
    """
    wanted = tuple(starts)
    check_instants(*wanted)
    board = read_board(tx, now, moving=wish.moving)
    found = _Finder(board, wish, person_id)
    asked = sum({1 << board.bit(at) for at in wanted if on_grid(at) and board.bits(at, at)})
    return tuple(slot for bit in places(found.bits(asked)) for slot in found.slots(bit, each))


def offers_at(
    tx: Tx, wish: Wish, *, person_id: int, now: datetime, at: datetime, most: int, notice: bool = True
) -> tuple[Slot, ...]:
    """Return who can come at exactly `at`, best first with the two facts that ranked each.

    Without `notice` also at short notice (an order already paid). Whom an earlier run of this unit lost for this start
    is left out.
    """
    check_instants(at)
    if not on_grid(at):
        return ()
    board = read_board(tx, now, notice=notice, moving=wish.moving)
    if not board.bits(at, at):
        return ()
    return tuple(_Finder(board, wish, person_id, lost=tx.passed_over).slots(board.bit(at), most))


def alternatives(tx: Tx, wish: Wish, *, person_id: int, now: datetime, at: datetime) -> tuple[Slot, ...]:
    """Return up to three other slots: the same technician near, the same time with another, the next day."""
    check_instants(at)
    board = read_board(tx, now, moving=wish.moving)
    same = _Finder(board, wish, person_id)
    anyone = _Finder(board, replace(wish, technician_id=None), person_id)
    around, after = board.bits(at - _NEAR, at + _NEAR), board.bits(at + _DAY - _NEAR, at + _DAY + _NEAR)
    found: tuple[Slot, ...] = ()
    for finder, bits, wanted, most in (
        (same, around, at, 1),
        (anyone, board.bits(at, at), at, 1),
        (same, after, at + _DAY, 1),
        (same, around, at, 3),
        (anyone, around, at, 3),
        (anyone, after, at + _DAY, 3),
        (anyone, board.bits(now, board.end), at, 3),
    ):
        if len(found) < _MOST_OTHERS:
            found = _different([*found, *finder.nearest(bits, wanted, most=most)])
    return found[:_MOST_OTHERS]


def nearest(tx: Tx, wish: Wish, *, person_id: int, now: datetime, at: datetime) -> Slot | None:
    """Return the free slot nearest to a start that no rule allows, as far ahead as anything can be booked."""
    check_instants(at)
    board = read_board(tx, now, moving=wish.moving)
    return next(iter(_Finder(board, wish, person_id).nearest(board.bits(now, board.end), max(at, now), most=1)), None)


class _Finder:
    """Finds the slots of one wish on one board; the ways it has asked for are kept."""

    def __init__(self, board: Board, wish: Wish, person_id: int, lost: PassedOver = frozenset()) -> None:
        self._board, self._wish, self._person_id, self._lost = board, wish, person_id, lost
        self._place = Place(wish.point)
        self._people = who_can(board, wish)
        """Who could lead."""
        self._all = who_can(board, wish.however_far)

    def bits(self, asked: int) -> int:
        """Return which of the starts asked for are free."""
        board, wish, named = self._board, self._wish, self._wish.technician_id
        if named is None:
            bits = self._covered(self._people, asked & board.worked(wish), 1)
            return self._covered(self._all, bits, wish.crew) if wish.crew > 1 else bits
        bits = self._covered(who_can(board, wish, named), asked, 1)
        return self._covered(self._others(named), bits, wish.crew - 1) if wish.crew > 1 else bits

    def slots(self, bit: int, most: int) -> list[Slot]:
        """Return the best who can come at one start, best first, each with the best companions where several come."""
        self._board.check_budget()
        named, wish, at = self._wish.technician_id, self._wish, self._board.start(bit)
        leads = self._comers(self._people if named is None else who_can(self._board, wish, named), bit)
        if wish.crew == 1:
            return [self._slot(one, at) for one in ranked(self._board, leads, at, most)]
        others = ranked(self._board, self._comers(self._all, bit), at, len(self._all))
        bound = wish.companions
        order = [one.comer.technician.id for one in others if not bound or one.comer.technician.id in bound]
        found: list[Slot] = []
        for one in ranked(self._board, leads, at, len(leads)):
            rest = [other for other in order if other != one.comer.technician.id][: wish.crew - 1]
            if len(rest) == wish.crew - 1 and len(found) < most:
                found.append(replace(self._slot(one, at), companions=tuple(rest)))
        return found

    def nearest(self, asked: int, at: datetime, *, most: int) -> list[Slot]:
        """Return the best slots at the starts nearest to a time, nearest first."""
        bits, exact = self.bits(asked), self._board.place(at)
        found: list[Slot] = []
        while len(found) < most and (bit := nearest_bit(bits, exact)) is not None:
            found += self.slots(bit, 1)
            bits &= ~run(bit - _APART, bit + _APART)
        return found

    def _covered(self, people: Sequence[Technician], asked: int, times: int) -> int:
        """Return the starts at which at least so many of these people are free; looks no further than it must."""
        found = [0] * times
        if times == 1:
            found[0] = self._roomy(people, asked)
        for number, one in enumerate(people):
            left = asked & ~found[-1]
            if not left:
                break
            if number % _LOOKED_AT_A_TIME == 0:
                self._board.check_budget()
            bits = starts_of(self._board, self._wish, self._place, one, left, person_id=self._person_id)
            for level in range(times - 1, -1, -1):
                found[level] |= bits & found[level - 1] if level else bits
        return found[-1]

    def _roomy(self, people: Sequence[Technician], asked: int) -> int:
        """Return starts that are free without looking at any way, as far as the first people have them."""
        found = 0
        for one in people[:_LOOKED_AT_A_TIME]:
            left = asked & ~found
            if not left:
                break
            found |= roomy_starts_of(self._board, self._wish, self._place, one, left)
        return found

    def _comers(self, people: Iterable[Technician], bit: int) -> list[Comer]:
        """Return who of these people can come at one start."""
        board, found = self._board, []
        at = board.start(bit)
        for one in people:
            if (one.id, at) in self._lost:
                continue
            if starts_of(board, self._wish, self._place, one, 1 << bit, person_id=self._person_id):
                taken = board.diaries.of(one.id).live(self._person_id, board.now_micros)
                found.append(Comer(one, way_to(self._place, one, taken, at)))
        return found

    def _slot(self, one: Ranked, at: datetime) -> Slot:
        return replace(slot_of(self._wish, one.comer.technician, at, one.comer.way), facts=one.facts)

    def _others(self, named: int) -> tuple[Technician, ...]:
        """Return who could come along with the one named."""
        bound = self._wish.companions
        return tuple(one for one in self._all if one.id != named and (not bound or one.id in bound))


def _different(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Return slots without repetition: a technician and start counts once."""
    return tuple({(slot.technician_id, slot.starts_at): slot for slot in slots}.values())
