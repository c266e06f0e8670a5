"""`menling nlu export`: what was not understood leaves the house masked, to be labelled; an audit line stays."""

import argparse
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import heard, people
from core.audit.tables import audit_line
from core.catalog import catalogue
from core.clock import SystemClock
from core.crypto import Vault
from core.db import Database, Tx
from core.heard import How
from core.settings import change
from menling.cli import main
from menling.config import Refused, read_settings
from menling.opening import Ground
from menling.understanding.cases import read_cases
from menling.understanding.heard import export
from menling.understanding.lines import Question
from tests.builders import a_city, a_database

NOW = SystemClock().now()
USUAL = Question(id=0, text="", lang="", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    monkeypatch.setenv("MENLING_DATA_DIR", str(tmp_path / "var"))
    database = a_database(tmp_path)
    database.run(a_city)
    yield Ground(read_settings(), Vault(b"k" * 32), database, SystemClock())
    database.close()


def somebody(database: Database, *, name: str = "", address: str = "") -> int:
    """A customer with a name and an address on record."""

    def arrives(tx: Tx) -> int:
        region = catalogue(tx).regions[0].id
        who = people.arrive(
            tx, channel="web", account="x", external_id=name, lang="zh-Hans", zone="Asia/Shanghai", now=NOW
        )
        people.set_name(tx, who.id, name)
        people.save_address(tx, who.id, text=address, region_id=region, lat=30.6, lng=104.0, now=NOW)
        return who.id

    return database.run(arrives)


def kept(database: Database, person_id: int, words: str, *, days_ago: int = 0, how: How = How.MISSED) -> None:
    database.run(
        lambda tx: heard.keep(
            tx,
            person_id,
            key=people.key_of(tx, person_id),
            how=how,
            words=words,
            lang="zh-Hans",
            asked="when",
            intent="out_of_scope",
            confidence=0.5,
            now=NOW - timedelta(days=days_ago),
        )
    )


def exported(ground: Ground, *, since: str | None = None, everything: bool = False, rasa: bool = False) -> list[str]:
    return list(export(ground, argparse.Namespace(since=since, all=everything, rasa=rasa)))


def test_names_and_addresses_on_record_are_masked_beside_what_shows_by_itself(ground: Ground) -> None:
    person = somebody(ground.db, name="林晓雨", address="云雀公馆3号楼1201")
    kept(ground.db, person, "林晓雨住云雀公馆那边 13912345678 咕噜咕噜呢")

    (line,) = exported(ground)

    for secret in ("林晓雨", "晓雨", "云雀", "13912345678"):
        assert secret not in line
    assert "咕噜咕噜" in line
    told = json.loads(line)
    assert "[phone]" in told["text"]
    assert (told["how"], told["taken_for"], told["asked"]) == ("missed", "out_of_scope", "when")
    assert all(entity["text"] in told["text"] for entity in told["entities"])


def test_the_lines_can_be_evaluated_as_they_are(ground: Ground, tmp_path: Path) -> None:
    person = somebody(ground.db, name="a", address="b street 1")
    kept(ground.db, person, "明天下午三点咕噜", how=How.CORRECTED)
    file = tmp_path / "out.jsonl"
    file.write_text("\n".join(exported(ground)), encoding="utf-8")

    (case,) = read_cases(file, USUAL)

    assert case.question.text == "明天下午三点咕噜"
    assert [label.kind for label in case.labels] == ["when"]


def test_a_rasa_file_can_be_read_again_whatever_the_words_are(ground: Ground, tmp_path: Path) -> None:
    person = somebody(ground.db, name="a", address="b street 1")
    for words in (
        "明天下午三点咕噜",
        '[x](y) {"entity": "z"}',
        "[咕噜](when",
        "- intent: hack",
        "a: b # c",
        "\x85咕\x00噜",
        "'",
    ):
        kept(ground.db, person, words)
    file = tmp_path / "out.yml"
    file.write_text("\n".join(exported(ground, rasa=True)), encoding="utf-8")

    cases = read_cases(file, USUAL)

    texts = {case.question.text for case in cases}
    assert {"明天下午三点咕噜", "- intent: hack", "a: b # c", "'"} <= texts
    assert len(cases) == 7
    assert {label.kind for case in cases for label in case.labels} <= {"when"}


def test_the_last_week_is_shown_or_since_a_day_or_all(ground: Ground) -> None:
    person = somebody(ground.db, name="a", address="b street 1")
    kept(ground.db, person, "咕噜旧", days_ago=40)
    kept(ground.db, person, "咕噜近", days_ago=10)
    kept(ground.db, person, "咕噜新")

    def texts(lines: list[str]) -> list[str]:
        return [json.loads(line)["text"] for line in lines]

    assert texts(exported(ground)) == ["咕噜新"]
    assert texts(exported(ground, since=f"{NOW - timedelta(days=20):%Y-%m-%d}")) == ["咕噜近", "咕噜新"]
    assert texts(exported(ground, everything=True)) == ["咕噜旧", "咕噜近", "咕噜新"]
    with pytest.raises(Refused, match="no ISO date"):
        exported(ground, since="yesterday")


def test_what_is_to_be_kept_no_longer_is_not_shown_though_the_night_has_not_come(ground: Ground) -> None:
    person = somebody(ground.db, name="a", address="b street 1")
    kept(ground.db, person, "咕噜旧", days_ago=10)
    kept(ground.db, person, "咕噜新")
    ground.db.run(lambda tx: change(tx, "heard_words_days", 5, NOW))

    assert [json.loads(line)["text"] for line in exported(ground, everything=True)] == ["咕噜新"]


def test_an_export_leaves_an_audit_line_and_the_erased_leave_nothing(ground: Ground) -> None:
    person = somebody(ground.db, name="a", address="b street 1")
    kept(ground.db, person, "咕噜咕噜")
    ground.db.run(lambda tx: people.erase(tx, person, NOW))

    assert exported(ground) == []
    (line,) = ground.db.read(lambda tx: tx.all(select(audit_line).where(audit_line.c.action == "heard.exported")))
    assert line.facts == {"rows": 0}


def test_nothing_kept_is_an_empty_training_file(ground: Ground) -> None:
    assert exported(ground, rasa=True) == ['version: "3.1"', "nlu: []"]


def test_the_command_opens_the_configured_house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("MENLING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    assert main(["nlu", "export", "--all", "--rasa"]) == 0
    assert capfdbinary.readouterr().out == b'version: "3.1"\nnlu: []\n'
