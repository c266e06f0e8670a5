"""One channel less: what that means first, then one yes. The last one stays."""

from core.errors import NotFound, StateConflict
from core.people import channels_of, unlink
from dialogs.engine.actions import Commit, Look, Word, plain
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Missed, Redo, Took
from dialogs.engine.step import Step
from dialogs.flows.where_told import channels_named
from dialogs.linking import channel_name
from dialogs.outgoing import Button


def _start(step: Step) -> Done | None:
    if step.values.pop("_unlinked", None):
        return Done("")  # that it is not linked has been said
    known = channels_of(step.tx, step.person_id)
    return None if len(known) > 1 else Done(step.say("unlink_account.last", channel=channel_name(step, known[0])))


def _ask(step: Step) -> Ask:
    known = channels_of(step.tx, step.person_id)
    choices = tuple(Choice(channel_name(step, one), {"channel": one}) for one in known)
    return Ask(step.say("unlink_account.ask"), choices)


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    named, known = channels_named(answer.text), channels_of(step.tx, step.person_id)
    linked = [one for one in known if one in named]
    if len(linked) == 1:
        return Took({"channel": linked[0]})
    if linked or not named:
        return None
    if not answer.asked:
        step.values["_unlinked"] = True
    return Missed(step.say("unlink_account.not_linked", channel=channel_name(step, named[0])))


def _summary(step: Step) -> Ask | Redo:
    channel = step.values["channel"]
    if channel not in channels_of(step.tx, step.person_id):
        return Redo("", ("channel",))
    buttons = (
        Button(step.say("unlink_account.yes"), plain(Commit())),
        Button(step.say("link_account.no"), plain(Word("drop"))),
    )
    key = "unlink_account.summary_here" if channel == step.channel else "unlink_account.summary"
    return Ask(step.say(key, channel=channel_name(step, channel)), extra=buttons)


def _commit(step: Step) -> Done:
    channel = step.values["channel"]
    name = channel_name(step, channel)
    try:
        unlink(step.tx, step.person_id, channel)
    except StateConflict:
        return Done(step.say("unlink_account.last", channel=name))
    except NotFound:
        pass  # it is not bound, which is what was wanted
    details = Button(step.say("menu.profile"), plain(Look("profile")))
    key = "unlink_account.done_here" if channel == step.channel else "unlink_account.done"
    return Done(step.say(key, channel=name), (details,))


UNLINK_ACCOUNT = Flow(
    name="unlink_account",
    role="anyone",
    intents=("unlink_account",),
    fields=(Field("channel", "choice", _ask, _read, holds=str),),
    start=_start,
    summary=_summary,
    commit=_commit,
    drop=lambda step: step.say("unlink_account.kept"),
    unsure=True,
    keeps={"_unlinked": bool},
    deed=r"解绑|解除|\b(?:unlink|disconnect|remove)\b",
)
