"""`menling understand`: lines in, meaning out, in their order, whatever the lines are; and one text explained."""

import io
import json
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from menling.cli import main
from nlu import EntityKind, IntentName

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-11-21T10:00+08:00"

Run = Callable[..., tuple[int, list[dict[str, Any]]]]


class Pipe:
    """Standard input or output as bytes."""

    def __init__(self, content: bytes = b"") -> None:
        self.buffer = io.BytesIO(content)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on these lines; the exit status and the answers."""

    def runner(lines: Sequence[dict[str, Any] | bytes | str], *more: str) -> tuple[int, list[dict[str, Any]]]:
        out = Pipe()
        monkeypatch.setattr("sys.stdin", Pipe(b"\n".join(_bytes(line) for line in lines)))
        monkeypatch.setattr("sys.stdout", out)
        status = main(["understand", "--now", NOW, *more])
        return status, [json.loads(line) for line in out.buffer.getvalue().decode().splitlines()]

    return runner


def _bytes(line: dict[str, Any] | bytes | str) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)).encode()


def test_a_line_is_answered_with_ranked_intents_and_entities_in_place(run: Run) -> None:
    status, (answer,) = run([{"id": "a1", "text": "明天下午三点约王师傅按肩颈，90分钟", "lang": "zh-Hans"}])

    assert status == 0
    assert list(answer) == ["id", "intent", "confidence", "intents", "entities"]
    assert (answer["id"], answer["intent"]) == ("a1", "book")
    assert answer["intents"][0] == {"name": "book", "confidence": answer["confidence"]}
    found = {entity["kind"]: entity for entity in answer["entities"]}
    assert found["technician"] == {"kind": "technician", "text": "王师傅", "from": 7, "to": 10, "value": "wang"}
    assert found["service"]["value"] == "neck_shoulder"
    assert found["duration"]["value"] == 90
    assert found["when"] == {
        "kind": "when",
        "text": "明天下午三点",
        "from": 0,
        "to": 6,
        "value": {
            "kind": "datetime",
            "start": "2026-11-22T15:00",
            "end": None,
            "seconds": None,
            "alternatives": [],
        },
    }


def test_what_is_ambiguous_comes_with_its_other_readings(run: Run) -> None:
    _, (answer,) = run([{"text": "7", "asked": "when"}])

    (entity,) = answer["entities"]
    assert entity["value"]["start"] == "2026-11-21T19:00"
    assert [other["start"] for other in entity["value"]["alternatives"]] == ["2026-11-22T07:00"]


def test_each_line_has_its_own_language_place_time_and_question(run: Run) -> None:
    line = {"text": "tomorrow at 3", "lang": "en", "now": "2026-07-01T22:30:00Z", "zone": "Europe/London"}
    local = {"text": "tomorrow at 3", "now": "2026-07-01T23:30", "zone": "Europe/London"}
    number = {"text": "2", "asked": "choice", "choices": 3}

    _, answers = run([line, local, number])

    assert [each["entities"][0]["value"]["start"] for each in answers[:2]] == ["2026-07-02T15:00"] * 2
    assert answers[2]["entities"] == [{"kind": "ordinal", "text": "2", "from": 0, "to": 1, "value": 2}]


def test_plain_lines_are_understood_and_numbered(run: Run) -> None:
    status, answers = run(["你好", "", "cancel my booking", "謝謝"])

    assert status == 0
    assert [(each["id"], each["intent"]) for each in answers] == [(1, "greet"), (3, "cancel"), (4, "thank")]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"\xff\xfe", "UTF-8"),
        ('{"id": 5, "text": ', "not JSON"),
        ('{"id": 5}', "text is missing"),
        ({"id": 5, "text": 7}, "text is no text"),
        ({"id": 5, "text": "hi", "now": "tomorrow"}, "now is no ISO time"),
        ({"id": 5, "text": "hi", "now": "0001-01-01"}, "now is too far away"),
        ({"id": 5, "text": "hi", "zone": "Mars/Olympus"}, "there is no time zone"),
        ({"id": 5, "text": "hi", "zone": "../etc/passwd"}, "there is no time zone"),
        ({"id": 5, "text": "hi", "lang": "fr"}, "lang is none of"),
        ({"id": 5, "text": "hi", "asked": "weather"}, "asked is none of"),
        ({"id": 5, "text": "hi", "choices": -1}, "choices is no number"),
        ("[1, 2]", "no JSON object"),
    ],
)
def test_a_malformed_line_is_told_in_its_place_and_the_others_are_answered(
    run: Run, line: dict[str, Any] | bytes | str, why: str
) -> None:
    status, answers = run([{"id": 1, "text": "你好"}, line, {"id": 3, "text": "谢谢"}])

    assert status == 1
    assert [each.get("intent") for each in answers] == ["greet", None, "thank"]
    assert why in answers[1]["error"]
    assert answers[1]["id"] == (5 if isinstance(line, dict) or line == '{"id": 5}' else 2)


def test_any_text_gives_one_line_that_stays_within_the_closed_lists(run: Run) -> None:
    odd = ["", " ", "\u0000\u0001", "\ud83d", "👩‍👩‍👧‍👦" * 50, "9" * 5000, "１２：３０", "\u202e三点", "a\nb\u2028c"]
    encoded = [json.dumps({"text": text}) for text in odd]

    status, answers = run(encoded)

    assert status == 0
    assert len(answers) == len(odd)
    kinds, intents = {each.value for each in EntityKind}, {each.value for each in IntentName}
    for answer, text in zip(answers, odd, strict=True):
        assert {each["name"] for each in answer["intents"]} <= intents
        assert {each["kind"] for each in answer["entities"]} <= kinds
        assert all(text[each["from"] : each["to"]] == each["text"] for each in answer["entities"])


def test_a_lexicon_of_ones_own_is_used(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "names.json"
    entries = [
        {"id": "kites", "kind": "service", "names": ["修风筝", "kite repair"]},
        {"id": "ann", "kind": "technician", "names": ["Ann"], "number": 77, "sex": "female"},
    ]
    file.write_text(json.dumps({"entries": entries}), encoding="utf-8")

    _, (answer,) = run(["约77号技师修风筝"], "--lexicon", str(file))

    assert {each["value"] for each in answer["entities"]} == {"kites", "ann"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "is no lexicon"),
        ('{"entries": 1}', "entries are a list"),
        ('{"entries": [{"id": "a"}]}', "entry 1: an entry has an id and a kind"),
        ('{"entries": [{"id": "a", "kind": "service", "names": []}]}', "entry 1: names are a list"),
        ('{"entries": [{"id": "a", "kind": "technician", "names": ["A"], "number": "x"}]}', "a number is whole"),
    ],
)
def test_a_lexicon_that_cannot_be_read_is_refused_with_its_place(
    content: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "names.json"
    file.write_text(content, encoding="utf-8")

    assert main(["understand", "hi", "--lexicon", str(file)]) == 2
    told = capsys.readouterr().err
    assert why in told
    assert told.count("\n") == 1


def test_one_text_is_explained_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Pipe()
    monkeypatch.setattr("sys.stdout", out)

    assert main(["understand", "不是明天，后天三点约王师傅肩颈按摩", "--now", NOW]) == 0

    shown = out.buffer.getvalue().decode()
    for said in (
        "zh-Hans, Sat 21 Nov 2026 10:00",
        "wang (王师傅)",
        "Mon 23 Nov 2026 15:00",
        "or Mon 23 Nov 2026 03:00",
    ):
        assert said in shown
    assert 'denies   when         "明天"' in shown
    assert re.search(r'"(?:约|按摩)" says book \(0\.\d\d\)', shown)


def test_where_it_is_unsure_the_explanation_says_what_would_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Pipe()
    monkeypatch.setattr("sys.stdout", out)

    main(["understand", "约肩颈按摩", "--now", NOW])
    main(["understand", "呜哩哇啦", "--now", NOW])

    booking, lost = out.buffer.getvalue().decode().split("呜哩哇啦", maxsplit=1)
    assert "it asks where to come (then: who should come, when, a telephone number)" in booking
    assert "it says that it did not understand" in lost
    assert 'unknown  "呜哩哇啦"' in lost


def test_the_shops_own_names_are_used_when_asked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MENLING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.MonkeyPatch.context() as quiet:
        quiet.setattr("sys.stdout", io.StringIO())
        assert main(["demo"]) == 0

    _, (answer,) = run(["约8号技师"], "--shop")

    (technician,) = [each for each in answer["entities"] if each["kind"] == "technician"]
    assert technician["value"].isdigit()


@pytest.mark.timeout(180)
def test_ten_thousand_lines_take_seconds_and_neither_a_database_nor_a_platform(tmp_path: Path) -> None:
    said = [
        "明天下午三点约王师傅按肩颈",
        "any manicure this evening? after 7",
        "老地方，还是上次那个师傅",
        "多少钱",
        "呜哩哇啦",
    ]
    lines = [json.dumps({"id": at, "text": f"{said[at % 5]} {at % 7}", "now": NOW}) for at in range(10_000)]
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    script = """if True:
        import sys
        import menling.cli
        assert menling.cli.main(["understand"]) == 0
        heavy = {"sqlalchemy", "aiogram", "wechatpy", "pydantic", "fastapi", "sklearn", "numpy"}
        print(sorted(heavy & set(sys.modules)), file=sys.stderr)
    """

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with file.open("rb") as told:
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdin=told, capture_output=True, check=True)

    assert done.stderr == b"[]\n"
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == list(range(10_000))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 30  # of the processor; some three when nobody else wants it


@pytest.mark.timeout(180)
def test_whoever_has_read_enough_may_stop() -> None:
    command = f"yes 你好 | {sys.executable} -m menling understand | head -n 2"

    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, timeout=150, check=True)

    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--zone", "Mars/Olympus", "there is no time zone 'Mars/Olympus'"),
        ("--now", "soon", "now is no ISO time: 'soon'"),
        ("--lang", "fr", "lang is none of zh-Hans, zh-Hant, en: 'fr'"),
        ("--asked", "weather", "asked is none of service,"),
        ("--lexicon", "nowhere.json", "nowhere.json cannot be read"),
    ],
)
def test_an_option_that_is_not_understood_is_refused(
    option: str, value: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["understand", "hi", option, value]) == 2
    assert capsys.readouterr().err.startswith(why)
