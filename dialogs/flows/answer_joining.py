"""Somebody proved the phone this person gave, elsewhere: is it them? A yes makes the two accounts one."""

from core.people import phone_of
from core.uniting import answer, asked_of
from dialogs.engine.actions import Commit, Word, plain
from dialogs.engine.flow import Ask, Done, Flow
from dialogs.engine.step import Step
from dialogs.linking import channel_name, tail
from dialogs.outgoing import Button


def _start(step: Step) -> Done | None:
    if asked_of(step.tx, int(step.values["joining"]), step.person_id, step.now) is None:
        return Done(step.say("answer_joining.over"))
    if step.values.get("no"):
        return Done(_refused(step))
    return None


def _summary(step: Step) -> Ask:
    found = asked_of(step.tx, int(step.values["joining"]), step.person_id, step.now)
    channel = channel_name(step, found.asker.channel if found is not None else "")
    phone = phone_of(step.tx, step.person_id) or ""
    buttons = (
        Button(step.say("link_account.yes"), plain(Commit())),
        Button(step.say("join.not_me"), plain(Word("drop"))),
    )
    return Ask(step.say("answer_joining.summary", channel=channel, tail=tail(phone)), extra=buttons)


def _commit(step: Step) -> Done:
    yes = answer(step.tx, int(step.values["joining"]), person_id=step.person_id, yes=True, now=step.now)
    return Done(step.say("link_account.done" if yes else "answer_joining.over"))


def _refused(step: Step) -> str:
    answer(step.tx, int(step.values["joining"]), person_id=step.person_id, yes=False, now=step.now)
    return step.say("answer_joining.refused")


ANSWER_JOINING = Flow(
    name="answer_joining",
    role="anyone",
    intents=(),
    fields=(),
    start=_start,
    summary=_summary,
    commit=_commit,
    drop=_refused,
    keeps={"joining": int, "no": bool},
    deed=r"合并|绑定|并成|\b(?:join|link|merge|combine)\b",
)
