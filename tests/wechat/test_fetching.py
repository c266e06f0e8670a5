"""What WeChat hands over is read no further than a picture may be, whichever of its hosts it comes from."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bots.wechat.client import MOST_ANSWER, AsyncWeChatClient
from bots.wechat.fetching import fetch_picture
from bots.wechat.params import WeChatParams
from bots.wechat.tokens import SharedToken, Tokens

pytestmark = pytest.mark.anyio
_CHUNK = 256 * 1024


class Flood(httpx.AsyncByteStream):
    """A body that goes on for 40 MB; counts what was taken of it."""

    def __init__(self, taken: list[int]) -> None:
        self._taken = taken

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(160):
            self._taken.append(_CHUNK)
            yield b"\xff\xd8" * (_CHUNK // 2)


def a_client(http: httpx.AsyncClient) -> AsyncWeChatClient:
    params = WeChatParams("wx0123456789abcdef", "secret", "token", "k" * 43, api_base="https://api.weixin.test")
    tokens = Tokens(params, http, SharedToken(None, ""))
    return AsyncWeChatClient(params.appid, params.secret, params.api_base, http, tokens)


@pytest.mark.parametrize("ref", ["media-1 ", " https://mmbiz.qpic.cn/endless"])
async def test_a_picture_without_end_is_read_to_its_limit_and_refused(ref: str) -> None:
    taken: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(("/token", "/stable_token")):
            return httpx.Response(200, json={"access_token": "t", "expires_in": 7200})
        return httpx.Response(200, stream=Flood(taken))

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        with pytest.raises(OSError, match="larger than 8 MB"):
            await fetch_picture(ref, a_client(http), http, api_base="https://api.weixin.test")

    assert sum(taken) <= MOST_ANSWER + _CHUNK
