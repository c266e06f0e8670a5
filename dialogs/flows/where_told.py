"""On which of their channels somebody wants to be told first."""

import re

from core.people import channels_of, tell_on
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Missed, Took
from dialogs.engine.step import Step
from dialogs.linking import channel_name
from dialogs.outgoing import Button
from nlu import Understanding

LAST_USED = "last"
_WORDS = {
    "telegram": re.compile(r"telegram|\btg\b|电报|電報|飞机|纸飞机", re.IGNORECASE),
    "wechat": re.compile(r"wechat|weixin|微信|公众号|公眾號", re.IGNORECASE),
    "web": re.compile(r"网页|網頁|网站|網站|web ?page|website|browser|\bweb\b", re.IGNORECASE),
}
_NAMED = re.compile("|".join(f"(?P<{name}>{words.pattern})" for name, words in _WORDS.items()), re.IGNORECASE)
_BREAK = re.compile(r"[，,。.；;！!？?、]")
_NOT = re.compile(
    r"别|別|不要|不用|不想|不再|不是|莫|\b(?:don'?t|do not|not|no more|stop|instead of|rather than)\b", re.IGNORECASE
)
_NO_CHAT = re.compile(
    r"(?:短信|簡訊|简讯|邮件|郵件|邮箱|sms|e-?mail)(?:来|上)?(?:通知|提醒|告诉|告訴|联系|聯絡)"
    r"|(?:通知|提醒|发|發|传|傳)我?(?:用|到|发|走|传|傳)?(?:个|條|条)?(?:短信|簡訊|简讯|邮件|郵件|邮箱)(?!验证码|驗證碼)"
    r"|\b(?:text|e-?mail|sms) me\b(?! (?:again|the code|a code|another))|\bby (?:sms|text|e-?mail)\b",
    re.IGNORECASE,
)
"""Ways by which nobody chats with us: a text message goes only where nothing else arrives."""
_LAST = re.compile(r"最近|常用|哪边|随便|last|whichever|wherever", re.IGNORECASE)


def channels_named(text: str) -> list[str]:
    """Return the channels that words name, wanted or not."""
    return [str(found.lastgroup) for found in _NAMED.finditer(text)]


def _wished(text: str) -> tuple[list[str], list[str]]:
    """Return the channels that words ask for, and those they are against: 别发微信了，发 Telegram."""
    wanted: list[str] = []
    unwanted: list[str] = []
    read_to = 0
    for found in _NAMED.finditer(text):
        clause = _BREAK.split(text[read_to : found.start()])[-1]
        (unwanted if _NOT.search(clause) else wanted).append(str(found.lastgroup))
        read_to = found.end()
    return wanted, unwanted


def _start(step: Step) -> Done | None:
    known = channels_of(step.tx, step.person_id)
    if len(known) > 1:
        return None
    return Done(step.say("where_told.only", channel=channel_name(step, known[0])), (_link(step),))


def _link(step: Step) -> Button:
    return Button(step.say("profile.link_account"), plain(Begin("link_account")))


def _ask(step: Step) -> Ask:
    choices = [Choice(channel_name(step, one), {"channel": one}) for one in channels_of(step.tx, step.person_id)]
    unlink = Button(step.say("profile.unlink_account"), plain(Begin("unlink_account")))
    last = Choice(step.say("where_told.last"), {"channel": LAST_USED})
    beside = _link(step) if step.values.pop("_unlinked", None) else unlink
    return Ask(step.say("where_told.ask"), (*choices, last), extra=(beside,))


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    wanted, unwanted = _wished(answer.text)
    known = channels_of(step.tx, step.person_id)
    meant = {one for one in known if (one in wanted if wanted else unwanted and one not in unwanted)}
    if len(meant) == 1:
        return Took({"channel": meant.pop()})
    if wanted and not meant:
        step.values["_unlinked"] = True
        return Missed(step.say("where_told.not_linked", channel=channel_name(step, wanted[0])))
    if _NO_CHAT.search(answer.text):
        return Missed(step.say("where_told.no_sms"))
    return Took({"channel": LAST_USED}) if answer.asked and _LAST.search(answer.text) else None


def _commit(step: Step) -> Done:
    channel = step.values["channel"]
    details = Button(step.say("menu.profile"), plain(Look("profile")))
    if channel == LAST_USED:
        tell_on(step.tx, step.person_id, None)
        return Done(step.say("where_told.done_last"), (details,))
    tell_on(step.tx, step.person_id, channel)
    return Done(step.say("where_told.done", channel=channel_name(step, channel)), (details,))


def _claims(_step: Step, understood: Understanding) -> bool:
    return _NO_CHAT.search(understood.normal) is not None


WHERE_TOLD = Flow(
    name="where_told",
    role="anyone",
    intents=("where_told",),
    fields=(Field("channel", "choice", _ask, _read, holds=str),),
    start=_start,
    commit=_commit,
    claims=_claims,
    keeps={"_unlinked": bool},
)
