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
from dibao.archive.hubs import SqliteHubs
from dibao.archive.memory import Memory
from dibao.archive.records import Member
from dibao.archive.warc import WarcWriter, captures, cut_torn, stood
from dibao.errors import ArchiveError
from dibao.model import (
    POLLS,
    Capture,
    Harvest,
    Headline,
    Hold,
    Kind,
    Outcome,
    Picture,
    Pulse,
    Reading,
    Ref,
    Revision,
    Rules,
    Source,
    Visit,
)
from dibao.ports import Answer, Judge

SQL = statements("walk")
READ = statements("library")

FAR = timedelta(days=15)  # longer than any back-off, or any host's wish
PAUSE = timedelta(hours=1)  # polls overdue by more were kept back by a pause
SOON, DAY = timedelta(minutes=4), timedelta(days=1)  # in which what was put off is made up for
WEEK = timedelta(weeks=1)  # the longest that a host is left alone


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
        self.hubs = SqliteHubs(database)
        self.memory = Memory(database, self.hubs)
        self._writing = threading.Lock()  # the fetching thread keeps while the walking thread syncs
        self._closed = False
        self._unsettled: dict[int, Ref] = {}  # visit id -> where its bytes begin
        self._fresh: dict[str, Ref] = {}  # of pictures that are written down and not settled: digest -> place

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
        found = self.database.rows(SQL["due_polls"], values)
        if len(found) < limit:
            found += self.database.rows(SQL["due"], values | {"limit": limit - len(found)})
        return [rows.to_visit(row) for row in found]

    def visit_for(self, identity: str, fresh: Visit) -> Visit:
        """Return the visit that looks after the article of this identity; a fresh one where none does."""
        with self.database.transaction():
            known = self.database.row(SQL["known_as"], {"identity": identity})
            key = known["key"] if known else fresh.key
            values = {"keys": json.dumps([key])}
            if not self.database.rows(SQL["visits_of"], values):
                owner = self.memory.source(known["source"]) if known and known["source"] else fresh.source
                self._run("add_visit", rows.visit_row(replace(fresh, key=key, source=owner)))
                self._run("add_identity", {"identity": identity, "key": key})
            return rows.to_visit(self.database.rows(SQL["visits_of"], values)[0])

    def next_of(self, key: str) -> list[Visit]:
        """Return the visits to the further pages of an article, in the order of the pages."""
        return [rows.to_visit(row) for row in self.database.rows(SQL["next_of"], {"key": key})]

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
        is_picture = visit.kind is Kind.MEDIA and capture.status == 200 and not capture.failure
        stays = same and stood(self.folder, visit) == capture.final_url  # else its validators are another's
        if capture.status == 304 or (stays and visit.kind in POLLS):
            return replace(capture, ref=visit.ref)
        with self._writing:
            if self._closed:  # asked for before we were told to stop; it will be asked again
                return capture
            begin = self.warc.position(capture.captured_at)
            self._unsettled[visit.id] = begin
            if not is_picture:
                return self.warc.write(capture, same_as=same)
            digest = capture.digest
            kept = self.warc.write(capture, same_as=self._same_picture(digest, begin.file))
            if kept.ref:
                self._fresh.setdefault(digest, kept.ref)
            return kept

    def _same_picture(self, digest: str, file: str) -> Ref | None:
        """Return where a picture's bytes are kept: settled anywhere, or just written to this file."""
        row = self.database.row(SQL["same_picture"], {"digest": digest})
        if row:
            return Ref(file=row["ref_file"], offset=row["ref_offset"])
        fresh = self._fresh.get(digest)  # in another file it might be lost, and this one not
        return fresh if fresh and fresh.file == file else None

    def measured(self, picture: Picture) -> None:
        """Note of a picture's bytes what they turned out to be."""
        self._run("measure_picture", rows.picture_row(picture))

    def bring(self, visit: Visit, capture: Capture, members: Sequence[Member], now: datetime) -> Capture:
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
        """Make due what a clock that ran ahead put off, so that a wrong clock never silences an archive.

        Nor does it make anybody ask sooner: where the clock was only set back a little, waits are waited out,
        and so is a host's wish to be left alone, whatever the clock said.
        """
        values = {"now": rows.stamp(now), "tomorrow": rows.stamp(now + DAY), "far": rows.stamp(now + FAR)}
        with self.database.transaction():
            for hold in map(rows.to_hold, self.database.rows(SQL["misdated_holds"], values)):
                self._run("put_hold", rows.hold_row(restarted(hold, now)))
            self._set_back(self.database.rows(SQL["set_back"], values), now)
            self._put_due(self.database.rows(SQL["misdated"], values), now)
            self._run("drop_rules", {"before": rows.stamp(now - 2 * WEEK)})

    def _set_back(self, found: Sequence[rows.Row], now: datetime) -> None:
        """Bring visits nearer by as much as the clock was set back: the last was asked just now."""
        last = max((row["asked_at"] for row in found), default="")
        for row in found:
            due = datetime.fromisoformat(row["due"]) - (datetime.fromisoformat(last) - now)
            self._make_due(row["id"], max(due, now), now)

    def ease_in(self, now: datetime, *, within: timedelta = SOON) -> None:
        """Spread the polls that a pause kept from being made over the next minutes."""
        with self.database.transaction():
            overdue = self.database.rows(SQL["overdue"], {"before": rows.stamp(now - PAUSE)})
            self._put_due(overdue, now, min(within, SOON))

    def _put_due(self, found: Sequence[rows.Row], now: datetime, soon: timedelta = SOON) -> None:
        """Make visits due soon, polls within minutes and pages within a day, not all at once."""
        for row in found:
            wait = eased(len(found), row["id"], soon if row["kind"] in POLLS else DAY)
            self._make_due(row["id"], now + wait, now)

    def _make_due(self, id: int, due: datetime, now: datetime) -> None:
        self._run("put_due", {"id": id, "due": rows.stamp(due), "now": rows.stamp(now)})

    # --- settling -----------------------------------------------------------------------------------

    def settle(self, answers: Sequence[Answer], judge: Judge, now: datetime) -> list[Outcome]:
        """Judge answers and keep all they change in one transaction; return what was kept."""
        with self._writing:
            sizes = self.warc.sync()
        self.at("after-warc-sync")
        with self.database.transaction():
            outcomes = [self._settle(*answer, judge, now) for answer in answers]
            for visit, capture, _ in answers:
                self._unsettled.pop(visit.id, None)
                if visit.kind is Kind.MEDIA:
                    self._fresh.pop(capture.digest, None)
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
        known = self.memory.of(visit, capture, reading, now)
        outcome = judge(visit, capture, reading, known, now)
        self._run("put_visit", rows.visit_row(outcome.visit))
        if outcome.source:
            self._run("source_told", rows.source_row(outcome.source))
            self._move(known.source, outcome.source.url, now)
        self._put_gaps(outcome)
        if outcome.offer:
            self.hubs.named(visit.source.id, outcome.offer)
        self._put_hold(known.hold, outcome.hold, now)
        if outcome.error is None and visit.kind is Kind.FEED:
            self._run("source_answered", {"id": visit.source.id, "now": rows.stamp(now)})
        self._note_vitals(visit.source, outcome)
        for found in outcome.found:
            if found.kind is Kind.NEXT:
                self._run("add_next", rows.visit_row(found))
                self._run("next_again", rows.visit_row(found) | {"changed": bool(outcome.revisions)})
                continue
            self._run("announce" if found.id else "add_visit", rows.visit_row(found))
            if found.kind is Kind.MEDIA:
                self._run("adopt_picture", {"url": found.url, "source": found.source.id})
                self._run("add_shown", {"url": found.url, "key": found.key})
        for revision, line in zip(outcome.revisions, outcome.headlines, strict=True):
            self._add(revision, line)
        for picture in outcome.pictures:
            self._run("put_picture", rows.picture_row(picture))
            self._run("picture_came", {"url": picture.url})
        for identity, key in outcome.identities:
            self._run("add_identity", {"identity": identity, "key": key})
        return outcome

    def _note_vitals(self, source: Source, outcome: Outcome) -> None:
        if outcome.pulse:
            self._run("put_pulse", rows.vitals_row(source, outcome.pulse, Harvest()))
        if outcome.harvest:
            self._run("put_harvest", rows.vitals_row(source, Pulse(), outcome.harvest))

    def heed(
        self, capture: Capture, hold: Callable[[Capture, Hold | None, datetime], Hold | None], now: datetime
    ) -> None:
        """Keep what an answer that is not settled says of its host: whether it wants to be left alone."""
        with self.database.transaction():
            before = self.memory.hold_on(urls.host(capture.final_url))
            self._put_hold(before, hold(capture, before, now), now)

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

    def _put_gaps(self, outcome: Outcome) -> None:
        if outcome.gap:
            self._run("add_gap", rows.gap_row(outcome.gap))
        for gap in outcome.gaps:
            self._run("put_gap", rows.gap_row(gap))
        if outcome.gap or any(gap.filled_at for gap in outcome.gaps):
            self._run("gap_changed", {})

    # --- rules of robots.txt ------------------------------------------------------------------------

    def rules(self, origin: str) -> Rules | None:
        """Return what is known of the robots.txt of a site, or None."""
        row = self.database.row(SQL["rules_of"], {"origin": origin})
        return rows.to_rules(row) if row else None

    def keep_rules(self, rules: Rules) -> None:
        """Keep what is known of the robots.txt of a site now."""
        self._run("put_rules", rows.rules_row(rules))

    # --- gaps -------------------------------------------------------------------------------------

    def fill_gap(self, id: int, now: datetime) -> None:
        """Note that what a gap may have hidden was looked for, and all that was found is kept."""
        with self.database.transaction():
            self._run("fill_gap", {"id": id, "now": rows.stamp(now)})
            self._run("gap_changed", {})

    # --- what happened --------------------------------------------------------------------------

    def changes(self, after: int) -> list[tuple[int, str, int, str]]:
        """Return (seq, key, number, kind) of every revision kept after a seq, in order."""
        return [tuple(row) for row in self.database.rows(READ["changed_after"], {"seq": after})]

    def consumer(self, name: str) -> tuple[int, str]:
        """Return how far a consumer has read the changes, and the state it left itself."""
        row = self.database.row(READ["consumer"], {"name": name})
        return (row["seq"], row["state"]) if row else (0, "")

    def latest_change(self) -> int:
        """Return the seq of the latest change, 0 where there is none."""
        row = self.database.row(READ["latest_change"])
        return row[0] if row else 0

    def consumed(self, name: str, seq: int, state: str = "", *, found: str | None = None) -> None:
        """Note how far a consumer has come; its state stays where it is no more the one it `found`."""
        if self.consumer(name) != (seq, state):
            values = {"name": name, "seq": seq, "state": state, "found": found}
            self.database.run(READ["put_consumer"], values)

    def close(self) -> None:
        """Close the files; safe to call twice."""
        with self._writing:
            self._closed = True
            self.warc.close()
        self.database.close()


def restarted(hold: Hold, now: datetime) -> Hold:
    """Return a hold that lasts as long as its host asked, a week at most, from now on."""
    return replace(hold, since=now, until=now + min(hold.until - hold.since, WEEK))


def eased(many: int, id: int, longest: timedelta) -> timedelta:
    """Return how long one of many visits that all came due in a pause waits, so that they don't rush out.

    Ten go out a second, or all within `longest` where there are more.
    """
    span = min(many // 10, int(longest.total_seconds()))
    return timedelta(seconds=id * 7919 % span) if span else timedelta()
