import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from core import files, people
from core.db import Database
from core.errors import NotFound, PersonErased, StateConflict
from core.files import FilePurpose, FileState, Picture, PictureRefused, check_picture
from tests.builders import NOW, a_person

GPS = 0x8825


def a_picture(size: tuple[int, int] = (40, 30), *, kind: str = "JPEG", mode: str = "RGB", **saved: object) -> bytes:
    out = io.BytesIO()
    colour: object = (200, 120, 90, 128) if mode == "RGBA" else (200, 120, 90)
    Image.new(mode, size, colour).save(out, kind, **saved)  # type: ignore[arg-type]
    return out.getvalue()


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.body))
    image.load()
    return image


def a_png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_a_photo_is_kept_without_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CanaryCamera"
    exif.get_ifd(GPS)[2] = (30.0, 39.0, 26.0)
    raw = a_picture(exif=exif.tobytes(), comment=b"canary comment")
    assert b"CanaryCamera" in raw

    clean = check_picture(raw)

    assert clean.mime == "image/jpeg"
    assert b"CanaryCamera" not in clean.body
    assert b"canary" not in clean.body
    assert not opened(clean).getexif()


def test_a_photo_held_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    assert opened(check_picture(a_picture((40, 30), exif=exif.tobytes()))).size == (30, 40)


def test_a_big_photo_is_scaled_to_2048_on_the_longest_side() -> None:
    assert opened(check_picture(a_picture((4000, 1000)))).size == (2048, 512)
    assert opened(check_picture(a_picture((1000, 4000), kind="PNG"))).size == (512, 2048)


def test_what_can_be_seen_through_stays_so() -> None:
    clean = check_picture(a_picture(kind="PNG", mode="RGBA"))

    assert clean.mime == "image/png"
    assert opened(clean).mode == "RGBA"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_the_formats_of_phones_and_browsers_are_taken(kind: str) -> None:
    assert opened(check_picture(a_picture(kind=kind))).size == (40, 30)


def refused(raw: bytes) -> str:
    with pytest.raises(PictureRefused) as refusal:
        check_picture(raw)
    return str(refusal.value.facts["reason"])


@pytest.mark.parametrize(
    "raw", [b"", b"<svg/>", b"%PDF-1.7", b"\xff\xd8\xff", a_picture()[:200], a_picture(kind="BMP")]
)
def test_what_is_no_whole_picture_is_unreadable(raw: bytes) -> None:
    assert refused(raw) == "unreadable"


def test_more_than_eight_megabytes_are_too_big() -> None:
    assert refused(a_picture() + b"\0" * 8 * 1024 * 1024) == "too_big"


@pytest.mark.parametrize("side", [5_500, 6_500, 9_000, 65_000])
def test_a_small_file_that_unpacks_to_a_giant_is_refused_before_it_does(side: int) -> None:
    assert refused(a_png_that_claims(side, side)) == "too_many_pixels"


def test_bytes_that_look_like_a_jpegs_passes_count_in_a_jpeg_alone() -> None:
    noise = PngImagePlugin.PngInfo()
    noise.add(b"prVt", b"\xff\xda" * 1000)
    out = io.BytesIO()
    Image.new("L", (1000, 700)).save(out, "PNG", pnginfo=noise)

    assert opened(check_picture(out.getvalue())).size == (1000, 700)


def test_a_moving_picture_is_refused() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (0, 120, 240)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])

    assert refused(out.getvalue()) == "moving"


def test_a_picture_is_kept_sealed_and_read_back(any_database: Database) -> None:
    person = any_database.run(a_person)
    picture = check_picture(a_picture((600, 400)))

    kept = any_database.run(
        lambda tx: files.keep(tx, person.id, purpose=FilePurpose.CERTIFICATE, picture=picture, now=NOW)
    )

    assert any_database.read(lambda tx: files.body(tx, kept)) == ("image/jpeg", picture.body)
    assert any_database.read(lambda tx: files.file_owner(tx, kept)) == person.id
    seen = any_database.read(lambda tx: files.file(tx, kept))
    assert (seen.purpose, seen.state, seen.size) == ("certificate", FileState.KEPT, len(picture.body))


def test_an_expected_picture_is_there_once_it_was_fetched(any_database: Database) -> None:
    person = any_database.run(a_person)
    picture = check_picture(a_picture())
    awaited = any_database.run(lambda tx: files.expect(tx, person.id, purpose="review", now=NOW))
    with pytest.raises(NotFound):
        any_database.read(lambda tx: files.body(tx, awaited))

    any_database.run(lambda tx: files.fill(tx, awaited, picture, NOW))

    assert any_database.read(lambda tx: files.body(tx, awaited)) == ("image/jpeg", picture.body)
    with pytest.raises(StateConflict):
        any_database.run(lambda tx: files.fill(tx, awaited, picture, NOW))
    assert not any_database.run(lambda tx: files.fail(tx, awaited))


def test_a_picture_given_up_never_comes(database: Database) -> None:
    person = database.run(a_person)
    awaited = database.run(lambda tx: files.expect(tx, person.id, purpose="review", now=NOW))

    assert database.run(lambda tx: files.fail(tx, awaited))

    with pytest.raises(StateConflict):
        database.run(lambda tx: files.fill(tx, awaited, check_picture(a_picture()), NOW))


def test_an_erased_persons_pictures_are_gone(database: Database) -> None:
    person = database.run(a_person)
    picture = check_picture(a_picture())
    kept = database.run(lambda tx: files.keep(tx, person.id, purpose="review", picture=picture, now=NOW))

    database.run(lambda tx: people.erase(tx, person.id, NOW))

    with pytest.raises(PersonErased):
        database.read(lambda tx: files.body(tx, kept))
    with pytest.raises(NotFound):
        database.read(lambda tx: files.body(tx, 1))
