"""A proposal from outside counts only as far as the words of the message and our own readers bear it out."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from dialogs.engine.confidence import GUESS, LET_GO
from nlu import Intent, IntentName, Understanding
from nlu.names import EntityKind
from nlu.proposals import DECISIONS, MOST_SURE, ONLY_NAMED, Proposals, ProposedEntity, merged
from tests.nlu.conftest import Read

Merge = Callable[..., Understanding]


def not_read(text: str, lang: str = "zh-Hans") -> Understanding:
    """A message our own reading made nothing of, whatever a later one may."""
    return Understanding(text, text, lang, (Intent("out_of_scope", 0.6),), unknown=(text,))


@pytest.fixture
def merge(read: Read) -> Merge:
    """Merge what is proposed of a message with our own reading of it, by default none."""

    def merging(
        text: str,
        *entities: tuple[str, ...],
        intents: Sequence[tuple[str, float]] = (),
        own: Understanding | None = None,
        unseen: Sequence[tuple[int, int, str]] = (),
    ) -> Understanding:
        proposals = Proposals(tuple(intents), tuple(ProposedEntity(*one) for one in entities))
        return merged(own or not_read(text), proposals, read=read, unseen=unseen)

    return merging


def found(understood: Understanding) -> list[tuple[str, str, object]]:
    return [(one.kind, one.text, one.value) for one in understood.entities]


def test_an_intent_of_the_list_is_taken_and_never_for_certain(merge: Merge) -> None:
    understood = merge("搞一哈嘛", intents=[("book", 1.0), ("recommend", 0.5)])
    assert (understood.intent, understood.confidence) == ("book", MOST_SURE)
    assert [one.name for one in understood.intents] == ["book", "out_of_scope", "recommend"]


@pytest.mark.parametrize("name", sorted(ONLY_NAMED))
def test_what_lets_go_is_sure_enough_to_be_named_and_not_to_be_done(merge: Merge, name: str) -> None:
    sure = {one.name: one.confidence for one in merge("搞一哈嘛", intents=[(name, 1.0)]).intents}
    assert GUESS <= sure[name] < LET_GO


def test_what_we_are_surer_of_ourselves_stays_first(merge: Merge, read: Read) -> None:
    own = read("取消")
    assert merge("取消", intents=[("book", 1.0)], own=own).intent == own.intent == "cancel"
    assert merge("取消", intents=[("cancel", 0.1)], own=own).confidence == own.confidence


@pytest.mark.parametrize("name", [*sorted(DECISIONS), "out_of_scope", "drop_tables", "", "BOOK", "nlu_fallback"])
def test_decisions_and_names_of_no_list_are_dropped(merge: Merge, name: str) -> None:
    understood = merge("啊这个那个", intents=[(name, 1.0)])
    assert name not in [one.name for one in understood.intents if one.confidence > 0.6]
    assert understood.confidence <= 0.6


@pytest.mark.parametrize("confidence", [float("nan"), float("inf"), float("-inf"), -1.0, 0.0])
def test_a_confidence_that_is_none_is_dropped(merge: Merge, confidence: float) -> None:
    assert "book" not in [one.name for one in merge("搞一哈嘛", intents=[("book", confidence)]).intents]


def test_a_service_called_otherwise_is_brought_home_by_its_name(merge: Merge) -> None:
    understood = merge("想整一个抠咔咔的", ("service", "抠咔咔", "美甲"), intents=[("book", 0.8)])
    assert found(understood) == [("service", "抠咔咔", "manicure")]
    assert understood.text[understood.entities[0].start : understood.entities[0].end] == "抠咔咔"
    assert understood.unknown == ()


@pytest.mark.parametrize(
    "proposed",
    [
        ("service", "抠咔咔", "skydiving"),
        ("service", "抠咔咔"),
        ("service", "洗头", "美甲"),
        ("service", "", "美甲"),
        ("service", "抠咔咔" * 50, "美甲"),
        ("technician", "抠咔咔", "张师傅"),
        ("phone", "抠咔咔", "13800138000"),
        ("money", "抠咔咔", "200块"),
        ("when", "抠咔咔", "明天下午三点"),
        ("duration", "抠咔咔", "90分钟"),
        ("order_code", "抠咔咔", "K7M2QX"),
        ("address", "抠咔咔", "望京花园3栋"),
        ("yes_no", "想", "好的"),
        ("password", "抠咔咔", "美甲"),
        ("SERVICE", "抠咔咔", "美甲"),
    ],
)
def test_what_is_not_in_the_words_or_not_in_our_lists_is_dropped(merge: Merge, proposed: tuple[str, ...]) -> None:
    assert found(merge("想整一个抠咔咔的", proposed)) == []


@pytest.mark.parametrize(
    ("kind", "words", "proposed"),
    [
        ("when", "明天下午三点半", "2031-01-01T03:30"),
        ("money", "300块", "3"),
        ("phone", "13800138000", "+8613900139000"),
        ("duration", "90分钟", "2 hours"),
    ],
)
def test_a_value_is_read_by_our_own_grammar_whatever_was_made_of_it(
    read: Read, merge: Merge, kind: str, words: str, proposed: str
) -> None:
    """As if the whole message had been too odd for us, and only the stretch can be read."""
    said = f"咯咯咯{words}咯咯"
    (entity,) = merge(said, (kind, words, proposed)).entities
    assert (entity.kind, entity.text, entity.start) == (kind, words, 3)
    assert entity.value == next(one.value for one in read(words).entities if one.kind == kind)


def test_our_own_reading_of_a_kind_stands(merge: Merge, read: Read) -> None:
    said = "整个美甲或者抠背"
    own = replace(read(said), intents=(Intent("out_of_scope", 0.6),))
    assert ("service", "美甲", "manicure") in found(own)
    assert found(merge(said, ("service", "抠背", "全身按摩"), own=own)) == found(own)


def test_words_the_other_side_did_not_see_are_nobodys_to_name(merge: Merge) -> None:
    said = "想整一个抠咔咔的"
    assert found(merge(said, ("service", "抠咔咔", "美甲"), unseen=[(4, 7, "address")])) == []


@pytest.mark.parametrize("said", ["不要抠咔咔", "抠咔咔就算了", "不是抠咔咔嘛"])
def test_what_is_said_no_to_is_not_what_is_wanted(merge: Merge, said: str) -> None:
    understood = merge(said, ("service", "抠咔咔", "美甲"))
    assert found(understood) == []
    assert [one.value for one in understood.negated] == ["manicure"]
    assert found(merge(said, ("service", said, "美甲"))) == []


def test_floods_are_cut(merge: Merge) -> None:
    flood = [("service", "抠咔咔", f"no such {n}") for n in range(500)] + [("service", "抠咔咔", "美甲")]
    assert found(merge("抠咔咔", *flood)) == []
    assert len(merge("搞", intents=[(name, 0.7) for name in IntentName] * 100).intents) < len(IntentName)


def test_every_kind_proposed_for_anything_never_raises(merge: Merge) -> None:
    for said in ("", " ", "\ud800", "🙂", "抠咔咔", "a" * 3000, "②③点半", "ﷺ"):
        for kind in EntityKind:
            merge(said, (kind, said[:90], said[:90]), ("when", "点"), intents=[("book", 0.9)])
