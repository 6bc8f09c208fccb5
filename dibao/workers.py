"""Reading in processes that can be killed: every HTML parser has inputs that take minutes."""

import resource
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import NamedTuple

from dibao.archive.rulefiles import Places
from dibao.decide import says_something
from dibao.extract.rules import RulesAt
from dibao.machine import Processes, cores
from dibao.model import POLLS, Article, Basis, Capture, Reading, Visit
from dibao.pipeline import needs_reading, read, read_without_page
from dibao.ports import Answer
from dibao.rulebook import book_at

BATCH = 50  # answers settled in one transaction, at most
LINGER = 0.1  # seconds to wait for more of them: each transaction costs a sync of the disk
MIB = 2**20
LARGE = 24  # MiB of large bodies that are read, or wait to be settled, at once
AHEAD = 16  # answers a worker may have waiting
SMALL = 2**17  # bytes: feeds up to this size are sent together, which costs hardly more than to send one
TOGETHER = 8  # at most, and no more than have gathered while all processes were busy
LIVES = 100  # how often processes are begun anew that somebody else has ended
TASKS_PER_PROCESS = 1000  # then it is replaced, so that no leak of a parser grows
NO_RULES = Places()
MEMORY = 512 * MIB  # of data in a process that reads: what wants more is told as its error
KEPT = "; its bytes are kept"


class Done:
    """Says that no more answers come, and what ended them."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class Task(NamedTuple):
    """An answer to be read, and where it is wanted."""

    visit: Visit
    capture: Capture
    ready: "SimpleQueue[Answer | Done]"


def read_all(answers: Sequence[tuple[Visit, Capture]], places: Places) -> list[Reading]:
    """Say what captures say, in their order, by the rules that stand in these places."""
    return [read(visit, capture, book_at(places)) for visit, capture in answers]


def bound_memory() -> None:
    """Let this process have no more memory than reading takes."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY if most < 0 else min(MEMORY, most), most))


class Workers:
    """Reads answers in parallel; a reader past its deadline is killed and its answer still told.

    The deadline is a feed's, which may be long; a page has half of it.
    """

    def __init__(self, count: int = 0, *, deadline: float = 20.0, rules: Places = NO_RULES) -> None:
        self.count = count or cores()
        self.deadline, self.rules = deadline, rules
        self._closing = False
        self._lives = LIVES
        self._turn = threading.Lock()
        self._gathered: list[Task] = []
        self._bundles = 0  # under way
        self._processes = Processes(self.count, tasks=TASKS_PER_PROCESS, first=bound_memory)

    def read(self, captures: Iterator[tuple[Visit, Capture]]) -> Iterator[list[Answer]]:
        """Yield answers with what they say, as they are ready: one at least, a batch at most."""
        ready: SimpleQueue[Answer | Done] = SimpleQueue()
        room, large = threading.Semaphore(self.count * AHEAD), threading.Semaphore(LARGE)
        leaving = threading.Event()

        def feed() -> None:
            error: BaseException | None = None
            try:
                for visit, capture in captures:
                    room.acquire()
                    for _ in range(weight(capture)):
                        large.acquire()
                    if leaving.is_set():
                        break
                    self._submit(visit, capture, ready)
                    del capture  # it may be large, and the next may be long in coming
            except BaseException as raised:  # told to the reading side, which raises it
                error = raised
            for _ in range(self.count * AHEAD):
                room.acquire()  # all that was submitted has been taken
            ready.put(Done(error))

        feeder = threading.Thread(target=feed, name="dibao-feeder", daemon=True)
        feeder.start()
        try:
            yield from batches(ready, room, large)
        finally:
            leaving.set()
            for _ in range(self.count * AHEAD * 2):
                room.release()
            large.release(LARGE)

    def _submit(self, visit: Visit, capture: Capture, ready: "SimpleQueue[Answer | Done]") -> None:
        if not needs_reading(visit, capture):
            ready.put((visit, capture, read(visit, capture)))
        elif visit.kind in POLLS and len(capture.body) <= SMALL:
            with self._turn:
                self._gathered.append(Task(visit, capture, ready))
            self._send_gathered()
        else:
            self._send([Task(visit, capture, ready)])

    def _send_gathered(self) -> None:
        """Send some of what has gathered, unless the processes have enough to do."""
        with self._turn:
            some = self._gathered[:TOGETHER] if self._bundles < self.count else []
            del self._gathered[: len(some)]
            self._bundles += bool(some)
        if some:
            self._send(some).add_done_callback(lambda done: self._sent())

    def _sent(self) -> None:
        with self._turn:
            self._bundles -= 1
        if not self._closing:
            self._send_gathered()

    def _send(self, tasks: "Sequence[Task]") -> "Future[list[Reading]]":
        # The exchanges are evidence and written down by now: no need to send them to a process.
        light = [(task.visit, replace(task.capture, exchanges=())) for task in tasks]
        seconds = self._seconds_for(tasks[0].visit)
        future = self._processes.ask(read_all, light, self.rules, deadline=seconds)
        future.add_done_callback(lambda done: self._deliver(tasks, done))
        return future

    def _deliver(self, tasks: "Sequence[Task]", done: "Future[list[Reading]]") -> None:
        if self._closing or done.cancelled():
            return
        error = done.exception()
        if error is None:
            for task, reading in zip(tasks, done.result(), strict=True):
                task.ready.put((task.visit, task.capture, reading))
        elif isinstance(error, BrokenProcessPool) and self._lives:  # somebody ended an idle process
            self._lives -= 1
            self._send(tasks)
        elif len(tasks) > 1:  # one of them is beyond us: each is read alone
            for task in tasks:
                self._send([task])
        else:
            self._deliver_less(*tasks[0], reason(error, self._seconds_for(tasks[0].visit)))

    def _seconds_for(self, visit: Visit) -> float:
        return self.deadline if visit.kind in POLLS else self.deadline / 2

    def _deliver_less(
        self, visit: Visit, capture: Capture, ready: "SimpleQueue[Answer | Done]", why: str
    ) -> None:
        if visit.entry is None:
            ready.put((visit, capture, Reading(error=why)))
            return
        # The page is beyond us: what the feed says of it is read instead.
        second = self._processes.ask(
            read_entry, visit, why, capture.captured_at, self.rules, deadline=self.deadline
        )
        second.add_done_callback(lambda done: self._deliver_entry(visit, capture, done, why, ready))

    def _deliver_entry(
        self,
        visit: Visit,
        capture: Capture,
        done: "Future[Reading]",
        why: str,
        ready: "SimpleQueue[Answer | Done]",
    ) -> None:
        if not self._closing and not done.cancelled():
            ready.put((visit, capture, told(done, visit, why)))

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        self._closing = True
        self._processes.end()


def read_entry(visit: Visit, why: str, at: datetime, places: Places) -> Reading:
    """Say what the feed says of an article whose page is beyond us."""
    return read_without_page(visit, why, RulesAt(book_at(places), at))


def weight(capture: Capture) -> int:
    """Return the MiB that a body takes of what all large ones may."""
    return min(len(capture.body) // MIB, LARGE)


def batches(
    ready: "SimpleQueue[Answer | Done]", room: threading.Semaphore, large: threading.Semaphore
) -> Iterator[list[Answer]]:
    """Yield what is ready, waiting for the first and a moment for more; raise what ended it."""
    while True:
        batch: list[Answer] = []
        try:
            item = ready.get()
            until = time.monotonic() + LINGER
            while not isinstance(item, Done):
                batch.append(item)
                room.release()
                if len(batch) == BATCH:
                    break
                item = ready.get(timeout=max(until - time.monotonic(), 0))
        except Empty:
            pass
        if batch:
            yield batch
            if settled := sum(weight(capture) for _, capture, _ in batch):
                large.release(settled)
        if isinstance(item, Done):
            if item.error:
                raise item.error
            return


def reason(error: BaseException, deadline: float) -> str:
    """Return in words why a reader gave no answer."""
    if isinstance(error, TimeoutError):
        return f"reading it took more than {deadline:g} seconds"
    if isinstance(error, MemoryError):
        return f"reading it took more than {MEMORY // MIB} MiB of memory{KEPT}"
    return f"reading it failed ({type(error).__name__}: {error}){KEPT}"


def told(done: "Future[Reading]", visit: Visit, why: str) -> Reading:
    """Return what was read of an entry alone, or else its title: nothing announced is lost."""
    if done.exception() is None:
        return done.result()
    if not says_something(visit.entry):
        return Reading(error=why)
    title = visit.entry.title if visit.entry else None
    return Reading(article=Article(title=title, html="", text="", basis=Basis.FEED), error=why)
