"""One line of a list to understand: plain words, or a JSON object that says when, where and to what question."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nlu import Asked, AskedKind, Lang, detect_language

FALLBACK_LANG = Lang.ZH_HANS.value
_MOST_CHOICES = 99
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_SAID_OTHERWISE = {"time": "when", "date": "when", "datetime": "when", "contact": "phone", "summary": "yes_no"}
"""What people write for a kind of question."""


class Malformed(Exception):
    """A line that cannot be answered; the message says why, `id` is the line's own where it could be read."""

    def __init__(self, why: str, id_: str | int | None = None) -> None:
        super().__init__(why)
        self.id = id_


@dataclass(frozen=True, slots=True)
class Question:
    """Words to understand, with all they rest on: `now` is aware UTC, `zone` an IANA name."""

    id: str | int
    text: str
    lang: str
    zone: str
    now: datetime
    asked: Asked = field(default_factory=Asked)


def is_json(raw: bytes) -> bool:
    """Whether a line is meant to be a JSON object."""
    return raw.lstrip(b" \t\xef\xbb\xbf").startswith(b"{")


def question(raw: bytes, number: int, *, usual: Question, plain: bool = True) -> Question:
    """Read line `number`; what it does not say is as in `usual`, a language not said is found. Raises Malformed.

    Plain words are a question too, unless they stand among JSON lines (`plain` is False there).
    """
    try:
        line = raw.decode("utf-8").strip().removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise Malformed("the line is not UTF-8") from None
    if not line.startswith("{"):
        if not plain:
            raise Malformed("the line is no JSON object, as those before it are")
        return asked_in_words(replace(usual, id=number, text=line))
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the line is not JSON: {_short(error)}") from None
    id_ = _id(told.get("id"), number)
    try:
        return _told(told, replace(usual, id=id_))
    except Malformed as wrong:
        raise Malformed(str(wrong), id_) from None


def asked_in_words(question_: Question) -> Question:
    """Find the language where none is said (an empty one)."""
    if question_.lang:
        return question_
    return replace(question_, lang=detect_language(question_.text, FALLBACK_LANG))


def instant(said: str, zone: str) -> datetime:
    """Return the UTC instant of an ISO time; one without an offset is local. Raises Malformed."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise Malformed(f"now is no ISO time: {said[:40]!r}") from None
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise Malformed(f"now is too far away: {said[:40]!r}")
    return (at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


@lru_cache(maxsize=1024)
def zone_named(zone: str) -> str:
    """Return the name of a time zone that there is; raises Malformed."""
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Malformed(f"there is no time zone {zone[:40]!r}") from None


def language_named(lang: str) -> str:
    """Return one of the languages spoken here for a tag such as zh, zh_TW or en-GB; raises Malformed."""
    tag = lang.replace("_", "-").casefold()
    if tag.split("-")[0] == "en":
        return Lang.EN.value
    if tag.split("-")[0] == "zh":
        return (Lang.ZH_HANT if {"hant", "tw", "hk", "mo"} & set(tag.split("-")) else Lang.ZH_HANS).value
    raise Malformed(f"lang is none of {', '.join(Lang)}: {lang[:40]!r}")


def kind_asked(kind: str) -> str:
    """Return the kind of question that is meant; raises Malformed."""
    found = _SAID_OTHERWISE.get(kind, kind)
    if found not in {each.value for each in AskedKind}:
        raise Malformed(f"asked is none of {', '.join(AskedKind)}: {kind[:40]!r}")
    return found


def _told(told: dict[str, Any], usual: Question) -> Question:
    text = told.get("text")
    if not isinstance(text, str):
        raise Malformed("text is missing" if text is None else "text is no text")
    lang, zone, now = (_text(told, name) for name in ("lang", "zone", "now"))
    where = usual.zone if zone is None else zone_named(zone)
    when = usual.now if now is None else instant(now, where)
    kind, choices = _text(told, "asked"), told.get("choices")
    if choices is not None and (type(choices) is not int or not 0 <= choices <= _MOST_CHOICES):
        raise Malformed(f"choices is no number of choices: {choices!r:.40}")
    asked = Asked(usual.asked.kind if kind is None else kind_asked(kind), choices or usual.asked.choices)
    spoken = usual.lang if lang is None else language_named(lang)
    return asked_in_words(replace(usual, text=text, lang=spoken, zone=where, now=when, asked=asked))


def _text(told: dict[str, Any], name: str) -> str | None:
    value = told.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Malformed(f"{name} is no text")
    return value


def _id(said: object, number: int) -> str | int:
    return said if isinstance(said, str) or type(said) is int else number


def _short(error: Exception) -> str:
    return str(error)[:80]
