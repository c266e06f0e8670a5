"""Pictures made to hurt: each is refused or cleaned within seconds, in little memory, and the door goes on."""

import io
import json
import os
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from core.files import PictureRefused, check_picture, opening
from menling.fetching import fetch_due
from simulators.tinypng import plain_png
from tests.platforms.bombs import BOMBS
from tests.platforms.house import House, a_text

pytestmark = pytest.mark.anyio

MOST_MB = 30
MOST_SECONDS = 3.0
HARMLESS = {
    "a PNG as large as it may be",
    "a JPEG as large as it may be",
    "a JPEG with a page behind it",
    "a JPEG with an archive behind it",
    "an EXIF block that points into itself",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_or_cleaned_in_time_and_takes_no_memory_of_ours(name: str) -> None:
    raw = BOMBS[name]()
    opening._end()
    before, spent = _megabytes(), _seconds_of_children()
    kept = _kept(raw)
    assert (kept is not None) == (name in HARMLESS)
    if kept is not None:
        assert b"script" not in kept
        assert b"PK\x03\x04" not in kept
        with Image.open(io.BytesIO(kept)) as image:
            assert max(image.size) <= 2048

    opening._end()
    assert _seconds_of_children() - spent <= MOST_SECONDS
    assert _megabytes() - before <= MOST_MB


def test_eight_of_the_largest_at_once_are_opened_by_two_who_leave_afterwards() -> None:
    large = BOMBS["a PNG as large as it may be"]()
    before = _megabytes()
    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(check_picture, [large] * 8))

    assert len(kept) == 8
    assert _megabytes() - before <= MOST_MB
    assert len(opening._pool.all) == 2
    assert [one._process.wait(60) for one in opening._pool.all if one._process is not None] in ([0], [0, 0])
    assert check_picture(plain_png(30, 20)).mime == "image/png"


_HOLED = """
import os, sys
sys.path.insert(0, {folder!r})
import opener

def opened(raw, honest=opener._opened):
    if raw == b"hole":
        {does}
    return honest(raw)

opener._opened, opener.MOST_SECONDS = opened, 0
opener.main()
"""


@pytest.mark.parametrize(
    "does",
    [
        "while True: pass",
        "kept = [bytes(10**8) for _ in range(10)]",
        "os.kill(os.getpid(), 11)",
        "open({never!r}, 'wb').write(bytes(10))",
    ],
)
def test_what_a_picture_could_do_to_who_opens_it_is_done_to_a_process_of_its_own(
    does: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hole in the decoder, as if one had been found: the next picture is opened as ever."""
    never, holed = tmp_path / "never", tmp_path / "holed.py"
    words = _HOLED.format(folder=str(Path(opening.__file__).parent), does=does.format(never=str(never)))
    holed.write_text(words, "utf-8")
    opening._end()
    monkeypatch.setattr(opening, "_PROGRAMME", holed)
    monkeypatch.setattr(opening, "_LATE_SECONDS", 60.0)

    with pytest.raises(PictureRefused) as refusal:
        check_picture(b"hole")

    assert refusal.value.facts["reason"] == "unreadable"
    assert not never.exists() or never.stat().st_size == 0
    assert check_picture(plain_png(30, 20)).mime == "image/png"
    opening._end()


def test_who_is_given_no_time_by_the_machine_is_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    opening._end()
    monkeypatch.setattr(opening, "_LATE_SECONDS", 0.0)
    with pytest.raises(TimeoutError):
        check_picture(plain_png(30, 20))

    monkeypatch.undo()
    assert check_picture(plain_png(30, 20)).mime == "image/png"


def test_who_has_left_for_want_of_work_is_replaced_unseen() -> None:
    check_picture(plain_png(30, 20))
    for one in opening._pool.all:
        if one._process is not None and one._process.stdin is not None:
            one._process.stdin.close()  # as it looks when nobody has asked for a minute
            one._process.stdin = Path(os.devnull).open("wb", buffering=0)  # noqa: SIM115  closed with the process
            one._process.wait(60)

    assert check_picture(plain_png(30, 20)).mime == "image/png"


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


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
