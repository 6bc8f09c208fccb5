"""Which copies of a picture a site has: told by what is kept of it, before any is made."""

from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote

from dibao.model import Picture

WIDTHS = (480, 960, 1600)  # a phone, a column of text, the whole screen
APART = 1.5  # a copy is made where the next one is so much wider: less saves nobody anything
HIGHEST = 16_000  # pixels: WebP has no room for more
# Made anew when this changes: put it into the names then, so that no older copy is taken for one of these.
RECIPE = "copies 1"
_KINDS = {"image/jpeg": ("JPEG", "jpg", "image/jpeg")}
_OTHERS = ("WEBP", "webp", "image/webp")  # what every browser of the last five years shows, and small


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy of a picture below the site."""

    path: str
    type: str
    width: int
    height: int
    kind: str  # "JPEG" or "WEBP": how it is made; empty: the picture itself, as it came


def copies(picture: Picture) -> tuple[Copy, ...]:
    """Return the copies of a picture, the smallest first; none where its size is not known."""
    if not picture.width or not picture.height:
        return ()
    stem = f"media/{picture.digest[:2]}/{picture.digest}"
    if picture.type == "image/gif":  # it may move
        itself = Copy(
            path=f"{stem}.gif", type=picture.type, width=picture.width, height=picture.height, kind=""
        )
        return (itself,)
    kind, ending, type = _KINDS.get(picture.type, _OTHERS)
    return tuple(
        Copy(path=f"{stem}-{width}.{ending}", type=type, width=width, height=height, kind=kind)
        for width, height in sizes(picture.width, picture.height)
    )


def sizes(width: int, height: int) -> list[tuple[int, int]]:
    """Return the sizes in which a picture is shown, the smallest first; none is larger than itself."""
    widest = max(min(width, WIDTHS[-1], width * HIGHEST // height), 1)
    steps = [step for step in WIDTHS if step < widest]
    wanted = [step for step, wider in pairwise([*steps, widest]) if wider >= step * APART]
    return [(step, min(max(round(height * step / width), 1), HIGHEST)) for step in (*wanted, widest)]


def srcset(found: tuple[Copy, ...], root: str) -> str:
    """Return the copies for a browser to choose from, seen from a page; nothing where there is but one."""
    offers = (f"{root}{quote(copy.path)} {copy.width}w" for copy in found)
    return ", ".join(offers) if len(found) > 1 else ""


def middle(found: tuple[Copy, ...]) -> Copy:
    """Return the copy for whoever does not choose: the widest that fits a column, else the smallest."""
    fitting = [copy for copy in found if copy.width <= WIDTHS[1]]
    return fitting[-1] if fitting else found[0]
