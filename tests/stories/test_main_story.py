"""The main job told through every door, in Chinese and in English, on a house that really runs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stories.actors import Actor, PageActor, TelegramActor, WeChatActor
from tests.stories.running import Platforms, RunningHouse, a_running_house
from tests.stories.script import whole_story
from tests.stories.words import EN, ZH, Words

Made = Callable[[RunningHouse, Platforms, str, str], Actor]

DOORS: dict[str, Made] = {
    "page": lambda house, _platforms, lang, seat: PageActor(house, lang, seat),
    "telegram": lambda _house, platforms, lang, seat: TelegramActor(platforms, lang, seat),
    "wechat": lambda _house, platforms, lang, seat: WeChatActor(platforms, lang, seat),
}


@pytest.fixture(scope="module")
def platforms() -> Iterator[Platforms]:
    """Both platforms, simulated."""
    made = Platforms()
    yield made
    made.close()


@pytest.fixture(scope="module")
def house(platforms: Platforms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """One house on the embedded database for all stories of this module."""
    with a_running_house(tmp_path_factory.mktemp("house"), platforms=platforms) as running:
        yield running


@pytest.mark.timeout(600)
@pytest.mark.parametrize("w", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("door", DOORS)
def test_a_visit_is_booked_paid_done_reviewed_and_settled(
    house: RunningHouse, platforms: Platforms, door: str, w: Words
) -> None:
    """One script, every door, both languages, the same end."""
    name = {"page": ("秦师傅", "Paula"), "telegram": ("田师傅", "Tessa"), "wechat": ("魏师傅", "Wanda")}[door][w is EN]
    technician = DOORS[door](house, platforms, w.lang, "technician")
    customer = DOORS[door](house, platforms, w.lang, "customer")

    whole_story(house, customer, technician, w, name)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)
def test_the_same_story_holds_on_a_server_database(database_url: str, tmp_path: Path) -> None:
    """The page's story once more, on MariaDB and on PostgreSQL."""
    with a_running_house(tmp_path, platforms=None, database_url=database_url) as house:
        customer, technician = PageActor(house, "zh-Hans"), PageActor(house, "zh-Hans", "technician")
        whole_story(house, customer, technician, ZH, "钱师傅")
