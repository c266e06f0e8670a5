"""The calls about the account and its people: tokens, QR codes, media, tags, who somebody is."""

import secrets
from collections.abc import Callable, Mapping

from starlette.responses import Response

from simulators.images import image_type
from simulators.wechat import mass, menus, messages
from simulators.wechat.calls import ApiCall
from simulators.wechat.errors import Refusal
from simulators.wechat.messages import OK
from simulators.wechat.state import FanAccount, Platform, QrTicket

Handler = Callable[[Platform, ApiCall], object]

_LONGEST_QR = 2_592_000
_MOST_PERMANENT = 100_000
_LARGEST_MEDIA = 10 * 1024 * 1024
_CODE_SECONDS = 300


def _check_app(platform: Platform, appid: str, secret: str) -> None:
    if appid != platform.appid:
        raise Refusal(40013)
    if not secrets.compare_digest(secret.encode(), platform.secret.encode()):
        raise Refusal(40125)


def classic_token(platform: Platform, call: ApiCall) -> object:
    """Hand out a new token, which kills the one before."""
    if call.query.get("grant_type") != "client_credential":
        raise Refusal(40002)
    _check_app(platform, call.query.get("appid", ""), call.query.get("secret", ""))
    return platform.tokens.fetch_classic()


def stable_token(platform: Platform, call: ApiCall) -> object:
    """Hand out the token that all who ask share."""
    if call.text("grant_type") != "client_credential":
        raise Refusal(40002)
    _check_app(platform, call.text("appid"), call.text("secret"))
    return platform.tokens.fetch_stable(force=bool(call.body.get("force_refresh")))


def create_qrcode(platform: Platform, call: ApiCall) -> object:
    """Make a QR code with a scene of up to 64 characters; temporary ones last up to 30 days."""
    kind, info = call.text("action_name"), call.part("action_info").get("scene")
    scene = info if isinstance(info, dict) else {}
    value = str(scene.get("scene_str" if "STR" in kind else "scene_id") or "")
    if kind not in ("QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE") or not 1 <= len(value) <= 64:
        raise Refusal(40053)
    asked = str(call.body.get("expire_seconds") or 60)
    seconds = int(asked) if asked.isdecimal() else 0
    if not 1 <= seconds <= _LONGEST_QR:
        raise Refusal(40053)
    permanent = "LIMIT" in kind
    if "STR" not in kind and not (value.isdecimal() and int(value) <= (_MOST_PERMANENT if permanent else 2**32 - 1)):
        raise Refusal(40053)
    if permanent and sum(one.expires_at is None for one in platform.tickets.values()) >= _MOST_PERMANENT:
        raise Refusal(45009)
    ticket = QrTicket(f"gQ{secrets.token_urlsafe(60)}", value, None if permanent else platform.clock.now() + seconds)
    platform.tickets[value] = ticket
    answer: dict[str, object] = {"ticket": ticket.ticket, "url": f"http://weixin.qq.com/q/{secrets.token_urlsafe(12)}"}
    return answer if permanent else answer | {"expire_seconds": seconds}


def clear_quota(platform: Platform, call: ApiCall) -> object:
    """Set the day's counts of every API back, ten times a month."""
    if call.text("appid") != platform.appid:
        raise Refusal(40013)
    platform.quotas.clear()
    return OK


def get_quota(platform: Platform, call: ApiCall) -> object:
    """How many calls of an API are left today."""
    path = call.text("cgi_path")
    left = platform.quotas.left(path)
    if left is None:
        raise Refusal(76021)
    used = platform.quotas.used(path)
    return {**OK, "quota": {"daily_limit": used + left, "used": used, "remain": left}}


def upload_media(platform: Platform, call: ApiCall) -> object:
    """Keep a file for three days."""
    kind = call.query.get("type", "")
    if kind not in ("image", "voice", "video", "thumb"):
        raise Refusal(40004)
    if not call.file:
        raise Refusal(41005)
    if len(call.file) > _LARGEST_MEDIA:
        raise Refusal(45002)
    if kind == "image" and image_type(call.file) is None:
        raise Refusal(40004)
    media = platform.store_media(call.file, kind=kind)
    return {"type": kind, "media_id": media.media_id, "created_at": int(media.created_at)}


def download_media(platform: Platform, call: ApiCall) -> object:
    """The bytes of a file that has not expired."""
    media = platform.live_media(call.query.get("media_id"))
    name = f'attachment; filename="{media.public_name}"'
    media_type = image_type(media.data) or ("audio/amr" if media.kind == "voice" else "application/octet-stream")
    return Response(media.data, media_type=media_type, headers={"Content-Disposition": name})


def user_info(platform: Platform, call: ApiCall) -> object:
    """Who a person is; of somebody who does not follow only that."""
    fan = platform.fan(call.query.get("openid"))
    if not fan.following:
        return {"subscribe": 0, "openid": fan.openid, "tagid_list": []}
    return {
        "subscribe": 1,
        "openid": fan.openid,
        "language": call.query.get("lang", "zh_CN"),
        "subscribe_time": fan.followed_at,
        "remark": "",
        "groupid": 0,
        "tagid_list": sorted(fan.tags),
        "subscribe_scene": "ADD_SCENE_QR_CODE" if fan.scene else "ADD_SCENE_SEARCH",
        "qr_scene": int(fan.scene) if fan.scene.isdecimal() else 0,
        "qr_scene_str": "" if fan.scene.isdecimal() else fan.scene,
    }


def list_users(platform: Platform, call: ApiCall) -> object:
    """The openids of all followers."""
    openids = [fan.openid for fan in platform.fans.values() if fan.following]
    answer: dict[str, object] = {"total": len(openids), "count": len(openids)}
    return answer | ({"data": {"openid": openids}, "next_openid": openids[-1]} if openids else {"next_openid": ""})


def create_tag(platform: Platform, call: ApiCall) -> object:
    """Make a tag."""
    name = str(call.part("tag").get("name") or "")
    if not 1 <= len(name) <= 30 or name in platform.tags.values():
        raise Refusal(45157)
    tag_id = 100 + platform.number()
    platform.tags[tag_id] = name
    return {"tag": {"id": tag_id, "name": name}}


def list_tags(platform: Platform, call: ApiCall) -> object:
    """Every tag and how many people have it."""
    counts = {tag: sum(tag in fan.tags for fan in platform.fans.values()) for tag in platform.tags}
    return {"tags": [{"id": tag, "name": name, "count": counts[tag]} for tag, name in platform.tags.items()]}


def delete_tag(platform: Platform, call: ApiCall) -> object:
    """Remove a tag from the account and from everybody who has it."""
    tag_id = int(str(call.part("tag").get("id") or 0))
    platform.tags.pop(tag_id, None)
    for fan in platform.fans.values():
        fan.tags.discard(tag_id)
    return OK


def tags_of(platform: Platform, call: ApiCall) -> object:
    """The tags somebody has."""
    return {"tagid_list": sorted(platform.fan(call.body.get("openid")).tags)}


def tag_people(platform: Platform, call: ApiCall) -> object:
    """Give a tag to people."""
    for fan in _tagged(platform, call):
        fan.tags.add(int(call.text("tagid")))
    return OK


def untag_people(platform: Platform, call: ApiCall) -> object:
    """Take a tag from people."""
    for fan in _tagged(platform, call):
        fan.tags.discard(int(call.text("tagid")))
    return OK


def _tagged(platform: Platform, call: ApiCall) -> list[FanAccount]:
    openids = call.body.get("openid_list")
    if not isinstance(openids, list) or not call.text("tagid").isdecimal():
        raise Refusal(47001)
    return [platform.fan(openid) for openid in openids]


def web_login(platform: Platform, call: ApiCall) -> object:
    """Change a code of the web login, good once and for five minutes, into an openid."""
    _check_app(platform, call.query.get("appid", ""), call.query.get("secret", ""))
    code = platform.codes.get(call.query.get("code", ""))
    if code is None or platform.clock.now() - code.made_at > _CODE_SECONDS:
        raise Refusal(40029)
    if code.used:
        raise Refusal(40163)
    code.used = True
    return {
        "access_token": secrets.token_urlsafe(48),
        "expires_in": 7200,
        "refresh_token": secrets.token_urlsafe(48),
        "openid": code.openid,
        "scope": code.scope,
    }


OPEN_CALLS: Mapping[str, Handler] = {
    "/cgi-bin/token": classic_token,
    "/cgi-bin/stable_token": stable_token,
    "/sns/oauth2/access_token": web_login,
}
TOKEN_CALLS: Mapping[str, Handler] = {
    "/cgi-bin/message/custom/send": messages.send_custom,
    "/cgi-bin/message/custom/typing": messages.typing,
    "/cgi-bin/message/template/send": messages.send_template,
    "/cgi-bin/template/get_all_private_template": messages.list_templates,
    "/cgi-bin/message/subscribe/bizsend": messages.send_subscription,
    "/cgi-bin/menu/create": menus.create_menu,
    "/cgi-bin/menu/get": menus.get_menu,
    "/cgi-bin/menu/delete": menus.delete_menu,
    "/cgi-bin/menu/addconditional": menus.add_conditional_menu,
    "/cgi-bin/menu/delconditional": menus.delete_conditional_menu,
    "/cgi-bin/menu/trymatch": menus.try_match,
    "/cgi-bin/message/mass/send": mass.send_mass,
    "/cgi-bin/message/mass/sendall": mass.send_to_all,
    "/cgi-bin/clear_quota": clear_quota,
    "/cgi-bin/openapi/quota/get": get_quota,
    "/cgi-bin/qrcode/create": create_qrcode,
    "/cgi-bin/media/upload": upload_media,
    "/cgi-bin/media/get": download_media,
    "/cgi-bin/user/info": user_info,
    "/cgi-bin/user/get": list_users,
    "/cgi-bin/tags/create": create_tag,
    "/cgi-bin/tags/get": list_tags,
    "/cgi-bin/tags/delete": delete_tag,
    "/cgi-bin/tags/getidlist": tags_of,
    "/cgi-bin/tags/members/batchtagging": tag_people,
    "/cgi-bin/tags/members/batchuntagging": untag_people,
}
