"""Pictures people sent: WeChat keeps them for three days, and names an address on its own hosts beside."""

from typing import Final
from urllib.parse import urlsplit

import httpx

from bots.wechat.client import FAILURES, MOST_ANSWER, AsyncWeChatClient, read_capped

_PICTURE_HOSTS: Final = ("mmbiz.qpic.cn", "mmecoa.qpic.cn", "wx.qlogo.cn")


async def fetch_picture(ref: str, client: AsyncWeChatClient, http: httpx.AsyncClient, *, api_base: str) -> bytes:
    """Return the bytes of a picture by its media id, else by its address; OSError when neither has it below 8 MB."""
    media_id, _, address = ref.partition(" ")
    picture = await _by_id(client, media_id) if media_id else None
    if picture is None and _may_visit(address, api_base):
        picture = await _by_address(http, address)
    if not picture or len(picture) > MOST_ANSWER:
        raise OSError("WeChat did not hand the picture over, or it is larger than 8 MB")
    return picture


async def _by_id(client: AsyncWeChatClient, media_id: str) -> bytes | None:
    try:
        body = await client.media.download(media_id)
    except FAILURES:
        return None
    return body if isinstance(body, bytes) else None


async def _by_address(http: httpx.AsyncClient, address: str) -> bytes:
    try:
        async with http.stream("GET", address) as response:
            response.raise_for_status()
            return await read_capped(response)
    except httpx.HTTPError as error:
        raise OSError(f"WeChat did not hand the picture over: {type(error).__name__}") from None


def _may_visit(address: str, api_base: str) -> bool:
    """Tell whether an address is on WeChat's own picture hosts: what a message names is never visited blindly."""
    parts = urlsplit(address)
    allowed = (*_PICTURE_HOSTS, urlsplit(api_base).netloc)
    return parts.scheme in ("http", "https") and parts.netloc in allowed
