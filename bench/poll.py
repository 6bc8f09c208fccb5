"""CPU of polling a source, next to bare aiohttp, a loop around feedparser, and lemon24/reader, in one run.

A thousand sources (or as many as DIBAO_BENCH_SOURCES says) stand on 500 addresses of this machine and
answer with RSS of some 17 kB and 20 entries, half of them in Chinese, gzipped, with ETag and Last-Modified.
Three rounds follow each other, and in each all take their turn: the first poll; one that finds three new
entries in every feed; and one that finds nothing new, each answer a 304. Each turn is a process of its own,
and what counts is the CPU time that it and its children took since its modules are loaded, the server's left
out. The processes that read for dibao are made ready before, as they are once for a whole watch.

- aiohttp asks with the validators of the time before, takes the bytes, and does nothing with them;
- the loop reads them with feedparser and keeps in SQLite what is new;
- reader does all that it does in ``update_feeds``, with the twenty workers of its command line;
- dibao makes the walk of ``dibao sync``: evidence, what is announced, gaps, and when to ask next. The pages
  that a poll announces are put off, so that polls alone are measured;
- the same of sources that are `feed_only`: each entry is cleaned as an article and kept as a version.
"""

import asyncio
import cProfile
import gzip
import json
import multiprocessing
import os
import pstats
import resource
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import aiohttp
import feedparser

from bench.demo import family
from dibao.archive.folder import create
from dibao.model import Capture, Kind, Outcome, Reading, Source, Visit
from dibao.pipeline import judge
from dibao.ports import Known
from dibao.sync import walk
from dibao.wiring import opened
from dibao.workers import Workers

SOURCES = int(os.environ.get("DIBAO_BENCH_SOURCES", "1000"))
ADDRESSES = 500
ENTRIES, FRESH = 20, 3
BEGAN = datetime(2026, 3, 2, 8, 20, tzinfo=UTC)
APART = timedelta(minutes=75)  # between two rounds: all is due again, and none of it overdue by much
ROUNDS = ("first poll", "new entries", "304")
AT_ONCE = 32
CHINESE = "市議會週二通過新的預算案主要用於修復老舊水管並延長夜間公車路線居民代表表示歡迎"
ENGLISH = "the council voted on Tuesday to repair the old water mains and to run the night buses later "


# --- what is polled -------------------------------------------------------------------------------------


def address(source: int) -> str:
    """Return the address that a source stands on: one of 500, never the first of this machine."""
    return f"127.0.{1 + source % ADDRESSES // 250}.{1 + source % 250}"


def url(source: int, port: int) -> str:
    return f"http://{address(source)}:{port}/{source}.xml"


def item(source: int, number: int) -> str:
    """Return an entry; the higher its number, the later it came."""
    at = format_datetime(BEGAN - timedelta(hours=3 * (ENTRIES - number)) + timedelta(minutes=source % 60))
    words = CHINESE * 5 if source % 2 else ENGLISH * 6
    link = f"https://paper{source}.test/{number}"
    return (
        f"<item><title>{words[:20]} {source}-{number}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{at}</pubDate><description><![CDATA[<p>{number} {words}</p>]]></description></item>"
    )


def feed(source: int, version: int) -> bytes:
    """Return a version of a source's feed, the latest entries first."""
    last = ENTRIES + FRESH * (version - 1)
    items = "".join(item(source, number) for number in range(last, last - ENTRIES, -1))
    head = f"<title>Paper {source}</title><link>https://paper{source}.test/</link>"
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


class Answering(asyncio.Protocol):
    """Answers GET, and conditional GET with 304: as little of HTTP as the clients here need."""

    def __init__(self, version: Any) -> None:
        self.version, self.asked = version, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.asked += data
        while b"\r\n\r\n" in self.asked:
            head, _, self.asked = self.asked.partition(b"\r\n\r\n")
            self.transport.write(self.answer(head.decode("latin-1")))  # type: ignore[attr-defined]

    def answer(self, head: str) -> bytes:
        version = self.version.value
        source = int(head.split()[1].strip("/").partition(".")[0])
        etag = f'"{source}-{version}"'
        at = format_datetime(BEGAN + APART * version, usegmt=True)
        said = f"ETag: {etag}\r\nLast-Modified: {at}\r\n"
        if etag in head:
            return f"HTTP/1.1 304 Not Modified\r\n{said}\r\n".encode()
        body = gzip.compress(feed(source, version), 6)
        said += (
            f"Content-Type: application/rss+xml\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n"
        )
        return f"HTTP/1.1 200 OK\r\n{said}\r\n".encode() + body


def serve(ready: Any, version: Any, port: int = 0) -> None:
    """Serve the feeds on all addresses, at one port (0: any that is free), until killed."""
    allow_files()

    async def run() -> None:
        loop = asyncio.get_running_loop()
        first = await loop.create_server(lambda: Answering(version), address(0), port)
        number = first.sockets[0].getsockname()[1]
        others = [address(n) for n in range(1, ADDRESSES)]
        await loop.create_server(lambda: Answering(version), others, number)
        ready.put(number)
        await asyncio.sleep(86400)

    asyncio.run(run())


def allow_files() -> None:
    """Raise the number of open files to what this machine allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


# --- who polls: each takes a folder of its own, the port and the round ------------------------------------


def by_aiohttp(folder: Path, port: int, turn: int, take: Callable[[int, bytes], None] | None = None) -> None:
    """Ask for every feed with the validators of the time before."""
    memory = folder / "validators.json"
    known: dict[str, dict[str, str]] = json.loads(memory.read_text()) if memory.exists() else {}
    left = iter(range(SOURCES))

    async def ask(session: aiohttp.ClientSession) -> None:
        for source in left:
            async with session.get(url(source, port), headers=known.get(str(source), {})) as answer:
                body = await answer.read()
                if answer.status == 200:
                    validators = answer.headers["ETag"], answer.headers["Last-Modified"]
                    known[str(source)] = dict(
                        zip(("If-None-Match", "If-Modified-Since"), validators, strict=True)
                    )
                    if take:
                        take(source, body)

    async def run() -> None:
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(ask(session) for _ in range(AT_ONCE)))

    asyncio.run(run())
    memory.write_text(json.dumps(known))


def by_feedparser(folder: Path, port: int, turn: int) -> None:
    """Do that, and keep of each answer what is new."""
    database = sqlite3.connect(folder / "entries.db")
    database.execute("CREATE TABLE IF NOT EXISTS entries (id TEXT PRIMARY KEY, title TEXT, text TEXT)")

    def take(source: int, body: bytes) -> None:
        found = feedparser.parse(body).entries
        rows = [(each.id, each.title, each.summary) for each in found]
        database.executemany("INSERT OR IGNORE INTO entries VALUES (?, ?, ?)", rows)
        database.commit()

    by_aiohttp(folder, port, turn, take)
    database.close()


def by_reader(folder: Path, port: int, turn: int) -> None:
    with not_counted():
        from reader import make_reader

    with make_reader(str(folder / "reader.db")) as reader:
        with not_counted():
            for source in range(SOURCES):
                reader.add_feed(url(source, port), exist_ok=True)
        reader.update_feeds(scheduled=False, workers=20)


def by_dibao(folder: Path, port: int, turn: int, feed_only: bool = False) -> None:
    with not_counted():
        make_ready()
        if not turn:
            subscribe(folder / "archive", port, feed_only)
    with opened(folder / "archive", clock=Later(turn)) as it:
        outcomes = sum(1 for _ in walk(it, patience=timedelta(), judging=put_off))
    if outcomes != SOURCES:
        sys.exit(f"poll: dibao asked {outcomes} of {SOURCES} sources")


def by_dibao_alone(folder: Path, port: int, turn: int) -> None:
    by_dibao(folder, port, turn, feed_only=True)


def put_off(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Judge a poll, and put off what it announces."""
    outcome = judge(visit, capture, reading, known, now)
    if not outcome.found:
        return outcome
    return replace(outcome, found=tuple(replace(found, due=None) for found in outcome.found))


def subscribe(root: Path, port: int, feed_only: bool) -> None:
    """Make an archive of all the sources."""
    create(root, '[fetch]\npause = 0\nallow_private = ["127.0.0.0/8"]\n')
    sources = [
        Source(name=f"Paper {source}", url=url(source, port), feed_only=feed_only)
        for source in range(SOURCES)
    ]
    with opened(root, clock=Later(-1)) as it:
        it.sources.add_all(sources, it.clock.now())


def make_ready() -> None:
    """Start what the reading processes are forked from, and wait until it has loaded its modules."""
    visit = Visit(url="http://a.test/", kind=Kind.FEED, source=Source(name="a", url="http://a.test/"))
    capture = Capture(url=visit.url, final_url=visit.url, captured_at=BEGAN, status=200, body=feed(0, 1))
    workers = Workers(1)
    list(workers.read(iter([(visit, capture)])))
    workers.close()


class Later:
    """The time, moved to that of a round."""

    def __init__(self, turn: int) -> None:
        self.shift = BEGAN + APART * turn - datetime.now(UTC)

    def now(self) -> datetime:
        """Return the present as aware UTC."""
        return datetime.now(UTC) + self.shift

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        time.sleep(seconds)


# --- what it costs ----------------------------------------------------------------------------------------

_uncounted = [0.0]


@contextmanager
def not_counted() -> Iterator[None]:
    """Leave out of the account what is done inside."""
    before = spent()
    yield
    _uncounted[0] += spent() - before


def spent() -> float:
    """Return the CPU seconds that this process and all below it took so far."""
    ticks = 0
    for process in family(os.getpid()):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
        except OSError:  # it ended meanwhile: its parent has counted it
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def report(client: Callable[[Path, int, int], None], folder: Path, port: int, turn: int, result: Any) -> None:
    """Take a turn, and hand over the CPU seconds it took."""
    allow_files()
    before = spent()
    client(folder, port, turn)
    result.put(spent() - before - _uncounted[0])


def cost(client: Callable[[Path, int, int], None], folder: Path, port: int, turn: int) -> float:
    """Return the CPU milliseconds a source of a turn in a fresh process."""
    folder.mkdir(exist_ok=True)
    context = multiprocessing.get_context("spawn")
    result = context.SimpleQueue()
    process = context.Process(target=report, args=(client, folder, port, turn, result))
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"poll: {client.__name__} failed")
    seconds: float = result.get()
    return seconds * 1000 / SOURCES


def profile(folder: Path, port: int, turn: int) -> None:
    """Print where the walking process spends its time in a turn of dibao, all its threads together."""
    profiles: list[cProfile.Profile] = []

    def begin(*_: object) -> None:
        profiles.append(cProfile.Profile(time.thread_time))
        profiles[-1].enable()

    make_ready()
    threading.setprofile(begin)
    begin()
    by_dibao(folder, port, turn)
    profiles[0].disable()
    threading.setprofile(None)
    stats = pstats.Stats(profiles[0], stream=sys.stdout)
    for other in profiles[1:]:
        stats.add(other)
    stats.sort_stats("tottime").print_stats(20)
    if os.environ.get("POLL_DUMP"):
        for n, each in enumerate(profiles):
            pstats.Stats(each).dump_stats(f"{os.environ['POLL_DUMP']}.{n}")


def clients() -> dict[str, Callable[[Path, int, int], None]]:
    """Return who polls, by name."""
    found: dict[str, Callable[[Path, int, int], None]] = {
        "aiohttp": by_aiohttp,
        "feedparser": by_feedparser,
        "reader": by_reader,
        "dibao": by_dibao,
        "feed_only": by_dibao_alone,
    }
    if not (find_spec("reader") and find_spec("sgmllib")):  # which the feedparser in it needs
        print("poll: reader is not installed, or sgmllib3k is not")
        del found["reader"]
    return found


def main() -> None:
    context = multiprocessing.get_context("spawn")
    ready, version = context.Queue(), context.Value("i", 1)
    server = context.Process(target=serve, args=(ready, version), daemon=True)
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            compare(Path(folder), ready.get(timeout=60), version)
    finally:
        server.kill()


def compare(folder: Path, port: int, version: Any) -> None:
    """Print what each client takes in each round, and how many times what dibao takes."""
    print(f"{SOURCES} sources on {ADDRESSES} addresses, CPU ms a source (times what dibao takes):")
    names = clients()
    print(f"  {'':12}" + "".join(f"{name:>20}" for name in names))
    for turn, name in enumerate(ROUNDS):
        version.value = min(turn + 1, 2)
        took = {each: cost(client, folder / each, port, turn) for each, client in names.items()}
        cells = (f"{ms:.2f} ({ms / took['dibao']:.2f})" for ms in took.values())
        print(f"  {name:12}" + "".join(f"{cell:>20}" for cell in cells), flush=True)
    print("where dibao spends its time in two more such rounds (one process, under the profiler):")
    for turn, name in enumerate(ROUNDS[1:], len(ROUNDS)):
        version.value += name != "304"
        cost(profile, folder / "dibao", port, turn)


if __name__ == "__main__":
    main()
