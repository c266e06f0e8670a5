"""What a door runs into and only an operator can mend is on their list, and off it once it is over."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from core import support
from core.db import Database
from dialogs.outgoing import Trouble
from menling.troubles import Troubles
from tests.menling.sending import SQLITE, ScriptedDoor, Watch

SAID = "WeChat account bell: kefu is banned (48004)"
BANNED = {"wechat:bell:48004:kefu": Trouble(SAID)}


_SHUT = {"telegram": "the token is refused"}


class TroubledDoor(ScriptedDoor):
    """A door that says what is wrong with it."""

    def __init__(self) -> None:
        super().__init__("wechat")
        self.wrong: Mapping[str, Trouble] = {}

    def troubles(self) -> Mapping[str, Trouble]:
        return self.wrong


def looks(troubles: Troubles, times: int) -> list[int]:
    async def story() -> list[int]:
        return [await troubles.look() for _ in range(times)]

    return asyncio.run(story())


def listed(db: Database) -> list[str]:
    return [one.summary for one in db.read(support.open_tickets)]


@SQLITE
def test_what_lasts_is_a_ticket_until_it_is_over(database: Database) -> None:
    door = TroubledDoor()
    troubles = Troubles(database, Watch(), {"wechat": door, "web": ScriptedDoor("web")}, {})
    looks(troubles, 1)

    door.wrong = BANNED
    assert looks(troubles, 3) == [0, 1, 0]
    assert listed(database) == [SAID]

    door.wrong = {}
    assert looks(troubles, 2) == [1, 0]
    assert listed(database) == []


@SQLITE
def test_what_passes_by_itself_calls_nobody(database: Database) -> None:
    door = TroubledDoor()
    troubles = Troubles(database, Watch(), {"wechat": door}, {})

    for wrong in (BANNED, {}, BANNED, {}):
        door.wrong = wrong
        looks(troubles, 1)

    assert listed(database) == []


@SQLITE
def test_many_processes_that_meet_the_same_call_once(database: Database) -> None:
    door = TroubledDoor()
    door.wrong = BANNED
    for _ in range(3):
        looks(Troubles(database, Watch(), {"wechat": door}, {}), 2)

    assert len(listed(database)) == 1


@SQLITE
def test_a_door_that_stays_shut_is_a_ticket_until_it_opens_whoever_opens_it(database: Database) -> None:
    shut = {"telegram": "the token is refused", "wechat": "opening"}
    looks(Troubles(database, Watch(), {}, shut), 2)
    assert listed(database) == ["The door telegram stays shut: the token is refused"]

    watch = Watch()
    watch.at += timedelta(minutes=3)  # whoever found it shut has ended
    looks(Troubles(database, watch, {"telegram": ScriptedDoor("telegram")}, {}), 1)

    assert listed(database) == []


def one_machine_opens(database: Database) -> tuple[Watch, Troubles, Troubles]:
    """Two machines whose door is shut, of which one opens it."""
    watch, here, there = Watch(), dict(_SHUT), dict(_SHUT)
    doors: dict[str, ScriptedDoor] = {}
    opens, stays = Troubles(database, watch, doors, here), Troubles(database, watch, {}, there)
    for _ in range(2):
        looks(opens, 1)
        looks(stays, 1)
    here.clear()
    doors["telegram"] = ScriptedDoor("telegram")
    looks(opens, 2)
    assert len(listed(database)) == 1
    return watch, opens, stays


@SQLITE
def test_a_door_that_is_still_shut_on_another_machine_keeps_its_ticket_open(database: Database) -> None:
    watch, opens, stays = one_machine_opens(database)
    for _ in range(6):
        watch.at += timedelta(seconds=30)
        assert (looks(opens, 1), looks(stays, 1)) == ([0], [0])
    assert len(listed(database)) == 1

    watch.at += timedelta(minutes=2)  # the other one has ended
    assert looks(opens, 2) == [1, 0]
    assert listed(database) == []


@SQLITE
def test_without_the_look_at_the_others_one_that_opens_would_close_the_ticket_of_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support, "met", lambda *_, **__: None)
    with pytest.raises(AssertionError):
        one_machine_opens(database)


@SQLITE
def test_what_lasts_although_its_ticket_was_closed_is_a_ticket_again_the_next_day(database: Database) -> None:
    door, watch = TroubledDoor(), Watch()
    troubles = Troubles(database, watch, {"wechat": door}, {})
    looks(troubles, 1)
    door.wrong = BANNED
    assert looks(troubles, 2) == [0, 1]
    database.run(lambda tx: support.is_over(tx, next(iter(BANNED)), now=watch.at))
    assert looks(troubles, 2) == [0, 0]

    watch.at += timedelta(days=1)
    assert looks(troubles, 2) == [1, 0]

    assert listed(database) == [SAID]


@SQLITE
def test_what_comes_back_within_the_day_and_stays_is_a_ticket_the_next_day(database: Database) -> None:
    door, watch = TroubledDoor(), Watch()
    troubles = Troubles(database, watch, {"wechat": door}, {})
    for wrong in (BANNED, {}, BANNED):
        door.wrong = wrong
        looks(troubles, 2)
    assert listed(database) == []

    watch.at += timedelta(days=1)
    assert looks(troubles, 2) == [1, 0]

    assert listed(database) == [SAID]


@SQLITE
def test_a_day_s_quota_is_no_trouble_any_more_when_the_day_ends_whoever_looks_then(database: Database) -> None:
    watch, midnight = Watch(), datetime(2026, 11, 20, 16, tzinfo=UTC)
    door = TroubledDoor()
    door.wrong = {"wechat:bell:45009:kefu": Trouble("today's quota of kefu is used up", midnight)}
    looks(Troubles(database, watch, {"wechat": door}, {}), 2)
    another = Troubles(database, watch, {"wechat": ScriptedDoor("wechat")}, {})

    watch.at = midnight - timedelta(seconds=1)
    looks(another, 2)
    assert len(listed(database)) == 1

    watch.at = midnight
    looks(another, 1)
    assert listed(database) == []
