"""Door: WeChat XML becomes Incoming, messages become passive replies or customer-service messages, through wechatpy."""

from typing import TYPE_CHECKING

from bots.wechat.params import Capabilities, Quotas, WeChatParams
from bots.wechat.templates import Templates, read_templates

if TYPE_CHECKING:
    import httpx
    from redis.asyncio import Redis

    from bots.wechat.door import WeChatDoor
    from dialogs.reception import Reception

__all__ = ["Capabilities", "Quotas", "Templates", "WeChatParams", "open_wechat", "read_templates"]


def open_wechat(
    params: WeChatParams,
    reception: "Reception",
    redis: "Redis | None" = None,
    transport: "httpx.AsyncBaseTransport | None" = None,
) -> "WeChatDoor":
    """Open the door, without talking to WeChat yet; `redis` shares the token. ValueError when settings are unsafe.

    A `transport` carries every call to a WeChat in this process.
    """
    params.check()
    from bots.wechat.door import WeChatDoor  # noqa: PLC0415  wechatpy loads only where it is used

    return WeChatDoor(params, reception, redis, transport)
