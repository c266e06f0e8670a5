"""Reviewing a finished visit: stars on five dimensions (one tap for all alike), words, a photo."""

from typing import Any

from core import reviews
from core.orders.states import OrderState
from core.reviews import Stars
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Missed, Took
from dialogs.engine.step import Step
from dialogs.flows.which_order import of_states, order_field, refuse_when_none

_listed = of_states(frozenset({OrderState.FINISHED, OrderState.CONFIRMED}))
_SIDES = ("attitude", "skill", "efficiency", "agreement")
_MOST_STARS = 5
_LONGEST_WORDS = 500
_LEAST_REMARK = 4
_OVERALL = "overall"
_BETWEEN = " \t\n,.;:!，。；：！、"


def _is_told(answer: Answer) -> bool:
    """Whether a review is being told in one go, with nothing of it asked: "5 stars, great hands"."""
    understood = answer.understood
    return understood is not None and understood.intent == "review" and understood.first("stars") is not None


def _remark(answer: Answer) -> str:
    """What is said of the visit beside its stars."""
    stars = None if answer.understood is None else answer.understood.first("stars")
    rest = answer.text if stars is None else answer.text[: stars.start] + answer.text[stars.end :]
    bare = rest.strip(_BETWEEN)
    for praise in ("好评", "好評"):
        bare = bare.removeprefix(praise).strip(_BETWEEN)
    return bare if len(bare) <= _LONGEST_WORDS else ""


def _stars_choices(name: str) -> tuple[Choice, ...]:
    return tuple(Choice("★" * count, {name: count}) for count in range(1, _MOST_STARS + 1))


def _read_stars(name: str) -> Any:
    def read(_step: Step, answer: Answer) -> Took | None:
        if answer.understood is None or not (answer.asked or (name == _OVERALL and _is_told(answer))):
            return None
        given = answer.understood.first("stars")
        return Took({name: given.value}) if given is not None else None

    return read


def _ask_alike(step: Step) -> Ask:
    count = step.values["overall"]
    return Ask(
        step.say("review.ask_alike", stars=count),
        (
            Choice(step.say("review.all_alike", stars=count), {"alike": "yes", **dict.fromkeys(_SIDES, count)}),
            Choice(step.say("review.one_by_one"), {"alike": "no"}),
        ),
    )


def _read_alike(step: Step, answer: Answer) -> Took | None:
    if not answer.asked or answer.understood is None:
        return None
    said = answer.understood.first("yes_no")
    if said is None:
        return None
    return (
        Took({"alike": "yes", **dict.fromkeys(_SIDES, step.values["overall"])}) if said.value else Took({"alike": "no"})
    )


def _side(name: str) -> Field:
    return Field(
        name,
        "stars",
        lambda step: Ask(
            step.say(f"review.ask_{name}"), _stars_choices(name), columns=1 if step.channel == "wechat" else 3
        ),
        _read_stars(name),
        holds=int,
    )


def _ask_words(step: Step) -> Ask:
    return Ask(step.say("review.ask_words"), (Choice(step.say("review.no_words"), {"words": ""}),))


def _read_words(step: Step, answer: Answer) -> Took | Missed | None:
    if not answer.asked and _is_told(answer):
        remark = _remark(answer)
        return Took({"words": remark}) if len(remark) >= _LEAST_REMARK and "words" not in step.values else None
    if not answer.asked or not answer.sure:
        return None
    text = "" if _says_no(answer) else answer.text.strip()
    return (
        Took({"words": text})
        if len(text) <= _LONGEST_WORDS
        else Missed(step.say("review.too_long", most=_LONGEST_WORDS))
    )


def _says_no(answer: Answer) -> bool:
    """Whether the words are a plain no: 不用, no thanks."""
    return answer.understood is not None and answer.understood.intent == "deny"


def _ask_photo(step: Step) -> Ask:
    return Ask(step.say("review.ask_photo"), (Choice(step.say("review.no_photo"), {"photo": 0}),), asks="photo")


def _read_photo(step: Step, answer: Answer) -> Took | None:
    """A photo counts whenever it comes: nobody sends one while reviewing for anything else."""
    if answer.photo_file_id is None:
        return Took({"photo": 0}) if answer.asked and _says_no(answer) else None
    return Took({"photo": answer.photo_file_id}, "" if answer.asked else step.say("engine.noted"))


def _commit(step: Step) -> Done:
    values = step.values
    stars = Stars(
        attitude=values["attitude"],
        skill=values["skill"],
        efficiency=values["efficiency"],
        agreement=values["agreement"],
        overall=values["overall"],
    )
    reviews.add(
        step.tx,
        values["order"],
        person_id=step.person_id,
        stars=stars,
        words=values["words"] or None,
        photo_file_id=values["photo"] or None,
        now=step.now,
    )
    return Done(step.say("review.done"))


REVIEW = Flow(
    name="review",
    role="customer",
    intents=("review",),
    fields=(
        order_field(_listed, "review.ask_order", "review.none"),
        Field(
            "overall",
            "stars",
            lambda step: Ask(
                step.say("review.ask_overall"), _stars_choices("overall"), columns=1 if step.channel == "wechat" else 3
            ),
            _read_stars("overall"),
            holds=int,
            hears=("review",),
        ),
        Field("alike", "yes_no", _ask_alike, _read_alike, holds=str),
        *(_side(name) for name in _SIDES),
        Field("words", "text", _ask_words, _read_words, raw=True, free=True, holds=str),
        Field("photo", "text", _ask_photo, _read_photo, holds=int),
    ),
    start=refuse_when_none(_listed, "review.none"),
    commit=_commit,
    unsure=True,
)
