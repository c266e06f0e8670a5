"""Pictures made to hurt: each is refused or cleaned within seconds, in little memory, and the door goes on."""

import io
import json
import resource
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from core.files import PictureRefused, check_picture
from menling.fetching import fetch_due
from simulators.tinypng import plain_png
from tests.platforms.bombs import BOMBS
from tests.platforms.house import House, a_text

pytestmark = [
    pytest.mark.anyio,
    # Pillow says so of the block that points into itself, and leaves it out.
    pytest.mark.filterwarnings("ignore:Tag data larger than file"),
]

MOST_MB = 200
MOST_SECONDS = 3.0
HARMLESS = {
    "a PNG as large as it may be",
    "a JPEG as large as it may be",
    "a JPEG with a page behind it",
    "a JPEG with an archive behind it",
    "an EXIF block that points into itself",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_or_cleaned_in_time_and_in_little_memory(name: str) -> None:
    raw = BOMBS[name]()
    before, started = _megabytes(), time.process_time()
    kept = _kept(raw)
    assert (kept is not None) == (name in HARMLESS)
    if kept is not None:
        assert b"script" not in kept
        assert b"PK\x03\x04" not in kept
        with Image.open(io.BytesIO(kept)) as image:
            assert max(image.size) <= 2048

    assert time.process_time() - started <= MOST_SECONDS
    assert _megabytes() - before <= MOST_MB


def test_eight_of_the_largest_at_once_take_no_more_memory_than_one() -> None:
    large = BOMBS["a PNG as large as it may be"]()
    before = _megabytes()
    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(check_picture, [large] * 8))

    assert len(kept) == 8
    assert _megabytes() - before <= MOST_MB


async def test_bombs_through_the_telegram_door_are_refused_and_a_true_picture_after_them_is_kept(house: House) -> None:
    person = house.telegram.user("Ming")
    for data in [*(made for make in BOMBS.values() if len(made := make()) > 20), plain_png(300, 200)]:
        await person.sends_document(data, name="picture.png", mime_type="image/png")
        raw = _newest_update(house)
        assert (await house.update(raw)).status == 200
        await house.quiet()
    while await fetch_due(house.db, {"telegram": house.telegram_door}, house.clock):
        await house.quiet()

    assert house.troubles.seen == []
    assert (await house.telegram_says(person.id, "多少钱")).status == 200


async def test_bombs_through_the_wechat_door_are_refused_and_the_door_goes_on(house: House) -> None:
    await house.wechat_tells(a_text("oLinXiao0000000000000000001", "你好"))
    for name, make in BOMBS.items():
        data = make()
        if len(data) > 20:
            media = house.wechat._platform.store_media(data, kind="image")
            fetched = await _fetched(house, f"{media.media_id} ")
            assert fetched is None or len(fetched) <= 8 * 1024 * 1024, name
    assert await _fetched(house, "gone http://127.0.0.1:9/inside") is None
    assert await _fetched(house, " file:///etc/passwd") is None
    assert house.troubles.seen == []


async def _fetched(house: House, ref: str) -> bytes | None:
    try:
        return await house.wechat_door.fetch("main", ref)
    except OSError:
        return None


def _kept(raw: bytes) -> bytes | None:
    try:
        return check_picture(raw).body
    except PictureRefused:
        return None


def _newest_update(house: House) -> bytes:
    return json.dumps(next(reversed(house.telegram._feed.history.values())).body).encode()


def _megabytes() -> float:
    """The most memory this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
