"""What publishers, the web and the command line read."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from dibao.archive import rows
from dibao.archive.database import Database, statements
from dibao.model import (
    Article,
    Gap,
    Harvest,
    Headline,
    Hold,
    Kept,
    Kind,
    Picture,
    Pulse,
    Revision,
    Source,
    Visit,
)

SQL = statements("library")


AT_ONCE = 500  # sources whose standings are read together


class Standing(NamedTuple):
    """What polls and pages left to be known of one source."""

    source: Source
    poll: Visit | None = None  # of its feed
    last_ok: datetime | None = None  # when it last answered with something that could be read
    pulse: Pulse = Pulse()
    harvest: Harvest = Harvest()


class SqliteLibrary:
    """Read queries on an archive; never writes."""

    def __init__(self, database: Database, renewed: Callable[[Article], Article] | None = None) -> None:
        self.database = database
        self.renewed = renewed  # returns an article as it may be shown today

    def headlines(self) -> list[Headline]:
        """Return a line for every article, the oldest first."""
        return [rows.from_json(Headline, row[0]) for row in self.database.rows(SQL["headlines"])]

    def keys(self) -> list[str]:
        """Return the key of every article, the oldest first."""
        return [row[0] for row in self.database.rows(SQL["all_keys"])]

    def arrivals(self) -> list[tuple[int, str]]:
        """Return the key of every article in the order of keeping, each with its place in the change log."""
        return [tuple(row) for row in self.database.rows(SQL["arrivals"])]

    def kept(self, keys: Iterable[str]) -> Iterator[Kept]:
        """Yield articles with their whole history, one at a time."""
        sources = {source.id: source for source in self.sources()}
        for key in keys:
            found = self.database.rows(SQL["revisions_of"], {"key": key})
            if found:
                yield Kept(key=key, revisions=tuple(self._revision(row, sources) for row in found))

    def _revision(self, row: rows.Row, sources: Mapping[int, Source]) -> Revision:
        revision = rows.to_revision(row, sources[row["source"]])
        if self.renewed is None:
            return revision
        article = self.renewed(revision.article)
        return revision if article is revision.article else replace(revision, article=article)

    def find(self, key: str) -> list[str]:
        """Return the keys that begin so; two at most, which is enough to see that it is not one."""
        start = key.strip().lower()
        usable = start.isalnum() and start.isascii()
        return [row[0] for row in self.database.rows(SQL["keys_like"], {"start": start})] if usable else []

    def key_at(self, identity: str) -> str | None:
        """Return the key of the article known by an identity, or None."""
        row = self.database.row(SQL["key_at"], {"identity": identity})
        return row[0] if row else None

    def sources(self) -> list[Source]:
        """Return every source there ever was, the removed ones too."""
        return [rows.to_source(row) for row in self.database.rows(SQL["sources"])]

    def polls(self) -> dict[int, Visit]:
        """Return each source's feed visit: when it is due, and what went wrong."""
        visits = map(rows.to_visit, self.database.rows(SQL["feed_visits"]))
        return {visit.source.id: visit for visit in visits}

    def counts(self, *names: str) -> dict[int, dict[str, int]]:
        """Return, by source, how many articles are kept, waiting for their page, failing, and so on.

        Or only some of this. What a feed's own answer left out is told by its visit, and not here.
        """
        result: dict[int, dict[str, int]] = {}
        for name in names or ("articles", "looks", "parts", "left_out"):
            for row in self.database.rows(SQL[f"{name}_by_source"]):
                told = {column: row[column] for column in row.keys() if column != "source"}  # noqa: SIM118
                result.setdefault(row["source"], {}).update(told)
        return result

    def notes(self) -> dict[int, list[str]]:
        """Return, by source, what else its answers held that was not taken, and which parts can't be read."""
        result: dict[int, list[str]] = {}
        for row in self.database.rows(SQL["notes"]):
            where = f"{row['url']}: " if row["kind"] == Kind.PART else ""
            said = row["error"] if where and row["error"] else row["note"]
            result.setdefault(row["source"], []).append(f"{where}{said}")
        return result

    def standings(self, sources: Iterable[Source]) -> Iterator[Standing]:
        """Yield how each of these sources stands, in their order; of tens of thousands, few are held at once.

        The keys of what a poll saw last are left out of its rhythm.
        """
        rest = iter(sources)
        while some := list(islice(rest, AT_ONCE)):
            ids = json.dumps([source.id for source in some])
            found = {row["source"]: row for row in self.database.rows(SQL["standings"], {"sources": ids})}
            yield from (standing(source, found.get(source.id)) for source in some)

    def holds(self, now: datetime) -> list[Hold]:
        """Return the hosts that want to be left alone."""
        return [rows.to_hold(row) for row in self.database.rows(SQL["holds"], {"now": rows.stamp(now)})]

    def gaps(self, source: int | None = None, *, filled: bool = False) -> list[Gap]:
        """Return the gaps of a source or of all, the earliest first; with `filled` also those that are."""
        return [
            rows.to_gap(row) for row in self.database.rows(SQL["gaps"], {"source": source, "all": filled})
        ]

    def pages_of(self, host: str, limit: int) -> list[Visit]:
        """Return visits of articles whose page is kept, which may have stood at a host; the latest first."""
        found = self.database.rows(SQL["pages_of"], {"host": host, "limit": limit})
        return [rows.to_visit(row) for row in found]

    def page_at(self, identity: str) -> Visit | None:
        """Return the visit of the article known by an identity, if its page is kept."""
        row = self.database.row(SQL["page_at"], {"identity": identity})
        return rows.to_visit(row) if row else None

    def totals(self) -> dict[str, int]:
        """Return how much the archive holds."""
        row = self.database.row(SQL["totals"])
        return dict(row) if row else {}

    def pictures(self) -> dict[str, Picture]:
        """Return every picture that is kept, by its address."""
        found = map(rows.to_picture, self.database.rows(SQL["pictures"]))
        return {picture.url: picture for picture in found}

    def partial(self, limit: int | None = None) -> list[tuple[Headline, str]]:
        """Return the articles of which only the feed's text is kept, with the reason for each."""
        found = self.database.rows(SQL["partial"], {"limit": -1 if limit is None else limit})
        return [(rows.from_json(Headline, row["headline_json"]), row["why"]) for row in found]


def standing(source: Source, row: rows.Row | None) -> Standing:
    """Return how a source stands, by the row of its feed's visit where there is one."""
    if row is None:
        return Standing(source)
    pulse, harvest = row["pulse_json"], row["harvest_json"]
    return Standing(
        source,
        poll=rows.to_visit(row, source),
        last_ok=rows.moment(row["last_ok"]),
        pulse=rows.from_json(Pulse, pulse) if pulse else Pulse(),
        harvest=rows.from_json(Harvest, harvest) if harvest else Harvest(),
    )
