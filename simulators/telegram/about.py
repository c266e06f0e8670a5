"""The methods of the Bot API about chats, and about how the bot shows itself."""

from collections.abc import Mapping

from simulators.telegram.errors import bad_request
from simulators.telegram.methods import Method
from simulators.telegram.params import Params
from simulators.telegram.state import Group, Platform

_LONGEST = {"name": 64, "description": 512, "short_description": 120}


def get_chat(platform: Platform, params: Params) -> object:
    """A chat as the bot may know it."""
    chat = platform.addressee(params)
    return chat.as_chat() | {"accent_color_id": 0, "max_reaction_count": 11}


def get_chat_member(platform: Platform, params: Params) -> object:
    """Somebody's place in a chat."""
    chat, user_id = platform.addressee(params), params.integer("user_id")
    if user_id == platform.bot_id:
        return {"user": platform.bot_user(), "status": "member"}
    account = platform.accounts.get(user_id)
    if account is None or (not isinstance(chat, Group) and account is not chat):
        raise bad_request("user not found")
    return {"user": account.as_user(), "status": "member"}


def leave_chat(platform: Platform, params: Params) -> object:
    """Leave a group."""
    chat = platform.addressee(params)
    if not isinstance(chat, Group):
        raise bad_request("chat member status can't be changed in private chats")
    chat.has_bot = False
    return True


def set_menu_button(platform: Platform, params: Params) -> object:
    """Choose what the button beside the text box opens: the commands, a page, or nothing of the bot's own."""
    button = params.structure("menu_button")
    chosen = button if isinstance(button, dict) else {"type": "default"}
    if chosen.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button")
    platform.menu_buttons[params.integer("chat_id")] = chosen
    return True


def get_menu_button(platform: Platform, params: Params) -> object:
    """What the button beside the text box opens."""
    return platform.menu_buttons.get(params.integer("chat_id"), {"type": "commands"})


def _setter(name: str) -> Method:
    def put(platform: Platform, params: Params) -> object:
        value = params.text(name)
        if len(value) > _LONGEST[name]:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        platform.about[name, params.text("language_code")] = value
        return True

    return put


def _getter(name: str) -> Method:
    def get(platform: Platform, params: Params) -> object:
        return {name: platform.about.get((name, params.text("language_code")), "")}

    return get


ABOUT_METHODS: Mapping[str, Method] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "leaveChat": leave_chat,
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
}
