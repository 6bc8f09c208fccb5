"""Which headlines stand on which page: newest first, numbered from the oldest.

A numbered page is written when it is full and then holds the same headlines for ever, so that a new
article changes the newest page of each list and hardly anything else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dibao.model import Headline
from dibao.publish.names import unique
from dibao.text import squeeze

SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of a list; `older` and `newer` are paths of its neighbours."""

    path: str
    number: int | None  # None: the newest, which has no number
    headlines: tuple[Headline, ...]  # newest first
    older: str | None
    newer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All headlines that share a section, subject, writer, outlet or day."""

    kind: str
    name: str
    slug: str
    headlines: tuple[Headline, ...]  # oldest first

    @property
    def path(self) -> str:
        """Return the path of its newest page."""
        return f"{self.kind}/{self.slug}.html"


def sections(headline: Headline) -> tuple[str, ...]:
    """Return the sections an article stands in: its source's, and the one the page itself names."""
    return tuple(filter(None, (headline.category, headline.section)))


GROUPINGS: Mapping[str, Callable[[Headline], Sequence[str]]] = {
    "day": lambda headline: (headline.day,),
    "category": sections,
    "source": lambda headline: (headline.source,),
    "author": lambda headline: headline.authors,
    "tag": lambda headline: headline.keywords,
}


def in_time(headlines: Iterable[Headline]) -> tuple[Headline, ...]:
    """Return headlines from the oldest to the newest; the same ones always in the same order."""
    return tuple(sorted(headlines, key=lambda headline: (headline.at, headline.key)))


def sheets(front: str, headlines: Sequence[Headline], folder: str | None = None) -> Iterator[Sheet]:
    """Yield the pages of a list that begins at `front`; older ones stand in `folder`, or one of its name."""
    folder = folder or front.removesuffix(".html")
    full = max(-(-(len(headlines) - SIZE) // SIZE), 0)
    paths = [f"{folder}/{number}.html" for number in range(1, full + 1)]
    yield Sheet(
        path=front,
        number=None,
        headlines=tuple(reversed(headlines[-SIZE:])),
        older=paths[-1] if paths else None,
        newer=None,
    )
    for at, path in enumerate(paths):
        yield Sheet(
            path=path,
            number=at + 1,
            headlines=tuple(reversed(headlines[at * SIZE : (at + 1) * SIZE])),
            older=paths[at - 1] if at else None,
            newer=paths[at + 1] if at + 1 < full else front,
        )


def groups(kind: str, headlines: Iterable[Headline]) -> list[Group]:
    """Return the groups of a kind by name; names that differ only in case or spacing are one group."""
    found: dict[str, dict[str, Headline]] = {}
    called: dict[str, str] = {}
    for headline in headlines:
        for name in filter(None, map(squeeze, GROUPINGS[kind](headline))):
            slug = unique(name)
            called.setdefault(slug, name)
            found.setdefault(slug, {})[headline.key] = headline
    return [
        Group(kind=kind, name=called[slug], slug=slug, headlines=tuple(found[slug].values()))
        for slug in sorted(found, key=lambda slug: (called[slug], slug))
    ]


def by_day(headlines: Iterable[Headline]) -> list[tuple[str, list[Headline]]]:
    """Return headlines under their days, both in the order they came in; a day stands once."""
    days: dict[str, list[Headline]] = {}
    for headline in headlines:
        days.setdefault(headline.day, []).append(headline)
    return list(days.items())


def by_month(days: Sequence[Group]) -> list[tuple[str, list[Group]]]:
    """Return the months that have such days, as "YYYY-MM", the latest first; the days in a month in order."""
    months: dict[str, list[Group]] = {}
    for day in days:
        months.setdefault(day.name[:7], []).append(day)
    return sorted(months.items(), reverse=True)
