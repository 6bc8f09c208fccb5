"""Which copies of a picture a site has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dibao.model import Picture, Ref
from dibao.publish.copies import HIGHEST, WIDTHS, copies, middle, sizes, srcset

DIGEST = "ab" + "0" * 62


def picture(type: str, width: int | None, height: int | None) -> Picture:
    ref = Ref(file="warc/a.warc.gz", offset=0)
    return Picture(url="https://e.test/a", digest=DIGEST, type=type, ref=ref, width=width, height=height)


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (1, [1]),
        (300, [300]),
        (480, [480]),
        (640, [640]),
        (800, [480, 800]),
        (1200, [480, 1200]),
        (1500, [480, 960, 1500]),
        (6000, [480, 960, 1600]),
    ],
)
def test_copies_go_as_far_as_the_picture_and_differ_enough(width: int, widths: list[int]) -> None:
    assert [found for found, _ in sizes(width, 400)] == widths


@given(st.integers(1, 60_000), st.integers(1, 60_000))
def test_no_copy_is_larger_than_the_picture_or_than_a_format_can_hold(width: int, height: int) -> None:
    for w, h in sizes(width, height):
        assert 1 <= w <= min(width, WIDTHS[-1])
        assert 1 <= h <= min(height, HIGHEST)


def test_a_jpeg_stays_one_and_other_kinds_become_webp() -> None:
    assert [copy.path for copy in copies(picture("image/jpeg", 800, 600))] == [
        f"media/ab/{DIGEST}-480.jpg",
        f"media/ab/{DIGEST}-800.jpg",
    ]
    for type in ("image/png", "image/webp", "image/avif"):
        (copy,) = copies(picture(type, 400, 300))
        assert (copy.path, copy.type) == (f"media/ab/{DIGEST}-400.webp", "image/webp")


def test_a_gif_stands_as_it_is_since_it_may_move() -> None:
    (copy,) = copies(picture("image/gif", 3000, 2000))
    assert (copy.path, copy.kind) == (f"media/ab/{DIGEST}.gif", "")


def test_a_picture_whose_size_nobody_knows_has_no_copies() -> None:
    assert copies(picture("image/jpeg", None, None)) == ()


def test_browsers_choose_among_copies_and_others_get_the_middle_one() -> None:
    many, one = copies(picture("image/jpeg", 2000, 1000)), copies(picture("image/jpeg", 300, 200))
    stem = f"../media/ab/{DIGEST}"
    assert srcset(many, "../") == f"{stem}-480.jpg 480w, {stem}-960.jpg 960w, {stem}-1600.jpg 1600w"
    assert srcset(one, "../") == ""
    assert (middle(many).width, middle(one).width) == (960, 300)
    assert middle(copies(picture("image/gif", 1200, 20))).width == 1200
