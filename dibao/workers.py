"""Reading in processes that can be killed: every HTML parser has inputs that take minutes."""

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from queue import Empty, SimpleQueue

from pebble import ProcessPool

from dibao.decide import says_something
from dibao.model import Article, Basis, Capture, Reading, Visit
from dibao.pipeline import needs_reading, read, read_without_page
from dibao.ports import Answer

BATCH = 50  # answers settled in one transaction, at most
LINGER = 0.1  # seconds to wait for more of them: each transaction costs a sync of the disk
MIB = 2**20
LARGE = 24  # MiB of large bodies that are read, or wait to be settled, at once
AHEAD = 4  # answers a worker may have waiting
READS_PER_PROCESS = 1000  # then it is replaced, so that no leak of a parser grows


class Done:
    """Says that no more answers come, and what ended them."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class Workers:
    """Reads answers in parallel; a reader past its deadline is killed and its answer still told."""

    def __init__(self, count: int = 0, *, deadline: float = 20.0) -> None:
        self.count = count or len(os.sched_getaffinity(0))
        self.deadline = deadline
        self._closing = False
        # Never fork: threads are running, and a forked copy of their locks stays locked for ever.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["dibao.pipeline"])
        self._pool = ProcessPool(max_workers=self.count, max_tasks=READS_PER_PROCESS, context=context)

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
            return
        # The exchanges are evidence and written down by now: no need to send them to a process.
        light = replace(capture, exchanges=())
        future = self._pool.schedule(read, args=[visit, light], timeout=self.deadline)
        future.add_done_callback(lambda done: self._deliver(visit, capture, done, ready))

    def _deliver(
        self, visit: Visit, capture: Capture, done: "Future[Reading]", ready: "SimpleQueue[Answer | Done]"
    ) -> None:
        if self._closing or done.cancelled():
            return
        error = done.exception()
        if error is None:
            ready.put((visit, capture, done.result()))
        elif visit.entry is None:
            ready.put((visit, capture, Reading(error=reason(error, self.deadline))))
        else:  # the page is beyond us: what the feed says of it is read instead
            why = reason(error, self.deadline)
            second = self._pool.schedule(read_without_page, args=[visit, why], timeout=self.deadline)
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
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


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
    return f"reading it failed ({type(error).__name__}: {error}); its bytes are kept"


def told(done: "Future[Reading]", visit: Visit, why: str) -> Reading:
    """Return what was read of an entry alone, or else its title: nothing announced is lost."""
    if done.exception() is None:
        return done.result()
    if not says_something(visit.entry):
        return Reading(error=why)
    title = visit.entry.title if visit.entry else None
    return Reading(article=Article(title=title, html="", text="", basis=Basis.FEED), error=why)
