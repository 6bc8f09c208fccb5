"""Pictures as bytes: what they are, how large they are, and smaller copies of them.

Whoever sent them may be hostile: only five kinds are opened, each by its own reader, and nothing is unpacked
that is larger than the cap. Run it where it may be killed.
"""

import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

# Named, so that Pillow has these at hand and never looks for the fifty others it knows.
READERS = (AvifImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)

PIXELS_AT_MOST = 25_000_000  # unpacking these takes up to 200 MB

# How the bytes of each kind of picture begin (SVG is a document with scripts, not a picture).
_BEGINNINGS = (
    (b"\xff\xd8\xff", b"", "image/jpeg", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", b"", "image/png", "PNG"),
    (b"GIF8", b"", "image/gif", "GIF"),
    (b"RIFF", b"WEBP", "image/webp", "WEBP"),
    (b"", b"ftypavif", "image/avif", "AVIF"),
)
# All of these were seen to come from readers of damaged pictures.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, EOFError, LookupError, RuntimeError, struct.error)
_ORIENTATION = 0x0112  # of EXIF: how the camera was held
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING = frozenset({5, 6, 7, 8})  # width and height are swapped
_QUALITY = {"JPEG": 80, "WEBP": 80}
_COLOURS = 2**12  # what has fewer is a drawing, which stays sharp

Size = tuple[int, int]  # width, height


class PictureError(ValueError):
    """These bytes are no picture that can be shown; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bitmap:
    """What is known of a picture by its bytes."""

    type: str  # "image/jpeg", …
    width: int  # as it is shown, not as the camera was held
    height: int


def picture_type(body: bytes) -> str | None:
    """Return the media type of a picture by its bytes, whatever it is called; None if it is none we show."""
    return next((type for type, _ in _kinds(body)), None)


def measure(body: bytes) -> Bitmap:
    """Return what bytes are, once the whole picture could be read; raises PictureError."""
    with _opened(body) as image:
        width, height = _shown_size(image)
        image.draft(None, (1, 1))  # a JPEG is read to its end all the same, but takes less memory
        image.load()
        return Bitmap(type=picture_type(body) or "", width=width, height=height)


def copies(body: bytes, sizes: Sequence[Size], kind: str) -> list[bytes]:
    """Return a picture in each size, as "JPEG" or "WEBP"; raises PictureError.

    The same bytes give the same copies, which hold the picture and nothing else: no place, no name of a
    camera, no bytes after its end.
    """
    with _opened(body) as image:
        largest = max(sizes)
        as_it_is = _kept(image) if kind == "JPEG" and largest == _shown_size(image) == image.size else b""
        turn = _orientation(image)
        image.draft(None, largest[::-1] if turn in _LYING else largest)
        upright = image.transpose(_UPRIGHT[turn]) if turn in _UPRIGHT else image
        top = _plain(upright, largest, alpha=kind != "JPEG")
        made = (_encoded(top if size == top.size else _scaled(top, size), kind) for size in sizes)
        return [
            min(filter(None, (copy, as_it_is if size == largest else b"")), key=len)
            for size, copy in zip(sizes, made, strict=True)
        ]


# --- opening --------------------------------------------------------------------------------------


def _kinds(body: bytes) -> Iterator[tuple[str, str]]:
    for start, inside, type, name in _BEGINNINGS:
        if body.startswith(start) and inside in body[4:12]:
            yield type, name


@contextmanager
def _opened(body: bytes) -> Iterator[ImageFile.ImageFile]:
    """Open a picture; whatever is wrong with it then or later is PictureError."""
    names = [name for _, name in _kinds(body)]
    if not names:
        raise PictureError("it is not a picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its size, which is judged here, and of odd metadata
            with Image.open(BytesIO(body), formats=names) as image:
                if image.width * image.height > PIXELS_AT_MOST:
                    raise PictureError(_too_large(image.size))
                yield image
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError(f"the picture has more than {PIXELS_AT_MOST // 10**6} million pixels") from error
    except _BROKEN as error:
        raise PictureError(f"the picture is broken ({error})") from error


def _too_large(size: Size) -> str:
    most = PIXELS_AT_MOST // 10**6
    return f"the picture has {size[0]} x {size[1]} pixels, more than {most} million"


def _orientation(image: Image.Image) -> int:
    try:
        said = image.getexif().get(_ORIENTATION)
    except _BROKEN:  # what is said beside a picture need not be sound
        return 1
    return said if isinstance(said, int) else 1


def _shown_size(image: Image.Image) -> Size:
    return image.size[::-1] if _orientation(image) in _LYING else image.size


# --- copies ---------------------------------------------------------------------------------------


def _kept(image: Image.Image) -> bytes:
    """Return a JPEG packed anew, its pixels and colours as they are; nothing where they would change."""
    if image.format != "JPEG" or _orientation(image) != 1 or image.mode not in ("RGB", "L"):
        return b""
    out = BytesIO()
    image.load()
    image.info.pop("comment", None)
    profile = image.info.get("icc_profile")
    image.save(out, "JPEG", quality="keep", optimize=True, progressive=True, icc_profile=profile)
    return out.getvalue()


def _plain(image: Image.Image, size: Size, *, alpha: bool) -> Image.Image:
    """Return a picture in a size and in the colours of the web, with nothing said beside it."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    see_through = image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info
    wanted = "RGBA" if see_through and alpha else "RGB"
    source = image if image.mode in ("RGB", "RGBA", "L", "CMYK") else image.convert(wanted)
    return _to_srgb(_scaled(source, size), profile, wanted)


def _scaled(image: Image.Image, size: Size) -> Image.Image:
    if image.size == size:
        return image.copy()
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _to_srgb(image: Image.Image, profile: bytes | None, mode: str) -> Image.Image:
    """Return the colours as screens show them; a profile that can't be read or is for others is left out."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            found = ImageCms.profileToProfile(image, source, target, outputMode=mode)
            image = found or image
        except (ImageCms.PyCMSError, *_BROKEN):
            pass
    return image if image.mode == mode else image.convert(mode)


def _encoded(image: Image.Image, kind: str) -> bytes:
    image.info.clear()  # comments and profiles would be written too
    if kind == "JPEG":
        return _saved(image, kind, quality=_QUALITY[kind], optimize=True, progressive=True)
    photo = _saved(image, kind, quality=_QUALITY[kind], method=4)
    if image.getcolors(_COLOURS) is None:
        return photo
    return min(photo, _saved(image, kind, lossless=True, method=4), key=len)


def _saved(image: Image.Image, kind: str, **how: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()
