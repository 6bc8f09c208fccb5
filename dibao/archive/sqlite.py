"""The archive that the walk uses, on SQLite and WARC: due, keep, settle, changes."""

import json
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dibao import urls
from dibao.archive import journal, rows
from dibao.archive.database import Database, statements
from dibao.archive.warc import WarcWriter, captures, cut_torn, stood_at
from dibao.errors import ArchiveError
from dibao.model import (
    POLLS,
    Capture,
    Harvest,
    Headline,
    Hold,
    Kind,
    Outcome,
    Pulse,
    Reading,
    Ref,
    Revision,
    Source,
    Visit,
)
from dibao.ports import Answer, Judge, Known

SQL = statements("walk")
READ = statements("library")

FAR = timedelta(days=15)  # longer than any back-off, or any host's wish
PAUSE = timedelta(hours=1)  # polls overdue by more were kept back by a pause
SOON, DAY = timedelta(minutes=4), timedelta(days=1)  # in which what was put off is made up for


class SqliteArchive:
    """Remembers everything and forgets nothing; one process at a time walks it.

    Durability: the bytes of every answer are synced to WARC before the commit that refers to them,
    and an answer is settled in one transaction, whole. `at` is called at the named points between,
    so that tests can kill the process there.
    """

    def __init__(
        self,
        folder: Path,
        database: Database,
        warc: WarcWriter,
        at: Callable[[str], None] = lambda point: None,
    ) -> None:
        self.folder, self.database, self.warc, self.at = folder, database, warc, at
        self._writing = threading.Lock()  # the fetching thread keeps while the walking thread syncs
        self._closed = False
        self._unsettled: dict[int, Ref] = {}  # visit id -> where its bytes begin

    # --- what to ask ----------------------------------------------------------------------------

    def due(
        self, now: datetime, *, claimed: Collection[int], busy: Collection[str], only: int | None, limit: int
    ) -> list[Visit]:
        """Return visits that are due, polls before all others, then the longest waiting, none claimed.

        None is on a busy host. However much an older page brings, news is not kept waiting.
        """
        values = {
            "now": rows.stamp(now),
            "claimed": json.dumps(list(claimed)),
            "busy": json.dumps(list(busy)),
            "only": only,
            "limit": limit,
        }
        found = self.database.rows(SQL["due"], values)
        if len(found) == limit:  # polls may wait behind these
            found = [*self.database.rows(SQL["due_polls"], values), *found]
        found.sort(key=lambda row: row["kind"] != Kind.FEED)
        return list({row["id"]: rows.to_visit(row) for row in found}.values())[:limit]

    def visit_for(self, identity: str, fresh: Visit) -> Visit:
        """Return the visit that looks after the article of this identity; a fresh one where none does."""
        with self.database.transaction():
            known = self.database.row(SQL["known_as"], {"identity": identity})
            key = known["key"] if known else fresh.key
            values = {"keys": json.dumps([key])}
            if not self.database.rows(SQL["visits_of"], values):
                owner = self._source(known["source"]) if known and known["source"] else fresh.source
                self._run("add_visit", rows.visit_row(replace(fresh, key=key, source=owner)))
                self._run("add_identity", {"identity": identity, "key": key})
            return rows.to_visit(self.database.rows(SQL["visits_of"], values)[0])

    def held(self, host: str, now: datetime) -> datetime | None:
        """Return until when a host asked to be left alone, or None when it may be asked."""
        row = self.database.row(SQL["held"], {"host": host, "now": rows.stamp(now)})
        return rows.moment(row[0]) if row else None

    def next_due(self, only: int | None = None) -> datetime | None:
        """Return when the next visit falls due, or None when nothing ever does."""
        found = (self.database.row(SQL[name], {"only": only}) for name in ("next_due", "next_freed"))
        return rows.moment(min(filter(None, (row[0] for row in found if row)), default=None))

    # --- evidence ---------------------------------------------------------------------------------

    def keep(self, visit: Visit, capture: Capture) -> Capture:
        """Write a capture down and return it with its place; an unchanged poll costs no bytes."""
        same = visit.ref if capture.status == 200 and visit.digest == capture.digest else None
        stays = same and stood_at(self.folder, same) == capture.final_url  # else its validators are another's
        if capture.status == 304 or (stays and visit.kind in POLLS):
            return replace(capture, ref=visit.ref)
        with self._writing:
            if self._closed:  # asked for before we were told to stop; it will be asked again
                return capture
            begin = self.warc.position(capture.captured_at)
            self._unsettled[visit.id] = begin
            return self.warc.write(capture, same_as=same)

    def bring(self, visit: Visit, capture: Capture, members: Sequence[bytes], now: datetime) -> Capture:
        """Write down what a person brought and return it with its place."""
        with self._writing:
            self._unsettled[visit.id] = self.warc.position(now)
            return self.warc.bring(capture, members, now)

    def unsettled(self) -> Iterator[tuple[Visit, Capture]]:
        """Yield captures that a killed run wrote down but never settled, with their visits.

        What follows the last whole record of a file is cut first: it was being written.
        """
        for file, settled in self._open_ends():
            cut_torn(self.folder / file, settled)
            for capture in captures(self.folder, file, settled):
                values = {"url": capture.url, "captured_at": rows.stamp(capture.captured_at)}
                row = self.database.row(SQL["brought_to" if capture.brought else "waiting_at"], values)
                if row:
                    yield rows.to_visit(row), capture

    def recovered(self) -> None:
        """Note that all that was unsettled is settled now."""
        for file, _ in self._open_ends():
            self._run("put_segment", {"file": file, "settled": (self.folder / file).stat().st_size})

    def _open_ends(self) -> list[tuple[str, int]]:
        """Return the WARC files that hold more than is settled, and how far each is."""
        known = {row["file"]: row["settled"] for row in self.database.rows(SQL["segments"])}
        paths = sorted((self.folder / "warc").rglob("*.warc.gz"))
        sizes = {path.relative_to(self.folder).as_posix(): path.stat().st_size for path in paths}
        for file, settled in known.items():
            if sizes.get(file, 0) < settled:
                raise ArchiveError(
                    f"{self.folder / file} is missing or shorter than it was: restore it from a backup. "
                    "Nothing more is written, so that nothing takes its place."
                )
        return [(file, known.get(file, 0)) for file, size in sizes.items() if size > known.get(file, 0)]

    def mend_clock(self, now: datetime) -> None:
        """Make due what a clock that ran ahead put off, so that a wrong clock never silences an archive."""
        values = {"now": rows.stamp(now), "far": rows.stamp(now + FAR)}
        with self.database.transaction():
            self._run("drop_misdated_holds", values)
            self._put_due(self.database.rows(SQL["misdated"], values), now)

    def ease_in(self, now: datetime, *, within: timedelta = SOON) -> None:
        """Spread the polls that a pause kept from being made over the next minutes."""
        with self.database.transaction():
            overdue = self.database.rows(SQL["overdue"], {"before": rows.stamp(now - PAUSE)})
            self._put_due(overdue, now, min(within, SOON))

    def _put_due(self, found: Sequence[rows.Row], now: datetime, soon: timedelta = SOON) -> None:
        """Make visits due soon, polls within minutes and pages within a day, not all at once."""
        for row in found:
            wait = eased(len(found), row["id"], soon if row["kind"] in POLLS else DAY)
            self._run("put_due", {"id": row["id"], "due": rows.stamp(now + wait)})

    # --- settling -----------------------------------------------------------------------------------

    def settle(self, answers: Sequence[Answer], judge: Judge, now: datetime) -> list[Outcome]:
        """Judge answers and keep all they change in one transaction; return what was kept."""
        with self._writing:
            sizes = self.warc.sync()
        self.at("after-warc-sync")
        with self.database.transaction():
            outcomes = [self._settle(*answer, judge, now) for answer in answers]
            for visit, _, _ in answers:
                self._unsettled.pop(visit.id, None)
            self._mark_settled(sizes)
            self.at("before-commit")
        self.at("after-commit")
        return outcomes

    def _mark_settled(self, sizes: dict[str, int]) -> None:
        for ref in list(self._unsettled.values()):
            if ref.file in sizes:
                sizes[ref.file] = min(sizes[ref.file], ref.offset)
        for file, settled in sizes.items():
            self._run("put_segment", {"file": file, "settled": settled})

    def _settle(
        self, visit: Visit, capture: Capture, reading: Reading, judge: Judge, now: datetime
    ) -> Outcome:
        known = self._with_parts(self.known(visit, reading), visit, capture, reading, now)
        known = replace(known, hold=self._hold_on(urls.host(capture.final_url)))
        known = self._with_vitals(known, visit, capture, reading)
        outcome = judge(visit, capture, reading, known, now)
        self._run("put_visit", rows.visit_row(outcome.visit))
        if outcome.source:
            self._run("source_told", rows.source_row(outcome.source))
            self._move(known.source, outcome.source.url, now)
        if outcome.gap:
            self._run("add_gap", rows.gap_row(outcome.gap))
        self._put_hold(known.hold, outcome.hold, now)
        if outcome.error is None and visit.kind is Kind.FEED:
            self._run("source_answered", {"id": visit.source.id, "now": rows.stamp(now)})
        self._note_vitals(visit.source, outcome)
        for found in outcome.found:
            self._run("announce" if found.id else "add_visit", rows.visit_row(found))
            if found.kind is Kind.MEDIA:
                self._run("adopt_picture", {"url": found.url, "source": found.source.id})
                self._run("add_shown", {"url": found.url, "key": found.key})
        for revision, line in zip(outcome.revisions, outcome.headlines, strict=True):
            self._add(revision, line)
        if outcome.picture:
            self._run("put_picture", rows.picture_row(outcome.picture))
            self._run("picture_came", {"url": visit.url})
        for identity, key in outcome.identities:
            self._run("add_identity", {"identity": identity, "key": key})
        return outcome

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

    def _note_vitals(self, source: Source, outcome: Outcome) -> None:
        if outcome.pulse:
            self._run("put_pulse", rows.vitals_row(source, outcome.pulse, Harvest()))
        if outcome.harvest:
            self._run("put_harvest", rows.vitals_row(source, Pulse(), outcome.harvest))

    def _hold_on(self, host: str) -> Hold | None:
        row = self.database.row(SQL["hold_on"], {"host": host})
        return rows.to_hold(row) if row else None

    def _put_hold(self, before: Hold | None, after: Hold | None, now: datetime) -> None:
        if after and after != before:
            self._run("put_hold", rows.hold_row(after))
        elif before and not after and before.until <= now:
            self._run("drop_hold", {"host": before.host})

    def _move(self, source: Source, url: str, now: datetime) -> None:
        """Write a source's new address down, unless another source has it already."""
        if url == source.url or self.database.row(READ["source_at"], {"url": url}):
            return
        values = {"id": source.id, "source": source.id, "before": source.url, "url": url}
        journal.append(self.folder / "journal", now, "source moved", id=source.id, url=source.url, to=url)
        self._run("source_moved", values)
        self._run("feed_moved", values | {"host": urls.host(url)})
        self.database.run(READ["publish_all"])

    def _run(self, name: str, values: dict[str, Any]) -> None:
        self.database.run(SQL[name], values)

    def _add(self, revision: Revision, line: Headline) -> None:
        self._run("put_article", rows.article_row(line))
        self._run("add_revision", rows.revision_row(revision))
        self._run("add_change", {"key": revision.key, "number": revision.number, "kind": revision.verdict})

    def known(self, visit: Visit, reading: Reading) -> Known:
        """Return what is known of the articles an answer speaks of."""
        found = self.database.rows(SQL["identities"], {"names": json.dumps(reading.names)})
        identities = {row["identity"]: row["key"] for row in found}
        keys = {key for key in (visit.key, *identities.values()) if key}
        source = self._source(visit.source.id)
        looked_after = map(
            rows.to_visit, self.database.rows(SQL["visits_of"], {"keys": json.dumps(list(keys))})
        )
        visits = {found.key: found for found in looked_after if found.key}
        if visit.kind in POLLS and not reading.articles:
            keys -= visits.keys()  # an announcement is compared with its visit; a sitemap names 50,000
        latest = self.database.rows(SQL["latest_of"], {"keys": json.dumps(list(keys))})
        return Known(
            source=source,
            identities=identities,
            visits=visits,
            revisions={row["key"]: rows.to_revision(row, self._source(row["source"])) for row in latest},
            headlines={row["key"]: rows.from_json(Headline, row["headline_json"]) for row in latest},
        )

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

    def _source(self, id: int) -> Source:
        row = self.database.row(READ["source"], {"id": id})
        assert row is not None  # a foreign key
        return rows.to_source(row)

    # --- gaps -------------------------------------------------------------------------------------

    def fill_gap(self, id: int, now: datetime) -> None:
        """Note that what a gap may have hidden was looked for, and all that was found is kept."""
        self._run("fill_gap", {"id": id, "now": rows.stamp(now)})

    # --- what happened --------------------------------------------------------------------------

    def changes(self, after: int) -> list[tuple[int, str, int, str]]:
        """Return (seq, key, number, kind) of every revision kept after a seq, in order."""
        return [tuple(row) for row in self.database.rows(READ["changed_after"], {"seq": after})]

    def consumer(self, name: str) -> tuple[int, str]:
        """Return how far a consumer has read the changes, and the state it left itself."""
        row = self.database.row(READ["consumer"], {"name": name})
        return (row["seq"], row["state"]) if row else (0, "")

    def consumed(self, name: str, seq: int, state: str = "") -> None:
        """Note how far a consumer has come."""
        if self.consumer(name) != (seq, state):
            self.database.run(READ["put_consumer"], {"name": name, "seq": seq, "state": state})

    def close(self) -> None:
        """Close the files; safe to call twice."""
        with self._writing:
            self._closed = True
            self.warc.close()
        self.database.close()


def eased(many: int, id: int, longest: timedelta) -> timedelta:
    """Return how long one of many visits that all came due in a pause waits, so that they don't rush out.

    Ten go out a second, or all within `longest` where there are more.
    """
    span = min(many // 10, int(longest.total_seconds()))
    return timedelta(seconds=id * 7919 % span) if span else timedelta()


def tells_of_its_polls(visit: Visit, capture: Capture) -> bool:
    """Say whether an answer changes what is remembered of a source's polls: not the second 304 of a day."""
    again = visit.asked_at and visit.asked_at.date() == capture.captured_at.date()
    return visit.kind is Kind.FEED and not (capture.status == 304 and again and visit.error is None)
