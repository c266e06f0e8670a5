# ruff: noqa: E501 - word tables read best by row
"""On which of their channels somebody wants to be told first."""

import re

from core.people import channels_of, tell_on
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Missed, Took
from dialogs.engine.step import Step
from dialogs.linking import channel_name
from dialogs.outgoing import Button
from dialogs.spotting import Spotted
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
_NO_CHAT = Spotted(
    ("短信", "简讯", "邮", "sms", "mail", "text"),
    re.compile(
        r"(?:短信|簡訊|简讯|邮件|郵件|邮箱|sms|e-?mail)(?:来|上)?(?:通知|提醒|告诉|告訴|联系|聯絡)"
        r"|(?:通知|提醒|发|發|传|傳)我?(?:用|到|发|走|传|傳)?(?:个|條|条)?(?:短信|簡訊|简讯|邮件|郵件|邮箱)(?!验证码|驗證碼)"
        r"|\b(?:text|e-?mail|sms) me\b(?! (?:again|the code|a code|another))|\bby (?:sms|text|e-?mail)\b",
        re.IGNORECASE,
    ),
)
"""Ways by which nobody chats with us: a text message goes only where nothing else arrives."""
_CHANNEL = rf"(?:{'|'.join(words.pattern for words in _WORDS.values())})"
_NOT_THERE = re.compile(rf"[\s上里裡就也]*(?:别|別|不要|不用|不想)(?!.{{0,3}}{_CHANNEL})", re.IGNORECASE)
"""Against the channel named before it: 微信别发了."""
_WRITE = Spotted(
    (
        "微信",
        "公众号",
        "电报",
        "飞机",
        "网页",
        "网站",
        "telegram",
        "tg",
        "wechat",
        "weixin",
        "web",
        "browser",
    ),
    re.compile(
        rf"(?:发|發|传|傳|推|通知|提醒|联系|聯絡|找)(?:到|在|去|给|給)?我?的?{_CHANNEL}(?:上)?(?:就行|就好|就可以|吧|上|来|$)|{_CHANNEL}(?:上)?(?:就)?(?:别|別|不要|不用)(?:再|给我|給我)?(?:发|發|传|傳|推|通知|提醒)"
        rf"|\b(?:message|text|tell|write|notify|use|contact|reach) (?:me |to me )?(?:only |just )?(?:on |in |by |via )?{_CHANNEL} (?:instead|only|from now on|please|first)\b|\bnot (?:on |in )?{_CHANNEL}$",
        re.IGNORECASE,
    ),
)
_BOTH = Spotted(
    ("边", "渠道", "管道", "个都", "头", "都", "both", "everywhere", "all of them", "each of them"),
    re.compile(
        r"(?:两|兩|每|三|几)(?:边|邊|个渠道|個管道|个都|個都|头|頭)都?(?:要|想|能)?(?:发|發|通知|收|提醒|告诉|告訴|传|傳)|都(?:发|發|通知|提醒)(?:我)?一(?:遍|份|下)|\b(?:notify|message|tell|text|remind|write to|send (?:it |them |messages |everything )?to) me\b.{0,12}\b(?:both|everywhere|all of them|each of them)\b|\bsend (?:it|them|messages|everything) (?:to|on) (?:both|all of them|each of them)\b",
        re.IGNORECASE,
    ),
)
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
        against = _NOT.search(clause) or _NOT_THERE.match(text, found.end())
        (unwanted if against else wanted).append(str(found.lastgroup))
        read_to = found.end()
    return wanted, unwanted


def _start(step: Step) -> Done | None:
    known = channels_of(step.tx, step.person_id)
    if len(known) > 1:
        return None
    return Done(step.say("where_told.only", channel=channel_name(step, known[0])), (_link(step),))


def _link(step: Step) -> Button:
    return Button(step.say("profile.link_account"), plain(Begin("link_account")))


def _ask(step: Step) -> Ask | Done:
    only = _start(step)
    if only is not None:
        return only  # the others have been unlinked meanwhile
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
    said = answer.text if answer.understood is None else answer.understood.normal
    if _BOTH.search(said):
        return Missed(step.say("where_told.not_both"))
    if _NO_CHAT.search(said):
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


def _claims(step: Step, understood: Understanding) -> bool:
    """With nothing running also a channel with a word for writing: 微信别发了，以后发电报."""
    if _NO_CHAT.search(understood.normal) is not None:
        return True
    return not step.frame.flow and (
        _WRITE.search(understood.normal) is not None or _BOTH.search(understood.normal) is not None
    )


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
