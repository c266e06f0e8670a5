"""What the flows of linking share: names of channels, of the other account, and links that open another channel."""

from collections.abc import Container

from core import people
from core.catalog import text_in
from core.effects.sms import want_sms
from core.ids import new_id
from core.people import CodeTooSoon, TriesUsed, masked_phone, phone_of
from core.technicians import of_person
from core.uniting import CannotJoin, Side, waiting_for
from dialogs.engine.step import Step
from dialogs.outgoing import Button

_NAMED = ("telegram", "wechat", "web")
_CLOSED = frozenset({("wechat", "telegram")})
"""Where a link that is passed on would not open: WeChat lets none to another messenger through."""


def channel_name(step: Step, channel: str) -> str:
    """Return what people call a channel."""
    return step.say(f"channel.{channel}") if channel in _NAMED else step.say("channel.other")


def other_channels(step: Step, without: Container[str] = ()) -> str:
    """Name the channels that are neither the one we are on nor among these; "" when there is none."""
    one, *more = [channel_name(step, each) for each in _NAMED if each != step.channel and each not in without] or [""]
    for another in more:
        one = step.say("link.or", channel=one, that=another)
    return one


def other_account(step: Step, person_id: int, channel: str) -> str:
    """Name somebody's other account by its channel and the end of its phone, so that they know it is theirs."""
    phone = phone_of(step.tx, person_id)
    if phone is None:
        technician = of_person(step.tx, person_id)
        if technician is not None:
            return step.say(
                "link.account_name", channel=channel_name(step, channel), name=text_in(technician.names, step.lang)
            )
        return step.say("link.account", channel=channel_name(step, channel))
    return step.say("link.account_phone", channel=channel_name(step, channel), tail=tail(phone))


def yes_awaited(step: Step) -> str:
    """Say where the yes is to be given that a joining this person asked for waits for; "" when none does."""
    found = waiting_for(step.tx, step.person_id, step.now)
    return "" if found is None else yes_there(step, "link.yes_awaited", found.other)


def yes_there(step: Step, key: str, other: Side) -> str:
    """Write a text that sends somebody to the other side, whose button is named as it stands there."""
    me = step.house.texts.say(people.person(step.tx, other.person_id).lang, "join.me")
    return step.say(key, that=other_account(step, other.person_id, other.channel), me=me)


def tail(phone: str) -> str:
    """Return the end of a phone, as it may be shown."""
    return masked_phone(phone)[-4:]


def why_not(step: Step, error: CannotJoin) -> str:
    """Say why two accounts cannot be one."""
    return step.say(f"link.cannot_{error.facts['why']}")


def links_to(step: Step, payload: str) -> tuple[tuple[str, str], ...]:
    """Return (channel, address) of every door that a link can open, with what it is to open there."""
    page = ("web", step.house.link(f"/?start={payload}"))
    name = step.house.telegram_name
    return (("telegram", f"https://t.me/{name}?start={payload}"), page) if name else (page,)


def link_buttons(step: Step, payload: str) -> tuple[Button, ...]:
    """Return buttons that open the other channels, without the one we are on."""
    links = ((channel, url) for channel, url in links_to(step, payload) if channel != step.channel)
    return tuple(Button(step.say(f"link.open_{channel}"), url=url) for channel, url in links)


def link_lines(step: Step, payload: str) -> str:
    """Write the links out, to be passed on."""
    links = [(channel, url) for channel, url in links_to(step, payload) if (step.channel, channel) not in _CLOSED]
    return "\n".join(step.say("link.line", channel=channel_name(step, channel), url=url) for channel, url in links)


def text_code(step: Step, phone: str, *, goes: bool = True) -> str | None:
    """Text a code to a phone (E.164) that is to be proved, where it `goes`; returns why not, None when all is well."""
    try:
        people.count_link_try(step.tx, step.person_id, step.now)  # a text message costs money and annoys
        code = people.new_sign_in_code(step.tx, phone, step.now)
    except TriesUsed as error:
        return step.say("link_account.tries", at=step.clock(error.facts["retry_at"]))
    except CodeTooSoon:
        return step.say("link_account.too_soon")
    if goes:
        number = str(new_id())
        key = f"link:{number}"
        want_sms(step.tx, phone=phone, code=code, lang=step.lang, key=key, number=number, now_real=step.now)
    return None
