"""Calls to the account's own address: signed, enciphered, tried three times, its answer taken apart."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import Literal

import httpx

from simulators.client import http_client
from simulators.screen import CannotDo
from simulators.wechat.crypto import NotAuthentic, SafeMode, signature
from simulators.wechat.state import OUT_OF_SERVICE, ChatLine, FanAccount, Platform
from simulators.wechat.texts import ShownText, show
from simulators.wechat.xml import Value, parse, render
from simulators.wechat.xml import elements as render_part
from simulators.wechat.xml import field as xml_field

Mode = Literal["safe", "plain", "compatible"]

_TRIES = 3
_MOST_BYTES = 2048


@dataclass(frozen=True, slots=True)
class Try:
    """One request: its HTTP status, None when nothing came back in time, and how long it took in seconds."""

    status: int | None
    seconds: float


@dataclass(slots=True)
class Exchange:
    """One message or event of a person and what the account answered; `reply` is its deciphered XML."""

    openid: str
    sent: str
    msg_id: int | None
    tries: list[Try] = field(default_factory=list)
    reply: str = ""
    broken: str = ""


class Callback:
    """Speaks to the account's address as the platform does."""

    def __init__(
        self,
        platform: Platform,
        *,
        token: str,
        encoding_aes_key: str,
        mode: Mode,
        passive_timeout: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._platform = platform
        self._transport = transport
        self._token = token
        self._mode = mode
        self._timeout = passive_timeout
        self._safe = SafeMode(appid=platform.appid, token=token, encoding_aes_key=encoding_aes_key)
        self._client: httpx.AsyncClient | None = None
        self.url: str | None = None
        self.exchanges: list[Exchange] = []

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def verify(self) -> bool:
        """Ask the address to repeat a word, as the console does when the address is entered."""
        echo = str(secrets.randbits(63))
        response = await self._http().get(self._address(), params=self._signed("") | {"echostr": echo})
        return response.is_success and response.text == echo

    async def deliver(self, fan: FanAccount, fields: dict[str, Value], *, answerable: bool = True) -> Exchange:
        """Tell the account something, up to three times; show its answer, or that it has none."""
        envelope: dict[str, Value] = {
            "ToUserName": self._platform.original_id,
            "FromUserName": fan.openid,
            "CreateTime": int(self._platform.clock.now()),
        }
        document = render(envelope | fields)
        msg_id = fields.get("MsgId")
        exchange = Exchange(fan.openid, document, msg_id if isinstance(msg_id, int) else None)
        return await self._tell(fan, exchange, answerable=answerable)

    async def deliver_again(self, before: Exchange) -> Exchange:
        """Tell the account the same once more; its answer is shown as before."""
        return await self._tell(self._platform.fan(before.openid), Exchange(before.openid, before.sent, before.msg_id))

    async def repeat(self, before: Exchange, *, times: int, at_once: bool) -> list[Exchange]:
        """Tell the account the same several times more, one after the other or all at once; answers are not shown."""
        copies = [Exchange(before.openid, before.sent, before.msg_id) for _ in range(times)]
        told = [self._tell(self._platform.fan(before.openid), one, answerable=False) for one in copies]
        if at_once:
            return list(await asyncio.gather(*told))
        return [await one for one in told]

    async def _tell(self, fan: FanAccount, exchange: Exchange, *, answerable: bool = True) -> Exchange:
        self.exchanges.append(exchange)
        document = exchange.sent
        response: httpx.Response | None = None
        for _ in range(_TRIES):
            response = await self._post(document, fan.openid, exchange)
            if response is not None:
                break
        line = self._answer(fan, response, exchange)
        if line is not None and answerable:
            self._platform.show(fan, line)
        self._platform.bell.ring()
        return exchange

    async def _post(self, document: str, openid: str, exchange: Exchange) -> httpx.Response | None:
        body, query = document, self._signed(openid)
        if self._mode != "plain":
            encrypted = self._safe.encrypt(document)
            query |= {"encrypt_type": "aes"}
            query["msg_signature"] = self._safe.sign(query["timestamp"], query["nonce"], encrypted)
            body = render({"ToUserName": self._platform.original_id, "Encrypt": encrypted})
            if self._mode == "compatible":  # the same in the clear, and enciphered beside it
                body = document.removesuffix("</xml>") + render_part({"Encrypt": encrypted}) + "</xml>"
        began = time.monotonic()
        response: httpx.Response | None = None
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._http().post(
                    self._address(), params=query, content=body.encode(), headers={"Content-Type": "text/xml"}
                )
        except (TimeoutError, httpx.HTTPError):
            pass
        exchange.tries.append(Try(None if response is None else response.status_code, time.monotonic() - began))
        return response

    def _signed(self, openid: str) -> dict[str, str]:
        # Signatures are checked against real time, however far the simulator's own clock was moved.
        timestamp, nonce = str(int(time.time())), str(secrets.randbelow(2_000_000_000))
        signed = {"signature": signature(self._token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        return signed | ({"openid": openid} if openid else {})

    def _answer(self, fan: FanAccount, response: httpx.Response | None, exchange: Exchange) -> ChatLine | None:
        if response is None:
            exchange.broken = "no answer in time"
        elif not response.is_success:
            exchange.broken = f"status {response.status_code}"
        elif response.content in (b"", b"success"):
            return None
        else:
            try:
                exchange.reply = self._opened(response.text)
                return self._shown(fan, exchange)
            except ValueError as error:
                exchange.broken = str(error)
        return ChatLine("notice", ShownText(OUT_OF_SERVICE))

    def _opened(self, body: str) -> str:
        if self._mode == "plain":
            return body
        if self._mode == "compatible" and "<Encrypt>" not in body:
            return body
        root = parse(body)
        try:
            return self._safe.open_reply(
                encrypted=xml_field(root, "Encrypt"),
                msg_signature=xml_field(root, "MsgSignature"),
                timestamp=xml_field(root, "TimeStamp"),
                nonce=xml_field(root, "Nonce"),
            )
        except NotAuthentic as error:
            self._platform.violations.append(f"passive reply: {error}")
            raise

    def _shown(self, fan: FanAccount, exchange: Exchange) -> ChatLine | None:
        root = parse(exchange.reply)
        addressed = (xml_field(root, "ToUserName"), xml_field(root, "FromUserName"))
        if addressed != (fan.openid, self._platform.original_id):
            raise ValueError("the reply is addressed to somebody else")
        if not xml_field(root, "CreateTime").isdecimal():
            raise ValueError("the reply has no CreateTime")
        kind = xml_field(root, "MsgType")
        if kind == "text":
            return self._text_line(xml_field(root, "Content"))
        if kind == "image":
            media = self._platform.media.get(xml_field(root, "Image/MediaId"))
            if media is None:
                raise ValueError("the reply shows a picture that was never uploaded")
            return ChatLine("passive", ShownText(""), image=media.data)
        if kind == "news":
            titles = [item.findtext("Title") or "" for item in root.iter("item")]
            return ChatLine("passive", ShownText("\n".join(titles)))
        if kind == "transfer_customer_service":
            return None
        raise ValueError(f"a reply of type {kind} is unknown")

    def _text_line(self, content: str) -> ChatLine | None:
        size = len(content.encode())
        if size > _MOST_BYTES:
            self._platform.violations.append(f"passive reply of {size} bytes, {_MOST_BYTES} are allowed")
            return None
        return ChatLine("passive", show(content))

    def _address(self) -> str:
        if self.url is None:
            raise CannotDo("the account has no callback address")
        return self.url

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = http_client(timeout=None, transport=self._transport)
        return self._client
