"""What the archive knows when an answer comes: all that it may be judged by."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dibao import urls
from dibao.archive import rows
from dibao.archive.database import Database, statements
from dibao.archive.hubs import SqliteHubs
from dibao.model import (
    POLLS,
    Capture,
    Harvest,
    Headline,
    Hold,
    Kind,
    Picture,
    Pulse,
    Reading,
    Revision,
    Source,
    Visit,
)
from dibao.ports import Known

SQL = statements("walk")
READ = statements("library")


class Memory:
    """Looks up what is known of an answer, within the transaction that settles it."""

    def __init__(self, database: Database, hubs: SqliteHubs) -> None:
        self.database, self.hubs = database, hubs

    def of(self, visit: Visit, capture: Capture, reading: Reading, now: datetime) -> Known:
        """Return what is known of an answer: its articles, and how its source and its host stand."""
        known = self._with_parts(self._articles(visit, reading), visit, capture, reading, now)
        known = self._with_gaps(self._with_vitals(known, visit, capture, reading), visit, reading)
        lease = self.hubs.of(visit.source.id) if visit.kind is Kind.FEED else None
        return replace(known, hold=self.hold_on(urls.host(capture.final_url)), lease=lease)

    def _articles(self, visit: Visit, reading: Reading) -> Known:
        """Return what is known of the articles an answer speaks of."""
        source = self.source(visit.source.id)
        if not (reading.names or visit.key):  # an unchanged poll, as most are
            return Known(source=source, identities={}, visits={}, revisions={}, headlines={})
        found = self.database.rows(SQL["identities"], {"names": json.dumps(reading.names)})
        identities = {row["identity"]: row["key"] for row in found}
        keys = {key for key in (visit.key, *identities.values()) if key}
        looked_after = map(
            rows.to_visit, self.database.rows(SQL["visits_of"], {"keys": json.dumps(list(keys))})
        )
        visits = {found.key: found for found in looked_after if found.key}
        if visit.kind in POLLS and not reading.articles:
            keys -= visits.keys()  # an announcement is compared with its visit; a sitemap names 50,000
        latest = self.database.rows(SQL["latest_of"], {"keys": json.dumps(list(keys))})
        sources = {source.id: source} | {
            id: self.source(id) for id in {row["source"] for row in latest} - {source.id}
        }
        revisions = {row["key"]: rows.to_revision(row, sources[row["source"]]) for row in latest}
        return Known(
            source=source,
            identities=identities,
            visits=visits,
            revisions=revisions,
            headlines={row["key"]: rows.from_json(Headline, row["headline_json"]) for row in latest},
            pictures=self._pictures(visit, revisions.values()) if visit.kind is Kind.MEDIA else {},
        )

    def _pictures(self, visit: Visit, latest: Iterable[Revision]) -> dict[str, Picture]:
        """Return what is kept of an article's pictures, at every address they are offered under."""
        shown = [media for revision in latest for media in revision.article.media]
        addresses = {visit.url, *(url for media in shown for url in media.addresses)}
        found = self.database.rows(SQL["pictures_at"], {"urls": json.dumps(sorted(addresses))})
        return {row["url"]: rows.to_picture(row) for row in found}

    def _with_parts(
        self, known: Known, visit: Visit, capture: Capture, reading: Reading, now: datetime
    ) -> Known:
        """Return what is known together with the parts that an index names."""
        named = reading.feed.parts if reading.feed else ()
        if not named:
            return known
        values = {
            "source": visit.source.id,
            "urls": json.dumps([part.url for part in named]),
            "began": rows.stamp(capture.captured_at) if visit.kind is Kind.FEED else None,
            "now": rows.stamp(now),
        }
        found = map(rows.to_visit, self.database.rows(SQL["parts_of"], values))
        asked = self.database.row(SQL["parts_asked"], values)
        return replace(known, parts={each.url: each for each in found}, parts_asked=asked[0] if asked else 0)

    def _with_gaps(self, known: Known, visit: Visit, reading: Reading) -> Known:
        """Return what is known together with the source's gaps that are looked for, where that matters."""
        is_poll = visit.kind is Kind.FEED and reading.feed is not None
        if not (is_poll or visit.filling):
            return known
        values = {"source": visit.source.id}
        filling = self.database.row(SQL["filling_of"], values)
        gaps = self.database.rows(SQL["gaps_sought"], values) if filling else []
        return replace(
            known, filling=rows.to_visit(filling) if filling else None, gaps=tuple(map(rows.to_gap, gaps))
        )

    def _with_vitals(self, known: Known, visit: Visit, capture: Capture, reading: Reading) -> Known:
        """Return what is known together with how well the source did, where that may change."""
        key = {"source": visit.source.id}
        is_first_look = visit.kind is Kind.ARTICLE and not (visit.looks or visit.failures)
        is_poll = tells_of_its_polls(visit, capture)
        pulse = self.database.row(SQL["pulse"], key) if is_poll else None
        harvest = self.database.row(SQL["harvest"], key) if is_first_look or reading.articles else None
        before = rows.from_json(Pulse, pulse[0]) if pulse else Pulse()
        return replace(
            known,
            pulse=before if is_poll else None,
            harvest=rows.from_json(Harvest, harvest[0]) if harvest else known.harvest,
        )

    def hold_on(self, host: str) -> Hold | None:
        """Return what a host asked for last, also where that has run out; None where it asked for nothing."""
        row = self.database.row(SQL["hold_on"], {"host": host})
        return rows.to_hold(row) if row else None

    def source(self, id: int) -> Source:
        """Return a source by its number."""
        row = self.database.row(READ["source"], {"id": id})
        assert row is not None  # a foreign key
        return rows.to_source(row)


def tells_of_its_polls(visit: Visit, capture: Capture) -> bool:
    """Say whether an answer changes what is remembered of a source's polls: not the second 304 of a day."""
    again = visit.asked_at and visit.asked_at.date() == capture.captured_at.date()
    return visit.kind is Kind.FEED and not (capture.status == 304 and again and visit.error is None)
