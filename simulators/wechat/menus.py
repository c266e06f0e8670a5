"""Custom menus: their limits, and those shown only to people with a tag."""

from collections.abc import Iterator, Mapping
from typing import cast

from simulators.wechat.calls import ApiCall
from simulators.wechat.errors import Refusal
from simulators.wechat.messages import OK
from simulators.wechat.state import FanAccount, Platform

Button = Mapping[str, object]
_WITH_KEY = ("click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "location_select")


def create_menu(platform: Platform, call: ApiCall) -> object:
    """Replace the menu everybody sees."""
    platform.menu = {"button": _checked(call.body.get("button"))}
    return OK


def get_menu(platform: Platform, call: ApiCall) -> object:
    """The menus as they were created."""
    if platform.menu is None:
        raise Refusal(46003)
    answer: dict[str, object] = {"menu": platform.menu}
    if platform.conditional_menus:
        answer["conditionalmenu"] = platform.conditional_menus
    return answer


def delete_menu(platform: Platform, call: ApiCall) -> object:
    """Remove every menu, the conditional ones too."""
    platform.menu = None
    platform.conditional_menus.clear()
    return OK


def add_conditional_menu(platform: Platform, call: ApiCall) -> object:
    """Add a menu for people with a tag; there must be one for everybody first."""
    if platform.menu is None:
        raise Refusal(46003)
    if not any(call.part("matchrule").values()):
        raise Refusal(65303)
    menu: dict[str, object] = {"button": _checked(call.body.get("button")), "matchrule": dict(call.part("matchrule"))}
    menu["menuid"] = str(400_000_000 + platform.number())
    platform.conditional_menus.append(menu)
    return {"menuid": menu["menuid"]}


def delete_conditional_menu(platform: Platform, call: ApiCall) -> object:
    """Remove one conditional menu."""
    platform.conditional_menus = [one for one in platform.conditional_menus if one["menuid"] != call.text("menuid")]
    return OK


def try_match(platform: Platform, call: ApiCall) -> object:
    """The menu somebody sees, by openid."""
    if platform.menu is None:
        raise Refusal(46003)
    return {"button": menu_of(platform, platform.fan(call.body.get("user_id")))}


def menu_of(platform: Platform, fan: FanAccount) -> list[Button]:
    """The buttons this person sees: those of the newest conditional menu that fits, or everybody's."""
    for menu in reversed(platform.conditional_menus):
        rule = cast("Mapping[str, object]", menu["matchrule"])
        if int(str(rule.get("tag_id") or 0)) in fan.tags:
            return cast("list[Button]", menu["button"])
    return [] if platform.menu is None else cast("list[Button]", platform.menu["button"])


def leaves(buttons: list[Button]) -> Iterator[Button]:
    """The buttons that do something, those of the sub-menus included."""
    for button in buttons:
        below = button.get("sub_button")
        if isinstance(below, list) and below:
            yield from below
        else:
            yield button


def _checked(buttons: object) -> list[Button]:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise Refusal(40016)
    for button in buttons:
        _check_name(button, most=16)
        below = button.get("sub_button")
        if not below:
            _check_action(button)
            continue
        if not isinstance(below, list) or len(below) > 5:
            raise Refusal(40023)
        for one in below:
            _check_name(one, most=60)
            _check_action(one)
    return buttons


def _check_name(button: object, *, most: int) -> None:
    if not isinstance(button, dict) or not 1 <= len(str(button.get("name") or "").encode()) <= most:
        raise Refusal(40018)


def _check_action(button: Button) -> None:
    kind = button.get("type")
    if kind in _WITH_KEY:
        if not 1 <= len(str(button.get("key") or "").encode()) <= 128:
            raise Refusal(40019)
    elif kind in ("view", "miniprogram"):
        if not 1 <= len(str(button.get("url") or "").encode()) <= 1024:
            raise Refusal(40020)
    else:
        raise Refusal(40017)
