# ruff: noqa: E501 - word tables read best by row
"""Too many messages, at the wrong hour, or too late: what is sent when, and what somebody can change about it."""

import re
from typing import Any

from core.people import channels_of
from core.people.consent import ConsentKind, consents
from core.settings import rules
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.flows.where_told import channels_named
from dialogs.outgoing import Button
from dialogs.spotting import Spotted
from nlu import Understanding

_NOTICES = r"(?:通知|提醒|消息|信息|短信|推送)"
_SAID = Spotted(
    (
        "通知",
        "提醒",
        "消息",
        "信息",
        "短信",
        "推",
        "发",
        "打扰",
        "骚扰",
        "烦",
        "勿扰",
        "静音",
        "notif",
        "remind",
        "alert",
        "messag",
        "text",
        "ping",
        "mute",
        "silence",
        "shut up",
        "quiet",
        "disturb",
        "dnd",
        "bother",
        "contact",
        "tell me",
    ),
    re.compile(
        rf"(?:关闭|关掉|关了|停掉|停止|取消|屏蔽|不要|不想|不用|别|少|免){{1,2}}(?:再|收到|收|看到|看|给我|发|推送|推|老|总|一直|这么多|那么多|所有|全部|你们|的){{0,8}}{_NOTICES}(?!方式|发到|到|去)"
        rf"|(?:别|不要|能不能别|可以别|能别|少)(?:再|老|总|总是|老是|一直|天天|半夜|晚上|大晚上|这么晚)(?:给我)?(?:发|推|提醒|通知|打扰)|{_NOTICES}(?:也|都|实在|真的|有点)?(?:太|好|这么|那么|怎么这么|怎么那么)(?:多|频繁|烦|吵|勤)"
        rf"|(?:晚上|半夜|夜里|深夜|大晚上|睡觉|凌晨|太晚|早上)(?:的时候)?(?:能不能|可以|请)?(?:别|不要|不)(?:再)?(?:给我)?(?:发|推|提醒|打扰|通知)|别(?:再)?(?:打扰|骚扰|烦)我|免打扰|勿扰|静音"
        r"|(?:早点|早一点|提前|提早)(?:多久|几(?:个)?(?:小时|钟头)|一点|点|(?:半|一|两|三|\d+)个?(?:小时|钟头|天))?(?:再)?(?:提醒|通知)(?!.*(?:到店|师傅))|(?:什么时候|几点|多久|提前多久)(?:会|能|再)?(?:提醒|通知)我?(?!.{0,4}(?:结果|面试|录用|上班))"
        r"|\b(?:stop|turn off|switch off|disable|mute|silence|cancel|no|no more|fewer|less|too many|so many|hate|don't want|do not want)(?: (?:all|any|the|your|these|those|my|sending|me|getting|so many|such|more)){0,6} (?:notifications?|reminders?|alerts?|messages|texts|pings)\b(?! (?:to|on) (?:telegram|wechat|the web))"
        r"|^(?:please )?(?:mute|silence|shut up|be quiet|do not disturb|dnd)(?: (?:please|yourself|the bot|notifications))?[.! ]*$"
        r"|\b(?:don't|do not|never|stop) (?:message|messaging|text|texting|ping|pinging|disturb|disturbing|bother|bothering|contact|contacting|notify|notifying)(?: me)? (?:at night|so late|late|so early|in the (?:night|evening|morning)|after|before|while|so often|so much|all the time|every)\b|\b(?:at night|so late)\b.{0,20}\b(?:messag\w+|notif\w+|text\w*)\b"
        r"|\b(?:remind|notify|tell|text) me (?:(?:\w+ ){0,3}(?:earlier|sooner|hours? before|minutes? before|the day before|in advance|ahead))\b|\bwhen (?:do|will|would) (?:you|i get) (?:remind|reminded|notify|a reminder|reminders)\b"
    ),
)
"""Wants to hear less, at other hours, or earlier. In a repeated group no choice may be two others in a row: strangers write what is searched."""


_TWO_HOURS = 120


def _claims(step: Step, understood: Understanding) -> bool:
    """The offers and a channel by its name have words of their own; in the middle of a task the words are the task's."""
    if step.frame.flow or understood.intent == "stop_news" or _SAID.search(understood.normal) is None:
        return False
    return not channels_named(understood.text)


def _show(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    figures = rules(step.tx)
    text = step.say(
        "about_notices.text",
        leads=step.say("about_notices.and").join(_lead(step, minutes) for minutes in figures.reminder_leads_minutes),
        quiet=_hour(figures.quiet_from_minute),
        morning=_hour(figures.quiet_to_minute),
    )
    return Shown(text, tuple(_buttons(step)), columns=2)


def _lead(step: Step, minutes: int) -> str:
    if minutes < _TWO_HOURS:
        return step.say("about_notices.minutes", minutes=minutes)
    return step.say("about_notices.hours", hours=f"{minutes / 60:g}")


def _hour(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _buttons(step: Step) -> list[Button]:
    told = [Button(step.say("my_messages.button"), plain(Look("my_messages")))]
    if len(channels_of(step.tx, step.person_id)) > 1:
        told.append(Button(step.say("profile.where_told"), plain(Begin("where_told"))))
    if consents(step.tx, step.person_id, ConsentKind.NEWS):
        told.append(Button(step.say("announcement.stop"), plain(Begin("stop_news"))))
    return told


ABOUT_NOTICES = View("about_notices", "anyone", (), _show, claims=_claims, outspoken=True)
