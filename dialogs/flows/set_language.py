"""The language somebody is spoken to in, until their own words say another."""

from core.people import set_language
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Took
from dialogs.engine.step import Step
from dialogs.texts import LANGUAGES


def _ask(step: Step) -> Ask:
    """Each language is offered in its own words, for whoever cannot read this one."""
    choices = tuple(Choice(step.say(f"language.{lang}"), {"language": lang}) for lang in LANGUAGES)
    return Ask(step.say("set_language.ask"), choices)


def _read(_step: Step, answer: Answer) -> Took | None:
    named = None if answer.understood is None else answer.understood.first("language")
    return Took({"language": named.value}) if named is not None and named.value in LANGUAGES else None


def _commit(step: Step) -> Done:
    lang: str = step.values["language"]
    set_language(step.tx, step.person_id, lang)
    step.memo["language"] = lang
    return Done(step.texts.say(lang, "set_language.done"))


SET_LANGUAGE = Flow(
    name="set_language",
    role="anyone",
    intents=(),
    fields=(Field("language", "choice", _ask, _read, holds=str),),
    commit=_commit,
)
