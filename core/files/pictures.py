"""Pictures as they arrive: bounded, opened in a process of their own, and written anew without anything else."""

from dataclasses import dataclass
from typing import Final

from core.errors import BookingError
from core.files.opening import Ended, opened

MOST_BYTES: Final = 8 * 1024 * 1024
_MIME: Final = {b"J": "image/jpeg", b"P": "image/png"}


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

    At most 8 MB and one frame; two pictures are opened at a time. TimeoutError when the machine was too busy for it:
    that is not the picture's fault, and another try may do.
    """
    if len(raw) > MOST_BYTES:
        raise PictureRefused(reason="too_big")
    try:
        letter, body = opened(raw)
    except Ended as ended:
        if ended.was_late:
            raise TimeoutError("nobody could open the picture in time") from None
        raise PictureRefused(reason="unreadable") from None
    if letter == b"R":
        raise PictureRefused(reason=body.decode())
    return Picture(_MIME[letter], body)
