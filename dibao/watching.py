"""A watch that does not end: visits as they fall due, published as they come, with room made for others."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import FrameType

from pebble import ProcessExpired

from dibao import sync
from dibao.archive import folder as archives
from dibao.clock import SystemClock
from dibao.consumers import is_behind
from dibao.errors import ArchiveError, ConfigError, PublishError
from dibao.machine import Processes
from dibao.model import Outcome
from dibao.wiring import Opened, forms_wanted, opened

SLEPT = timedelta(minutes=10)  # between two looks at the clock: the machine slept, or its clock was set
SET_BACK = timedelta(minutes=1)
MENDED = 5.0  # seconds after which settings that are wrong are read again
LATER = 600.0  # seconds: the longest wait after updates that failed
LOOK = 0.1  # seconds between two looks whether an update is ready
REST = 4  # after an update, for so many times as long as it took, none: publishing never eats the machine
GRACE = 3.0  # seconds in which a process leaves what is under way
LOST = (BrokenProcessPool, ProcessExpired)  # of a process that can't answer any more

Written = dict[str, int] | BaseException  # files changed by form; or why they could not be


def watch(
    folder: Path,
    *,
    only: int | None = None,
    publishing: bool = True,
    waiting: Callable[[int], None] = lambda seconds: None,
    told: Callable[[Written], None] = lambda written: None,
    opening: Callable[[Path], AbstractContextManager[Opened]] = opened,
) -> Generator[Outcome, None, None]:
    """Make every visit as it falls due, and publish what it brings; yield each outcome once it is kept.

    Ends only when it is closed. A command that wants the archive gets it between two visits, and the archive
    is opened anew afterwards; settings that are wrong by then are waited for. `waiting` is told the seconds
    to the next visit, `told`, in another thread, of every update of posts and site.
    """
    wrong = None
    with archives.watching(archives.require(folder), whole=publishing and only is None):
        for turn in count():
            try:
                with (
                    archives.in_turn(folder, patience=-1),
                    opening(folder) as it,
                    published(it, told, wanted=publishing),
                ):
                    yield from sync.walk(it, only=only, patience=None, waiting=waiting, goes_on=Vigil(it))
            except ConfigError as error:
                if not turn:
                    raise
                if str(error) != wrong:
                    wrong = str(error)
                    told(error)
                time.sleep(MENDED)


class Vigil:
    """Says whether a watch goes on, and notices when the clock jumped.

    A machine that slept must not ask everybody at once when it wakes, and a clock that was set must not
    silence the archive.
    """

    def __init__(self, it: Opened) -> None:
        self.it, self.last = it, it.clock.now()

    def __call__(self) -> bool:
        """Say whether to go on: until a command wants the archive."""
        now = self.it.clock.now()
        if not -SET_BACK <= now - self.last <= SLEPT:
            self.it.archive.mend_clock(now)
            self.it.archive.ease_in(now)
        self.last = now
        return not archives.is_wanted(self.it.folder)


@contextmanager
def published(it: Opened, told: Callable[[Written], None], *, wanted: bool) -> Iterator[None]:
    """Keep posts and site up to date beside a walk, in a process of its own."""
    if not wanted:
        yield
        return
    publisher = Publisher(it, told)
    try:
        publisher.start()
        yield
    finally:
        publisher.close()


class Publisher:
    """Brings posts and site up to date whenever they are behind; what goes wrong is told and tried again."""

    def __init__(self, it: Opened, told: Callable[[Written], None]) -> None:
        self._it, self._told = it, told
        self._names = forms_wanted(it.config)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dibao-publisher", daemon=True)

    def start(self) -> None:
        """Begin; close it at the end, wherever that comes."""
        self._thread.start()

    def _run(self) -> None:
        every, failures, wait = self._it.config.publish.every, 0, 0.0  # what an earlier run left comes first
        while not self._closing.wait(wait):
            wait, began = every, time.monotonic()
            if self._is_behind():
                failures = 0 if self._publish() else failures + 1
                wait = max(every, (time.monotonic() - began) * REST, min(every * failures, LATER))

    def _is_behind(self) -> bool:
        """Say whether there is something to publish; where that can't be told, publishing will say why."""
        try:
            return any(is_behind(self._it.archive, name) for name in self._names)
        except ArchiveError:
            return True

    def _publish(self) -> bool:
        """Publish, tell what came of it, and say whether all went well."""
        written = self._written()
        if not self._closing.is_set():
            with suppress(OSError):  # nobody listens: no reason to publish no more
                self._told(written)
        return not isinstance(written, BaseException)

    def _written(self) -> Written:
        """Publish in a process for this update alone; return what came of it, or why nothing did.

        Its memory goes back to the machine, and the walk is not slowed. What a process was doing when it is
        ended is never answered: nobody may wait for the answer alone.
        """
        process = Processes(1)
        try:
            done = process.ask(publish, self._it.folder)
            while process.are_well() and not done.done() and not self._closing.wait(LOOK):
                pass
            error = done.exception(timeout=0)
            return lost(error) if isinstance(error, LOST) else error or done.result()
        except (RuntimeError, OSError) as error:  # it did not start, or is not ready and we are closing
            return lost(error)
        finally:
            process.end()

    def close(self) -> None:
        """End the process, whatever it is doing; the next one goes on where it stopped."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()


def lost(error: BaseException) -> PublishError:
    """Return what is said of an update whose process could not be started, or was ended by somebody."""
    return PublishError(f"the process that publishes did not start or was ended ({type(error).__name__}).")


def publish(folder: Path) -> dict[str, int]:
    """Bring the posts and the site of an archive folder up to date; end at once where the watch does."""
    signal.signal(signal.SIGTERM, leave)
    threading.Thread(target=end_with_parent, daemon=True).start()
    with opened(folder, clock=SystemClock()) as it:
        return sync.publish(it)


def leave(number: int, frame: FrameType | None) -> None:
    """Leave what is under way by the front door, once: processes of its own end with it."""
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(number)


def end_with_parent() -> None:
    """End this process when the one that started it ends, however it does: its lock was ours too."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)  # unless something is under way that can't be left
        os._exit(1)
