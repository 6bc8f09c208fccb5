"""What stands at the head of an article: kicker, headline and dek."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dibao.extract import jsonld
from dibao.extract.said import Role, Said, Spot, brief, pieces
from dibao.extract.titles import headline, same
from dibao.extract.tree import Node
from dibao.text import squeeze

_LONGEST_TITLE = 500
_LONGEST_DEK = 500
_LONGEST_KICKER = 60
_LESSER = 6  # h2 among which a headline may be, where no h1 is
_NEAR = 60  # nodes between a headline and its kicker or dek
_APART = frozenset(["br", "div", "p"])
_NAMED = re.compile(
    r"(?:article|entry|post|story|news|content|page)-?(?:title|headline|heading)|^headline$", re.I
)


@dataclass(frozen=True, slots=True)
class Title:
    """A headline, where it was read, and where it stands in the page."""

    text: str | None
    source: str
    confidence: float
    spot: Spot | None

    @property
    def fact(self) -> tuple[object, str, float]:
        """Return the headline, where it was read, and how sure that is."""
        return self.text, self.source, self.confidence

    @property
    def place(self) -> int | None:
        """Return how many nodes stand before the headline, where the page shows it."""
        return self.spot.place if self.spot else None


def title_of(said: Said, outlets: Iterable[str | None]) -> Title:
    """Return the headline."""
    shown = [(words, spot) for spot in said.headings if 2 <= len(words := heading(spot)) <= 300]
    stated = (
        ("json-ld", jsonld.first(said.thing.get("headline"))),
        ("opengraph", said.first("og:title")),
        ("meta", said.first("twitter:title")),
        (
            "title element",
            squeeze((said.title.text() or "")[:_LONGEST_TITLE]) if said.title is not None else None,
        ),
    )
    text = headline(
        [(written or "")[:_LONGEST_TITLE] for _, written in stated],
        [words for words, _ in shown],
        outlets,
        lesser=[heading(spot) for spot in said.lesser[:_LESSER]],
        is_news=is_news(said),
    )
    if text is None:
        return Title(None, "", 0.0, None)
    own = same(text)
    spot = next((spot for words, spot in shown if same(words) == own), None)
    spot = spot or next((spot for words, spot in shown if same(words) in own or own in same(words)), None)
    spot = spot or next((spot for spot in said.lesser if same(heading(spot)) == own), None)
    agreeing = [source for source, written in stated if own in same(written or "")]
    if spot is not None:
        return Title(text, "heading", 0.97 if agreeing else 0.8, spot)
    return Title(text, agreeing[0] if agreeing else "title element", 0.6 + 0.1 * min(3, len(agreeing)), None)


def is_news(said: Said) -> bool:
    """Say whether the page says that it is an article of a newsroom."""
    if said.thing:
        return "News" in " ".join(jsonld.texts(said.thing.get("@type")))
    return said.first("og:type") == "article"


def heading(spot: Spot) -> str:
    """Return the words of a heading; what stands on lines of its own is apart."""
    node = spot.node
    apart = " " if any(map(_is_apart, node.traverse())) else ""
    return squeeze(apart.join(pieces(node)) if apart else node.text() or "")


def _is_apart(part: Node) -> bool:
    """Say whether a part of a heading stands on a line of its own."""
    return part.tag in _APART or (part.tag == "span" and "class" in part.attributes)


def kicker_of(said: Said, title: Title) -> str | None:
    """Return the line above the headline, or None."""
    if title.text is None:
        return None
    near = (spot for spot in said.of(Role.KICKER) if _is_near(spot, title))
    for spot in near:
        text = brief(spot.node, _LONGEST_KICKER)
        if 1 < len(text) <= _LONGEST_KICKER and same(text) not in same(title.text):
            return text
    return None


def _is_near(spot: Spot, title: Title) -> bool:
    return title.place is None or abs(spot.place - title.place) <= _NEAR


def dek_of(said: Said, title: Title) -> str | None:
    """Return the line below the headline, else what the page says of itself."""
    for spot in said.of(Role.DEK):
        text = brief(spot.node, _LONGEST_DEK)
        if len(text) >= 10 and _is_near(spot, title):
            return text
    written = (
        jsonld.first(said.thing.get("alternativeHeadline")),
        jsonld.first(said.thing.get("description")),
        said.first("og:description", "description", "twitter:description"),
    )
    return next(
        (text for text in written if text and 10 <= len(text) <= _LONGEST_DEK and text != title.text), None
    )
