"""Pictures as they arrive: bounded, decoded, and written anew, so that nothing but the picture itself is kept."""

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageOps

from core.errors import BookingError

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 30_000_000
LONGEST_SIDE = 2048

# Pillow refuses by itself to unpack much more than this (a few kilobytes can claim gigapixels).
Image.MAX_IMAGE_PIXELS = MOST_PIXELS

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "MPO")
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, OverflowError, TypeError, struct.error)
_QUALITY = 88


class PictureRefused(BookingError):
    """What was sent cannot be kept as a picture; `reason` is too_big, too_many_pixels, moving or unreadable."""

    code = "picture_refused"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that passed: image/jpeg or image/png, without the sender's EXIF."""

    mime: str
    body: bytes


def check_picture(raw: bytes) -> Picture:
    """Return a clean copy of a JPEG, PNG, WebP or GIF (8 MB, 30 million pixels, one frame); raises PictureRefused."""
    if len(raw) > MOST_BYTES:
        raise PictureRefused(reason="too_big")
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as image:
            return _clean(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused(reason="too_many_pixels") from None
    except _BROKEN:
        raise PictureRefused(reason="unreadable") from None


def _clean(image: Image.Image) -> Picture:
    if image.width * image.height > MOST_PIXELS:
        raise PictureRefused(reason="too_many_pixels")
    # A phone's JPEG may carry a second picture (depth, preview) beside the first; a film is another matter.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise PictureRefused(reason="moving")
    as_png = image.format not in {"JPEG", "MPO"}
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a big JPEG is scaled while it is decoded
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.info = {}  # colour profiles and text chunks would be written again otherwise
    out = io.BytesIO()
    if as_png:
        plain.save(out, "PNG", optimize=False)
        return Picture("image/png", out.getvalue())
    plain.save(out, "JPEG", quality=_QUALITY)
    return Picture("image/jpeg", out.getvalue())
