"""The types all answers share: ids as strings, money with its currency, instants in ISO UTC, pages with a cursor."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, PlainSerializer
from pydantic import WithJsonSchema as JsonSchema

MOST_ITEMS = 100
_HIGHEST_ID = (1 << 63) - 1
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_LINE_BREAKS = "\n\t"


def shown(example: Mapping[str, Any]) -> ConfigDict:
    """Return the configuration of a model with its example for the manual."""
    return ConfigDict(json_schema_extra={"examples": [dict(example)]})


class Model(BaseModel):
    """A body: nothing unknown in it, nothing changed after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def examples(of: type[Model] = Model) -> Iterator[tuple[type[Model], Any]]:
    """Yield every model that has an example, with it."""
    for model in of.__subclasses__():
        extra = model.model_config.get("json_schema_extra")
        if isinstance(extra, dict):
            found: Any = extra["examples"]
            yield model, found[0]
        yield from examples(model)


def _id(value: object) -> object:
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or not (value.isascii() and value.isdigit() and len(value) <= 19):
        raise ValueError("an id is up to 19 digits")
    return int(value)


def _moment(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError("an instant is written in ISO 8601")
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("an instant names its offset from UTC")
    if not _EARLIEST < found < _LATEST:  # compares across offsets without leaving what a datetime can hold
        raise ValueError("an instant of this century")
    return found.astimezone(UTC)


def _clean(words: str) -> str:
    if any(not (letter.isprintable() or letter in _LINE_BREAKS) for letter in words):
        raise ValueError("control characters are no words")
    return words


Id = Annotated[
    int,
    BeforeValidator(_id),
    Field(ge=1, le=_HIGHEST_ID),
    PlainSerializer(str, return_type=str),
    JsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$", "examples": ["112365899124084736"]}),
]
"""A 63-bit id; a string in JSON, because doubles would lose its last digits."""

Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    JsonSchema({"type": "string", "format": "date-time", "examples": ["2026-03-11T07:00:00Z"]}),
]
"""An instant in ISO 8601 with its offset; answers are always UTC."""

CLEAN = AfterValidator(_clean)
"""Text without control characters, for the end of an Annotated."""

Names = dict[str, str]
"""One text in the languages offered: {"zh-Hans": ..., "en": ...}."""

Facts = dict[str, JsonValue]
"""Ids and figures of a line."""

Cursor = Annotated[Id | None, Query(description="`next_cursor` of the page before; leave it out for the first page.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="How many items a page has at most.")]


class Money(Model):
    """An amount in whole minor units (fen, cents) of its currency (ISO 4217)."""

    model_config = shown({"minor": 19800, "currency": "CNY"})

    minor: int
    currency: str


class Named(Model):
    """Something of the catalogue, with its name in the languages offered; no names once it is withdrawn."""

    id: Id
    names: Names


class Picture(Model):
    """A picture that can be fetched under `link` with the same token."""

    file_id: Id
    link: str


class ErrorBody(Model):
    """What was refused: a stable code, a sentence (Chinese when Accept-Language says so), ids and figures."""

    code: str
    message: str
    facts: Facts


class ErrorOut(Model):
    """The one shape of every error."""

    model_config = shown(
        {
            "error": {
                "code": "invalid_input",
                "message": "Something in the request is not right.",
                "facts": {"fields": [{"field": "body.reason", "problem": "missing"}]},
            }
        }
    )

    error: ErrorBody


def next_cursor(found: Iterable[Any], limit: int) -> int | None:
    """Return the cursor of the next page of things with ids, None when this page was not full."""
    ids = [one.id for one in found]
    return ids[-1] if len(ids) == limit else None
