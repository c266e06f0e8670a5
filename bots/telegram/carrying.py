"""Bot API calls over an httpx transport: how a rehearsal speaks to a Telegram in its own process."""

from collections.abc import AsyncGenerator
from typing import Any, cast

import httpx
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile


class CarriedSession(BaseSession):
    """aiogram's session without aiohttp: the same calls, carried by the transport it is given."""

    def __init__(self, transport: httpx.AsyncBaseTransport, api: TelegramAPIServer, *, seconds: float) -> None:
        super().__init__(api=api, timeout=seconds)
        self._http = httpx.AsyncClient(transport=transport, timeout=seconds)

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  aiogram's own word
    ) -> TelegramType:
        """Make one call; raises what aiogram's own session raises."""
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        fields, files = await self._form(bot, method)
        try:
            answer = await self._http.post(url, data=fields, files=files or None)
        except httpx.HTTPError as error:
            raise TelegramNetworkError(method=method, message=type(error).__name__) from error
        response = self.check_response(bot=bot, method=method, status_code=answer.status_code, content=answer.text)
        return cast("TelegramType", response.result)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109  aiogram's own word
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: FBT001, FBT002  aiogram's own order
    ) -> AsyncGenerator[bytes, None]:
        """Yield the bytes of a file."""
        async with self._http.stream("GET", url, headers=headers) as answer:
            if raise_for_status:
                answer.raise_for_status()
            async for chunk in answer.aiter_bytes(chunk_size):
                yield chunk

    async def _form(
        self, bot: Bot, method: TelegramMethod[TelegramType]
    ) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
        """Return a call's fields and its files, as a form has them."""
        found: dict[str, Any] = {}
        fields: dict[str, Any] = {}
        for name, value in method.model_dump(warnings=False).items():
            prepared = self.prepare_value(value, bot=bot, files=found)
            if prepared:
                fields[name] = prepared
        return fields, {name: await _whole(name, file, bot) for name, file in found.items()}


async def _whole(name: str, file: InputFile, bot: Bot) -> tuple[str, bytes]:
    return file.filename or name, b"".join([part async for part in file.read(bot)])
