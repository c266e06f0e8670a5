"""The words: the same keys and facts in every language, none missing, none unused."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import dialogs
from core import calendar, support
from core.dispatch import RefusalReason
from core.errors import BookingError
from core.messages import Template
from core.money.pricing import ItemCode
from core.orders.states import OrderState
from core.technicians import Sex, TechnicianState, WorkingChange
from dialogs.cards import CHANGE_VERBS, VERBS
from dialogs.engine.talk import LONGEST_LABEL
from dialogs.flows import FLOWS
from dialogs.texts import LANGUAGES
from dialogs.views import VIEWS
from nlu.names import IntentName
from tests.dialogs.catalogues import KEYS, TEXTS, placeholders
from tests.dialogs.chat import looks_like_a_key

HERE = Path(dialogs.__file__).parent

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
        *(f"engine.unreadable_{kind}" for kind in ("voice", "video", "video_note", "edited", "too_large")),
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


def test_english_never_leaves_a_plural_to_the_reader() -> None:
    assert [key for key in KEYS if "(s)" in TEXTS.template("en", key)] == []
