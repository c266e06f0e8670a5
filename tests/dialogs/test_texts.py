"""The words: the same keys and facts in every language, none missing, none unused, and every template renders."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

import dialogs
from core import announcements, calendar, changes, people, support, uniting
from core.announcements import AnnouncementKind, Audience
from core.db import Tx
from core.dispatch import RefusalReason
from core.errors import BookingError
from core.ids import new_token
from core.messages import Template
from core.messages.templates import CARDS
from core.money.pricing import ItemCode
from core.orders import moves
from core.orders.moves import Actor, ActorKind, Order
from core.orders.states import OrderState
from core.technicians import Sex, TechnicianState, WorkingChange
from dialogs.cards import CHANGE_VERBS, VERBS
from dialogs.cards.card import Card
from dialogs.cards.words import STANDS, words_of
from dialogs.engine.state import Frame
from dialogs.engine.step import Step
from dialogs.engine.talk import LONGEST_LABEL
from dialogs.flows import FLOWS
from dialogs.outgoing import Body
from dialogs.texts import LANGUAGES, MissingText, Texts, building, formats, path_of, read_catalogue, read_texts
from dialogs.views import VIEWS
from nlu.names import IntentName
from tests.dialogs.chat import NOW, World, looks_like_a_key

TEXTS = read_texts()
HERE = Path(dialogs.__file__).parent
KEYS = TEXTS.keys("zh-Hans")
_KEY = re.compile(r"[a-z_]+\.[a-z_*0-9]+(\.[a-z_]+)?")

BUILT = {
    "message": {*Template},
    "state": {*OrderState},
    "flow": {flow.name for flow in FLOWS},
    "view": {view.name for view in VIEWS},
    "weekday": {str(day) for day in range(7)},
    "offer_gone": {"expired", "withdrawn", "taken"},
    "price": {*ItemCode},
    "working": {*WorkingChange} - {WorkingChange.ROTA},
}
"""Keys made of a name and a member of a closed set: each member must be there, and nothing else."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def in_code() -> Iterator[ast.AST]:
    for path in HERE.rglob("*.py"):
        yield from ast.walk(ast.parse(path.read_text()))


def literals() -> set[str]:
    """Every string in the code of the dialogs that has the form of a key."""
    found: set[str] = set()
    for path in HERE.rglob("*.py"):
        tree = ast.parse(path.read_text())
        parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts
        }
    return {text for text in found if _KEY.fullmatch(text)}


def patterns() -> list[re.Pattern[str]]:
    """Every formatted string that makes a key, as what it can make; those that begin with a value are left out."""
    made = []
    for node in in_code():
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            parts = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"[\w-]+" for v in node.values]
            if re.match(r"[a-z_]+\\\.", parts[0]):
                made.append(re.compile("".join(parts)))
    return made


def of_fields() -> set[str]:
    """Keys that the engine makes from flows and fields."""
    names = {(flow.name, field.name) for flow in FLOWS for field in flow.fields}
    names |= {(flow.name, "*summary*") for flow in FLOWS}
    return {f"{flow}.{field}.example" for flow, field in names} | {f"{flow}.field_{field}" for flow, field in names}


def of_engine() -> set[str]:
    kinds = [kind.value for kind in support.TicketKind]
    return {
        *(f"engine.{intent.value}" for intent in IntentName),
        *(f"engine.ticket_{kind}" for kind in kinds),
        *(f"engine.unreadable_{kind}" for kind in ("voice", "video", "video_note", "edited")),
    }


def errors() -> set[str]:
    def below(root: type[BookingError]) -> Iterator[str]:
        yield root.code
        for each in root.__subclasses__():
            yield from below(each)

    return set(below(BookingError))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_same_keys_and_the_same_facts(lang: str) -> None:
    assert TEXTS.keys(lang) == KEYS
    for key in KEYS:
        facts, ours = placeholders(TEXTS.template("zh-Hans", key)), placeholders(TEXTS.template(lang, key))
        assert facts == ours, key
        assert all(name.isidentifier() for name in facts), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_empty_or_looks_like_a_key_or_keeps_the_other_script(lang: str) -> None:
    for key in KEYS:
        text = TEXTS.template(lang, key)
        assert text.strip(), key
        if key.startswith(("language.", "channel.")):
            continue  # each language's name is written in itself, a platform's as it calls itself
        assert looks_like_a_key(text) == [], key
        han = re.search(r"[一-鿿]", text)
        assert (han is None) == (lang == "en") or not re.search(r"[A-Za-z一-鿿]", re.sub(r"\{\w+\}", "", text)), key


def test_every_key_in_the_code_exists() -> None:
    rooms = {key.partition(".")[0] for key in KEYS}
    used = {text for text in literals() if text.partition(".")[0] in rooms}

    assert used - KEYS == set()


def test_no_key_is_unused() -> None:
    used, made = literals(), patterns()
    known = used | of_fields() | of_engine() | {f"error.{code}" for code in errors()}
    general = {"engine", "error"}  # their patterns end in an open set: each key must be named
    unused = {
        key
        for key in KEYS - known
        if key.partition(".")[0] in general or not any(pattern.fullmatch(key) for pattern in made)
    }
    assert unused == set()


@pytest.mark.parametrize("room", BUILT)
def test_closed_sets_have_a_text_for_each_member_and_no_more(room: str) -> None:
    members = {f"{room}.{one}" for one in BUILT[room]}
    assert members - KEYS == set()
    assert {key for key in KEYS - literals() if key.startswith(f"{room}.")} - members == set()


def test_rules_reasons_sexes_states_and_verbs_have_their_words() -> None:
    needed = {
        *(f"book.rule_{rule}" for rule in calendar.Rule),
        *(f"refuse_offer.reason_{reason}" for reason in RefusalReason),
        *(f"book.sex_{sex}" for sex in Sex),
        *(f"card.{verb}" for verb in (*VERBS, *CHANGE_VERBS)),
        *(f"apply_technician.is_{state}" for state in TechnicianState if state is not TechnicianState.REFUSED),
        *(f"engine.ticket_{kind}" for kind in ("human", "emergency")),
    }
    assert needed - KEYS == set()


DELIBERATELY_REFUSED = {
    "refused",
    "person_erased",  # nobody is there to read it
    "quote_changed",  # the booking says it itself
    "consequence_changed",  # the cancelling says it itself
    "self_approval",  # operators only
    "nothing_to_settle",  # operators only
    "code_too_soon",  # the page only
    "cannot_join",  # the flow says why
    "link_tries_used",  # the flow says until when
}


def test_every_refusal_of_the_core_has_words_or_falls_to_the_plain_ones_on_purpose() -> None:
    without = {code for code in errors() if f"error.{code}" not in KEYS} | {"refused"}

    assert without <= DELIBERATELY_REFUSED
    assert "error.refused" in KEYS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_fit_every_platform(lang: str) -> None:
    """Telegram shows about 64 characters on a button, a line of WeChat's menus fewer: labels stay far below."""
    for key in KEYS:
        room, _, name = key.partition(".")
        if (
            room in ("word", "card", "menu")
            and name not in ("text", "text_technician")
            and "{" not in TEXTS.template(lang, key)
        ):
            if room == "card" and name not in {
                *VERBS,
                "refuse",
                "review",
                "cancel",
                "see",
                "navigate",
                "start",
                "finish",
            }:
                continue
            assert len(TEXTS.template(lang, key)) <= (12 if lang != "en" else 20), key
    for key in ("book.confirm", "cancel_order.yes", "retime.yes", "apply_technician.send", "give_up_visit.yes"):
        assert len(TEXTS.template(lang, key)) <= LONGEST_LABEL // 3


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
        (22640, "CNY", "¥226.40", "CN¥226.40", "¥226.40"),
        (26000, "CNY", "¥260", "CN¥260", "¥260"),
        (-2000, "CNY", "−¥20", "−CN¥20", "−¥20"),
        (123456700, "GBP", "£1,234,567", "£1,234,567", "£1,234,567"),
        (1980, "JPY", "JP¥1,980", "¥1,980", "JP¥1,980"),
        (1980, "SGD", "SGD 19.80", "SGD 19.80", "SGD 19.80"),
    ],
)
def test_money_is_written_with_the_sign_each_reader_knows(
    minor: int, currency: str, simplified: str, traditional: str, english: str
) -> None:
    assert [formats.money(minor, currency, lang) for lang in LANGUAGES] == [simplified, traditional, english]


def test_the_traditional_texts_are_those_made_of_the_simplified_ones_now() -> None:
    assert path_of("zh-Hant").read_text(encoding="utf-8") == building.made(), "run `make texts`"


def test_every_override_says_something_else_than_opencc_would_and_keeps_the_facts() -> None:
    words, whole = building.overrides()
    simplified = read_catalogue("zh-Hans")
    by_letters = building.convert(simplified, {})
    by_words = building.convert(simplified, words)

    assert whole.keys() <= simplified.keys()
    assert [key for key, text in whole.items() if text == by_words[key]] == []
    assert [word for word in words if not any(word in text for text in by_letters.values())] == []
    for key, text in whole.items():
        assert placeholders(text) == placeholders(simplified[key]), key


def test_facts_in_braces_are_never_converted() -> None:
    made = building.convert({"a": "{干净} 干净 {code}"}, {"乾淨": "整潔"})

    assert made == {"a": "{干净} 整潔 {code}"}


MAINLAND = re.compile(r"小區|手機號(?!碼)|賬|短信|信息|視頻|默認|打印|質量|[“”]|軟件|網絡|稽核|專案|繫結")


def test_the_traditional_texts_have_no_word_that_only_the_mainland_says() -> None:
    assert {key: text for key, text in read_catalogue("zh-Hant").items() if MAINLAND.search(text)} == {}


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


def test_english_never_leaves_a_plural_to_the_reader() -> None:
    assert [key for key in KEYS if "(s)" in TEXTS.template("en", key)] == []


def test_an_english_sentence_begins_with_a_capital_whatever_it_begins_with() -> None:
    said = TEXTS.say("en", "book.rule_past", moment="tomorrow (Sun 22 Nov) 15:00")

    assert said.startswith("Tomorrow (Sun 22 Nov) 15:00 has")
    assert TEXTS.say("en", "leave.days", first="today", last="Friday") == "today to Friday"
