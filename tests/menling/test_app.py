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
from menling.config import Settings, read_settings
from menling.demo.control import CityControl
from menling.demo.data import read_demo
from menling.opening import migrate, opened
from tests.servers import PostgreSQL

TELEGRAM: dict[str, object] = {
    "telegram_token": "700000001:simulated-bot-token",
    "telegram_secret": "0123456789abcdef",
    "telegram_api_base": "http://127.0.0.1:9",
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


def test_doors_without_tokens_are_not_there(settings: Settings) -> None:
    with a_building(settings) as building:
        assert ask(building, "POST", "/telegram/main").status_code == 404
        assert ask(building, "GET", "/wechat/main").status_code == 404


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
