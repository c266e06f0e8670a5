"""The exported project is one that Rasa 3.6 loads: names that fit together, files it can read, no secret in it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bots.rasa.action import Executor
from bots.rasa.exporting import EXAMPLES, export
from bots.rasa.hand import Hand
from bots.rasa.params import RasaParams
from dialogs.reception import Reception
from menling.cli import main
from nlu.names import EntityKind, IntentName
from tests.dialogs.chat import World
from tests.rasa.conftest import StandingClock

FILES = sorted(EXAMPLES.rglob("*.yml"))
MARK = re.compile(
    r"\[(?P<text>[^\]]+?)\]"
    r"(?:\((?P<entity>[^:)]+?)(?::(?P<value>[^)]+))?\)|\{(?P<one>[^}]+?)\}|\[(?P<many>.*?)\])"
)
"""How Rasa finds the entities of an example."""
RASAS_OWN = {"session_start", "restart"}
"""Intents that mean something to Rasa itself, and cannot mean anything to us (its third is `back`)."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    export(tmp_path / "project", actions_url="http://127.0.0.1:5055/webhook")
    return tmp_path / "project"


def read(path: Path) -> Any:
    """Read YAML as 1.2 reads it: here a plain yes, no, on or off is a word."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  BaseLoader makes strings alone


def test_the_examples_go_into_the_project_unchanged(project: Path) -> None:
    for source in FILES:
        assert (project / "data" / "nlu" / source.relative_to(EXAMPLES)).read_bytes() == source.read_bytes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_file_of_examples_is_one_that_rasa_reads(path: Path) -> None:
    content = read(path)

    assert content.keys() == {"version", "nlu"}
    assert content["version"] == "3.1"
    for item in content["nlu"]:
        assert item.keys() == {"intent", "examples"}
        assert item["intent"] in set(IntentName)
        lines = item["examples"].splitlines()
        assert lines, item["intent"]
        for line in lines:
            assert re.fullmatch(r"- \S.*", line), line
            check_example(line.removeprefix("- "))


def check_example(example: str) -> None:
    for mark in MARK.finditer(example):
        assert mark["many"] is None, f"several entities on one stretch: {example}"
        marked = json.loads("{" + mark["one"] + "}") if mark["one"] else {"entity": mark["entity"]}
        assert marked["entity"] in set(EntityKind), example
        assert marked.keys() <= {"entity", "value", "role", "group"}, example
        assert mark["text"] == mark["text"].strip(), example
    assert not re.search(r"[\[\]{}]", MARK.sub("", example)), f"a mark that Rasa does not see: {example}"


def test_no_example_means_two_things(project: Path) -> None:
    """Rasa's own validator warns of these: no model can learn them."""
    meant: dict[str, set[str]] = {}
    for path in FILES:
        for item in read(path)["nlu"]:
            for line in item["examples"].splitlines():
                plain = MARK.sub(lambda mark: mark["text"], line.removeprefix("- ")).strip()
                meant.setdefault(plain, set()).add(item["intent"])

    assert {example: intents for example, intents in meant.items() if len(intents) > 1} == {}


def test_the_domain_knows_every_intent_and_entity_and_every_name_is_used(project: Path) -> None:
    domain, rules = read(project / "domain.yml"), read(project / "data" / "rules.yml")["rules"]
    intents = {next(iter(one)) for one in domain["intents"]}

    assert intents == {*IntentName, "menling_press", "menling_news", "nlu_fallback"}
    assert set(domain["entities"]) == {*EntityKind, "menling_token", "menling_message"}
    begun = [step["intent"] for rule in rules for step in rule["steps"] if "intent" in step]
    assert sorted(begun) == sorted(intents)
    actions = {step["action"] for rule in rules for step in rule["steps"] if "action" in step}
    assert actions <= {*domain["actions"], *domain["responses"], *domain["forms"], "action_listen"}
    assert not intents & RASAS_OWN


def test_rasas_own_step_back_is_followed_by_ours(project: Path) -> None:
    """Rasa predicts action_back for its intent `back` and refuses to train with a rule that goes around it."""
    rules = read(project / "data" / "rules.yml")["rules"]

    (rule,) = [one for one in rules if {"intent": "back"} in one["steps"]]

    assert [step.get("action") for step in rule["steps"][1:3]] == ["action_back", "menling_form"]


def test_every_slot_is_set_by_us_alone_and_changes_no_prediction(project: Path) -> None:
    slots = read(project / "domain.yml")["slots"]

    assert {slot["influence_conversation"] for slot in slots.values()} == {"false"}
    assert {mapping["type"] for slot in slots.values() for mapping in slot["mappings"]} == {"custom"}


def test_the_actions_of_the_domain_are_those_that_are_served(project: Path, world: World) -> None:
    hand = Hand(RasaParams("unused-secret-0123456789"), Reception(world.db, world.house, StandingClock()))

    served = {action.name for action in Executor(hand).list_actions()}

    assert served == set(read(project / "domain.yml")["actions"])


def test_the_secret_is_named_and_not_written(project: Path) -> None:
    text = (project / "endpoints.yml").read_text("utf-8")

    assert read(project / "endpoints.yml")["action_endpoint"] == {
        "url": "http://127.0.0.1:5055/webhook",
        "headers": {"Authorization": "Bearer ${RASA_ACTIONS_SECRET}"},
    }
    assert "'" not in text  # Rasa fills in variables of plain scalars only
    assert '"' not in text


def test_nothing_is_written_over(project: Path) -> None:
    with pytest.raises(FileExistsError):
        export(project, actions_url="http://127.0.0.1:5055/webhook")


def test_the_command_writes_a_project_and_refuses_a_folder_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MENLING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("RASA_ACTIONS_PORT", "5099")

    assert main(["export-rasa", str(tmp_path / "assistant")]) == 0
    assert "5099" in (tmp_path / "assistant" / "endpoints.yml").read_text("utf-8")
    assert main(["export-rasa", str(tmp_path / "assistant")]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


def test_serving_the_house_does_not_load_rasa() -> None:
    asked = (
        "import sys, menling.serving; print([name for name in ('rasa_sdk', 'sanic', 'grpc') if name in sys.modules])"
    )

    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=50)

    assert found.stdout.strip() == "[]"
