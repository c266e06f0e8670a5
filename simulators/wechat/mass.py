"""Mass messages: a few a month to everybody who follows, for news; customer service is not for that."""

from collections.abc import Mapping

from simulators.wechat.calls import ApiCall
from simulators.wechat.errors import Refusal
from simulators.wechat.messages import OK
from simulators.wechat.state import ChatLine, FanAccount, Platform
from simulators.wechat.texts import show
from simulators.wechat.xml import Value

_A_MONTH = 4
_MONTH_SECONDS = 30 * 86_400


def send_mass(platform: Platform, call: ApiCall) -> object:
    """Write to two or more people by their openids; each gets at most four such messages a month."""
    openids = call.body.get("touser")
    if not isinstance(openids, list) or len(openids) < 2:
        raise Refusal(40130)
    return _broadcast(platform, call, [platform.fan(openid) for openid in openids])


def send_to_all(platform: Platform, call: ApiCall) -> object:
    """Write to everybody, or to everybody with a tag."""
    chosen = call.part("filter")
    fans = list(platform.fans.values())
    if not chosen.get("is_to_all"):
        fans = [fan for fan in fans if int(str(chosen.get("tag_id") or 0)) in fan.tags]
    return _broadcast(platform, call, fans)


def _broadcast(platform: Platform, call: ApiCall, fans: list[FanAccount]) -> Mapping[str, object]:
    if call.text("msgtype") != "text":
        raise Refusal(40008)
    content = str(call.part("text").get("content") or "")
    if not content:
        raise Refusal(44004)
    now, sent = platform.clock.now(), 0
    for fan in fans:
        fan.mass_at = [at for at in fan.mass_at if at > now - _MONTH_SECONDS]
        if fan.following and len(fan.mass_at) < _A_MONTH:
            fan.mass_at.append(now)
            platform.show(fan, ChatLine("mass", show(content)))
            sent += 1
    number = 3_000_000_000 + platform.number()
    if fans:
        counts = {"TotalCount": len(fans), "FilterCount": sent, "SentCount": sent, "ErrorCount": len(fans) - sent}
        done: dict[str, Value] = {"Event": "MASSSENDJOBFINISH", "MsgID": number, "Status": "sendsuccess", **counts}
        platform.events.append((fans[0], done))
    return {**OK, "errmsg": "send job submission success", "msg_id": number, "msg_data_id": number + 1}
