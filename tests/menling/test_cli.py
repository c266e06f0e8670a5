"""Each command says what it did, or why not, in a sentence; refused is the code 2, and never a traceback."""

import io
import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from core import audit, stores
from core.calendar.tables import claim
from core.catalog import catalogue
from core.technicians import roster
from menling.cli import main
from menling.config import read_settings
from menling.demo.data import DEMO_FILES
from menling.opening import opened


@pytest.fixture(autouse=True)
def a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Commands run in a folder of their own, and leave the log as they found it."""
    monkeypatch.setenv("MENLING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield tmp_path / "var"
    root.handlers[:], root.level = handlers, level


def says(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(words))


def test_an_unsafe_start_is_refused_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MENLING_ENVIRONMENT", "production")

    assert main(["serve", "--demo"]) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("Production needs MENLING_MASTER_KEY")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("command", ["serve --port 0", "worker"])
def test_an_embedded_database_takes_no_second_house_and_no_worker_beside_it(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(read_settings(), serving=True):
        assert main(command.split()) == 2

    assert capsys.readouterr().err.endswith("an embedded database has one, with its worker.\n")


def test_an_address_in_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 2

    told = capsys.readouterr().err
    assert re.fullmatch(r"Nobody can be served at 127\.0\.0\.1:\d+ \(Address already in use.*\n", told)


def test_an_operator_is_added_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    says(monkeypatch, "correct horse battery\n")
    assert main(["operator", "add", "anna", "--role", "auditor"]) == 0
    assert capsys.readouterr().out == "anna may sign in as auditor.\n"

    says(monkeypatch, "correct horse battery\n")
    assert main(["operator", "add", "anna"]) == 2
    assert capsys.readouterr().err == "There is an operator anna already.\n"

    with opened(read_settings()) as ground:
        found = ground.db.read(lambda tx: audit.operator_by_login(tx, "anna"))
    assert found is not None
    assert "correct horse" not in repr(found)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("short", "A password has at least 12 letters.\n"), ("x" * 300, "A password has at most 256 letters.\n")],
)
def test_a_poor_password_is_refused(
    password: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    says(monkeypatch, f"{password}\n")

    assert main(["operator", "add", "bo"]) == 2
    assert capsys.readouterr().err == sentence


def test_a_role_that_does_not_exist_is_refused_with_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operator", "add", "bo", "--role", "king"]) == 2
    assert capsys.readouterr().err == "There is no role king: it is one of admin, auditor, finance.\n"


def test_migrate_names_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["migrate"]) == 0
        assert re.fullmatch(r"The database is at version \d{4}_\w+\.\n", capsys.readouterr().out)


def test_the_demo_city_is_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    assert capsys.readouterr().out.endswith("The demo city is made.\n")
    assert main(["demo"]) == 0
    assert capsys.readouterr().out == "The demo city was there already.\n"

    with opened(read_settings()) as ground:
        assert len(ground.db.read(stores.stores)) == 1


def test_check_says_that_everything_holds_or_lists_what_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr() == ("", "Everything holds.\n")

    with opened(read_settings()) as ground:
        ground.db.run(lambda tx: tx.execute(insert(claim).values(technician_id=1, cell_start=2, occupation_id=3)))
    assert main(["check"]) == 1
    told = capsys.readouterr()
    assert told.out == "claims of occupation 3 have no occupation\n"
    assert told.err == "1 things do not hold.\n"


def test_the_flows_are_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flows"]) == 0

    assert "```mermaid" in capsys.readouterr().out


def test_a_command_that_does_not_exist_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])

    assert ended.value.code == 2
    assert "invalid choice: 'fly'" in capsys.readouterr().err


def test_a_shop_is_opened_from_files_once_and_sells_what_they_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    for name in ("city.yaml", "services.yaml", "answers.yaml"):
        (shop / name).write_text((DEMO_FILES / name).read_text("utf-8"), "utf-8")

    assert main(["open-shop", str(shop)]) == 0
    assert main(["open-shop", str(shop)]) == 2

    told = capsys.readouterr()
    assert re.match(r"Menling Chengdu is open: \d+ services in \d+ regions\. Technicians apply", told.out)
    assert told.err.endswith("There is a store in this database already.\n")
    with opened(read_settings()) as ground:
        assert ground.db.read(catalogue).services
        assert ground.db.read(roster).technicians == ()


def test_a_shop_with_a_slip_of_the_pen_is_not_opened_and_the_place_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["open-shop", str(tmp_path)]) == 2
    assert "city.yaml" in capsys.readouterr().err

    for name in ("city.yaml", "services.yaml", "answers.yaml"):
        words = (DEMO_FILES / name).read_text("utf-8").replace("minutes: 60", "minutes: 6", 1)
        (tmp_path / name).write_text(words, "utf-8")
    assert main(["open-shop", str(tmp_path)]) == 2
    assert "services.yaml" in capsys.readouterr().err
    with opened(read_settings()) as ground:
        assert ground.db.read(stores.stores) == ()


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("serve --port {taken}", "Nobody can be served at 127.0.0.1:{taken} (Address already in use): choose another"),
        ("simulate telegram --port {taken}", "Nobody can be served at 127.0.0.1:{taken} (Address already in use): "),
        ("serve --host 203.0.113.7 --port 0", "(Cannot assign requested address): choose another --host or --port."),
        ("open-shop {folder}/none", "The shop cannot be read: city.yaml: it is not in {folder}/none."),
        ("nlu evaluate {folder}/none", "{folder}/none cannot be read: No such file or directory."),
        ("rehearse {folder}/none.yaml", "There is no file {folder}/none.yaml."),
    ],
)
def test_what_is_missing_or_taken_is_named_in_a_plain_sentence(
    command: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        facts = {"taken": other.getsockname()[1], "folder": tmp_path}
        assert main(command.format(**facts).split()) != 0

    told = capsys.readouterr()
    assert sentence.format(**facts) in told.out + told.err
    assert "Errno" not in told.out + told.err
    assert "Traceback" not in told.err


def test_a_data_folder_that_is_a_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("x")
    monkeypatch.setenv("MENLING_DATA_DIR", str(tmp_path / "taken"))

    assert main(["check"]) == 2

    assert capsys.readouterr().err == f"The data folder {tmp_path / 'taken'} cannot be used: it is a file.\n"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://x:canary@127.0.0.1:1/z", "The database does not answer (OperationalError)"),
        ("mysql://x:canary@127.0.0.1:1/z", "The database does not answer (OperationalError)"),
        ("no address", "The database does not answer (ArgumentError)"),
    ],
)
def test_a_database_that_is_not_there_cannot_be_migrated_and_that_is_said(
    url: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    assert main(["migrate"]) == 2

    told = capsys.readouterr().err
    assert told == f"{sentence}: look at DATABASE_URL.\n"


def test_a_variable_that_is_no_setting_is_named_by_those_who_serve_or_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEM", "canary")

    assert main(["check"]) == 0
    logging.getLogger().handlers[0].flush()
    told = capsys.readouterr().err
    assert told.count("TELEGRAM_TOKEM is no setting; TELEGRAM_TOKEN is one.") == 1
    assert "canary" not in told

    assert main(["flows"]) == 0
    logging.getLogger().handlers[0].flush()
    assert "TELEGRAM_TOKEM" not in capsys.readouterr().err
