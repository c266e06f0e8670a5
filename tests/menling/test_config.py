"""What is unsafe, or cannot be understood, is refused with one clear sentence before anything is served."""

import base64
from pathlib import Path

import pytest

from menling.building import check_doors
from menling.config import Refused, Settings, check_safe, master_key, read_settings, unknown_settings

KEY = base64.b64encode(b"k" * 32).decode()
AES = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
PRODUCTION = {
    "environment": "production",
    "master_key": KEY,
    "payments": "wechatpay",
    "public_url": "https://book.example.com",
}
TELEGRAM = {"telegram_token": "700000001:simulated-bot-token", "telegram_secret": "0123456789abcdef"}
WECHAT = {"wechat_appid": "wx0123456789abcdef", "wechat_secret": "s", "wechat_token": "tok", "wechat_aes_key": AES}
IN_TELEGRAM = {
    "environment": "production",
    "master_key": KEY,
    "payments": "telegram",
    "public_url": "https://book.example.com",
    "telegram_name": "menling_bot",
    "telegram_provider_token": "284685063:LIVE:ZmFrZXByb3ZpZGVy",
    **TELEGRAM,
}
OPENAI = {
    "understanding": "openai",
    "understanding_url": "https://api.example.com/v1",
    "understanding_model": "small",
    "understanding_key": "k",
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        alias = Settings.model_fields[name].validation_alias
        monkeypatch.delenv(str(alias) if alias else f"MENLING_{name.upper()}", raising=False)


def safely(facts: dict[str, object], *, demo: bool = False) -> None:
    settings = read_settings(**facts)
    check_safe(settings, demo=demo, real_payments=frozenset({"telegram", "wechatpay"}))
    check_doors(settings)


@pytest.mark.parametrize(
    ("facts", "demo", "sentence"),
    [
        (PRODUCTION | {"master_key": ""}, False, "Production needs MENLING_MASTER_KEY"),
        (PRODUCTION, True, "The demo lets anybody be anybody"),
        (PRODUCTION | {"payments": "sandbox"}, False, "Production takes no sandbox payments"),
        (PRODUCTION | {"telegram_provider_token": "1:TEST:x"}, False, "Production takes no test payments"),
        (PRODUCTION | {"payments": "gold"}, False, "MENLING_PAYMENTS=gold names no payment provider"),
        ({"payments": "gold"}, False, "MENLING_PAYMENTS=gold names no payment provider"),
        (IN_TELEGRAM | {"telegram_provider_token": ""}, False, "MENLING_PAYMENTS=telegram needs TELEGRAM_TOKEN"),
        (IN_TELEGRAM | {"telegram_name": ""}, False, "MENLING_PAYMENTS=telegram needs TELEGRAM_TOKEN"),
        (IN_TELEGRAM | {"telegram_token": ""}, False, "MENLING_PAYMENTS=telegram needs TELEGRAM_TOKEN"),
        (IN_TELEGRAM | {"telegram_provider_token": "1:TEST:x"}, False, "Production takes no test payments"),
        (IN_TELEGRAM | {"telegram_provider_token": "x"}, False, "TELEGRAM_PROVIDER_TOKEN does not look like"),
        (IN_TELEGRAM | WECHAT, False, "nobody could pay in WeChat"),
        (IN_TELEGRAM | {"rasa_url": "http://rasa:5005"}, False, "nobody could pay by Rasa"),
        (IN_TELEGRAM | {"rasa_actions_secret": "0123456789abcdef"}, False, "nobody could pay by Rasa"),
        (IN_TELEGRAM | {"environment": "demo"}, True, "nobody could pay on the demo's page"),
        (
            PRODUCTION | {"public_url": "http://book.example.com"},
            False,
            "Production needs MENLING_PUBLIC_URL with https",
        ),
        (PRODUCTION | {"public_url": ""}, False, "Production needs MENLING_PUBLIC_URL with https"),
        ({"public_url": "book.example.com"}, False, "MENLING_PUBLIC_URL is not understood: begin it with https://"),
        ({"public_url": "https://"}, False, "MENLING_PUBLIC_URL is not understood: begin it with https://"),
        (WECHAT | {"public_url": "https://[::1"}, False, "MENLING_PUBLIC_URL is not understood"),
        (TELEGRAM | {"telegram_secret": ""}, False, "A Telegram webhook needs TELEGRAM_SECRET"),
        (TELEGRAM, False, "A Telegram webhook needs MENLING_PUBLIC_URL with https"),
        (
            TELEGRAM | {"telegram_token": "x", "telegram_polling": True},
            False,
            "TELEGRAM_TOKEN does not look like a bot's token",
        ),
        (WECHAT | {"wechat_aes_key": ""}, False, "WeChat needs WECHAT_AES_KEY"),
        (WECHAT | {"wechat_aes_key": "short"}, False, "WECHAT_AES_KEY must have 43 letters"),
        (WECHAT | {"wechat_token": ""}, False, "WeChat needs WECHAT_TOKEN"),
        (WECHAT | {"wechat_secret": ""}, False, "WeChat needs WECHAT_SECRET"),
        (WECHAT | {"wechat_appid": "nonsense"}, False, "The WeChat account needs its appid"),
        ({"rasa_url": "http://[::1"}, False, "RASA_URL is no address"),
        ({"rasa_url": "rasa:5005"}, False, "RASA_URL must begin with http"),
        (PRODUCTION | {"rasa_url": "http://rasa.example.com"}, False, "Rasa's token and what people said go over"),
        (OPENAI | {"understanding": "oracle"}, False, "MENLING_UNDERSTANDING is not understood"),
        (OPENAI | {"understanding_url": ""}, False, "MENLING_UNDERSTANDING needs MENLING_UNDERSTANDING_URL"),
        (
            OPENAI | {"understanding_url": "file:///etc/passwd"},
            False,
            "MENLING_UNDERSTANDING needs MENLING_UNDERSTANDING",
        ),
        (OPENAI | {"understanding_url": "http://[::1"}, False, "MENLING_UNDERSTANDING_URL is no address"),
        (OPENAI | {"understanding_model": ""}, False, "needs MENLING_UNDERSTANDING_MODEL"),
        (PRODUCTION | OPENAI | {"understanding_url": "http://8.8.8.8/v1"}, False, "People's words go to"),
        (PRODUCTION | OPENAI | {"understanding_url": "http://api.example.com/v1"}, False, "People's words go to"),
        ({"zone": "Mars/Olympus"}, False, "MENLING_ZONE names no time zone"),
        ({"zone": "../etc/passwd"}, False, "MENLING_ZONE names no time zone"),
        ({"currency": "yuan"}, False, "MENLING_CURRENCY is not understood"),
        ({"port": 70000}, False, "MENLING_PORT is not understood"),
    ],
)
def test_an_unsafe_setting_is_refused_with_its_sentence(facts: dict[str, object], demo: bool, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        safely(facts, demo=demo)

    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith((".", ")."))


@pytest.mark.parametrize(
    "facts",
    [
        {},
        PRODUCTION,
        IN_TELEGRAM,
        IN_TELEGRAM | {"environment": "demo", "telegram_provider_token": "284685063:TEST:ZmFrZXByb3ZpZGVy"},
        TELEGRAM | {"telegram_polling": True},
        TELEGRAM | {"public_url": "https://book.example.com"},
        TELEGRAM | {"telegram_api_base": "http://127.0.0.1:8081"},
        WECHAT,
        PRODUCTION | {"rasa_url": "http://rasa:5005"},
        PRODUCTION | {"rasa_url": "https://rasa.example.com"},
        OPENAI,
        PRODUCTION | OPENAI,
        PRODUCTION | OPENAI | {"understanding": "rasa", "understanding_url": "http://rasa:5005"},
        PRODUCTION | OPENAI | {"understanding_url": "http://10.0.0.7:8000/v1"},
        {"understanding_url": "not used"},
    ],
)
def test_safe_settings_are_taken(facts: dict[str, object]) -> None:
    safely(facts)


def test_the_environment_is_read_under_the_names_of_the_manual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://menling@db/menling")
    monkeypatch.setenv("MENLING_PORT", "9000")
    monkeypatch.setenv("TELEGRAM_POLLING", "1")

    settings = read_settings(host="localhost")

    assert settings.database == "postgresql://menling@db/menling"
    assert settings.sqlite_file is None
    assert settings.telegram_polling
    assert settings.own_url == "http://localhost:9000"


def test_a_value_that_cannot_be_read_is_named_but_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_POLLING", "canary-7731")

    with pytest.raises(Refused, match=r"^TELEGRAM_POLLING is not understood") as refused:
        read_settings()

    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TELEGRAM_NAME", "@Foo", "the bot's user name without @, such as menling_bot."),
        ("MENLING_CURRENCY", "yuan", "three capital letters, such as CNY."),
        ("WECHAT_KEFU", "maybe", "say 1 or 0."),
        ("MENLING_PORT", "70000", "say a number, at most 65535."),
        ("MENLING_PORT", "-1", "say a number, at least 0."),
        ("MENLING_PORT", "eight", "say a whole number."),
        ("MENLING_LEAVE_SECONDS", "soon", "say a number."),
        ("MENLING_LEAVE_SECONDS", "301", "say a number, at most 300."),
        ("MENLING_ENVIRONMENT", "prod", "say demo or production."),
        ("MENLING_LOG", "xml", "say console, json or auto."),
        ("MENLING_UNDERSTANDING", "oracle", "say rasa or openai."),
    ],
)
def test_what_is_wanted_instead_is_said_in_words_people_use(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(Refused) as refused:
        read_settings()

    assert str(refused.value) == f"{name} is not understood: {sentence}"


def test_a_variable_that_is_no_setting_is_named_with_the_nearest_that_is_one() -> None:
    environ = ["TELEGRAM_TOKEM", "WECHAT_APP_ID", "MENLING_QUITE_ELSE", "MENLING_PORT", "PATH", "RASA_X_PORT"]

    assert unknown_settings(environ) == (
        "MENLING_QUITE_ELSE is no setting.",
        "TELEGRAM_TOKEM is no setting; TELEGRAM_TOKEN is one.",
        "WECHAT_APP_ID is no setting; WECHAT_APPID is one.",
    )


def test_every_setting_there_is_and_what_tests_set_is_known() -> None:
    known = [str(one.validation_alias or f"MENLING_{name.upper()}") for name, one in Settings.model_fields.items()]

    assert unknown_settings([*known, "MENLING_TEST_MODE", "MENLING_CRASH"]) == ()


def test_secrets_do_not_show_in_a_printed_setting() -> None:
    shown = repr(
        read_settings(
            master_key="canary-1",
            telegram_token="canary-2",
            wechat_aes_key="canary-3",
            understanding_key="canary-4",
            rasa_actions_secret="canary-5",
            rasa_token="canary-6",
        )
    )

    assert "canary" not in shown


def test_the_embedded_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = read_settings(data_dir=tmp_path / "var")

    first = master_key(settings)

    path = tmp_path / "var" / "master.key"
    assert len(first) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert master_key(settings) == first
    assert [entry.name for entry in path.parent.iterdir()] == ["master.key"]


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    settings = read_settings(data_dir=tmp_path)
    master_key(settings)
    (tmp_path / "master.key").chmod(0o644)

    with pytest.raises(Refused, match="chmod 600"):
        master_key(settings)


def test_data_whose_key_is_gone_gets_no_new_key(tmp_path: Path) -> None:
    settings = read_settings(data_dir=tmp_path)
    (tmp_path / "menling.db").write_bytes(b"data")

    with pytest.raises(Refused, match=r"the key it is sealed with, is gone"):
        master_key(settings)

    assert not (tmp_path / "master.key").exists()


@pytest.mark.parametrize("given", ["not base64!", base64.b64encode(b"short").decode(), "k" * 32])
def test_a_key_that_is_not_32_bytes_is_refused(given: str) -> None:
    with pytest.raises(Refused, match="MENLING_MASTER_KEY must hold 32 bytes in base64"):
        master_key(read_settings(master_key=given))


def test_a_given_key_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    settings = read_settings(master_key=KEY, data_dir=tmp_path / "var")

    assert master_key(settings) == b"k" * 32
    assert not (tmp_path / "var").exists()
