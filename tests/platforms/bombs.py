"""Pictures that are small to send and large to open, or that are no pictures at all."""

import io
import struct
import zlib
from collections.abc import Callable, Mapping

from PIL import Image

_PNG = b"\x89PNG\r\n\x1a\n"


BOMBS: Mapping[str, Callable[[], bytes]] = {
    "a PNG that unpacks to 312 MB": lambda: _png(50_000, 50_000, depth=1, kind=0),
    "a PNG that claims 2 billion pixels": lambda: _png_claim(46_000, 46_000),
    "a PNG of one line two billion wide": lambda: _png_claim(2_000_000_000, 1),
    "a PNG without size": lambda: _png_claim(0, 0),
    "a PNG with a bomb for a text": lambda: _png_with(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"a" * 80_000_000)),
    "a PNG with a bomb for a profile": lambda: _png_with(b"iCCP", b"p\x00\x00" + zlib.compress(bytes(80_000_000))),
    "a PNG of 30 million see-through pixels": lambda: _png(5_400, 5_400, depth=32, kind=6),
    "a PNG as large as it may be": lambda: _png(4_000, 4_000, depth=32, kind=6),
    "a JPEG as large as it may be": lambda: _flat_jpeg(6_000, 4_990),
    "a PNG of many frames": lambda: _animated("PNG", 200),
    "a GIF of ten thousand frames": lambda: _gif(10_000),
    "a GIF that claims 65,535 squared": lambda: b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(24),
    "a moving WebP": lambda: _animated("WEBP", 50),
    "a JPEG that claims 65,500 squared": lambda: _jpeg_claim(_small("JPEG"), 65_500, 65_500),
    "a JPEG of three hundred passes": lambda: _passes(300),
    "a JPEG cut in the middle": lambda: _small("JPEG")[: len(_small("JPEG")) // 2],
    "a JPEG with a page behind it": lambda: _small("JPEG") + b"<html><script>alert(1)</script></html>",
    "a JPEG with an archive behind it": lambda: _small("JPEG") + b"PK\x03\x04" + bytes(2000),
    "a GIF that is a script": lambda: b"GIF89a/*" + b"*/=1;alert(1)//" + bytes(100),
    "a PNG with a script in front": lambda: b"<script>alert(1)</script>" + _small("PNG"),
    "a page named as a picture": lambda: b"<!doctype html><img src=x onerror=alert(1)>",
    "a drawing with scripts": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a PDF": lambda: b"%PDF-1.7\n" + bytes(5000),
    "a TIFF": lambda: _small("TIFF"),
    "a BMP of a gigapixel": lambda: b"BM" + struct.pack("<IIIIiiHH", 54, 0, 54, 40, 40_000, 40_000, 1, 24) + bytes(24),
    "a programme": lambda: b"\x7fELF" + bytes(5000),
    "nothing": lambda: b"",
    "zeros": lambda: bytes(100_000),
    "20 MB of noise behind a true head": lambda: _small("JPEG") + b"\x01\x02\x03\x04" * 5_300_000,
    "an EXIF block that points into itself": lambda: _bad_exif(_small("JPEG")),
}
"""Every bomb by its name, made when it is wanted: some take a second to pack."""


def _small(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 80, 80)).save(out, kind)
    return out.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _header(width: int, height: int, depth: int = 8, kind: int = 2) -> bytes:
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))


def _png(width: int, height: int, *, depth: int, kind: int) -> bytes:
    packer, line = zlib.compressobj(9), bytes(1 + width * depth // 8)  # a byte of filter before each line
    body = b"".join(packer.compress(line * 100) for _ in range(height // 100)) + packer.flush()
    return _PNG + _header(width, height, min(depth, 8), kind) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _png_claim(width: int, height: int) -> bytes:
    return _PNG + _header(width, height) + _chunk(b"IDAT", zlib.compress(bytes(1000))) + _chunk(b"IEND", b"")


def _png_with(name: bytes, data: bytes) -> bytes:
    line = zlib.compress(bytes(1 + 8 * 3) * 8)
    return _PNG + _header(8, 8) + _chunk(name, data) + _chunk(b"IDAT", line) + _chunk(b"IEND", b"")


def _animated(kind: str, frames: int) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new("RGB", (16, 16), (n % 255, n * 7 % 255, 90)) for n in range(frames)]
    pictures[0].save(out, kind, save_all=True, append_images=pictures[1:])
    return out.getvalue()


def _gif(frames: int) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", 2_000, 2_000, 0x80, 0, 0) + bytes(6)
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + frame * frames + b"\x3b"


def _jpeg_claim(jpeg: bytes, width: int, height: int) -> bytes:
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def _passes(count: int) -> bytes:
    """A progressive picture of 25 million pixels whose passes over all of them are repeated."""
    out = io.BytesIO()
    Image.new("L", (5_000, 5_000), 128).save(out, "JPEG", progressive=True, quality=50)
    raw = out.getvalue()
    scan = raw.rindex(b"\xff\xda")
    return raw[:scan] + raw[scan:-2] * count + raw[-2:]


def _flat_jpeg(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 200)).save(out, "JPEG", progressive=True, quality=40)
    return out.getvalue()


def _bad_exif(jpeg: bytes) -> bytes:
    loop = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\xff\xff\xff\xff\x00\x00\x00\x08" + bytes(4)
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(loop) + 2) + loop + jpeg[2:]
