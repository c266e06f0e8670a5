"""The house of one process, put together: reception, doors, gateways, wake-ups, and what comes late."""

import asyncio
import contextlib
import ctypes
import gc
import importlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bots.rasa import RasaDoor, RasaParams
from bots.telegram import TelegramParams, open_telegram
from bots.web import WebDoor
from bots.wechat import Capabilities, Quotas, Templates, WeChatParams, open_wechat, read_templates
from dialogs.building import build_house
from dialogs.outgoing import Door
from dialogs.reception import Reception
from gateways import build_gateways
from menling.config import Refused, Settings
from menling.embedded import EmbeddedValkey, NoValkey, keep_up
from menling.opening import Ground
from menling.sender import Sender
from menling.wake import Wakes, ended
from nlu.model import the_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from redis.asyncio import Redis

    from bots.telegram.door import TelegramDoor
    from bots.wechat.door import WeChatDoor
    from menling.advising import RemoteAdviser

_REDIS_SECONDS: Final = 0.3
OPENING: Final = "opening"
"""Why a door is shut that is only about to open."""
EVERYWHERE: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  where a server listens, not where it is met
_log = logging.getLogger(__name__)


class Building:
    """Built before the first request; `start` in the event loop, `open_doors` once the page answers, `stop` at last."""

    def __init__(self, ground: Ground) -> None:
        settings = ground.settings
        self.ground = ground
        self.settings = settings
        self.wakes = Wakes()
        self.house = build_house(
            public_url=settings.own_url,
            zone=settings.zone,
            currency=settings.currency,
            telegram_name=settings.telegram_name,
            wake_sender=lambda: self.wakes.ring("sender"),
        )
        self.adviser = _adviser(settings)
        self.reception = Reception(ground.db, self.house, ground.clock, self.adviser)
        self.gateways = build_gateways(
            payments=settings.payments,
            secret=self.secret("gateways"),
            callback_base=_met_at(settings),
            sandbox_book=settings.data_dir / "sandbox.json",
            telegram=telegram_params(settings).account if settings.telegram_token.get_secret_value() else None,
            bot=settings.bot_url if settings.paid_in_telegram else "",
        )
        self.web = WebDoor()
        self.doors: dict[str, Door] = {self.web.channel: self.web}
        self.telegram: TelegramDoor | None = None
        self.wechat: WeChatDoor | None = None
        self.rasa = RasaDoor(rasa_params(settings)) if settings.rasa_url else None
        if self.rasa is not None:
            self.doors[self.rasa.channel] = self.rasa
        self.shut: dict[str, str] = {}
        """Doors that should be open and are not, with the reason."""
        self.leaving = False
        """Whether the process has been told to end: nobody new is to be sent here."""
        self.sender: Sender | None = None
        """Who says here what is due, once there is a worker."""
        self._valkey: EmbeddedValkey | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._redis: Redis | None = None
        for channel in self.expected:
            self.shut[channel] = OPENING

    @property
    def expected(self) -> frozenset[str]:
        """Channels whose doors open after the page answers."""
        wanted = {
            "telegram": bool(self.settings.telegram_token.get_secret_value()),
            "wechat": bool(self.settings.wechat_appid),
        }
        return frozenset(channel for channel, is_wanted in wanted.items() if is_wanted)

    def secret(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose, derived from the master key."""
        return bytes.fromhex(self.ground.vault.token("secret", purpose))

    def start(self) -> None:
        """Work in the running event loop."""
        self.wakes.bind()
        self.reception.on_delivery(lambda person_id: self.wakes.tell_others("person", person_id))
        self.wakes.on("person", self.web.bells.wake)

    async def open_doors(self, listen: "Callable[[TelegramDoor | WeChatDoor], None] | None" = None) -> None:
        """Open what takes its time. With `listen`, called for each as it opens, they take updates in; else only send.

        WeChat first: it asks three times in 15 s and never again, and a Telegram out of reach takes long to be told.
        """
        await asyncio.to_thread(the_model)  # a quarter of a second: not in the unit of whoever speaks first
        await self._open_redis()
        if "wechat" in self.expected:
            await self._open_wechat(listen)
        if "telegram" in self.expected:
            await self._open_telegram(listen)
        _tidy()

    async def stop(self) -> None:
        """Close every door, every line and what was started beside us."""
        for door in (self.telegram, self.wechat, self.rasa):
            if door is not None:
                await door.stop()
        await self.wakes.close()
        await self.gateways.aclose()
        if self.adviser is not None:
            await self.adviser.aclose()
        if self._redis is not None:
            await self._redis.aclose()
        if self._keeper is not None:
            await ended([self._keeper])
        if self._valkey is not None:
            await asyncio.to_thread(self._valkey.stop)

    def redis(self) -> "Redis | None":
        """Return the line to Redis, None while there is none."""
        return self._redis

    async def redis_answers(self) -> bool:
        """Tell whether Redis answers just now; nothing depends on it."""
        if self._redis is None:
            return False
        try:
            async with asyncio.timeout(_REDIS_SECONDS):
                return bool(await self._redis.ping())
        except Exception:  # noqa: BLE001  whatever is wrong with it, it does not answer
            return False

    async def _open_redis(self) -> None:
        await asyncio.to_thread(importlib.import_module, "redis.asyncio")
        from redis.asyncio import Redis  # noqa: PLC0415  a second of imports that the page need not wait for

        url = self.settings.redis_url
        if not url:
            valkey = self._valkey = EmbeddedValkey(self.settings.data_dir)
            try:
                await asyncio.to_thread(valkey.start)
            except NoValkey as error:
                _log.warning("no embedded valkey", extra={"why": str(error)})
                return
            self._keeper = asyncio.create_task(keep_up(valkey))
            url = valkey.url
        self._redis = Redis.from_url(
            url, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS, decode_responses=True
        )
        self.wakes.connect(url)

    async def _open_telegram(self, listen: "Callable[[TelegramDoor], None] | None") -> None:
        try:
            await asyncio.to_thread(importlib.import_module, "bots.telegram.door")
            door = self.telegram = open_telegram(telegram_params(self.settings), self.reception)
            if listen is not None:
                await door.start()
        except (ValueError, OSError) as error:
            self._stays_shut("telegram", error)
            return
        self._is_open(door)
        if listen is not None:
            listen(door)

    async def _open_wechat(self, listen: "Callable[[WeChatDoor], None] | None") -> None:
        try:
            await asyncio.to_thread(importlib.import_module, "bots.wechat.door")
            door = self.wechat = open_wechat(wechat_params(self.settings), self.reception, self._redis)
            if listen is not None:
                await door.start()
        except (ValueError, OSError) as error:
            self._stays_shut("wechat", error)
            return
        self._is_open(door)
        if listen is not None:
            listen(door)

    def _is_open(self, door: Door) -> None:
        self.doors[door.channel] = door
        self.shut.pop(door.channel, None)
        self.wakes.ring("sender")

    def _stays_shut(self, channel: str, error: Exception) -> None:
        self.shut[channel] = str(error)
        _log.error("door stays shut", extra={"channel": channel, "why": str(error)})


def _adviser(settings: Settings) -> "RemoteAdviser | None":
    """Return the remote understanding, where one is configured; loaded then only."""
    if not settings.understanding:
        return None
    adviser: RemoteAdviser = importlib.import_module("menling.advising").adviser_of(settings)
    return adviser


def _tidy() -> None:
    """Give back what only starting needed (40 MB of dictionaries), and spare the collector what stays for good."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(AttributeError, OSError):  # other C libraries than glibc have no such thing
        ctypes.CDLL(None).malloc_trim(0)


def telegram_params(settings: Settings) -> TelegramParams:
    """Return what the Telegram door is told."""
    return TelegramParams(
        token=settings.telegram_token.get_secret_value(),
        secret=settings.telegram_secret.get_secret_value(),
        public_url=settings.own_url,
        api_base=settings.telegram_api_base,
        polling=settings.telegram_polling,
        provider_token=settings.telegram_provider_token.get_secret_value(),
        bills_alone=settings.paid_in_telegram,
    )


def wechat_params(settings: Settings) -> WeChatParams:
    """Return what the WeChat door is told."""
    return WeChatParams(
        appid=settings.wechat_appid,
        secret=settings.wechat_secret.get_secret_value(),
        token=settings.wechat_token.get_secret_value(),
        aes_key=settings.wechat_aes_key.get_secret_value(),
        api_base=settings.wechat_api_base,
        web_base=settings.wechat_web_base,
        public_url=settings.own_url,
        capabilities=Capabilities(
            kefu=settings.wechat_kefu,
            menu=settings.wechat_menu,
            tags=settings.wechat_tags,
            oauth=settings.wechat_oauth,
        ),
        templates=read_templates(Path(settings.wechat_templates)) if settings.wechat_templates else Templates(),
        quotas=Quotas(
            kefu=settings.wechat_kefu_a_day,
            template=settings.wechat_template_a_day,
            subscription=settings.wechat_template_a_day,
        ),
        tappable=settings.wechat_tappable,
    )


def rasa_params(settings: Settings) -> RasaParams:
    """Return what the Rasa door is told."""
    return RasaParams(
        secret=settings.rasa_actions_secret.get_secret_value(),
        account=settings.rasa_account,
        url=settings.rasa_url,
        token=settings.rasa_token.get_secret_value(),
    )


def check_doors(settings: Settings) -> None:
    """Raise Refused when a configured door would not open with these settings."""
    try:
        if settings.telegram_token.get_secret_value():
            telegram_params(settings).check()
        if settings.wechat_appid:
            wechat_params(settings).check()
        if settings.rasa_url:
            rasa_params(settings).check_sending()
    except ValueError as error:
        sentence = str(error)
        raise Refused(f"{sentence[0].upper()}{sentence[1:]}.") from None


def _met_at(settings: Settings) -> str:
    """Return our address for a neighbour on this machine."""
    host = "127.0.0.1" if settings.host in EVERYWHERE else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
