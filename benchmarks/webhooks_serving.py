"""One server of goal 5 in a process of its own: `python -m benchmarks.webhooks_serving KIND`; it prints its port.

`house` is Menling as `menling serve` runs it, every door and chore included; what it would send is taken by nobody, so
that receiving is measured alone. `house-sending` sends to the stub at API; `house-checks` runs no turns. The others are
the peers and the floors.
"""

import argparse
import json
import logging
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final
from xml.parsers import expat

import msgspec
import uvicorn
import uvloop

TOKEN: Final = "700000042:bench-token-of-nobody"
SECRET: Final = "bench-secret-0123456789"
WECHAT: Final = {
    "appid": "wx0123456789abcdef",
    "secret": "bench-app-secret",
    "token": "bench_token",
    "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}
_ANSWERED: Final = {"ok": True, "result": True}
_BOT: Final = {"id": 700000042, "is_bot": True, "first_name": "Menling", "username": "menling_bot"}

Scope = dict[str, Any]
Asgi = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


def main(arguments: list[str]) -> None:
    """Serve until ended by a signal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=[*_KINDS])
    parser.add_argument("--api", default="")
    options = parser.parse_args(arguments)
    _KINDS[options.kind](options.api)


def _house(api: str, *, sending: bool = False, turns: bool = True) -> None:
    from bots.telegram import door as telegram  # noqa: PLC0415  each server loads only what it needs
    from bots.wechat import door as wechat  # noqa: PLC0415
    from dialogs.outgoing import Outgoing, Sent  # noqa: PLC0415
    from dialogs.reception import Reception  # noqa: PLC0415
    from dialogs.turn import Turn  # noqa: PLC0415
    from menling.cli import main as menling  # noqa: PLC0415

    async def taken(self: object, message: Outgoing) -> Sent:
        return Sent("1")

    async def told(self: telegram.TelegramDoor, message: Outgoing) -> Sent:
        self._delivering.memory.tells(message.message_id)  # as its delivery does: what comes next may follow
        return Sent("1")

    async def silent(self: object, incoming: object) -> Turn:
        return Turn(1)

    if not turns:
        Reception.receive = silent  # type: ignore[method-assign]
    if not sending:
        telegram.TelegramDoor.deliver = told  # type: ignore[method-assign]
        wechat.WeChatDoor.deliver = taken  # type: ignore[method-assign]
    sys.exit(menling(["serve", "--demo", "--port", "0"]))


def _aiogram(api: str, *, answering: bool = False) -> None:
    """Aiogram's own webhook on aiohttp's server, its handler doing nothing or answering as ours does."""
    from aiogram import Bot, Dispatcher  # noqa: PLC0415
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415
    from aiogram.types import Message  # noqa: PLC0415
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application  # noqa: PLC0415
    from aiohttp import web  # noqa: PLC0415

    logging.basicConfig(level=logging.INFO)
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def handle(message: Message) -> None:
        if answering:
            await message.answer("想约哪项服务？")

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, path="/telegram/main")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, sock=_told(), print=None, loop=uvloop.new_event_loop())


def _wechatpy(api: str) -> None:
    """What people write around wechatpy: its crypto, its parser, its reply, on the barest of servers."""
    from urllib.parse import parse_qs  # noqa: PLC0415

    from wechatpy import create_reply, parse_message  # noqa: PLC0415
    from wechatpy.crypto import WeChatCrypto  # noqa: PLC0415

    crypto = WeChatCrypto(WECHAT["token"], WECHAT["aes_key"], WECHAT["appid"])

    def handle(scope: Scope, body: bytes) -> bytes:
        query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        opened = crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        reply = create_reply("想约哪项服务？", parse_message(opened))
        sealed: str = crypto.encrypt_message(reply.render(), query["nonce"], query["timestamp"])
        return sealed.encode()

    _serve(_bare(handle))


def _wechat_floor(api: str) -> None:
    """The least a callback in safe mode can do: the signature, the cipher, the two fields, and an answer sealed."""
    from urllib.parse import parse_qsl  # noqa: PLC0415

    from simulators.wechat.crypto import SafeMode  # noqa: PLC0415

    safe = SafeMode(appid=WECHAT["appid"], token=WECHAT["token"], encoding_aes_key=WECHAT["aes_key"])

    def handle(scope: Scope, body: bytes) -> bytes:
        query = dict(parse_qsl(scope["query_string"].decode()))
        sealed = _texts_of(body)["Encrypt"]
        if safe.sign(query["timestamp"], query["nonce"], sealed) != query["msg_signature"]:
            return b""
        message = _texts_of(safe.decrypt(sealed).encode())
        person, account = message["FromUserName"], message["ToUserName"]
        names = f"<ToUserName>{person}</ToUserName><FromUserName>{account}</FromUserName>"
        answer = safe.encrypt(f"<xml>{names}<MsgType>text</MsgType><Content>想约哪项服务？</Content></xml>")
        signed = safe.sign(query["timestamp"], query["nonce"], answer)
        return f"<xml><Encrypt>{answer}</Encrypt><MsgSignature>{signed}</MsgSignature></xml>".encode()

    _serve(_bare(handle))


def _texts_of(document: bytes) -> dict[str, str]:
    texts: dict[str, str] = {}
    name = ""

    def begins(tag: str, _: object) -> None:
        nonlocal name
        name = tag

    def says(text: str) -> None:
        texts[name] = texts.get(name, "") + text

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = begins, says
    parser.Parse(document, True)  # noqa: FBT003  expat's own way to say that this is all
    return texts


def _floor(api: str) -> None:
    """The least a webhook can do: compare the secret, read the fields, answer with a method."""

    class Chat(msgspec.Struct):
        id: int

    class Message(msgspec.Struct):
        chat: Chat
        text: str | None = None

    class Update(msgspec.Struct):
        update_id: int
        message: Message | None = None

    decoder, encoder = msgspec.json.Decoder(Update), msgspec.json.Encoder()
    secret = (b"x-telegram-bot-api-secret-token", SECRET.encode())

    def handle(scope: Scope, body: bytes) -> bytes:
        if secret not in scope["headers"]:
            return b""
        update = decoder.decode(body)
        chat = update.message.chat.id if update.message is not None else 0
        return encoder.encode({"method": "sendMessage", "chat_id": chat, "text": "想约哪项服务？"})

    _serve(_bare(handle))


def _stub(api: str) -> None:
    """Both platforms' servers as far as a door needs them: every call is accepted."""
    numbers = iter(range(1, 1 << 40))

    def handle(scope: Scope, body: bytes) -> bytes:
        path = str(scope["path"])
        if path.endswith("/stable_token"):
            return json.dumps({"access_token": "bench", "expires_in": 7200}).encode()
        if path.startswith("/cgi-bin/"):
            return b'{"errcode":0,"errmsg":"ok"}'
        if path.endswith("/getMe"):
            return json.dumps({"ok": True, "result": _BOT}).encode()
        if path.endswith(("/sendMessage", "/editMessageText")):
            chat = {"id": 1, "type": "private", "first_name": "A"}
            return json.dumps(
                {"ok": True, "result": {"message_id": next(numbers), "date": 1732154400, "chat": chat, "text": "x"}}
            ).encode()
        return json.dumps(_ANSWERED).encode()

    _serve(_bare(handle))


def _bare(handle: Callable[[Scope, bytes], bytes]) -> Asgi:
    headers = [(b"content-type", b"application/json")]

    async def app(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        answer = handle(scope, body)
        length = (b"content-length", str(len(answer)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": answer})

    return app


def _serve(app: Asgi) -> None:
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", http="httptools", ws="none")
    uvloop.run(uvicorn.Server(config).serve(sockets=[_told()]))


def _told() -> socket.socket:
    """Listen on a free port and say on which."""
    door = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"http://127.0.0.1:{door.getsockname()[1]}", flush=True)
    return door


_KINDS: Final[dict[str, Callable[[str], None]]] = {
    "house": _house,
    "house-sending": lambda api: _house(api, sending=True),
    "house-checks": lambda api: _house(api, turns=False),
    "aiogram": _aiogram,
    "aiogram-answering": lambda api: _aiogram(api, answering=True),
    "wechatpy": _wechatpy,
    "wechat-floor": _wechat_floor,
    "floor": _floor,
    "stub": _stub,
}

if __name__ == "__main__":
    main(sys.argv[1:])
