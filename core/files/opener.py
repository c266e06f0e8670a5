"""Opens pictures, one after the other, in a process of its own: run as a programme by `core.files.opening`.

It gets a length and the bytes on standard input, and answers with a letter (J or P: a clean JPEG or PNG; R: refused),
a length, and the picture or the reason. It reads no settings, opens no files and imports nothing of the house, so
whatever a picture does costs this process alone: more memory or time than a picture may take ends it.
"""

import io
import resource
import select
import struct
import sys
import time
from contextlib import suppress
from typing import BinaryIO, Final

from PIL import GifImagePlugin, Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

MOST_PIXELS: Final = 30_000_000
MOST_UNPACKED: Final = 16_000_000
"""Pixels of anything but a JPEG: it is opened whole, see-through pixels twice."""

LONGEST_SIDE: Final = 2048
MOST_WORK: Final = 20 * MOST_PIXELS
"""Pixels a JPEG may let us go over in all its passes: an honest one has about ten, a hostile one thousands."""

MOST_MEMORY: Final = 384 * 1024 * 1024
"""Bytes of address space; the largest picture that is taken, a see-through WebP, needs 310 MB of them."""

MOST_SECONDS: Final = 4
"""Of processor time for one picture; the largest that is taken needs about one."""

_TIRED_KILOBYTES: Final = 160 * 1024
"""What was freed the C library keeps: whoever has had so much leaves, and the next picture finds a fresh one."""
_IDLE_SECONDS: Final = 60.0
_FORMATS: Final = tuple(
    plugin.format
    for plugin in (
        JpegImagePlugin.JpegImageFile,
        PngImagePlugin.PngImageFile,
        WebPImagePlugin.WebPImageFile,
        GifImagePlugin.GifImageFile,
        MpoImagePlugin.MpoImageFile,
    )
)
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    OverflowError,
    TypeError,
    struct.error,
)
_OF_PASSES: Final = frozenset({"JPEG", "MPO"})  # in others two bytes that look like a pass are chance
_QUALITY: Final = 88
_SCAN: Final = b"\xff\xda"
_HEAD: Final = struct.Struct(">cI")
_LENGTH: Final = struct.Struct(">I")

# Pillow refuses by itself to unpack much more than this (a few kilobytes can claim gigapixels).
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class _Refused(Exception):
    """It cannot be kept as a picture; the message is the reason."""


def main() -> None:
    """Answer until nobody asks any more, or nobody has asked for a minute."""
    _confine()
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while select.select([asked], [], [], _IDLE_SECONDS)[0]:
        head = asked.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return
        _answer(answers, asked.read(_LENGTH.unpack(head)[0]))
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > _TIRED_KILOBYTES:
            return


def _confine() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError, OSError):  # some systems know no such limit
            resource.setrlimit(limit, (most, most))


def _answer(answers: BinaryIO, raw: bytes) -> None:
    end = int(time.process_time()) + 1 + MOST_SECONDS  # the system counts the seconds of the whole process
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]  # a house that is given less by its system may not ask for more
    resource.setrlimit(resource.RLIMIT_CPU, (end if hard == resource.RLIM_INFINITY else min(end, hard), hard))
    try:
        kind, body = _opened(raw)
    except _Refused as refused:
        kind, body = b"R", str(refused).encode()
    answers.write(_HEAD.pack(kind, len(body)))
    answers.write(body)
    answers.flush()


def _opened(raw: bytes) -> tuple[bytes, bytes]:
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as image:
            passes = raw.count(_SCAN) if image.format in _OF_PASSES else 1
            if image.width * image.height * passes > MOST_WORK:
                raise _Refused("too_many_pixels")
            return _clean(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise _Refused("too_many_pixels") from None
    except _BROKEN:
        raise _Refused("unreadable") from None


def _clean(image: Image.Image) -> tuple[bytes, bytes]:
    as_png = image.format not in _OF_PASSES
    if image.width * image.height > (MOST_UNPACKED if as_png else MOST_PIXELS):
        raise _Refused("too_many_pixels")
    # A phone's JPEG may carry a second picture (depth, preview) beside the first; a film is another matter.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise _Refused("moving")
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a big JPEG is scaled while it is decoded
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first: turning copies, and small ones are cheap to copy
    upright = ImageOps.exif_transpose(image)
    see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.info = {}  # colour profiles and text chunks would be written again otherwise
    out = io.BytesIO()
    if as_png:
        plain.save(out, "PNG", optimize=False)
        return b"P", out.getvalue()
    plain.save(out, "JPEG", quality=_QUALITY)
    return b"J", out.getvalue()


if __name__ == "__main__":
    main()
