"""One channel after the other, at last the phone: a message gets through or is seen to have failed."""

import asyncio
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core import people
from core.db import Database
from core.effects import Sms
from core.messages import Template, tell
from core.messages.holding import take_held
from core.tally import counted
from dialogs.building import build_house
from dialogs.cards.texted import parts_of
from dialogs.house import House
from dialogs.incoming import Incoming, Text
from dialogs.outgoing import Held, Later, Refused, Sent, Unknown
from gateways import ports
from gateways.sms import ConsoleSms
from menling.texting import Texting
from tests.menling.sending import NOON, SQLITE, ZONE, Desk, ScriptedDoor, urgent, words_only


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(public_url="http://127.0.0.1:8000", zone=ZONE, currency="CNY")


@pytest.fixture
def desk(database: Database, house: House) -> Callable[..., Desk]:
    return lambda *doors, **options: Desk(database, house, *doors, **options)


@SQLITE
def test_a_refusal_that_nothing_mends_is_not_repeated(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("web", Refused("words refused", final=True))
    at = desk(door)
    at.tell(at.person("web"), 100)

    at.send()
    at.send(after=timedelta(hours=1))

    assert len(door.took) == 1
    assert [(row.state, row.why, row.channel) for row in at.rows()] == [("failed", "words refused", "web")]


@SQLITE
def test_what_the_first_channel_cannot_take_goes_by_the_next_and_both_are_counted(desk: Callable[..., Desk]) -> None:
    telegram, web = ScriptedDoor("telegram", Refused("words refused", final=True)), ScriptedDoor("web")
    at = desk(telegram, web)
    at.tell(at.person("telegram", "web"), 100)
    before = dict(counted())

    at.send()

    assert [(row.state, row.channel) for row in at.rows()] == [("sent", "web")]
    new = {key[1]: number - before.get(key, 0) for key, number in counted().items() if key[0] == "menling_sends"}
    assert new[("channel", "telegram"), ("how", ""), ("outcome", "refused")] == 1
    assert new[("channel", "web"), ("how", ""), ("outcome", "sent")] == 1


@SQLITE
def test_what_may_have_arrived_is_repeated_on_the_same_channel_only(desk: Callable[..., Desk]) -> None:
    telegram = ScriptedDoor("telegram", Refused("words refused", final=True), Sent())
    web = ScriptedDoor("web", Unknown("time-out"))
    at = desk(telegram, web)
    at.tell(at.person("telegram", "web"), 100)

    at.send()
    assert [(row.state, row.channel) for row in at.rows()] == [("unknown", "web")]
    at.send(after=timedelta(seconds=5))

    assert [(row.state, row.channel) for row in at.rows()] == [("sent", "web")]
    assert (len(telegram.took), len(web.took)) == (1, 2)


@SQLITE
def test_what_may_have_arrived_is_still_in_doubt_after_it_was_told_to_wait(desk: Callable[..., Desk]) -> None:
    web = ScriptedDoor("web", Unknown("time-out"), Later(1), Sent())
    at = desk(web)
    at.tell(at.person("web"), 100)

    at.send()
    at.send(after=timedelta(seconds=5))
    assert at.states() == ["unknown"]
    at.send(after=timedelta(seconds=2))

    assert at.states() == ["sent"]


@SQLITE
def test_the_way_it_went_is_noted(desk: Callable[..., Desk]) -> None:
    at = desk(ScriptedDoor("wechat", Sent(how="template")))
    at.tell(at.person("wechat"), 100)

    at.send()

    assert [(row.state, row.sent_by) for row in at.rows()] == [("sent", "template")]


@SQLITE
def test_what_no_channel_may_bring_now_is_held_for_the_persons_next_act_there(desk: Callable[..., Desk]) -> None:
    telegram = ScriptedDoor("telegram", Refused("blocked", gone=True))
    wechat = ScriptedDoor("wechat", Held("no window"))
    at = desk(wechat, telegram)
    anna = at.person("wechat", "telegram")
    at.tell(anna, 100)

    at.send()

    assert [(row.state, row.due_at, row.why) for row in at.rows()] == [("held", None, "no window")]
    until = datetime.now(UTC) + timedelta(seconds=8)
    [taken] = at.db.run(lambda tx: take_held(tx, anna, "wechat", lease=1, leased_until=until, now=NOON, most=5))
    assert (taken.due.attempts, taken.since) == (1, NOON)


@SQLITE
def test_news_that_may_not_ride_with_an_answer_is_held_for_nobody(desk: Callable[..., Desk]) -> None:
    at = desk(ScriptedDoor("wechat", Held("news", rides=False)))
    anna = at.person("wechat")
    at.tell(anna, 100)

    at.send()

    assert at.states() == ["held"]
    until = datetime.now(UTC) + timedelta(seconds=8)
    assert at.db.run(lambda tx: take_held(tx, anna, "wechat", lease=1, leased_until=until, now=NOON, most=5)) == ()


@SQLITE
def test_a_message_for_one_channel_goes_there_first(desk: Callable[..., Desk]) -> None:
    telegram, web = ScriptedDoor("telegram"), ScriptedDoor("web")
    at = desk(telegram, web)
    anna = at.person("telegram", "web")
    facts = {"settlement_id": 1, "amount_minor": 100, "currency": "CNY"}
    at.db.run(
        lambda tx: tell(
            tx, anna, Template.SETTLEMENT_PAID, dedupe="x", now=NOON, facts=facts, channel="web", account="main"
        )
    )

    at.send()

    assert (len(telegram.took), len(web.took)) == (0, 1)


# --- a text message, last of all


class Phones:
    """A sender of text messages that answers as told."""

    real = True

    def __init__(self, outcome: ports.Outcome | None = None) -> None:
        self.outcome = outcome or ports.Done("T1")
        self.sent: list[tuple[str, str, str]] = []

    async def send(self, sms: Sms, *, number: str) -> ports.Outcome:
        raise AssertionError("no code was asked for")

    async def send_note(self, phone: str, words: str, *, number: str) -> ports.Outcome:
        self.sent.append((phone, words, number))
        return self.outcome


def texting_desk(
    desk: Callable[..., Desk],
    database: Database,
    phones: Phones,
    *doors: ScriptedDoor,
    text: str = "Paid twice.\nRefunded.",
) -> Desk:
    return desk(*doors, prepare=words_only(text), texting=Texting(database, phones))


def with_phone(at: Desk, *channels: str) -> int:
    person_id = at.person(*channels)
    at.db.run(lambda tx: people.set_phone(tx, person_id, "+8613800138000"))
    return person_id


@SQLITE
def test_what_cannot_wait_and_no_channel_takes_goes_to_the_phone(desk: Callable[..., Desk], database: Database) -> None:
    phones = Phones()
    at = texting_desk(desk, database, phones, ScriptedDoor("telegram", Refused("blocked", gone=True)))
    urgent(at, with_phone(at, "telegram"))

    at.send()

    assert [(row.state, row.channel, row.sent_by) for row in at.rows()] == [("sent", "sms", "sms")]
    [(phone, words, number)] = phones.sent
    assert (phone, words) == (
        "+8613800138000",
        "Menling: Paid twice. Refunded. If you need us, we're in your chat with us.",
    )
    assert number.startswith("M")


@SQLITE
def test_a_text_message_is_one_line_of_few_parts(desk: Callable[..., Desk], database: Database) -> None:
    phones = Phones()
    at = texting_desk(desk, database, phones, text="word " * 200)
    urgent(at, with_phone(at, "telegram"))

    at.send()

    [(_, words, _)] = phones.sent
    assert parts_of(words) == 3
    assert words.endswith("… If you need us, we're on Telegram.")


@SQLITE
def test_a_text_message_leads_back_to_the_channel_its_person_is_still_met_on(
    desk: Callable[..., Desk], database: Database
) -> None:
    phones = Phones()
    telegram, wechat = (
        ScriptedDoor("telegram", Refused("blocked", gone=True)),
        ScriptedDoor("wechat", Held("no window")),
    )
    at = texting_desk(desk, database, phones, telegram, wechat)
    urgent(at, with_phone(at, "telegram", "wechat"))

    at.send()

    assert [words.rpartition(" ")[2] for _, words, _ in phones.sent] == ["WeChat."]


@SQLITE
def test_what_can_wait_costs_no_text_message(desk: Callable[..., Desk], database: Database) -> None:
    phones = Phones()
    at = texting_desk(desk, database, phones, ScriptedDoor("telegram", Refused("words", final=True)))
    at.tell(with_phone(at, "telegram"), 100)

    at.send()

    assert (at.states(), phones.sent) == (["failed"], [])


@SQLITE
def test_whoever_told_no_phone_gets_no_text_message(desk: Callable[..., Desk], database: Database) -> None:
    phones = Phones()
    at = texting_desk(desk, database, phones, ScriptedDoor("telegram", Refused("words", final=True)))
    urgent(at, at.person("telegram"))

    at.send()

    assert (at.states(), phones.sent) == (["failed"], [])


@SQLITE
def test_what_is_held_is_texted_once_and_still_waits_with_its_buttons(
    desk: Callable[..., Desk], database: Database
) -> None:
    phones = Phones()
    at = texting_desk(desk, database, phones, ScriptedDoor("wechat", *[Held("no window")] * 2))
    anna = with_phone(at, "wechat")
    urgent(at, anna)

    at.send()
    assert [(row.state, row.channel, row.sent_by) for row in at.rows()] == [("held", "wechat", "sms")]
    until = datetime.now(UTC) - timedelta(seconds=1)  # a turn takes it, and dies
    [_] = at.db.run(lambda tx: take_held(tx, anna, "wechat", lease=1, leased_until=until, now=NOON, most=5))
    at.send()

    assert at.states() == ["held"]
    assert len(phones.sent) == 1


@SQLITE
def test_a_text_message_that_may_have_arrived_is_repeated_as_such_under_its_number(
    desk: Callable[..., Desk], database: Database
) -> None:
    phones = Phones(ports.Unknown("time-out"))
    telegram = ScriptedDoor("telegram", Refused("words", final=True))
    at = texting_desk(desk, database, phones, telegram)
    urgent(at, with_phone(at, "telegram"))

    at.send()
    assert [(row.state, row.channel) for row in at.rows()] == [("unknown", "sms")]
    phones.outcome = ports.Done("T1")
    at.send(after=timedelta(seconds=5))

    assert at.states() == ["sent"]
    assert len(telegram.took) == 1
    assert len({number for _, _, number in phones.sent}) == 1


@SQLITE
def test_a_refused_text_message_is_a_failure_operators_see(desk: Callable[..., Desk], database: Database) -> None:
    at = texting_desk(
        desk, database, Phones(ports.Failed("no credit")), ScriptedDoor("telegram", Refused("blocked", gone=True))
    )
    urgent(at, with_phone(at, "telegram"))

    at.send()

    assert [(row.state, row.why) for row in at.rows()] == [("failed", "blocked")]


@SQLITE
def test_the_console_writes_down_what_a_phone_would_get(desk: Callable[..., Desk], database: Database) -> None:
    paper = io.StringIO()
    door = ScriptedDoor("telegram", Refused("words", final=True))
    at = desk(door, prepare=words_only("Paid twice.\nRefunded."), texting=Texting(database, ConsoleSms(paper)))
    urgent(at, with_phone(at, "telegram"))

    at.send()

    assert at.states() == ["sent"]
    assert paper.getvalue().endswith(": Menling: Paid twice. Refunded. If you need us, we're on Telegram.\n")


@SQLITE
def test_an_answer_that_blocked_us_goes_to_the_next_channel_without_another_try(
    desk: Callable[..., Desk],
) -> None:
    """The door of the turn was told; the sender knows it from there."""
    telegram, web = ScriptedDoor("telegram"), ScriptedDoor("web")
    at = desk(telegram, web)
    at.person("telegram", "web")

    async def story() -> None:
        turn = await at.reception.receive(Incoming("telegram", "main", "u1", "anna", Text("hello")))
        await at.reception.sent([(turn.messages[0].message_id, Refused("blocked", gone=True))])

    asyncio.run(story())
    at.send()

    assert (len(telegram.took), len(web.took)) == (0, 1)
    assert at.states() == ["sent"]


@SQLITE
def test_whoever_counts_answers_is_told_of_each_before_it_goes(desk: Callable[..., Desk]) -> None:
    at = desk(ScriptedDoor("telegram"))
    at.person("telegram")
    told: list[str] = []
    at.reception.on_reply(lambda message: told.append(message.external_id))

    asyncio.run(_heard(at))

    assert told == ["anna"]


async def _heard(at: Desk) -> None:
    await at.reception.receive(Incoming("telegram", "main", "u1", "anna", Text("hello")))
