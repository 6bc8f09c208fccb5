"""Pictures made for tests: real ones of every kind, and hostile ones."""

import struct
import zlib
from io import BytesIO

from PIL import Image

MIB = 2**20


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (640, 420), *, mode: str = "RGB", seed: int = 1, **how: object
) -> bytes:
    """Return a picture with soft shapes, another one for each seed."""
    small = Image.new("RGB", (8, 6))
    small.putdata([((x * 37 * seed) % 256, (x * 91 + seed) % 256, (x * 13) % 256) for x in range(48)])
    out = BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).convert(mode).save(out, kind, **how)
    return out.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """Return a small PNG that says it is enormous."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * MIB)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    )


def moving(frames: int = 3, size: tuple[int, int] = (120, 80)) -> bytes:
    """Return an animated GIF."""
    first, *others = (Image.new("RGB", size, (n * 40 % 256, n * 90 % 256, 80)) for n in range(frames))
    out = BytesIO()
    first.save(out, "GIF", save_all=True, append_images=others, duration=100, loop=0)
    return out.getvalue()


def size_of(body: bytes) -> tuple[int, int]:
    """Return the width and height of a picture."""
    with Image.open(BytesIO(body)) as image:
        return image.size
