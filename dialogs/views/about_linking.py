# ruff: noqa: E501 - word tables read best by row
"""What linking is for, and whether it has been done: asked before a code is shown, or while one waits."""

import re
from typing import Any

from core.orders.states import ADDRESS_OPEN, OrderState
from core.orders.views import orders_of
from core.people import channels_of, was_shown_link_code
from dialogs.engine.actions import Begin, Word, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.engine.talk import MOST_LISTED
from dialogs.linking import channel_name, other_channels, yes_awaited
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from dialogs.spotting import Spotted
from dialogs.start_codes import Spoken, spoken_of
from nlu import Understanding

_JOINING = r"(?:绑定|绑|合并|关联)"
_SAID = Spotted(
    ("绑", "合并", "关联", "link", "join", "connect", "merg", "which"),
    re.compile(
        rf"(?:为什么|为啥|干嘛|干吗)(?:要|得|还要|非要)?{_JOINING}|{_JOINING}(?:账号|帐号)?(?:了|以后|之后|完)?(?:有|会)?(?:什么|啥|怎么样|怎样)(?:用|好处|意思|区别|后果)?|{_JOINING}(?:账号|帐号)?(?:是|了?以后是)?(?:什么|啥|干嘛|干什么)"
        rf"|(?<!单)(?<!单能)(?<!单可以){_JOINING}(?:账号|帐号)?(?:好|上|完|成功|成)?了?(?:吗|没有?|么|好了没)(?:[?.!,\s啊呀]|$)|(?:有没有|是不是|已经|到底){_JOINING}(?:好|上|成功|了)"
        r"|(?:绑|关联)(?:定)?了(?:哪些|哪几个|几个|什么|谁)|\bwhich (?:accounts?|channels?|apps?|chats?) (?:are|is|have i|am i|did i) (?:linked|joined|connected|on|link|join|connect)\b"
        r"|\bwhy (?:should i|do i have to|must i|would i|do you want me to)? ?(?:link|join|connect|merge)\b|\bwhat (?:is|does|happens (?:if|when) i) (?:link|join|connect|merg)\w*\b|\bwhat'?s (?:the point of )?link\w*\b"
        r"|\b(?:are|is|have) (?:we|it|they|my (?:two )?accounts?|the accounts?|you) (?:been )?(?:already )?(?:linked|joined|merged|connected)\b|\bam i linked\b"
    ),
)
"""Asks what linking does, or whether it is done."""


_RISK = Spotted(
    ("码", "绑", "合并", "code", "safe", "link", "join", "merg"),
    re.compile(
        r"(?:有人|别人|对方|客服|朋友|网友|陌生人|她|他|骗子).{0,12}(?:给|发|传|让|叫|要|问|说).{0,14}(?:绑定码|验证码|(?<![工惠请荐扣换号尺数维扫])码)(?!.{0,4}优惠)"
        r"|(?:绑定码|验证码|(?:这|那)个码).{0,8}(?:安全|骗|能不能给|能给|可以给|可不可以给|告诉别人|给别人|泄露|发给别人)|(?:绑定|合并)(?:账号|帐号)?.{0,4}(?:安全吗|有风险|会不会被盗|是不是骗)"
        r"|\b(?:somebody|someone|they|he|she|a (?:guy|man|woman|stranger|friend)|support|customer service)\b.{0,24}\b(?:sent|gave|asked|asks|wants|told|texted)\b.{0,24}\b(?:the|my|a|this|that|link(?:ing)?) code\b"
        r"|\bsafe to (?:share|send|give|enter|pass on|type|tell|link|join)\b|\b(?:share|give|send|tell|pass) (?:the|my|this|that) code (?:to|with|on)\b|\b(?:link(?:ing)?|joining|merging)\b.{0,12}\b(?:safe|scam|risky)\b"
    ),
)
"""Wonders whether a code may be passed on, or one that somebody sent be typed."""
_BY_NAME = re.compile(r"绑定|合并|验证码|\b(?:link|join|merg)")
_AT_THE_DOOR = frozenset({Spoken.TEXTED, Spoken.BARE})
"""Codes that a technician at the door may be asking for: `about_start_code` says which, and warns of the others."""
_LOST = Spotted(
    (
        "找回",
        "恢复",
        "原来",
        "以前",
        "之前",
        "老",
        "旧",
        "换",
        "lost",
        "recover",
        "restore",
        "get back",
        "can't",
        "locked",
        "old",
        "other",
        "previous",
    ),
    re.compile(
        r"(?:找回|恢复)(?:我|原来|以前|之前|老|旧)?的?(?:账号|帐号|订单|号|资料)|(?:原来|以前|之前|老|旧)的?(?:账号|帐号|微信号?|号)(?:登不上|登不了|没了|不见了?|丢了|用不了|不用了|注销了|找不到|进不去)"
        r"|换了?(?:个|新)?(?:微信|手机|号|电报).{0,8}(?:找回|以前|原来|之前|订单|资料|账号|帐号)|(?:以前|原来|之前)的?(?:订单|单子?|资料|地址)(?:都|全|怎么)?(?:没了|不见了?|丢了|没有了|看不到)"
        r"|\b(?:lost|can't (?:get into|log in to|access|find)|recover|restore|get back|locked out of) (?:my )?(?:old |other |previous )?(?:account|orders|bookings)\b|\bmy (?:old|other|previous) (?:account|orders|bookings|phone) (?:is|are|was|were|has|have) (?:gone|lost|disappeared|broken|stolen)\b"
    ),
)
"""Misses an account of theirs, or what was in it."""
_STILL_NOT = Spotted(
    (
        "还",
        "输",
        "发",
        "填",
        "反应",
        "好了",
        "成功",
        "n't",
        "not ",
        "nothing",
        "work",
        "sent",
        "entered",
        "typed",
        "put in",
        "i did",
        "done",
    ),
    re.compile(
        r"(?:怎么|为什么|为啥|咋)?还(?:是)?(?:没|不)(?:有)?(?:好|成功|反应|动静|绑上|行|成)|(?:已经|都)?(?:输入?|发|填)(?:过去?)?(?:了|好了|过了)(?:呀|啊|没反应|$)|没反应|(?:好了|成功了)(?:吗|没)"
        r"|\b(?:it )?(?:still )?(?:hasn't|didn't|doesn't|not|isn't) (?:work|working|worked|linked|joined|happened|done)\b|\bdid it work\b|\bnothing happen(?:s|ed)\b|\b(?:i )?(?:have |'ve )?(?:sent|entered|typed|put in) (?:it|the code)\b|\bi did\b|\bis it done\b"
    ),
)
"""Waits for it: of linking only to whoever was shown a code lately."""


def _claims(step: Step, understood: Understanding) -> bool:
    if any(words.search(understood.normal) is not None for words in (_SAID, _LOST)) or _warned(step, understood):
        return True
    waits = not step.frame.flow and _STILL_NOT.search(understood.normal) is not None
    return waits and was_shown_link_code(step.tx, step.person_id, step.now)


def _warned(step: Step, understood: Understanding) -> bool:
    """Tell whether a warning is due: "the code" of whoever awaits a visit is its start code, which is to be given."""
    found = _RISK.search(understood.normal)
    if found is None:
        return False
    mine = orders_of(step.tx, step.person_id, most=MOST_LISTED)
    if spoken_of(understood.normal) in _AT_THE_DOOR and any(order.state is OrderState.ARRIVED for order in mine):
        return False
    if _BY_NAME.search(found.group()) is not None:
        return True
    return technician_of(step) is None and not any(order.state in ADDRESS_OPEN for order in mine)


def _show(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    if understood is not None and _warned(step, understood):
        human = Button(step.say("word.human"), plain(Word("human")))
        return Shown(step.say("about_linking.risk"), () if step.frame.flow else (human,))
    if understood is not None and _LOST.search(understood.normal) is not None:
        return _lost(step)
    awaited = yes_awaited(step)
    if awaited:
        return Shown(awaited)
    known = channels_of(step.tx, step.person_id)
    others = other_channels(step, known)
    names = step.say("link.and").join(channel_name(step, one) for one in known)
    lines = [step.say("about_linking.linked" if len(known) > 1 else "about_linking.alone", channel=names)]
    if not others:
        return Shown(lines[0])
    link = Button(step.say("profile.link_account"), plain(Begin("link_account")))
    return Shown("\n".join([*lines, step.say("about_linking.text", that=others)]), () if step.frame.flow else (link,))


def _lost(step: Step) -> Shown:
    """The code where the old account still answers, the phone where it does not, and a person for the rest."""
    buttons = (
        Button(step.say("profile.link_account"), plain(Begin("link_account"))),
        Button(step.say("link_account.by_phone"), plain(Begin("link_account", {"by_phone": True}))),
        Button(step.say("word.human"), plain(Word("human"))),
    )
    return Shown(step.say("about_linking.lost"), () if step.frame.flow else buttons)


ABOUT_LINKING = View("about_linking", "anyone", (), _show, claims=_claims, outspoken=True)
