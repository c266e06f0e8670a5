"""The calls that write to a person: customer service, templates, subscriptions."""

from collections.abc import Mapping

from simulators.wechat import fields
from simulators.wechat.calls import ApiCall
from simulators.wechat.errors import Refusal
from simulators.wechat.state import ChatLine, FanAccount, Platform, Template
from simulators.wechat.texts import Link, ShownText, Tap, show
from simulators.wechat.xml import Raw, Value, elements

_MOST_BYTES = 2048
_REMEMBERED_SECONDS = 600
OK: Mapping[str, object] = {"errcode": 0, "errmsg": "ok"}


def send_custom(platform: Platform, call: ApiCall) -> object:
    """Write to a person who acted lately; counted against their windows."""
    fan = platform.fan(call.body.get("touser"))
    line = _custom_line(platform, call)
    fan.windows.spend(now=platform.clock.now())
    platform.show(fan, line)
    return OK


def _custom_line(platform: Platform, call: ApiCall) -> ChatLine:
    kind = call.text("msgtype")
    if kind == "text":
        return ChatLine("kefu", show(_checked(str(call.part("text").get("content") or ""))))
    if kind == "image":
        return ChatLine("kefu", ShownText(""), image=platform.live_media(call.part("image").get("media_id")).data)
    if kind == "msgmenu":
        if platform.is_test_account:
            raise Refusal(40200)
        return ChatLine("kefu", _menu_text(call.part("msgmenu")))
    raise Refusal(40008)


def _checked(content: str) -> str:
    if not content:
        raise Refusal(44004)
    if len(content.encode()) > _MOST_BYTES:
        raise Refusal(45002)
    return content


def _menu_text(menu: Mapping[str, object]) -> ShownText:
    items = menu.get("list")
    if not isinstance(items, list) or not items:
        raise Refusal(47001)
    taps = tuple(Tap(str(item["content"]), str(item["content"]), str(item["id"])) for item in items)
    head, tail = str(menu.get("head_content") or ""), str(menu.get("tail_content") or "")
    text = "\n".join(filter(None, (head, *(tap.label for tap in taps), tail)))
    _checked(text)
    return ShownText(text, taps)


def typing(platform: Platform, call: ApiCall) -> object:
    """Show that somebody is typing; needs an open window, costs nothing."""
    fan = platform.fan(call.body.get("touser"))
    if call.text("command") not in ("Typing", "CancelTyping"):
        raise Refusal(47001)
    if not fan.windows.is_open(now=platform.clock.now()):
        raise Refusal(45015)
    return OK


def send_template(platform: Platform, call: ApiCall) -> object:
    """Send a template message to a follower; fields lose lines, emoji and what is above 20 characters.

    A `client_msg_id` that was used in the last ten minutes sends nothing a second time.
    """
    fan = platform.fan(call.body.get("touser"))
    template_id = call.text("template_id")
    template = _template(platform, template_id)
    if not fan.following:
        raise Refusal(43004)
    data = call.part("data")
    values = {key: _cut(platform, template_id, key, _value(data, key)) for key in template.fields}
    own_id, now = call.text("client_msg_id"), platform.clock.now()
    known = platform.template_ids.get(own_id)
    if own_id and known is not None and now - known[1] < _REMEMBERED_SECONDS:
        return {**OK, "msgid": known[0]}
    msgid = 2_000_000_000_000_000_000 + platform.number()
    platform.template_ids[own_id] = (msgid, now)
    if platform.template_outcome == "success":
        platform.show(fan, ChatLine("template", _filled(template, values, call.text("url"))))
    platform.events.append(
        (fan, {"Event": "TEMPLATESENDJOBFINISH", "MsgID": msgid, "Status": platform.template_outcome})
    )
    return {**OK, "msgid": msgid}


def send_subscription(platform: Platform, call: ApiCall) -> object:
    """Send a subscription notification; uses up one permit of the person for this template."""
    fan = platform.fan(call.body.get("touser"))
    template_id = call.text("template_id")
    template = _template(platform, template_id)
    data = call.part("data")
    values = {key: fields.check(key, _value(data, key)) for key in template.fields}
    if fan.permits[template_id] < 1:
        raise Refusal(43101)
    fan.permits[template_id] -= 1
    platform.show(fan, ChatLine("subscription", _filled(template, values, call.text("page"))))
    told: dict[str, Value] = {
        "TemplateId": template_id,
        "MsgID": platform.number(),
        "ErrorCode": 0,
        "ErrorStatus": "success",
    }
    sent = Raw(f"<List>{elements(told)}</List>")
    platform.events.append((fan, {"Event": "subscribe_msg_sent_event", "SubscribeMsgSentEvent": sent}))
    return OK


def list_templates(platform: Platform, call: ApiCall) -> object:
    """The templates the account has taken from the library."""
    listed = [
        {
            "template_id": template_id,
            "title": template.title,
            "content": "\n".join(f"{label}:{{{{{key}.DATA}}}}" for key, label in template.fields.items()),
        }
        for template_id, template in platform.templates.items()
    ]
    return {"template_list": listed}


def _template(platform: Platform, template_id: str) -> Template:
    template = platform.templates.get(template_id)
    if template is None:
        raise Refusal(40037)
    return template


def _value(data: Mapping[str, object], key: str) -> str:
    entry = data.get(key)
    value = str(entry.get("value") or "") if isinstance(entry, dict) else ""
    if not value:
        raise Refusal(47003, f"data.{key}.value is empty")
    return value


def _cut(platform: Platform, template_id: str, key: str, value: str) -> str:
    lost = fields.oddities(key, value)
    if lost:
        platform.violations.append(f"field {key} of template {template_id} was cut: {value!r} lost {', '.join(lost)}")
    left = fields.shown(key, value)
    return left if key.startswith("thing") else fields.check(key, left)


def _filled(template: Template, values: Mapping[str, str], url: str) -> ShownText:
    lines = [template.title, *(f"{template.fields[key]}：{value}" for key, value in values.items())]
    return ShownText("\n".join(lines), links=(Link("详情", url),) if url else ())


def grant_permit(fan: FanAccount, template_id: str) -> None:
    """Remember that a person allowed one notification."""
    fan.permits[template_id] += 1
