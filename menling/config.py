"""The settings, read once from the environment; what is unsafe or not understood is refused with one sentence."""

import base64
import binascii
import ipaddress
import os
import secrets
import zoneinfo
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from menling.misread import misread, strangers

TELEGRAM_API: Final = "https://api.telegram.org"
WECHAT_API: Final = "https://api.weixin.qq.com"
WECHAT_WEB: Final = "https://open.weixin.qq.com"
PAID_IN_TELEGRAM: Final = "telegram"
REAL_PAYMENTS: Final = frozenset({PAID_IN_TELEGRAM})
"""What MENLING_PAYMENTS may be in production."""

MASTER_KEY_FILE: Final = "master.key"
_KEY_BYTES: Final = 32
_AES_KEY_LETTERS: Final = 43  # what WeChat's console gives: 32 bytes in base64 without its padding


class Refused(Exception):
    """The house will not start like this; the message is the sentence for the person who starts it."""


class Settings(BaseSettings):
    """Everything a process is told from outside."""

    model_config = SettingsConfigDict(env_prefix="MENLING_", env_ignore_empty=True, frozen=True, extra="ignore")

    environment: Literal["demo", "production"] = "demo"
    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = ""
    master_key: SecretStr = SecretStr("")
    zone: str = "Asia/Shanghai"
    currency: str = Field(default="CNY", pattern="^[A-Z]{3}$")
    payments: str = "sandbox"
    understanding: Literal["", "rasa", "openai"] = ""
    understanding_url: str = ""
    understanding_key: SecretStr = SecretStr("")
    understanding_model: str = ""
    leave_seconds: float = Field(default=0, ge=0, le=300)
    sms_notes: bool = True
    log: Literal["console", "json", "auto"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    redis_url: str = Field(default="", validation_alias="REDIS_URL")
    telegram_token: SecretStr = Field(default=SecretStr(""), validation_alias="TELEGRAM_TOKEN")
    telegram_name: str = Field(default="", validation_alias="TELEGRAM_NAME", pattern=r"^([A-Za-z][A-Za-z0-9_]{3,31})?$")
    telegram_secret: SecretStr = Field(default=SecretStr(""), validation_alias="TELEGRAM_SECRET")
    telegram_api_base: str = Field(default=TELEGRAM_API, validation_alias="TELEGRAM_API_BASE")
    telegram_polling: bool = Field(default=False, validation_alias="TELEGRAM_POLLING")
    telegram_provider_token: SecretStr = Field(default=SecretStr(""), validation_alias="TELEGRAM_PROVIDER_TOKEN")
    wechat_appid: str = Field(default="", validation_alias="WECHAT_APPID")
    wechat_secret: SecretStr = Field(default=SecretStr(""), validation_alias="WECHAT_SECRET")
    wechat_token: SecretStr = Field(default=SecretStr(""), validation_alias="WECHAT_TOKEN")
    wechat_aes_key: SecretStr = Field(default=SecretStr(""), validation_alias="WECHAT_AES_KEY")
    wechat_api_base: str = Field(default=WECHAT_API, validation_alias="WECHAT_API_BASE")
    wechat_web_base: str = Field(default=WECHAT_WEB, validation_alias="WECHAT_WEB_BASE")
    wechat_kefu: bool = Field(default=True, validation_alias="WECHAT_KEFU")
    wechat_menu: bool = Field(default=True, validation_alias="WECHAT_MENU")
    wechat_tags: bool = Field(default=True, validation_alias="WECHAT_TAGS")
    wechat_oauth: bool = Field(default=False, validation_alias="WECHAT_OAUTH")
    wechat_tappable: bool = Field(default=True, validation_alias="WECHAT_TAPPABLE")
    wechat_templates: str = Field(default="", validation_alias="WECHAT_TEMPLATES")
    wechat_kefu_a_day: int = Field(default=500_000, ge=0, validation_alias="WECHAT_KEFU_A_DAY")
    wechat_template_a_day: int = Field(default=100_000, ge=0, validation_alias="WECHAT_TEMPLATE_A_DAY")
    rasa_actions_secret: SecretStr = Field(default=SecretStr(""), validation_alias="RASA_ACTIONS_SECRET")
    rasa_actions_host: str = Field(default="127.0.0.1", validation_alias="RASA_ACTIONS_HOST")
    rasa_actions_port: int = Field(default=5055, ge=0, le=65535, validation_alias="RASA_ACTIONS_PORT")
    rasa_account: str = Field(default="main", validation_alias="RASA_ACCOUNT")
    rasa_url: str = Field(default="", validation_alias="RASA_URL")
    rasa_token: SecretStr = Field(default=SecretStr(""), validation_alias="RASA_TOKEN")

    @property
    def production(self) -> bool:
        """Whether real people and real money are on the other side."""
        return self.environment == "production"

    @property
    def database(self) -> str:
        """The database's URL; without one, a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'menling.db'}"

    @property
    def sqlite_file(self) -> Path | None:
        """The file of an embedded database, None for a server."""
        return Path(self.database.removeprefix("sqlite:///")) if self.database.startswith("sqlite:") else None

    @property
    def own_url(self) -> str:
        """The URL under which people reach us, without a closing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def paid_in_telegram(self) -> bool:
        """Whether everything is paid by bills in Telegram's chat: no other door can take customers then."""
        return self.payments == PAID_IN_TELEGRAM

    @property
    def bot_url(self) -> str:
        """The address that opens the Telegram bot, empty where its name is not given."""
        return f"https://t.me/{self.telegram_name}" if self.telegram_name else ""

    @property
    def json_logs(self) -> bool:
        """Whether log lines are JSON: always in production unless said otherwise."""
        return self.log == "json" or (self.log == "auto" and self.production)


def read_settings(**told: object) -> Settings:
    """Read the environment; `told` is what the command line said; Refused names the first thing not understood."""
    try:
        settings = Settings.model_validate(Settings().model_dump() | told, by_name=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise Refused(misread(_variable(str(first["loc"][0])), first)) from None
    try:
        zoneinfo.ZoneInfo(settings.zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise Refused(f"MENLING_ZONE names no time zone: {settings.zone}.") from None
    return settings


def unknown_settings(environ: Iterable[str] = os.environ) -> tuple[str, ...]:
    """Return a sentence for each variable that looks like a setting and is none: a typing error opens no door."""
    known = [_variable(field) for field in Settings.model_fields]
    return tuple(
        f"{name} is no setting" + (f"; {nearest} is one." if nearest else ".")
        for name, nearest in strangers(environ, known)
    )


def check_safe(settings: Settings, *, demo: bool, real_payments: frozenset[str] = REAL_PAYMENTS) -> None:
    """Raise Refused when these settings would serve half-safely."""
    for sentence in (
        _unread_address(settings) if settings.public_url else None,
        _unsafe_production(settings, demo=demo, real_payments=real_payments) if settings.production else None,
        _unsafe_payments(settings, demo=demo, real_payments=real_payments),
        _unsafe_telegram(settings) if settings.telegram_token.get_secret_value() else None,
        _unsafe_wechat(settings) if settings.wechat_appid else None,
        _unsafe_rasa(settings) if settings.rasa_url else None,
        _unsafe_understanding(settings) if settings.understanding else None,
    ):
        if sentence is not None:
            raise Refused(sentence)


def why(error: OSError) -> str:
    """Return what the system says of an error in its own few words, without what Python adds to them."""
    return (error.strerror or type(error).__name__).partition(" (while ")[0]


def master_key(settings: Settings) -> bytes:
    """Return the 32 bytes everything is sealed with; the embedded default makes them once in the data folder."""
    given = settings.master_key.get_secret_value()
    if given:
        return _decoded(given, "MENLING_MASTER_KEY")
    if settings.production:
        raise Refused("Production needs MENLING_MASTER_KEY: 32 random bytes in base64, kept outside the database.")
    return _own_key(settings)


def _unread_address(settings: Settings) -> str | None:
    try:
        parts = urlsplit(settings.public_url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_whole = False
    return None if is_whole else "MENLING_PUBLIC_URL is not understood: begin it with https:// (http:// to try it)."


def _unsafe_production(settings: Settings, *, demo: bool, real_payments: frozenset[str]) -> str | None:
    if not settings.master_key.get_secret_value():
        return "Production needs MENLING_MASTER_KEY: 32 random bytes in base64, kept outside the database."
    if demo:
        return "The demo lets anybody be anybody: it does not run with MENLING_ENVIRONMENT=production."
    if settings.payments == "sandbox":
        known = " or ".join(sorted(real_payments))
        return f"Production takes no sandbox payments: set MENLING_PAYMENTS to {known}."
    if ":TEST:" in settings.telegram_provider_token.get_secret_value():
        return "Production takes no test payments: TELEGRAM_PROVIDER_TOKEN is a test one, and its money is nobody's."
    if urlsplit(settings.public_url).scheme != "https":
        return "Production needs MENLING_PUBLIC_URL with https: links to pay and cookies go over it."
    return None


def _unsafe_payments(settings: Settings, *, demo: bool, real_payments: frozenset[str]) -> str | None:
    if settings.payments not in real_payments | {"sandbox"}:
        known = ", ".join(sorted(real_payments))
        return f"MENLING_PAYMENTS={settings.payments} names no payment provider (known: {known}; to try it, sandbox)."
    if not settings.paid_in_telegram:
        return None
    bot = (settings.telegram_token, settings.telegram_provider_token)
    if not settings.telegram_name or not all(one.get_secret_value() for one in bot):
        return "MENLING_PAYMENTS=telegram needs TELEGRAM_TOKEN, TELEGRAM_NAME and TELEGRAM_PROVIDER_TOKEN."
    if demo:
        return "With MENLING_PAYMENTS=telegram nobody could pay on the demo's page: leave it out."
    if settings.wechat_appid:
        return "With MENLING_PAYMENTS=telegram nobody could pay in WeChat: leave WECHAT_APPID out."
    if settings.rasa_url or settings.rasa_actions_secret.get_secret_value():
        return "With MENLING_PAYMENTS=telegram nobody could pay by Rasa: leave RASA_URL and RASA_ACTIONS_SECRET out."
    return None


def _unsafe_telegram(settings: Settings) -> str | None:
    if settings.telegram_polling:
        return None
    if not settings.telegram_secret.get_secret_value():
        return "A Telegram webhook needs TELEGRAM_SECRET, or anybody could speak for Telegram (or TELEGRAM_POLLING=1)."
    if settings.telegram_api_base == TELEGRAM_API and urlsplit(settings.own_url).scheme != "https":
        return "A Telegram webhook needs MENLING_PUBLIC_URL with https; set TELEGRAM_POLLING=1 where there is none."
    return None


def _unsafe_wechat(settings: Settings) -> str | None:
    if not settings.wechat_token.get_secret_value():
        return "WeChat needs WECHAT_TOKEN, or anybody could speak for WeChat."
    key = settings.wechat_aes_key.get_secret_value()
    if not key:
        return "WeChat needs WECHAT_AES_KEY: messages are taken in safe mode only, never as plain text."
    if len(key) != _AES_KEY_LETTERS:
        return f"WECHAT_AES_KEY must have {_AES_KEY_LETTERS} letters, as WeChat's console shows it."
    if not settings.wechat_secret.get_secret_value():
        return "WeChat needs WECHAT_SECRET to send messages."
    return None


def _unsafe_rasa(settings: Settings) -> str | None:
    try:
        parts = urlsplit(settings.rasa_url)
        host = parts.hostname or ""
    except ValueError:
        return "RASA_URL is no address."
    if parts.scheme == "http" and settings.production and not _is_near(host):
        return "Rasa's token and what people said go over RASA_URL: in production by https, or within your own network."
    return None


def _unsafe_understanding(settings: Settings) -> str | None:
    try:
        parts = urlsplit(settings.understanding_url)
        host = parts.hostname or ""
    except ValueError:
        return "MENLING_UNDERSTANDING_URL is no address."
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        return "MENLING_UNDERSTANDING needs MENLING_UNDERSTANDING_URL: http(s), a host, and no more than a path."
    if parts.scheme == "http" and settings.production and not _is_near(host):
        return "People's words go to MENLING_UNDERSTANDING_URL: in production by https, or within your own network."
    if settings.understanding == "openai" and not settings.understanding_model:
        return "MENLING_UNDERSTANDING=openai needs MENLING_UNDERSTANDING_MODEL."
    return None


def _is_near(host: str) -> bool:
    """Whether a host is this machine or one of a private network: a bare name, or an address nobody routes."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host


def _own_key(settings: Settings) -> bytes:
    path = settings.data_dir / MASTER_KEY_FILE
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        text = path.read_text("ascii")
    except FileNotFoundError:
        if settings.sqlite_file is not None and settings.sqlite_file.exists():
            raise Refused(f"{settings.sqlite_file} is there, but {path}, the key it is sealed with, is gone.") from None
        return _make_key(path)
    if path.stat().st_mode & 0o077:
        raise Refused(f"Others may read {path}: make it yours alone with chmod 600.")
    return _decoded(text.strip(), str(path))


def _make_key(path: Path) -> bytes:
    """Write a fresh key; when another process is first, take its key."""
    raw = secrets.token_bytes(_KEY_BYTES)
    draft = path.with_suffix(f".{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(raw) + b"\n")
        file.flush()
        os.fsync(handle)
    try:
        os.link(draft, path)
    except FileExistsError:
        return _decoded(path.read_text("ascii").strip(), str(path))
    finally:
        draft.unlink()
    return raw


def _decoded(text: str, where: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise Refused(f"{where} must hold {_KEY_BYTES} bytes in base64.")
    return raw


def _variable(field: str) -> str:
    """Return the variable a field is read from; pydantic names some by field and some by alias."""
    if field.isupper():
        return field
    alias = Settings.model_fields[field].validation_alias if field in Settings.model_fields else None
    return str(alias) if alias else f"MENLING_{field.upper()}"
