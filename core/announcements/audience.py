"""Whom an announcement is for: everybody who can be reached, less those it was not meant for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, exists, false, func, or_, select

from core.db import Tx
from core.people.consent import ConsentKind
from core.people.identities import FIRST_TOLD
from core.people.tables import address, consent, identity, person
from core.technicians import TechnicianState
from core.technicians.tables import technician, technician_region


class Audience(StrEnum):
    """Who is spoken to."""

    ALL = "all"
    CUSTOMERS = "customers"  # everybody who does not work for the house
    TECHNICIANS = "technicians"
    REGION = "region"  # customers whose address used last is there, technicians who work there


@dataclass(frozen=True, slots=True)
class Reach:
    """How many an announcement would go to, each counted on the channel where they would be told first.

    `people` are all of the audience, `unreachable` those of them who have blocked us everywhere, `consented` those who
    can be reached and want news.
    """

    people: int
    unreachable: int
    consented: int
    by_channel: Mapping[str, int]
    by_language: Mapping[str, int]


_of_the_house = or_(
    technician.c.state == TechnicianState.APPROVED.value, technician.c.state == TechnicianState.SUSPENDED.value
)
_works_for_us = exists().where(technician.c.person_id == person.c.id, _of_the_house)
_newer = address.alias("newer")
_lives_there = exists().where(
    address.c.person_id == person.c.id,
    address.c.region_id == bindparam("b_region"),
    address.c.removed_at.is_(None),
    ~exists().where(
        _newer.c.person_id == address.c.person_id,
        _newer.c.removed_at.is_(None),
        or_(
            _newer.c.used_at > address.c.used_at,
            and_(_newer.c.used_at == address.c.used_at, _newer.c.id > address.c.id),
        ),
    ),
)
_works_there = exists().where(
    technician.c.person_id == person.c.id,
    _of_the_house,
    technician_region.c.technician_id == technician.c.id,
    technician_region.c.region_id == bindparam("b_region"),
)
_OF: Mapping[Audience, tuple[ColumnElement[bool], ...]] = {
    Audience.ALL: (),
    Audience.CUSTOMERS: (~_works_for_us,),
    Audience.TECHNICIANS: (_works_for_us,),
    Audience.REGION: (or_(_works_there, and_(_lives_there, ~_works_for_us)),),
}
_here = (person.c.erased_at.is_(None), person.c.joined_to.is_(None), person.c.created_at <= bindparam("b_by"))
_reachable = exists().where(identity.c.person_id == person.c.id, identity.c.blocked_at.is_(None))
_wants_news = exists().where(
    consent.c.person_id == person.c.id, consent.c.kind == ConsentKind.NEWS.value, consent.c.ended_at.is_(None)
)


def _getting(audience: Audience, *, news: bool) -> tuple[ColumnElement[bool], ...]:
    """Whoever gets it: in the audience, here since before it began, reachable, and for news wanting them."""
    return (*_here, *_OF[audience], _reachable, *((_wants_news,) if news else ()))


_BOTH = tuple(product(Audience, (False, True)))
_PORTION: Mapping[tuple[Audience, bool], Select[Any]] = {
    (audience, news): select(person.c.id)
    .where(person.c.id > bindparam("b_after"), person.c.id <= bindparam("b_until"), *_getting(audience, news=news))
    .order_by(person.c.id)
    for audience, news in _BOTH
}
_PEOPLE = {one: select(func.count()).select_from(person).where(*_here, *_OF[one]) for one in Audience}
_REACHED = {
    (audience, news): select(func.count()).select_from(person).where(*_getting(audience, news=news))
    for audience, news in _BOTH
}
_LANGUAGES = {
    (audience, news): select(person.c.lang.label("name"), func.count().label("count"))
    .where(*_getting(audience, news=news))
    .group_by(person.c.lang)
    for audience, news in _BOTH
}
_NEXT = select(person.c.id).where(person.c.id > bindparam("b_after")).order_by(person.c.id)
_NEXT_FEW = _NEXT.limit(bindparam("b_most", type_=Integer))


@cache
def _channels(audience: Audience, silent: frozenset[str], *, news: bool) -> Select[Any]:
    """Count whoever gets it by the channel they are told on first; `silent` ones are tried last."""
    is_silent = or_(false(), *(identity.c.channel == name for name in sorted(silent)))
    told_on = (
        select(
            identity.c.person_id,
            identity.c.channel,
            func.row_number()
            .over(partition_by=identity.c.person_id, order_by=(case((is_silent, 1), else_=0), *FIRST_TOLD))
            .label("turn"),
        )
        .join(person, person.c.id == identity.c.person_id)
        .where(identity.c.blocked_at.is_(None))
        .subquery()
    )
    return (
        select(told_on.c.channel.label("name"), func.count().label("count"))
        .select_from(person.join(told_on, told_on.c.person_id == person.c.id))
        .where(told_on.c.turn == 1, *_getting(audience, news=news))
        .group_by(told_on.c.channel)
    )


def portion(
    tx: Tx, audience: Audience, *, region_id: int | None, news: bool, by: datetime, after_id: int, most: int
) -> tuple[int | None, tuple[int, ...]]:
    """Go through `most` more persons: the last one's id (None: there was nobody more) and those of them it is for."""
    looked_at = tx.plain(_NEXT_FEW, {"b_after": after_id, "b_most": most})
    if not looked_at:
        return None, ()
    until = int(looked_at[-1][0])
    params = _params(region_id, by) | {"b_after": after_id, "b_until": until}
    return until, tuple(int(row[0]) for row in tx.plain(_PORTION[audience, news], params))


def reach(
    tx: Tx,
    audience: Audience,
    *,
    region_id: int | None,
    news: bool,
    by: datetime,
    silent: Collection[str] = (),
) -> Reach:
    """Count whom it would go to, of those who had come by then; `silent` channels carry it to nobody.

    Whoever can be met on a silent channel alone is counted there.
    """
    params, wanted = _params(region_id, by), (audience, news)
    people = int(tx.scalar(_PEOPLE[audience], params))
    reachable = int(tx.scalar(_REACHED[audience, False], params))
    return Reach(
        people=people,
        unreachable=people - reachable,
        consented=int(tx.scalar(_REACHED[audience, True], params)),
        by_channel=_named(tx, _channels(audience, frozenset(silent), news=news), params),
        by_language=_named(tx, _LANGUAGES[wanted], params),
    )


def reached(tx: Tx, audience: Audience, *, region_id: int | None, news: bool, by: datetime) -> int:
    """Count those it goes to, of those who had come by then."""
    return int(tx.scalar(_REACHED[audience, news], _params(region_id, by)))


def _params(region_id: int | None, by: datetime) -> dict[str, Any]:
    return {"b_region": region_id or 0, "b_by": by}


def _named(tx: Tx, statement: Select[Any], params: Mapping[str, Any]) -> dict[str, int]:
    return {row.name: int(row[1]) for row in sorted(tx.all(statement, params))}
