"""`menling nlu evaluate`: what was labelled against what was understood, counted by intent, by kind and by time."""

import json
from pathlib import Path
from typing import Any

import pytest

from menling.cli import main
from menling.understanding.cases import Case, Label
from menling.understanding.lines import Question, instant
from menling.understanding.scoring import Score, score
from nlu import Entity, Intent, Understanding, When

NOW = instant("2026-11-21T10:00+08:00", "Asia/Shanghai")
LINE = {"lang": "zh-Hans", "now": "2026-11-21T10:00+08:00", "zone": "Asia/Shanghai", "asked": None}
TOMORROW_AT_THREE = {"kind": "datetime", "start": "2026-11-22T15:00", "end": None}


def a_case(*labels: Label, intents: tuple[str, ...] = ("book",), kinds: frozenset[str] | None = None) -> Case:
    question = Question(id="c", text="…", lang="zh-Hans", zone="Asia/Shanghai", now=NOW)
    return Case(question, intents, labels, kinds)


def understood(*entities: Entity, intent: str = "book", confidence: float = 0.9) -> Understanding:
    return Understanding("…", "…", "zh-Hans", (Intent(intent, confidence),), entities)


def an_entity(kind: str, value: Any, text: str = "") -> Entity:
    return Entity(kind, text or str(value), 0, 1, value)


def judged(case: Case, found: Understanding) -> Score:
    return score([(case, found)])


def test_an_intent_under_also_is_right_and_one_that_is_not_is_a_confusion() -> None:
    both = [
        (a_case(intents=("book", "ask_price")), understood(intent="ask_price")),
        (a_case(intents=("book",)), understood(intent="cancel", confidence=0.5)),
    ]

    found = score(both)

    assert (found.judged, found.intents_right, found.sure, found.sure_right) == (2, 1, 1, 1)
    assert dict(found.confused) == {("book", "cancel"): 1}
    assert (found.intents["ask_price"].right, found.intents["book"].labelled, found.intents["cancel"].found) == (
        1,
        1,
        1,
    )
    assert (found.intents["book"].recall, found.intents["cancel"].precision) == (0.0, 0.0)
    assert [error.wanted for error in found.errors] == [("book",)]


def test_an_entity_is_right_when_its_kind_and_value_are() -> None:
    case = a_case(Label("service", "肩颈", "neck"), Label("duration", "90分钟", 90), Label("money", "¥5", [500, "CNY"]))

    found = judged(
        case, understood(an_entity("service", "neck"), an_entity("duration", 60), an_entity("money", (500, "CNY")))
    )

    assert (found.kinds["service"].right, found.kinds["money"].right) == (1, 1)
    duration = found.kinds["duration"]
    assert (duration.labelled, duration.found, duration.right, duration.near) == (1, 1, 0, 1)
    assert found.all_right == 0
    assert found.errors[0].wanted == ("duration 90",)


def test_each_entity_answers_one_label_only() -> None:
    case = a_case(Label("sex", "女", "female"))

    found = judged(case, understood(an_entity("sex", "female"), an_entity("sex", "female")))

    assert (found.kinds["sex"].right, found.kinds["sex"].found) == (1, 2)
    assert found.kinds["sex"].precision == 0.5


def test_a_time_is_right_when_kind_start_and_end_are() -> None:
    at_three = When("datetime", instant("2026-11-22T15:00", "UTC").replace(tzinfo=None))
    case = a_case(Label("when", "", TOMORROW_AT_THREE), intents=(), kinds=frozenset({"when"}))

    right = judged(case, understood(an_entity("when", at_three), an_entity("service", "neck")))
    wrong = judged(case, understood(an_entity("when", When("date", at_three.start, at_three.start))))
    none = judged(a_case(intents=(), kinds=frozenset({"when"})), understood(an_entity("when", at_three)))

    assert (right.timed, right.times_right, right.all_right) == (1, 1, 1)  # the service is not labelled here
    assert (wrong.timed, wrong.times_right) == (1, 0)
    assert (none.timed, none.times_right, none.kinds["when"].precision) == (1, 0, 0.0)


def test_marks_and_spaces_around_an_address_do_not_count() -> None:
    case = a_case(Label("address", "望京 3 号楼", "望京 3 号楼"))

    assert judged(case, understood(an_entity("address", "望京3号楼，"))).all_right == 1


def test_words_marked_without_a_value_are_right_where_the_same_kind_was_found_there() -> None:
    case = a_case(Label("service", "肩颈按摩", None, valued=False), kinds=frozenset({"service"}))

    assert judged(case, understood(an_entity("service", "neck", "肩颈"))).all_right == 1
    assert judged(case, understood(an_entity("service", "foot", "足疗"))).all_right == 0


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """One file of each of the three formats."""
    times = tmp_path / "times.jsonl"
    times.write_text(
        json.dumps({"id": "t1", "text": "明天下午三点", **LINE, "when": [TOMORROW_AT_THREE]}, ensure_ascii=False)
        + "\n"
        + json.dumps({"id": "t2", "text": "饭后可以吗", **LINE, "when": []}, ensure_ascii=False)
        + "\n"
        + json.dumps({"id": "t3", "text": "要90分钟的", **LINE, "when": [], "duration": [90]}, ensure_ascii=False)
    )
    utterances = tmp_path / "utterances.jsonl"
    service = {"kind": "service", "text": "肩颈按摩", "value": "neck_shoulder"}
    utterances.write_text(
        json.dumps({"id": "u1", "text": "约个肩颈按摩", **LINE, "intent": "book", "also": [], "entities": [service]})
        + "\n"
        + json.dumps({"id": "u2", "text": "你好", **LINE, "intent": "cancel", "also": [], "entities": []})
    )
    rasa = tmp_path / "nlu.yml"
    rasa.write_text(
        'version: "3.1"\nnlu:\n- intent: book\n  examples: |\n'
        "    - 约个[肩颈按摩](service)\n    - 约[王师傅](technician)按脚\n"
        "- intent: thank\n  examples: |\n    - thank you\n",
        encoding="utf-8",
    )
    return [str(times), str(utterances), str(rasa)]


def test_files_of_every_format_are_counted_together(
    files: list[str], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["nlu", "evaluate", *files, "--json", "--errors"]) == 0

    figures = json.loads(capfdbinary.readouterr().out)
    assert (figures["cases"], figures["right"]) == (8, 7)
    assert (figures["intents"]["judged"], figures["intents"]["right"]) == (5, 4)
    assert figures["intents"]["confused"] == [{"wanted": "cancel", "got": "greet", "times": 1}]
    assert figures["entities"]["by_kind"]["service"]["recall"] == 1.0
    assert figures["times"] == {"judged": 2, "right": 2}
    assert [(each["id"], each["wanted"]) for each in figures["errors"]] == [("u2", ["cancel"])]


def test_the_table_names_confusions_and_errors(files: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["nlu", "evaluate", *files, "--errors"]) == 0

    table = capfdbinary.readouterr().out.decode()
    assert "u2  '你好'\n    wanted  cancel\n    got     greet" in table
    assert "1 x  cancel was taken for greet" in table
    assert "intents   4 of 5 (80.0%)" in table
    assert "times     2 of 2 (100.0%) of messages with one: exact" in table
    assert "messages  7 of 8 (87.5%) right in everything labelled" in table


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.jsonl", '{"text": "hi"}', "line 1: neither an intent nor a list of times"),
        ("a.jsonl", '\n{"text": "hi", "intent": "dance"}', "line 2: 'dance' is none of our intents"),
        ("a.jsonl", '{"text": "hi", "intent": "greet", "entities": [{"kind": "mood"}]}', "kind of the closed list"),
        ("a.jsonl", "{", "line 1: the line is not JSON"),
        ("a.jsonl", "[1]", "line 1: the line is no JSON object"),
        ("a.jsonl", "hello", "line 1: the line is no JSON object"),
        ("a.jsonl", '{"text": "hi", "intent": "greet", "entities": [1]}', "kind of the closed list"),
        ("a.jsonl", '{"text": "hi", "intent": "greet", "also": "book"}', "also is a list"),
        ("a.jsonl", '{"text": "hi", "when": [], "duration": 90}', "duration is a list"),
        ("a.yml", "nlu: 3", "has no list nlu"),
        ("a.yml", 'nlu:\n- intent: book\n  examples: |\n    - a [b]{"value": 1}\n', "not an entity"),
        ("a.yml", "nlu:\n- intent: dance\n  examples: |\n    - hi\n", "none of our intents"),
    ],
)
def test_a_file_that_is_not_labelled_is_refused_with_its_place(
    tmp_path: Path, name: str, content: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")

    assert main(["nlu", "evaluate", str(file)]) == 2
    assert why in capsys.readouterr().err


def test_a_file_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nlu", "evaluate", "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl cannot be read" in capsys.readouterr().err
