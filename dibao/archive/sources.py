"""The sources of an archive: what people decide about them, journalled before it is done."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dibao.archive import journal, rows
from dibao.archive.database import Database, statements
from dibao.errors import ConfigError
from dibao.model import KEPT_PAGES, Kind, Source, State, Visit

SQL = statements("library")
WALK = statements("walk")
READ_BY = {"url", "kind", "selector", "since"}  # fields that decide what a source's answer says
READ_ANEW = "the source is read another way since"  # why a gap is no longer looked for
REST = timedelta(minutes=15)  # in which a part is not asked twice, whoever asks
# Fields that published pages show.
SHOWN = {"name", "url", "category", "tags", "timezone", "language", "rights"}


class SqliteSources:
    """Adds, changes and removes sources; each decision is one line of the journal."""

    def __init__(self, database: Database, journal_folder: Path) -> None:
        self.database, self.journal_folder = database, journal_folder

    def all(self) -> list[Source]:
        """Return the sources that are subscribed, in the order they were added."""
        found = (rows.to_source(row) for row in self.database.rows(SQL["sources"]))
        return [source for source in found if source.state is not State.REMOVED]

    def find(self, wanted: str) -> Source:
        """Return the one source with this number, URL or (part of a) name; ConfigError if not one."""
        sources = self.all()
        exact = [s for s in sources if wanted in (str(s.id), s.url, s.name)]
        near = [s for s in sources if wanted.casefold() in s.name.casefold() or wanted in s.url]
        found = exact or near
        if len(found) == 1:
            return found[0]
        if not found:
            raise ConfigError(f"No source is called {wanted!r}. `dibao sources` lists what there is.")
        several = ", ".join(f"{s.id} {s.name}" for s in found[:5])
        raise ConfigError(f"{wanted!r} fits several sources ({several}). Name one by its number.")

    def add(self, source: Source, now: datetime) -> tuple[Source, bool]:
        """Subscribe; return the source as kept and whether it is new. One that was removed comes back."""
        return self.add_all([source], now)[0]

    def add_all(self, sources: Iterable[Source], now: datetime) -> list[tuple[Source, bool]]:
        """Subscribe to many at once, to all or none; return each as kept and whether it is new."""
        with self.database.transaction():
            added = [self._add(source, now) for source in sources]
            told = (facts(source) for source, new in added if new)
            journal.append_all(self.journal_folder, now, "source added", told)
        return added

    def _add(self, source: Source, now: datetime) -> tuple[Source, bool]:
        before = self._at(source.url)
        if before and before.state is not State.REMOVED:
            return before, False
        if before:
            source = replace(source, id=before.id)
            self.database.run(SQL["put_source"], rows.source_row(source))
            self.hasten(source.id, now)
            return source, True
        values = rows.source_row(source) | {"now": rows.stamp(now)}
        source = replace(source, id=self.database.run(SQL["add_source"], values))
        visit = Visit(url=source.url, kind=Kind.FEED, source=source, due=now)
        self.database.run(WALK["add_visit"], rows.visit_row(visit))
        return source, True

    def kept_pages(self, now: datetime) -> Source:
        """Return the source of pages kept one by one, made when it is first wanted; nothing polls it."""
        before = self._at(KEPT_PAGES.url)
        if before:
            removed = before.state is State.REMOVED
            return self.change(before, now, state=State.ACTIVE, note=None) if removed else before
        with self.database.transaction():
            values = rows.source_row(KEPT_PAGES) | {"now": rows.stamp(now)}
            made = replace(KEPT_PAGES, id=self.database.run(SQL["add_source"], values))
            journal.append(self.journal_folder, now, "source added", **facts(made))
        return made

    def go_on(self, source: Source, now: datetime) -> int:
        """Make due what a backfill has left undone, and return how many pages that is."""
        values = {"source": source.id, "now": rows.stamp(now)}
        self.database.run(SQL["go_on"], values)
        row = self.database.row(SQL["older_due"], values)
        return row[0] if row else 0

    def begin_backfill(
        self, source: Source, visits: Iterable[Visit], facts: dict[str, Any], now: datetime
    ) -> None:
        """Forget the older pages of a source and make the first of them due; a decision, so journalled."""
        with self.database.transaction():
            self.database.run(SQL["forget_parts"], {"source": source.id})
            for visit in visits:
                self.database.run(WALK["add_visit"], rows.visit_row(visit))
            journal.append(self.journal_folder, now, "backfill begun", id=source.id, url=source.url, **facts)

    def page_kept(self, url: str, how: str, now: datetime) -> None:
        """Note in the journal that a person wants one page kept."""
        journal.append(self.journal_folder, now, "page kept", url=url, how=how)

    def change(self, source: Source, now: datetime, **changes: Any) -> Source:
        """Change fields of a source and return it as it is then."""
        changed = replace(source, **changes)
        other = self._at(changed.url)
        if other and other.id != source.id:
            raise ConfigError(f"{changed.url} is already the source {other.id} {other.name}.")
        told = {name: getattr(changed, name) for name in changes}
        with self.database.transaction():
            self.database.run(SQL["put_source"], rows.source_row(changed))
            if READ_BY & changes.keys():
                self._begin_anew(changed)
            if SHOWN & changes.keys():  # what is published says it of every article
                self.database.run(SQL["rename"], rows.source_row(changed))
                self.database.run(SQL["publish_all"])
            if source.state is State.ACTIVE and changed.state is not State.ACTIVE:
                # Others may list its articles: each tells its whole feed once more, and takes them over.
                self.database.run(SQL["forget_validators"])
            journal.append(self.journal_folder, now, "source changed", id=source.id, url=source.url, to=told)
        return changed

    def _begin_anew(self, source: Source) -> None:
        """Let a source's next answer be read whole, and its parts be found again."""
        visit = rows.visit_row(Visit(url=source.url, kind=Kind.FEED, source=source))
        self.database.run(SQL["begin_anew"], visit)
        self.database.run(SQL["forget_parts"], visit)
        self.database.run(SQL["forget_filling"], visit)
        self.database.run(SQL["stop_filling"], visit | {"why": READ_ANEW})

    def hasten(self, id: int, now: datetime) -> None:
        """Make a source due now with the parts that no index dates, unless its host wants to be alone."""
        values = {"id": id, "now": rows.stamp(now), "rested": rows.stamp(now - REST)}
        self.database.run(SQL["hasten"], values)

    def _at(self, url: str) -> Source | None:
        row = self.database.row(SQL["source_at"], {"url": url})
        return rows.to_source(row) if row else None


def facts(source: Source) -> dict[str, Any]:
    """Return what the journal tells of a source."""
    return {
        f.name: getattr(source, f.name) for f in fields(source) if getattr(source, f.name) not in (None, ())
    }
