"""A picture made on the spot, for people who poke the simulators by hand."""

import struct
import zlib


def plain_png(width: int = 64, height: int = 64, *, colour: tuple[int, int, int] = (214, 92, 92)) -> bytes:
    """A PNG of one colour; sizes in pixels."""
    line = b"\x00" + bytes(colour) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(line * height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
