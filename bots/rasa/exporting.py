"""The Rasa 3.6 project that hands people over to us: written whole into a folder, ready to train."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

import nlu
from bots.rasa.names import (
    ACTION,
    AWAY_RESPONSE,
    BACK_ACTION,
    DONE_SLOT,
    FORM,
    MESSAGE_ENTITY,
    NEWS_INTENT,
    ORDER_SLOT,
    ORDER_STATE_SLOT,
    PRESS_INTENT,
    SECRET_VARIABLE,
    STATE_SLOT,
    TASK_SLOT,
    TOKEN_ENTITY,
)
from nlu.names import EntityKind, IntentName

VERSION: Final = "3.1"
"""Of the training data format, the one Rasa 3.6 writes itself."""
EXAMPLES: Final = Path(nlu.__file__).parent / "examples"
_OWN_WORDS: Final = {
    IntentName.GREET: "您好，请问有什么可以帮您？ / Hello, how can I help?",
    IntentName.GOODBYE: "再见，祝您愉快。 / Goodbye, and have a good day.",
    IntentName.THANK: "不客气。 / You're welcome.",
    IntentName.OUT_OF_SCOPE: "这个我帮不上忙。 / I'm afraid I can't help with that.",
}
"""What the project answers by itself; every other intent is handed over."""
_AWAY: Final = "暂时连不上，请过一会儿再发一次。 / We can't answer just now; please send that again in a moment."
_FALLBACK: Final = "nlu_fallback"


def export(folder: Path, *, actions_url: str) -> tuple[Path, ...]:
    """Write the project into a folder that is new or empty, and return its files; FileExistsError otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    written = [_write(folder / name, content) for name, content in _files(actions_url).items()]
    for source in sorted(EXAMPLES.rglob("*.yml")):
        target = folder / "data" / "nlu" / source.relative_to(EXAMPLES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        written.append(target)
    return tuple(written)


def _files(actions_url: str) -> Mapping[str, Mapping[str, Any]]:
    return {
        "config.yml": _config(),
        "domain.yml": _domain(),
        "data/rules.yml": {"version": VERSION, "rules": list(_rules())},
        "endpoints.yml": _endpoints(actions_url),
        "credentials.yml": {"rest": None},
    }


def _write(path: Path, content: Mapping[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=120)
    path.write_text(text, "utf-8", newline="\n")
    return path


def _config() -> Mapping[str, Any]:
    """Return a pipeline that tells intents in Chinese and English with one model, and no policy that guesses.

    It looks for no entities: we read the words again, and to learn Chinese ones takes hours.
    """
    return {
        "recipe": "default.v1",
        "assistant_id": "menling",
        "language": "zh",
        "pipeline": [
            {"name": "JiebaTokenizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 3},
            {"name": "LogisticRegressionClassifier"},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.05},
        ],
        "policies": [{"name": "RulePolicy"}],
    }


def _domain() -> Mapping[str, Any]:
    intents: list[Any] = [{name.value: {"use_entities": []}} for name in IntentName]
    intents += [
        {PRESS_INTENT: {"use_entities": []}},
        {NEWS_INTENT: {"use_entities": []}},
        {_FALLBACK: {"use_entities": []}},
    ]
    return {
        "version": VERSION,
        "intents": intents,
        "entities": [*(kind.value for kind in EntityKind), TOKEN_ENTITY, MESSAGE_ENTITY],
        "slots": {
            DONE_SLOT: _slot("any", conditions=[{"active_loop": FORM}]),
            **{name: _slot("text") for name in (STATE_SLOT, TASK_SLOT, ORDER_SLOT, ORDER_STATE_SLOT)},
        },
        "forms": {FORM: {"required_slots": [DONE_SLOT]}},
        "actions": [ACTION, BACK_ACTION],
        "responses": {
            **{_utter(name): [{"text": words}] for name, words in _OWN_WORDS.items()},
            AWAY_RESPONSE: [{"text": _AWAY}],
        },
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def _slot(kind: str, *, conditions: Iterable[Mapping[str, str]] = ()) -> Mapping[str, Any]:
    """Return a slot only our action sets, and no policy looks at."""
    mapping: dict[str, Any] = {"type": "custom"}
    if conditions:
        mapping["conditions"] = list(conditions)
    return {"type": kind, "influence_conversation": False, "mappings": [mapping]}


def _rules() -> Iterable[Mapping[str, Any]]:
    for name in IntentName:
        if name in _OWN_WORDS:
            yield {
                "rule": f"{name.value}: answered here",
                "condition": [{"active_loop": None}],
                "steps": [{"intent": name.value}, {"action": _utter(name)}],
            }
        else:
            yield _handed_over(name.value)
    for intent in (PRESS_INTENT, NEWS_INTENT, _FALLBACK):
        yield _handed_over(intent)
    yield {
        "rule": "the task has ended",
        "condition": [{"active_loop": FORM}],
        "steps": [
            {"action": FORM},
            {"active_loop": None},
            {"slot_was_set": [{"requested_slot": None}]},
            {"action": "action_listen"},
        ],
    }


def _handed_over(intent: str) -> Mapping[str, Any]:
    first = [{"action": BACK_ACTION}] if intent == IntentName.BACK else []  # no rule may go around it
    return {
        "rule": f"{intent}: handed over",
        "condition": [{"active_loop": None}],
        "steps": [{"intent": intent}, *first, {"action": FORM}, {"active_loop": FORM}],
    }


def _utter(name: IntentName) -> str:
    return f"utter_{name.value}"


def _endpoints(actions_url: str) -> Mapping[str, Any]:
    # Not quoted in the file: Rasa fills in the environment's variables in plain scalars.
    proof = f"Bearer ${{{SECRET_VARIABLE}}}"
    return {"action_endpoint": {"url": actions_url, "headers": {"Authorization": proof}}}
