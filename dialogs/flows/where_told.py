"""On which of their channels somebody wants to be told first."""

import re

from core.people import channels_of, tell_on
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Took
from dialogs.engine.step import Step
from dialogs.linking import channel_name
from dialogs.outgoing import Button

LAST_USED = "last"
_WORDS = {
    "telegram": re.compile(r"telegram|\btg\b|电报|電報|飞机|纸飞机", re.IGNORECASE),
    "wechat": re.compile(r"wechat|weixin|微信|公众号|公眾號", re.IGNORECASE),
    "web": re.compile(r"网页|網頁|网站|網站|web ?page|website|browser|\bweb\b", re.IGNORECASE),
}
_LAST = re.compile(r"最近|常用|哪边|随便|last|whichever|wherever", re.IGNORECASE)


def channel_said(step: Step, text: str) -> str | None:
    """Return the one of the person's channels that words name; None when none or several are named."""
    known = channels_of(step.tx, step.person_id)
    named = [channel for channel in known if channel in _WORDS and _WORDS[channel].search(text)]
    return named[0] if len(named) == 1 else None


def _start(step: Step) -> Done | None:
    known = channels_of(step.tx, step.person_id)
    if len(known) > 1:
        return None
    link = Button(step.say("profile.link_account"), plain(Begin("link_account")))
    return Done(step.say("where_told.only", channel=channel_name(step, known[0])), (link,))


def _ask(step: Step) -> Ask:
    choices = [Choice(channel_name(step, one), {"channel": one}) for one in channels_of(step.tx, step.person_id)]
    unlink = Button(step.say("profile.unlink_account"), plain(Begin("unlink_account")))
    last = Choice(step.say("where_told.last"), {"channel": LAST_USED})
    return Ask(step.say("where_told.ask"), (*choices, last), extra=(unlink,))


def _read(step: Step, answer: Answer) -> Took | None:
    named = channel_said(step, answer.text)
    if named is not None:
        return Took({"channel": named})
    return Took({"channel": LAST_USED}) if answer.asked and _LAST.search(answer.text) else None


def _commit(step: Step) -> Done:
    channel = step.values["channel"]
    details = Button(step.say("view.profile"), plain(Look("profile")))
    if channel == LAST_USED:
        tell_on(step.tx, step.person_id, None)
        return Done(step.say("where_told.done_last"), (details,))
    tell_on(step.tx, step.person_id, channel)
    return Done(step.say("where_told.done", channel=channel_name(step, channel)), (details,))


WHERE_TOLD = Flow(
    name="where_told",
    role="anyone",
    intents=("where_told",),
    fields=(Field("channel", "choice", _ask, _read, holds=str),),
    start=_start,
    commit=_commit,
)
