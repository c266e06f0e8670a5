# ruff: noqa: E501 - word tables read best by row
"""One person on several channels: a code shown here and typed there, a link, or a phone they prove; then one yes."""

import re
import unicodedata
from typing import Any

from core import people
from core.people import Shown, TriesUsed, masked_phone
from core.uniting import CannotJoin, Side, ask_to_join, check_can_join
from dialogs.engine.actions import Begin, Commit, Word, plain
from dialogs.engine.flow import Answer, Ask, Done, Field, Flow, Missed, Redo, Took
from dialogs.engine.step import Step
from dialogs.fields.phone import PHONE
from dialogs.flows import answering_joining
from dialogs.linking import link_buttons, other_account, other_channels, text_code, why_not, yes_there
from dialogs.outgoing import Button
from dialogs.spotting import Spotted
from nlu import Understanding

_CODE_DIGITS = 6
_BY_PHONE = re.compile(
    r"(?:用|按|靠|拿)我?的?(?:手机|手機|电话|電話)|\b(?:with|by|using) (?:my |a )?phone", re.IGNORECASE
)
_MOST_AROUND = 6
"""So many letters may stand beside a code in the middle of something else: 绑定, link."""
_TEXT_AGAIN = re.compile(
    r"(?:再|重新?|补)(?:给我|帮我)?(?:发|传|寄|送|获取)|(?:没有?|收不|未)(?:收)?到|没(?:有)?(?:短信|验证码)|怎么还没|还没来"
    r"|\bre-?send|\bsend\b.*\b(?:again|another|new)\b|\bagain\b|\b(?:another|new) (?:code|text|one)\b"
    r"|\b(?:did|have|has)(?:n'?t| not) (?:get|got|receiv|com|arriv)|\bnothing (?:came|yet|arrived|has)"
    r"|\bno (?:text|code|sms)\b"
    r"|\bnot (?:received|arrived|got|come)\b|\bwhere(?:'?s| is) (?:the|my) (?:code|text)\b"
    r"|\bnever (?:came|arrived|got)\b"
)
"""Says that no text message came, or asks for another."""
_NO_TEXT_CAME = Spotted(
    ("短信", "简讯", "验证码", "code", "text", "sms"),
    re.compile(
        r"(?:没有?|收不|未)(?:收)?到.{0,4}(?:短信|简讯|验证码)|(?:短信|简讯|验证码).{0,4}(?:没有?|收不|未)(?:收)?(?:到|来)"
        r"|(?:再|重新?)(?:给我|帮我)?(?:发|传).{0,4}(?:短信|简讯|验证码)|(?:短信|简讯|验证码)(?:再|重新?)(?:发|传)"
        r"|\b(?:re-?send|send)\b.{0,12}\b(?:code|text|sms)\b.{0,8}\b(?:again|please)\b"
        r"|\bre-?send (?:me )?(?:the|my) (?:code|text)\b"
        r"|\b(?:did|have|has)(?:n'?t| not) (?:get|got|received?|come|arrived?)\b.{0,8}\b(?:code|text|sms)\b"
        r"|\b(?:code|text|sms) (?:did|has)(?:n'?t| not) (?:come|arrived?)\b|\bno (?:text|code|sms) (?:came|yet|arrived)\b"
    ),
)
"""Says so with nothing running: then of which text is named, for there is none to send again."""
_SIDE = r"(?:微信|公众号|电报|telegram|tg|网页|网站|账号|帐号|两个号|两边|那边|那个号|另一?个号|手机上的)"
_ONE = r"(?<!解)(?<!没)(?<!不)(?:绑(?!在)|绑在一起|合并|合在|合到|合成|并在|并到|并成|打通|关联|连(?:到|在|起来|接|上)|同步)"
_WISH = Spotted(
    (
        "绑",
        "合",
        "并",
        "打通",
        "关联",
        "连",
        "同步",
        "account",
        "sync",
        "connect",
        "link",
        "merge",
        "join",
        "combine",
    ),
    re.compile(
        r"(?:用|按|靠|拿)我?的?(?:手机|电话)号?码?.{0,4}(?:绑|合并|关联)|\b(?:link|join|connect|merge) (?:with|by|using) (?:my |a )?phone\b|"
        rf"(?:怎么|如何|想|要|能|可以|请|帮我|把|和|跟|同).{{0,10}}{_SIDE}.{{0,8}}{_ONE}(?!.{{0,6}}(?:有什么|什么用|吗[?]?$|没))|{_SIDE}.{{0,6}}(?:和|跟|同).{{0,8}}{_ONE}"
        rf"|(?:能|可以).{{0,6}}{_SIDE}.{{0,8}}{_ONE}.{{0,3}}(?:吗|么)|\b(?:put|get|have|bring|make) (?:my |the |both |these )?(?:two |both )?accounts? (?:together|into one|one|the same)\b"
        r"|\b(?:use|have) (?:the |my )?same account (?:on|in|for)\b|\b(?:sync|connect|link|merge|join|combine)\b.{0,16}\b(?:telegram|wechat|accounts?|web page)\b"
    ),
)  # fmt: skip
"""A wish to be one person here and there."""
_OF_THE_CODE = Spotted(
    ("码", "过期", "输", "填", "发", "where", "what", "code", "expired"),
    re.compile(
        r"(?:绑定|那个|这个|八位|8位|^|我的)码.{0,2}(?:呢|在哪|哪里|哪儿|是多少|是什么|怎么|给谁|发给?谁|发到?哪|输|填|用|过期|失效|不对|无效|没用|忘|找不到)|(?:再|重新|换|新)(?:给|发|来|生成|要|弄)?(?:我|个|一个|一下)*(?:新的?)?码|码?(?:已经|都)?过期了?(?:怎么办|了)|(?:输|填|发)(?:到|在)?(?:哪|哪里|哪儿|谁)"
        r"|\bwhere (?:do|should|can|shall) i (?:put|type|enter|send|paste|use)\b|\bwhat (?:do|should) i do with (?:the|this|that|it)\b|\b(?:the|my|that|this|another|a new|new|fresh) code\b|\bcode (?:has )?(?:expired|ran out|doesn'?t work|not working|isn'?t working)\b|\bexpired\b"
    ),
)
"""Asks about a code, which is a link code only to whoever was shown one lately."""
_WONDERED = "_wondered"
"""Value telling that what was said asks who asks to join."""
TYPED = "_typed"
"""Value holding a code that came by a link: looked up when the flow opens."""


def _start(step: Step) -> Done | None:
    """Go on with what was said already; without that show a code for the other side, and nothing is asked here."""
    if answering_joining.is_asked(step):
        return answering_joining.opened(step)
    if step.values.pop(_WONDERED, None):
        return answering_joining.explained(step)
    typed = step.values.pop(TYPED, None)
    if typed is not None:
        found = _look_up(step, str(typed))
        if isinstance(found, Missed):
            return Done(found.text)
        step.values.update(found.values)
    if "code" in step.values or step.values.get("by_phone"):
        return None
    return Done("", (_by_phone(step),)) if step.values.get("_failed") else _shown(step)


def _shown(step: Step) -> Done:
    shown = people.link_code_of(step.tx, step.person_id, channel=step.channel, account=step.account, now=step.now)
    until = step.clock(shown.expires_at)
    text = step.say("link_account.show", others=other_channels(step), code=shown.code, until=until)
    return Done(text, (*link_buttons(step, f"l_{shown.code}"), _by_phone(step)))


def _by_phone(step: Step) -> Button:
    return Button(step.say("link_account.by_phone"), plain(Begin("link_account", {"by_phone": True})))


def _ask_code(step: Step) -> Ask:
    return Ask(step.say("link_account.ask_code"))


def _read_code(step: Step, answer: Answer) -> Took | Missed | None:
    code = people.link_code_in(answer.text)
    if code is None:
        said = "" if answer.understood is None else answer.understood.normal
        if not answer.asked and answering_joining.wonders(step, said):
            step.values[_WONDERED] = True
        return None
    found = _look_up(step, code)
    if isinstance(found, Missed) and not answer.asked:
        step.values["_failed"] = True  # what is wrong with it is said, and no other code beside it
    return found


def _look_up(step: Step, code: str) -> Took | Missed:
    try:
        shown = people.whose_link_code(step.tx, step.person_id, code, step.now)
    except TriesUsed as error:
        return Missed(step.say("link_account.tries", at=step.clock(error.facts["retry_at"])))
    if shown is None:
        return Missed(step.say("link_account.code_wrong"))
    if shown.person_id == step.person_id:
        return Missed(step.say("link_account.own_code"))
    try:
        check_can_join(step.tx, step.person_id, shown.person_id)
    except CannotJoin as error:
        return Missed(why_not(step, error))
    return Took({"code": code, "_other": _kept(shown)})


def _kept(shown: Shown) -> list[Any]:
    return [shown.person_id, shown.channel, shown.account]


def _ask_phone(step: Step) -> Ask:
    return Ask(step.say("link_account.ask_phone"), asks="phone")


def _read_phone(step: Step, answer: Answer) -> Took | Missed | None:
    """Take a phone; one that the platform vouches for is proved, to any other a code goes by text message."""
    if _is_known(step):
        return None
    found = PHONE.read(step, answer)
    meant = _BY_PHONE.search(answer.text) or _no_text_came(answer)
    if found is None and not answer.asked and meant and "by_phone" not in step.values:
        return Took({"by_phone": True})
    if not isinstance(found, Took):
        return found
    phone = str(found.values["phone"])
    told = {"phone": phone, "by_phone": True, "sms": None}
    if answer.phone is not None:
        return _proved(step, phone, told | {"_proved": True})
    # Strangers are not written to, and nobody learns from the answer who is one.
    refused = text_code(step, phone, goes=bool(people.others_with_phone(step.tx, step.person_id, phone)))
    return Missed(refused) if refused is not None else Took(told | {"_proved": None, "_other": None})


def _proved(step: Step, phone: str, told: dict[str, Any]) -> Took | Missed:
    """Go on with a phone that is the person's own: whose else it is."""
    for person_id, _ in people.others_with_phone(step.tx, step.person_id, phone):
        where = next(iter(people.identities_of(step.tx, person_id)), None)
        if where is None:
            continue
        try:
            check_can_join(step.tx, step.person_id, person_id)
        except CannotJoin:
            continue
        return Took(told | {"_other": [person_id, where.channel, where.account]})
    return Missed(step.say("link_account.nobody"))


def _ask_sms(step: Step) -> Ask:
    key = "link_account.ask_sms_again" if answering_joining.is_asked(step) else "link_account.ask_sms"
    by_code = Button(step.say("link_account.by_code"), plain(Begin("link_account")))
    extra = () if answering_joining.is_asked(step) else (by_code,)
    return Ask(step.say(key, phone=masked_phone(step.values["phone"])), extra=extra)


def _no_text_came(answer: Answer) -> bool:
    return answer.understood is not None and _NO_TEXT_CAME.search(answer.understood.normal) is not None


def _text_again(step: Step) -> Missed:
    """Text a new code to the phone being proved, or say why not yet."""
    phone = str(step.values["phone"])
    known = answering_joining.is_asked(step) or bool(people.others_with_phone(step.tx, step.person_id, phone))
    refused = text_code(step, phone, goes=known)
    return Missed(step.say("link_account.texted_again") if refused is None else refused)


def _read_sms(step: Step, answer: Answer) -> Took | Missed | None:
    if not answer.asked:
        return None
    code = "".join(str(unicodedata.decimal(letter)) for letter in answer.text if letter.isdecimal())  # １ is 1
    if not code and answer.understood is not None and _TEXT_AGAIN.search(answer.understood.normal):
        return _text_again(step)
    if not code and answer.understood is not None and answering_joining.wonders(step, answer.understood.normal):
        return Missed(answering_joining.explained(step).text)
    if len(code) != _CODE_DIGITS:
        return Missed(step.say("link_account.sms_wrong")) if code else None
    phone = str(step.values["phone"])
    if not people.prove_sign_in_code(step.tx, phone, code, step.now):
        return Missed(step.say("link_account.sms_wrong"))
    people.phone_proved(step.tx, step.person_id, phone, step.now)
    return Took({"sms": code}) if answering_joining.is_asked(step) else _proved(step, phone, {"sms": code})


def _other(step: Step) -> Side | None:
    told = step.values.get("_other")
    return None if told is None else Side(int(told[0]), str(told[1]), str(told[2]))


def _is_known(step: Step) -> bool:
    """Whether the other account is named already: by its code, or by the card that asked."""
    return "code" in step.values or answering_joining.is_asked(step)


def _summary(step: Step) -> Ask | Redo | Done:
    if answering_joining.is_asked(step):
        return answering_joining.agreed(step)
    other = _other(step)
    if other is None:
        return Redo(step.say("link_account.nobody"), ("code", "phone", "sms", "by_phone"))
    key = "link_account.summary" if "code" in step.values else "link_account.summary_phone"
    text = step.say(key, that=other_account(step, other.person_id, other.channel))
    buttons = (
        Button(step.say("link_account.yes"), plain(Commit())),
        Button(step.say("link_account.no"), plain(Word("drop"))),
    )
    return Ask(text, extra=buttons)


def _commit(step: Step) -> Done:
    if answering_joining.is_asked(step):  # its summary was shown by an older version
        return answering_joining.agreed(step)
    other = _other(step)
    if other is None:
        return Done(step.say("link_account.nobody"))
    code = step.values.get("code")
    if code is not None and not people.take_link_code(step.tx, other.person_id, str(code), step.now):
        return Done(step.say("link_account.code_wrong"))
    agreed = code is not None or people.both_proved(step.tx, step.person_id, other.person_id)
    here = Side(step.person_id, step.channel, step.account)
    try:
        ask_to_join(step.tx, here, other, agreed=agreed, now=step.now)
    except CannotJoin as error:
        return Done(why_not(step, error))
    if agreed:
        return Done(step.say("link_account.done"))
    return Done(yes_there(step, "link_account.asked", other))


def _drop(step: Step) -> str:
    return answering_joining.refused(step) if answering_joining.is_asked(step) else step.say("link_account.kept")


def _before(step: Step) -> Done | None:
    """Come back to the code, from which a phone was chosen instead."""
    return _shown(step) if step.values.get("by_phone") else None


def _speaks_of_linking(step: Step, said: str) -> bool:
    """Wants two accounts to be one in words of their own, misses the text message, or asks about the code shown."""
    if _NO_TEXT_CAME.search(said) is not None or _WISH.search(said) is not None:
        return True
    return _OF_THE_CODE.search(said) is not None and people.was_shown_link_code(step.tx, step.person_id, step.now)


def _claims(step: Step, understood: Understanding) -> bool:
    """A code by itself is for linking, whenever it comes; the flow that runs reads its own."""
    code = people.link_code_in(understood.text)
    if code is None:
        said = understood.normal
        return not step.frame.flow and (answering_joining.wonders(step, said) or _speaks_of_linking(step, said))
    if step.frame.flow == "link_account":
        return False
    letters = sum(letter.isalnum() for letter in understood.text)
    return not step.frame.flow or letters <= len(code) + _MOST_AROUND


LINK_ACCOUNT = Flow(
    name="link_account",
    role="anyone",
    intents=("link_account",),
    fields=(
        Field(
            "code", "code", _ask_code, _read_code, holds=str,
            skip=lambda step: _is_known(step) or bool(step.values.get("by_phone")),
        ),
        Field("phone", "phone", _ask_phone, _read_phone, holds=str, skip=_is_known),
        Field(
            "sms", "code", _ask_sms, _read_sms, holds=str, needs=("phone",), hears=("repeat",),
            skip=lambda step: "code" in step.values or bool(step.values.get("_proved")),
        ),
    ),
    start=_start,
    summary=_summary,
    commit=_commit,
    drop=_drop,
    before=_before,
    claims=_claims,
    outspoken=True,
    anew=True,
    keeps={
        "by_phone": bool, "_other": list[Any], "_failed": bool, "_proved": bool,
        TYPED: str, _WONDERED: bool, "joining": int, "no": bool,
    },
    deed=r"合并|绑定|并成|\b(?:join|link|merge|combine)\b",
)  # fmt: skip
