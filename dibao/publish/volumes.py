"""Which articles stand in which document of a channel, and which documents to write again."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from heapq import heappush, heappushpop

from dibao.model import Headline, Kept
from dibao.ports import Page
from dibao.publish.feeds import Channel, Document, every_format
from dibao.publish.items import Copy, item, not_kept

SIZE = 50  # articles of an archive document; a current one has as many at least, once there are so many

_Line = tuple[datetime, str]  # an article's time and key


def bind(arrived: Iterable[Headline]) -> tuple[list[str], list[list[str]]]:
    """Return the keys of the current document, and of each archive document from the oldest; newest first.

    `arrived` is in the order of keeping. An article leaves the current document when `SIZE` of a later
    date are kept, and every `SIZE` that have left make an archive document. So each of these holds the
    same articles for ever, whatever comes later and however old it is; those that left last and fill
    none yet stay where they were.
    """
    latest: list[_Line] = []
    left: list[_Line] = []
    for line in arrived:
        if len(latest) < SIZE:
            heappush(latest, (line.at, line.key))
        else:
            left.append(heappushpop(latest, (line.at, line.key)))
    full = len(left) - len(left) % SIZE
    volumes = [_newest_first(left[at : at + SIZE]) for at in range(0, full, SIZE)]
    return _newest_first(left[full:] + latest), volumes


def _newest_first(lines: Iterable[_Line]) -> list[str]:
    return [key for _, key in sorted(lines, reverse=True)]


def feeds(
    channel: Channel,
    arrived: Sequence[Headline],
    read: Callable[[Iterable[str]], Iterable[Kept]],
    *,
    copy: Copy = not_kept,
    known: int = 0,
    changed: Collection[str] = frozenset(),
) -> Iterator[Page]:
    """Yield the documents of a channel that may differ from the last time's, in every format.

    `arrived` are its articles in the order of keeping: the last time it had the first `known` of them,
    and those in `changed` say something else since. `read` gives the articles of some keys, in order.
    """
    current, volumes = bind(arrived)
    last = len(volumes) if channel.base else 0
    for number in _stale(volumes[:last], known, frozenset(changed)):
        yield from _written(channel, read(volumes[number - 1]), copy, number, last)
    yield from _written(channel, read(current), copy, None, last)


def _stale(volumes: Sequence[Collection[str]], known: int, changed: frozenset[str]) -> Iterator[int]:
    """Yield the numbers of the archive documents that are new, have a new neighbour, or tell of a change."""
    before = max(known // SIZE - 1, 0)
    for number, keys in enumerate(volumes, start=1):
        if (number >= before and len(volumes) > before) or not changed.isdisjoint(keys):
            yield number


def _written(
    channel: Channel, articles: Iterable[Kept], copy: Copy, number: int | None, last: int
) -> Iterator[Page]:
    items = tuple(item(kept, channel.base, copy) for kept in articles)
    return every_format(Document(channel=channel, items=items, number=number, last=last))
