"""Pictures by their bytes: what they are, how large, copies of them, and hostile ones."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms

from dibao import bitmaps
from dibao.bitmaps import PIXELS_AT_MOST, Bitmap, PictureError, copies, measure
from tests.pictures import bomb, moving, picture, size_of

SECRET = "Dibao Camera 1"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='640' height='420'><script>alert(1)</script></svg>"


def opened(body: bytes) -> Image.Image:
    image = Image.open(BytesIO(body))
    image.load()
    return image


def photo(orientation: int, size: tuple[int, int] = (900, 600), kind: str = "JPEG") -> bytes:
    """Return a photo as a camera makes it: with its name, the place, and how it was held."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = SECRET, orientation
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (25.0, 2.0, 3.0)
    return picture(kind, size, exif=exif)


# --- what it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "mode", "type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "1", "image/png"),
        ("GIF", "P", "image/gif"),
        ("WEBP", "RGB", "image/webp"),
        ("AVIF", "RGB", "image/avif"),
    ],
)
def test_a_picture_tells_its_type_and_size_by_its_bytes(kind: str, mode: str, type: str) -> None:
    body = picture(kind, (321, 123), mode=mode)
    assert measure(body) == Bitmap(type=type, width=321, height=123)


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (900, 600)), (3, (900, 600)), (6, (600, 900)), (8, (600, 900))]
)
def test_a_photo_has_the_size_in_which_it_is_shown(orientation: int, size: tuple[int, int]) -> None:
    found = measure(photo(orientation))
    assert (found.width, found.height) == size


def test_bytes_behind_a_picture_don_t_make_it_something_else() -> None:
    assert measure(picture() + b"<script>alert(1)</script>").type == "image/jpeg"


@pytest.mark.parametrize(
    "body",
    [b"", b"GIF", b"<html>login</html>", SVG, b"%PDF-1.7", b"BM" + bytes(60), b"II*\0" + bytes(60)],
    ids=["nothing", "stump", "html", "svg", "pdf", "bmp", "tiff"],
)
def test_what_is_no_picture_is_none_whatever_it_is_called(body: bytes) -> None:
    with pytest.raises(PictureError, match="it is not a picture"):
        measure(body)


# --- hostile --------------------------------------------------------------------------------------


def test_a_bomb_is_not_unpacked() -> None:
    body = bomb(60_000, 60_000)
    assert len(body) < 2000
    with pytest.raises(PictureError, match="more than 25 million"):
        measure(body)
    with pytest.raises(PictureError, match="more than 25 million"):
        copies(body, [(480, 480)], "WEBP")


def test_a_picture_just_above_the_cap_is_refused_by_its_head_alone() -> None:
    side = int(PIXELS_AT_MOST**0.5) + 1
    with pytest.raises(PictureError, match=f"{side} x {side} pixels"):
        measure(bomb(side, side))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_picture_that_stops_short_is_broken(kind: str, share: float) -> None:
    body = picture(kind, (640, 420), mode="P" if kind == "GIF" else "RGB")
    with pytest.raises(PictureError):
        measure(body[: int(len(body) * share)])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_damage_anywhere_is_a_picture_or_a_picture_error_and_never_else(kind: str) -> None:
    body = picture(kind, (64, 48), mode="P" if kind == "GIF" else "RGB")
    for at in range(12, len(body), max(len(body) // 60, 1)):
        damaged = bytearray(body)
        damaged[at] ^= 0xFF
        try:
            found = measure(bytes(damaged))
            copies(bytes(damaged), [(min(found.width, 480), min(found.height, 480))], "WEBP")
        except PictureError:
            pass


def test_a_huge_animation_costs_no_more_than_its_first_frame() -> None:
    body = moving(frames=400, size=(200, 100))
    assert measure(body) == Bitmap(type="image/gif", width=200, height=100)


def test_odd_words_beside_a_picture_don_t_break_it() -> None:
    sound = picture("JPEG", (64, 48))
    exif = b"\xff\xe1\x00\x20Exif\x00\x00MM\x00*\xff\xff\xff\xff" + b"\xee" * 16
    body = sound[:2] + exif + sound[2:]
    assert measure(body) == Bitmap(type="image/jpeg", width=64, height=48)
    assert size_of(copies(body, [(32, 24)], "JPEG")[0]) == (32, 24)


# --- copies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_copies_have_the_sizes_asked_for_and_are_the_same_every_time(kind: str) -> None:
    body = picture("JPEG" if kind == "JPEG" else "PNG", (1200, 800))
    sizes = [(480, 320), (960, 640), (1200, 800)]
    made = copies(body, sizes, kind)
    assert [size_of(copy) for copy in made] == sizes
    assert {opened(copy).format for copy in made} == {kind}
    assert len(made[0]) < len(made[1]) < len(made[2])
    assert copies(body, sizes, kind) == made


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("sizes", [[(600, 900)], [(480, 720), (600, 900)], [(480, 720)]], ids=str)
def test_a_copy_stands_upright_and_tells_neither_place_nor_camera(
    kind: str, sizes: list[tuple[int, int]]
) -> None:
    body = photo(6, kind=kind)
    assert SECRET.encode() in body
    for copy, size in zip(copies(body, sizes, kind), sizes, strict=True):
        assert size_of(copy) == size
        assert SECRET.encode() not in copy
        assert not dict(opened(copy).getexif())


def test_a_jpeg_shown_in_its_own_size_tells_nothing_either() -> None:
    body = photo(1)
    (copy,) = copies(body, [(900, 600)], "JPEG")
    assert SECRET.encode() not in copy
    assert not dict(opened(copy).getexif())


def test_what_was_hidden_behind_a_picture_is_not_copied() -> None:
    body = picture(comment=b"<script>alert(1)</script>") + b"<script>alert(2)</script>PK\x03\x04"
    for size in ((640, 420), (320, 210)):
        (copy,) = copies(body, [size], "JPEG")
        assert b"script" not in copy
        assert copy.endswith(b"\xff\xd9")


def test_the_largest_copy_of_a_jpeg_is_hardly_larger_than_itself() -> None:
    for quality in (30, 60, 95):
        body = picture("JPEG", (900, 600), quality=quality)
        (copy,) = copies(body, [(900, 600)], "JPEG")
        assert len(copy) <= len(body) + 100


def test_what_can_be_seen_through_stays_so_as_webp() -> None:
    image = Image.new("RGBA", (200, 100), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 100, 100))
    out = BytesIO()
    image.save(out, "PNG")
    copy = opened(copies(out.getvalue(), [(100, 50)], "WEBP")[0])
    assert copy.mode == "RGBA"
    assert [copy.getpixel((20, 25))[3], copy.getpixel((80, 25))[3]] == [255, 0]  # type: ignore[index]


def test_a_drawing_stays_sharp() -> None:
    image = Image.new("RGB", (200, 100), "white")
    image.paste((200, 0, 0), (50, 0, 51, 100))
    out = BytesIO()
    image.save(out, "PNG")
    copy = opened(copies(out.getvalue(), [(200, 100)], "WEBP")[0]).convert("RGB")
    assert copy.tobytes() == image.tobytes()


def test_the_colours_of_another_profile_are_those_of_the_web() -> None:
    lab_like = ImageCms.createProfile("XYZ")
    for profile in (b"no profile at all", ImageCms.ImageCmsProfile(lab_like).tobytes()):
        body = picture("PNG", (90, 60), icc_profile=profile)
        assert size_of(copies(body, [(45, 30)], "WEBP")[0]) == (45, 30)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profiles: tuple[dict[str, Any], ...] = ({}, {"icc_profile": srgb})
    plain, told = (
        opened(copies(picture("PNG", (90, 60), **more), [(90, 60)], "WEBP")[0]) for more in profiles
    )
    assert "icc_profile" not in told.info
    assert all(abs(a - b) <= 8 for a, b in zip(plain.tobytes(), told.tobytes(), strict=True))


def test_every_colour_space_of_print_and_screen_is_shown_in_colours_of_the_screen() -> None:
    for mode in ("CMYK", "L", "RGB"):
        assert opened(copies(picture("JPEG", mode=mode), [(320, 210)], "JPEG")[0]).mode == "RGB"
    deep = Image.new("I;16", (64, 48), 32_768)
    out = BytesIO()
    deep.save(out, "PNG")
    copy = opened(copies(out.getvalue(), [(64, 48)], "WEBP")[0]).convert("L")
    assert 120 <= copy.getpixel((10, 10)) <= 136  # type: ignore[operator]


def test_only_five_kinds_are_opened() -> None:
    assert bitmaps.picture_type(b"RIFF\0\0\0\0WAVE") is None
    assert bitmaps.picture_type(b"\0\0\0\x1cftypheic") is None
