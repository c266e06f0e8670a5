"""Texts as they are said: every template whole from a real order, days, money and numbers as people write them."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from core import announcements, changes, people, support, uniting
from core.announcements import AnnouncementKind, Audience
from core.db import Tx
from core.ids import new_token
from core.messages import Template
from core.messages.templates import CARDS
from core.orders import moves
from core.orders.moves import Actor, ActorKind, Order
from dialogs.cards.card import Card
from dialogs.cards.words import STANDS, words_of
from dialogs.engine.state import Frame
from dialogs.engine.step import Step
from dialogs.engine.talk import LONGEST_LABEL
from dialogs.outgoing import Body
from dialogs.texts import LANGUAGES, MissingText, Texts, formats
from tests.dialogs.catalogues import TEXTS, placeholders
from tests.dialogs.chat import NOW, World, looks_like_a_key


def test_a_missing_fact_is_named_not_shown() -> None:
    with pytest.raises(MissingText, match="who"):
        TEXTS.say("zh-Hans", "message.departed", eta=5)
    with pytest.raises(MissingText, match="no text"):
        TEXTS.say("en", "book.no_such_key")


def test_facts_are_never_formats() -> None:
    said = TEXTS.say("zh-Hans", "book.your_pin")
    assert said
    hostile = "{code} {0} {who.__class__} %s"
    assert hostile in TEXTS.say("zh-Hans", "message.ticket_answered", answer=hostile)


def an_accepted_order(world: World) -> Order:
    chat, wang = world.chat("lin"), world.technician("wang")
    chat.books()
    chat.pays()
    wang.presses("接单")
    return chat.order


def facts_of(world: World, order: Order) -> dict[str, object]:
    def ask(tx: Tx) -> int:
        return support.open_ticket(tx, order.person_id, kind="human", summary="x", order_id=None, now=NOW)

    def ask_change(tx: Tx) -> changes.Change:
        later = order.starts_at + timedelta(hours=1)
        by = Actor(ActorKind.CUSTOMER, order.person_id)
        asked = changes.ask_change(tx, order.id, by=by, technician_id=order.technician_id, starts_at=later, now=NOW)
        assert isinstance(asked, changes.Change)
        return asked

    def announce(tx: Tx) -> announcements.Announcement:
        said = announcements.Draft(AnnouncementKind.NEWS, Audience.ALL, {"zh-Hans": "本周八折。", "en": "A fifth off."})
        return announcements.draft(tx, said, operator_id=1, now=NOW)

    def ask_to_join(tx: Tx) -> int:
        asker = people.arrive(
            tx, channel="telegram", account="main", external_id=new_token(), lang="en", zone="Asia/Shanghai", now=NOW
        )
        here, there = uniting.Side(asker.id, "telegram", "main"), uniting.Side(order.person_id, "web", "demo")
        return uniting.ask_to_join(tx, here, there, agreed=False, now=NOW)

    money = {f"{name}_minor": 12345 for name in ("amount", "refund", "kept", "compensation", "income")}
    return {
        **money,
        "currency": "CNY",
        "order_id": order.id,
        "eta_minutes": 20,
        "lead_minutes": 20,
        "leg_minutes": 20,
        "from_home": True,
        "stars": 5,
        "why": "taken",
        "ticket_id": world.run(ask),
        "technician_id": order.technician_id,
        "offer_id": 1,
        "change_id": str(world.run(ask_change).id),
        "from_at": order.starts_at.isoformat(),
        "announcement_id": world.run(announce).id,
        "joining_id": world.run(ask_to_join),
        "with_channel": "telegram",
        "cannot": "technicians",
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_template_is_written_whole_from_a_real_order(world: World, lang: str) -> None:
    order = an_accepted_order(world)
    facts = facts_of(world, order)
    for template in Template:
        body = world.run(partial(_words, world=world, template=template, order=order, lang=lang, facts=facts))
        shown = "\n".join([body.text, *(button.label for button in body.buttons)])
        assert body.text.strip()
        assert looks_like_a_key(shown) == [], template
        assert not re.search(r"[{}]|None", shown), template
        if placeholders(TEXTS.template(lang, f"message.{template}")) & {"amount", "refund", "kept", "compensation"}:
            assert "¥123.45" in shown, template
        for button in body.buttons:
            assert 0 < len(button.label) <= LONGEST_LABEL


def _words(tx: Tx, *, world: World, template: Template, order: Order, lang: str, facts: dict[str, object]) -> Body:
    return words_of(template, Card(_step(tx, world, order, lang), moves.load(tx, order.id), facts))


def _step(tx: Tx, world: World, order: Order, lang: str) -> Step:
    return Step(
        tx=tx,
        house=world.house,
        person_id=order.person_id,
        lang=lang,
        zone="Asia/Shanghai",
        now=NOW,
        frame=Frame(flow=""),
        channel="web",
        account="demo",
    )


def test_every_card_says_in_which_states_it_still_holds() -> None:
    always_true = {Template.ACCEPTED, Template.APPLICATION_REFUSED, Template.HUMAN_HERE, Template.HANDED_BACK}
    always_true |= {Template.NEWS, Template.JOIN_ASKED}
    assert CARDS - STANDS.keys() == always_true


@pytest.mark.parametrize(
    ("lang", "day", "moment"),
    [
        ("zh-Hans", "11月22日 周日", "明天（11月22日 周日）15:00"),
        ("zh-Hant", "11月22日 週日", "明天（11月22日 週日）15:00"),
        ("en", "Sun 22 Nov", "tomorrow (Sun 22 Nov) 15:00"),
    ],
)
def test_days_and_times_are_written_as_people_write_them(lang: str, day: str, moment: str) -> None:
    at = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
    assert formats.day(at, "Asia/Shanghai", lang) == day
    assert formats.moment(at, "Asia/Shanghai", lang, NOW) == moment


@pytest.mark.parametrize(
    ("minor", "currency", "simplified", "traditional", "english"),
    [
        (22640, "CNY", "¥226.40", "¥226.40", "¥226.40"),
        (26000, "CNY", "¥260", "¥260", "¥260"),
        (-2000, "CNY", "−¥20", "−¥20", "−¥20"),
        (123456700, "GBP", "£1,234,567", "£1,234,567", "£1,234,567"),
        (1980, "JPY", "JP¥1,980", "JP¥1,980", "JP¥1,980"),
        (1980, "SGD", "SGD 19.80", "SGD 19.80", "SGD 19.80"),
    ],
)
def test_money_is_written_with_the_sign_each_reader_knows(
    minor: int, currency: str, simplified: str, traditional: str, english: str
) -> None:
    assert [formats.money(minor, currency, lang) for lang in LANGUAGES] == [simplified, traditional, english]


@pytest.mark.parametrize(
    ("name", "said"), [("Telegram", "好，以后先发到 Telegram；"), ("微信", "好，以后先发到微信；")]
)
def test_chinese_stands_a_space_apart_from_a_latin_name(name: str, said: str) -> None:
    assert TEXTS.say("zh-Hans", "where_told.done", channel=name).startswith(said)


def test_a_number_names_its_noun() -> None:
    texts = Texts({"en": {"a.day": "{count} {count:visit|visits}, {name}"}})

    assert texts.say("en", "a.day", count=1, name="{count:a|b}") == "1 visit, {count:a|b}"
    assert texts.say("en", "a.day", count=2, name="Wang") == "2 visits, Wang"
    assert texts.say("en", "a.day", count=0, name="Wang") == "0 visits, Wang"
    with pytest.raises(MissingText, match="number"):
        texts.say("en", "a.day", count="two", name="Wang")


def test_an_english_sentence_begins_with_a_capital_whatever_it_begins_with() -> None:
    said = TEXTS.say("en", "book.rule_past", moment="tomorrow (Sun 22 Nov) 15:00")

    assert said.startswith("Tomorrow (Sun 22 Nov) 15:00 has")
    assert TEXTS.say("en", "leave.days", first="today", last="Friday") == "today to Friday"
