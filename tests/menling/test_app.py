"""The app as a whole: what answers before every door is open, and what a demo has that others have not."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from core.clock import DemoClock
from menling.app import build_app
from menling.building import Building
from menling.chores import build_worker
from menling.config import Settings, read_settings
from menling.demo.control import CityControl
from menling.demo.data import read_demo
from menling.opening import migrate, opened
from nlu.model import the_model
from tests.servers import PostgreSQL

TELEGRAM: dict[str, object] = {
    "telegram_token": "700000001:simulated-bot-token",
    "telegram_secret": "0123456789abcdef",
    "telegram_api_base": "http://127.0.0.1:9",
}

WECHAT: dict[str, object] = {
    "wechat_appid": "wx0123456789abcdef",
    "wechat_secret": "simulated-app-secret",
    "wechat_token": "simulated_token",
    "wechat_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "wechat_api_base": "http://127.0.0.1:9",
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return read_settings(data_dir=tmp_path / "var")


@contextmanager
def a_building(settings: Settings, *, demo: bool = False) -> Iterator[Building]:
    """A house that has not been started: as it is before its doors are open."""
    with opened(settings, demo=demo) as ground:
        building = Building(ground)
        yield building
        asyncio.run(building.gateways.aclose())


def ask(building: Building, method: str, path: str, *, demo: bool = False) -> httpx.Response:
    clock = building.ground.clock
    control = CityControl(read_demo(), clock, moved=lambda: None) if isinstance(clock, DemoClock) else None
    app = build_app(building, demo=control, working=False)

    async def story() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=building.settings.own_url) as client:
            origin = {"Origin": building.settings.own_url}
            return await client.request(method, path, headers=origin, json={"minutes": 5} if method == "POST" else None)

    return asyncio.run(story())


def test_a_platform_that_comes_before_its_door_is_open_is_asked_to_come_again(settings: Settings) -> None:
    with a_building(
        settings.model_copy(update=read_settings(**TELEGRAM).model_dump(include=set(TELEGRAM)))
    ) as building:
        early = ask(building, "POST", "/telegram/main")
        ready = ask(building, "GET", "/readyz")
        of_page = ask(building, "GET", "/readyz/web")

    assert (early.status_code, early.headers["Retry-After"]) == (503, "1")
    assert (ready.status_code, ready.json()["doors"]) == (503, {"web": "open", "telegram": "opening"})
    assert of_page.status_code == 200


def test_wechat_is_kept_waiting_for_its_door_and_then_let_in(settings: Settings) -> None:
    """It would show an error to the person, and come again only where nobody answers."""
    told = settings.model_copy(update=read_settings(**WECHAT).model_dump(include=set(WECHAT)))

    async def story(building: Building) -> httpx.Response:
        app = build_app(building, demo=None, working=False)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://menling.test") as client:
            early = asyncio.create_task(client.post("/wechat/main?signature=forged", content=b"x"))
            await asyncio.sleep(0.05)
            assert not early.done()
            async with app.router.lifespan_context(app):
                return await early

    with a_building(told) as building:
        assert asyncio.run(story(building)).status_code == 403


def test_a_telegram_out_of_reach_keeps_nobody_from_wechat(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Building, "_open_telegram", never)
    both = TELEGRAM | WECHAT
    told = settings.model_copy(update=read_settings(**both).model_dump(include=set(both)))

    async def story(building: Building) -> tuple[int, int]:
        app = build_app(building, demo=None, working=False)
        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://menling.test") as client,
            app.router.lifespan_context(app),
        ):
            wechat = await client.post("/wechat/main?signature=forged", content=b"x")
            telegram = await client.post("/telegram/main", content=b"{}")
            return wechat.status_code, telegram.status_code

    with a_building(told) as building:
        assert asyncio.run(story(building)) == (403, 503)


def test_what_was_learnt_is_read_before_the_doors_open(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whoever speaks first would have the one writer wait for it."""

    async def is_read(self: Building) -> None:
        assert the_model.cache_info().currsize == 1

    monkeypatch.setattr(Building, "_open_redis", is_read)
    the_model.cache_clear()

    with a_building(settings) as building:
        asyncio.run(building.open_doors())

    assert the_model.cache_info().currsize == 1


def test_doors_without_tokens_are_not_there(settings: Settings) -> None:
    with a_building(settings) as building:
        assert ask(building, "POST", "/telegram/main").status_code == 404
        assert ask(building, "GET", "/wechat/main").status_code == 404


class TroubledDoor:
    """A door that is open, on a platform that is not."""

    channel = "telegram"
    pace = None

    def health(self) -> dict[str, str | int | bool | None]:
        return {"state": "telegram is away", "webhook": True, "last_error": "TelegramNetworkError"}


def test_a_platform_that_is_away_makes_its_own_door_red_and_the_house_stays_green(settings: Settings) -> None:
    with a_building(settings) as building:
        building.doors["telegram"] = TroubledDoor()  # type: ignore[assignment]
        house, door = ask(building, "GET", "/readyz"), ask(building, "GET", "/readyz/telegram")

    assert (house.status_code, house.json()["doors"]) == (200, {"web": "open", "telegram": "telegram is away"})
    assert (door.status_code, door.json()["door"]["last_error"]) == (503, "TelegramNetworkError")


def test_a_sender_that_does_not_look_for_what_is_due_is_named_and_takes_nobody_away(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sender_of(building: Building) -> tuple[int, str]:
        told = ask(building, "GET", "/readyz")
        return told.status_code, told.json()["sender"]

    with a_building(settings) as building:
        before = sender_of(building)
        _, sender = build_worker(building)
        idle = sender_of(building)
        asyncio.run(sender.send_due())
        at_work = sender_of(building)
        monkeypatch.setattr("menling.sender._AWAY_SECONDS", 0.0)
        stuck = sender_of(building)

    assert (before, idle, at_work, stuck) == ((200, "away"), (200, "away"), (200, "ok"), (200, "away"))


def test_only_a_demo_has_a_clock_to_move(settings: Settings) -> None:
    with a_building(settings) as building:
        assert ask(building, "POST", "/demo/clock").status_code == 404

    with a_building(settings, demo=True) as building:
        before = building.ground.clock.now()
        assert ask(building, "POST", "/demo/clock").status_code == 200
        assert (building.ground.clock.now() - before).total_seconds() >= 300


def test_a_database_that_is_lost_makes_the_house_unready_and_every_request_a_polite_503(
    settings: Settings, postgresql_server: PostgreSQL
) -> None:
    url = postgresql_server.fresh_database()
    elsewhere = settings.model_copy(update={"database_url": url})
    migrate(elsewhere)

    with a_building(elsewhere) as building:
        assert ask(building, "GET", "/readyz").status_code == 200
        postgresql_server.drop_database(url)
        ready = ask(building, "GET", "/readyz")
        page = ask(building, "GET", "/pay/some-token-of-an-order")

    assert (ready.status_code, ready.json()["database"]) == (503, "away")
    assert page.status_code == 503
    assert url not in page.text


def test_every_purpose_has_a_secret_of_its_own(settings: Settings) -> None:
    with a_building(settings) as building:
        secrets = {purpose: building.secret(purpose) for purpose in ("web", "gateways", "operators")}

    assert {len(secret) for secret in secrets.values()} == {32}
    assert len(set(secrets.values())) == 3


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/", "https://t.me/menling_bot"),
        ("/?start=i_ABCD", "https://t.me/menling_bot?start=i_ABCD"),
        ("/?start=https%3A%2F%2Fevil.example", "https://t.me/menling_bot"),
        ("/?start=" + "a" * 65, "https://t.me/menling_bot"),
    ],
)
def test_where_telegram_alone_takes_money_the_page_leads_to_the_bot(
    settings: Settings, asked: str, led_to: str
) -> None:
    paid_there = {"payments": "telegram", "telegram_name": "menling_bot", "telegram_provider_token": "284685063:TEST:x"}
    with a_building(
        settings.model_copy(update=read_settings(**TELEGRAM, **paid_there).model_dump(include={*TELEGRAM, *paid_there}))
    ) as building:
        answer = ask(building, "GET", asked)
        assert (answer.status_code, answer.headers["location"]) == (303, led_to)
        assert ask(building, "GET", "/web/start").status_code == 404
