"""Answers to common questions: the house's own words, by language and trade, shown in the chat at once."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from admin_api.acting import Acting
from admin_api.shapes import CLEAN, Model, Names, shown
from core import audit
from core.audit import Operator
from core.catalog import Answer, catalogue, remove_answer, set_answer
from core.catalog.answering import LONGEST_ANSWER, LONGEST_KEYWORD, MOST_KEYWORDS
from core.db import Tx
from core.errors import NotFound

_WORDS = {
    "keywords": {"zh-Hans": ["停车", "车位"], "en": ["parking", "car park"]},
    "texts": {"zh-Hans": "不收停车费。", "en": "There is no parking charge."},
    "by_category": {"repair": {"zh-Hans": "工具多的话会开车来，请帮忙登记车牌。"}},
}
_ANSWER = {"code": "parking", **_WORDS}

Code = Annotated[str, Path(pattern="^[a-z][a-z0-9_-]{1,31}$", examples=["parking"])]
Keyword = Annotated[str, Field(min_length=2, max_length=LONGEST_KEYWORD), CLEAN]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_ANSWER), CLEAN]


class HouseAnswer(Model):
    """What is asked and what is said to it, by language; `by_category` replaces the text for one trade."""

    model_config = shown(_WORDS)

    keywords: dict[str, Annotated[list[Keyword], Field(max_length=MOST_KEYWORDS)]]
    texts: dict[str, Text]
    by_category: Annotated[dict[str, dict[str, Text]], Field(default_factory=dict)]


class HouseAnswerOut(Model):
    """An answer as it stands."""

    model_config = shown(_ANSWER)

    code: str
    keywords: dict[str, list[str]]
    texts: Names
    by_category: dict[str, Names]


class HouseAnswerPage(Model):
    """All answers; they fit on one page."""

    model_config = shown({"items": [_ANSWER], "next_cursor": None})

    items: list[HouseAnswerOut]
    next_cursor: None = None


async def list_answers(act: Acting) -> HouseAnswerPage:
    """List every answer, by its code."""

    def page(tx: Tx, by: Operator) -> HouseAnswerPage:
        return HouseAnswerPage(items=[_out(answer) for answer in catalogue(tx).answers])

    return await act.read(page)


async def get_answer(code: Code, act: Acting) -> HouseAnswerOut:
    """Show one answer."""

    def found(tx: Tx, by: Operator) -> HouseAnswerOut:
        answer = catalogue(tx).answer(code)
        if answer is None:
            raise NotFound(kind="answer")
        return _out(answer)

    return await act.read(found)


async def put_answer(code: Code, body: HouseAnswer, act: Acting) -> HouseAnswerOut:
    """Write an answer, in place of the one before; the chat says it from its next turn on."""

    def written(tx: Tx, by: Operator) -> HouseAnswerOut:
        fresh = catalogue(tx).answer(code) is None
        made = set_answer(tx, code, keywords=body.keywords, texts=body.texts, by_category=body.by_category)
        _note(tx, "answer.written", by, act, {"code": code, "languages": sorted(made.texts), "fresh": fresh})
        return _out(made)

    return await act.write(written)


async def delete_answer(code: Code, act: Acting) -> None:
    """Answer this question no more; the chat sends whoever asks it to a person."""

    def removed(tx: Tx, by: Operator) -> None:
        remove_answer(tx, code)
        _note(tx, "answer.removed", by, act, {"code": code})

    await act.write(removed)


def _note(tx: Tx, action: str, by: Operator, act: Acting, facts: dict[str, object]) -> None:
    audit.note(tx, action, actor_id=by.id, subject_kind="answer", subject_id=None, facts=facts, now=act.now)


def _out(answer: Answer) -> HouseAnswerOut:
    return HouseAnswerOut(
        code=answer.code,
        keywords={lang: list(words) for lang, words in answer.keywords.items()},
        texts=dict(answer.texts),
        by_category={category: dict(texts) for category, texts in answer.by_category.items()},
    )
