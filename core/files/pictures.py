"""Pictures as they arrive: bounded, decoded, and written anew, so that nothing but the picture itself is kept."""

import io
import os
import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image, ImageOps

from core.errors import BookingError

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 30_000_000
MOST_UNPACKED = 16_000_000
"""Pixels of anything but a JPEG: it is opened whole, see-through pixels twice."""

LONGEST_SIDE = 2048
MOST_WORK = 20 * MOST_PIXELS
"""Pixels a JPEG may let us go over in all its passes: an honest one has about ten, a hostile one thousands."""

# Pillow refuses by itself to unpack much more than this (a few kilobytes can claim gigapixels).
Image.MAX_IMAGE_PIXELS = MOST_PIXELS

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "MPO")
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, OverflowError, TypeError, struct.error)
_QUALITY = 88
_SCAN = b"\xff\xda"


class _Hands:
    """One thread that opens pictures, one after the other.

    Open, the largest takes 130 MB, and what a thread has freed the C library keeps for that thread: with many threads
    a few large pictures would take the machine's memory for good.
    """

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin anew, as a process must that was forked: threads do not come along."""
        self.thread = ThreadPoolExecutor(1, "pictures")


_hands = _Hands()
os.register_at_fork(after_in_child=_hands.renew)


class PictureRefused(BookingError):
    """What was sent cannot be kept as a picture; `reason` is too_big, too_many_pixels, moving or unreadable."""

    code = "picture_refused"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that passed: image/jpeg or image/png, without the sender's EXIF."""

    mime: str
    body: bytes


def check_picture(raw: bytes) -> Picture:
    """Return a clean copy of a JPEG (30 million pixels), PNG, WebP or GIF (16 million); raises PictureRefused.

    At most 8 MB and one frame; one picture is opened at a time.
    """
    if len(raw) > MOST_BYTES:
        raise PictureRefused(reason="too_big")
    return _hands.thread.submit(_checked, raw).result()


def _checked(raw: bytes) -> Picture:
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as image:
            if image.width * image.height * raw.count(_SCAN) > MOST_WORK:
                raise PictureRefused(reason="too_many_pixels")
            return _clean(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused(reason="too_many_pixels") from None
    except _BROKEN:
        raise PictureRefused(reason="unreadable") from None


def _clean(image: Image.Image) -> Picture:
    as_png = image.format not in {"JPEG", "MPO"}
    if image.width * image.height > (MOST_UNPACKED if as_png else MOST_PIXELS):
        raise PictureRefused(reason="too_many_pixels")
    # A phone's JPEG may carry a second picture (depth, preview) beside the first; a film is another matter.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise PictureRefused(reason="moving")
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a big JPEG is scaled while it is decoded
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first: turning copies, and small ones are cheap to copy
    upright = ImageOps.exif_transpose(image)
    see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.info = {}  # colour profiles and text chunks would be written again otherwise
    out = io.BytesIO()
    if as_png:
        plain.save(out, "PNG", optimize=False)
        return Picture("image/png", out.getvalue())
    plain.save(out, "JPEG", quality=_QUALITY)
    return Picture("image/jpeg", out.getvalue())
