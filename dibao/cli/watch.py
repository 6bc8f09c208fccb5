"""What `dibao sync --watch` says while it stays."""

import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from dibao import watching
from dibao.cli.printing import complain, count, local, plain, progress, say
from dibao.model import Kind, Outcome
from dibao.tally import Tally, is_offline
from dibao.watching import Written

PER_LINE = 60.0  # seconds: without an update of the site, a watch says what came no oftener


def keep_watch(folder: Path, only: int | None, publish: bool, as_json: bool) -> None:
    """Watch an archive until stopped, and print a line whenever something came."""
    told = Told(as_json)
    with progress() as shown:
        task = shown.add_task("Watching")

        def waiting(seconds: int) -> None:
            told.say_at_times()
            shown.update(task, description=f"Watching · the next visit is in {count(seconds, 'second')}")

        watch = watching.watch(folder, only=only, publishing=publish, waiting=waiting, told=told.published)
        with closing(watch):  # at once, wherever we are stopped: it holds processes and locks
            for outcome in watch:
                told.add(outcome)
                told.say_at_times()
                shown.update(task, description=f"Watching · {told.tally.line()}")


class Told:
    """Counts what comes and says it in lines, at updates or once a minute; troubles when they begin."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.tally, self._said = Tally(), time.monotonic()
        self._is_offline = False
        self._turn = threading.Lock()  # updates are told from a thread of their own

    def add(self, outcome: Outcome) -> None:
        """Count an outcome; say when a source is in trouble since now."""
        with self._turn:
            self.tally.add(outcome)
        was_offline, self._is_offline = self._is_offline, is_offline(outcome)
        if self.as_json:
            return
        if self._is_offline:
            if not was_offline:
                complain(f"{now()}  [yellow]This machine seems to be offline.[/] What falls due waits.")
        elif outcome.visit.kind is Kind.FEED and outcome.error and is_first(outcome):
            why = plain(outcome.error)
            complain(f"{now()}  [yellow]{plain(outcome.visit.source.name)}[/]: {why}")

    def published(self, written: Written) -> None:
        """Say what an update of posts and site changed, and what came since the last."""
        if isinstance(written, BaseException):
            complain(f"{now()}  [bold red]dibao:[/] {plain(written)} It is tried again.")
        else:
            self._say(written)

    def say_at_times(self) -> None:
        """Say what came, where nothing was said for long."""
        if time.monotonic() - self._said >= PER_LINE:
            self._say({})

    def _say(self, written: dict[str, int]) -> None:
        with self._turn:
            tally, self.tally, self._said = self.tally, Tally(), time.monotonic()
        if self.as_json and (tally.answers or written):
            facts = {"at": datetime.now(UTC), **tally.facts(), "written": written}
            sys.stdout.write(msgspec.json.encode(facts).decode() + "\n")
            sys.stdout.flush()
        elif not self.as_json and (tally.verdicts or any(written.values())):
            files = [f"{name}: {count(n, 'file')}" for name, n in written.items() if n]
            excerpts = [f"{count(tally.partial, 'article')} only as an excerpt"] if tally.partial else []
            say(f"{now()}  " + " · ".join([f"[bold]{tally.line()}[/]", *excerpts, *files]))


def is_first(outcome: Outcome) -> bool:
    """Say whether an error is not the follower of another."""
    return outcome.visit.failures <= 1


def now() -> str:
    """Return the time of day here."""
    return local(datetime.now(UTC))[-5:]
