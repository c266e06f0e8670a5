"""The methods of the Bot API about the bot itself: who it is, its webhook, commands and files."""

import re
from collections.abc import Mapping
from typing import cast

from simulators.telegram.errors import bad_request
from simulators.telegram.methods import Method
from simulators.telegram.params import Params
from simulators.telegram.state import Platform
from simulators.telegram.updates import DEFAULT_KINDS, Webhook

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LARGEST_DOWNLOAD = 20 * 1024 * 1024


def get_me(platform: Platform, params: Params) -> object:
    """The bot as Telegram knows it."""
    return {
        **platform.bot_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_webhook(platform: Platform, params: Params) -> object:
    """Post updates to `url` from now on; an empty one removes the webhook."""
    url, secret = params.text("url"), params.text("secret_token")
    if url and not re.fullmatch(r"https?://\S+", url):
        raise bad_request("bad webhook: invalid webhook URL specified")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.integer("max_connections", 40)
    if not 1 <= connections <= 100:
        raise bad_request("max_connections must be between 1 and 100")
    _set_allowed(platform, params)
    webhook = Webhook(url, secret, connections) if url else None
    platform.feed.set_webhook(webhook, drop_pending=params.flag("drop_pending_updates"))
    return True


def _set_allowed(platform: Platform, params: Params) -> None:
    allowed = params.structure("allowed_updates")
    if isinstance(allowed, list):
        platform.feed.allowed = tuple(str(kind) for kind in allowed) or DEFAULT_KINDS


def delete_webhook(platform: Platform, params: Params) -> object:
    """Stop posting updates."""
    platform.feed.set_webhook(None, drop_pending=params.flag("drop_pending_updates"))
    return True


def get_webhook_info(platform: Platform, params: Params) -> object:
    """How the webhook fares."""
    feed = platform.feed
    info: dict[str, object] = {
        "url": feed.webhook.url if feed.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(feed.pending),
    }
    if feed.webhook is not None:
        info |= {"max_connections": feed.webhook.max_connections, "ip_address": "127.0.0.1"}
    if feed.last_error is not None:
        info |= {"last_error_date": feed.last_error[0], "last_error_message": feed.last_error[1]}
    if feed.allowed != DEFAULT_KINDS:
        info["allowed_updates"] = list(feed.allowed)
    return info


async def get_updates(platform: Platform, params: Params) -> object:
    """Fetch updates, waiting up to `timeout` seconds for the first."""
    _set_allowed(platform, params)
    return await platform.feed.poll(
        offset=params.integer("offset"), limit=params.integer("limit", 100), timeout=params.integer("timeout")
    )


def _commands_key(params: Params) -> tuple[str, str]:
    scope = params.structure("scope")
    where = cast("dict[str, object]", scope) if isinstance(scope, dict) else {"type": "default"}
    return f"{where.get('type')}:{where.get('chat_id', '')}", params.text("language_code")


def set_my_commands(platform: Platform, params: Params) -> object:
    """Replace the commands menu of a scope and language."""
    commands = params.structure("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad_request("can't parse list of bot commands JSON object")
    for command in commands:
        if not isinstance(command, dict) or not _COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    platform.commands[_commands_key(params)] = commands
    return True


def get_my_commands(platform: Platform, params: Params) -> object:
    """The commands menu of a scope and language."""
    return platform.commands.get(_commands_key(params), [])


def delete_my_commands(platform: Platform, params: Params) -> object:
    """Remove the commands menu of a scope and language."""
    platform.commands.pop(_commands_key(params), None)
    return True


def get_file(platform: Platform, params: Params) -> object:
    """Where a file can be downloaded; not above 20 MB."""
    stored = platform.files.get(params.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.data) > _LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
        "file_path": stored.path,
    }


SETTINGS_METHODS: Mapping[str, Method] = {
    "getMe": get_me,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getUpdates": get_updates,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "getFile": get_file,
}
