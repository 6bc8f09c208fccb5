"""A backfill of 5,000 old articles, killed 20 times, beside 20 live sources: what is kept, and what waits.

A real server on loopback, real processes, and SIGKILL at random moments. Old articles stand behind a
WordPress feed of 250 pages; live feeds have something new every ten seconds, 15 of them on hosts of their
own and 5 on the very host that the backfill walks. So that minutes tell enough, live sources are polled
every ten seconds (the quarter of an hour below which nobody is asked is lowered for this alone) and the
pause between requests is 0. Each poll's delay is the time from when it was due to its request at the server;
first without a backfill, then with one, in the same archive.
"""

import json
import multiprocessing
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

OLD, A_PAGE, KILLS = 5000, 20, 20
BESIDE, SAME_HOST, EVERY = 15, 5, 10  # live sources, and seconds between their polls
ALONE = 100  # seconds without a backfill
START = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = "".join(
    f"<p>港務處在說明會上逐項回答居民的提問，並承諾兩週內公布結果（之{n}）。</p>" for n in range(12)
)


# --- the server ---------------------------------------------------------------------------------------


def serve(ready: "multiprocessing.Queue[int]", asked: str) -> None:
    """Serve until killed; write down when each feed and old article was asked."""
    import asyncio

    from aiohttp import web

    log = Path(asked).open("a", buffering=1, encoding="utf-8")  # noqa: SIM115

    async def answer(request: web.BaseRequest) -> web.Response:
        log.write(f"{time.time()} {request.host}{request.path}\n")
        body = page_at(request.path, int(request.query.get("paged", "1")), f"http://{request.host}")
        kind = "application/rss+xml" if request.path.endswith("/feed") else "text/html"
        return web.Response(body=body, content_type=kind, charset="utf-8", status=200 if body else 404)

    async def run() -> None:
        runner = web.ServerRunner(web.Server(answer, access_log=None))
        await runner.setup()
        site = web.TCPSite(runner, "0.0.0.0", 0)
        await site.start()
        ready.put(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


def page_at(path: str, page: int, root: str) -> bytes:
    """Return what stands at a path; nothing where there is nothing."""
    folder, _, name = path.strip("/").rpartition("/")
    if name == "feed":
        now = int(time.time()) // EVERY
        numbers = (
            range((page - 1) * A_PAGE, min(page * A_PAGE, OLD))
            if folder == "old"
            else range(now, now - 5, -1)
        )
        return feed(folder, list(numbers), root) if numbers else b""
    if not name.isdigit():
        return b""
    html = (
        f"<html lang=zh-Hant><title>第{name}號消息</title><body><article><h1>第{name}號消息</h1>{WORDS}{name}"
    )
    return f"{html}</article></body></html>".encode()


def feed(folder: str, numbers: list[int], root: str) -> bytes:
    """Return a feed of articles in a folder."""
    items = "".join(
        f"<item><title>第{n}號消息</title><link>{root}/{folder}/{n}</link>"
        f"<pubDate>{format_datetime(START - timedelta(hours=n % 50_000))}</pubDate></item>"
        for n in numbers
    )
    maker = "<generator>https://wordpress.org/?v=6.4</generator>" if folder == "old" else ""
    return f'<rss version="2.0"><channel><title>{folder}</title>{maker}{items}</channel></rss>'.encode()


# --- the walks, each in a process of its own ------------------------------------------------------------


def make(folder: Path, port: int) -> None:
    """Make an archive with the old source and the live ones."""
    from dibao.archive.folder import create
    from dibao.subscribe import subscribe
    from dibao.wiring import opened

    hosts = [f"127.0.0.1:{port}", *(f"127.0.1.{n + 1}:{port}" for n in range(BESIDE))]
    create(folder, f"[fetch]\npause = 0\nallow_private = {json.dumps(hosts)}\n[read]\nworkers = 1\n")
    with opened(folder) as it:
        old = {"name": "old", "every": 86400, "steady": True}
        subscribe(it, f"http://{hosts[0]}/old/feed", old, check=False)
        for n in range(BESIDE + SAME_HOST):
            host = hosts[n + 1] if n < BESIDE else hosts[0]
            live = {"name": f"live {n}", "every": EVERY, "steady": True}
            subscribe(it, f"http://{host}/live{n}/feed", live, check=False)


def walk(folder: Path, told: Path, seconds: float) -> None:
    """Sync for so many seconds, or go on with the backfill; write down when each live source is due."""
    from dibao import backfilling, sync
    from dibao.archive.folder import walking
    from dibao.backfilling import Backfill
    from dibao.decide import schedule
    from dibao.model import Kind
    from dibao.wiring import opened

    schedule.FLOOR = timedelta(seconds=EVERY)
    with told.open("a", buffering=1, encoding="utf-8") as log, walking(folder), opened(folder) as it:
        wanted = Backfill(it.sources.find("1"))
        patience = timedelta(seconds=seconds)
        going = sync.walk(it, patience=patience) if seconds else backfilling.walk(it, wanted)
        for outcome in going:
            visit = outcome.visit
            if visit.kind is Kind.FEED and visit.due and visit.source.id > 1:
                log.write(f"{visit.due.timestamp()} {visit.url.removeprefix('http://')}\n")
        print("done", *wanted.ends, flush=True)


def start(folder: Path, told: Path, seconds: float) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bench.backfill", str(folder), str(told), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def killed(folder: Path, told: Path) -> Iterator[float]:
    """Run the backfill to its end, killing it at random moments; yield when."""
    chance = random.Random(20260304)
    for at in sorted(chance.sample(range(30, OLD - 100), KILLS)):
        process = start(folder, told, 0)
        while kept(folder) < at and process.poll() is None:
            time.sleep(0.1)
        time.sleep(chance.uniform(0, 0.3))
        if process.poll() is not None:
            raise SystemExit(f"the backfill ended by itself: {process.communicate()[0]}")
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        yield time.time()
    process = start(folder, told, 0)
    said = process.communicate()[0]
    print(f"  the last run said: {said.strip()}")


def kept(folder: Path) -> int:
    """Return how many old articles are kept."""
    return int(asked_of(folder, "SELECT count(*) FROM articles WHERE source = 1")[0][0])


def asked_of(folder: Path, query: str) -> list[tuple[str, ...]]:
    """Return what a query finds in the archive."""
    database = sqlite3.connect(f"file:{folder}/archive.db?mode=ro", uri=True, timeout=30)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def old_articles(folder: Path) -> Counter[str]:
    """Return the addresses of the old articles that are kept, and how often each is."""
    found = asked_of(folder, "SELECT url FROM revisions WHERE source = 1 AND number = 1")
    return Counter(row[0] for row in found)


# --- figures --------------------------------------------------------------------------------------------


def lines(path: Path) -> list[tuple[float, str]]:
    """Return the times in a log, each with what it is of; the last line of a killed process may be torn."""
    told = (line.split(" ", 1) for line in path.read_text(encoding="utf-8").split("\n")[:-1])
    return [(float(pair[0]), pair[1]) for pair in told if len(pair) == 2 and pair[1].endswith("/feed")]


def delays(
    due: list[tuple[float, str]], asked: list[tuple[float, str]], end: float, kills: Sequence[float] = ()
) -> dict[str, list[float]]:
    """Return how long after it was due each poll was made, by host: the backfill's own, and others.

    Polls that fell due while nothing ran, after one of these kills, stand apart.
    """
    made: dict[str, list[float]] = {}
    for at, url in sorted(asked):
        made.setdefault(url, []).append(at)
    times = sorted(at for at, _ in asked)
    down = [(kill - 1, next((at for at in times if at > kill), kill)) for kill in kills]
    found: dict[str, list[float]] = {"own hosts": [], "its host": [], "any, due while it was dead": []}
    for at, url in due:
        first = next((each for each in made.get(url, []) if each >= at - 0.05), None)
        if at < end and first is not None:
            where = "its host" if url.startswith("127.0.0.1:") else "own hosts"
            dead = any(kill <= at <= up for kill, up in down)
            found["any, due while it was dead" if dead else where].append(max(first - at, 0.0))
    return found


def report(name: str, found: dict[str, list[float]], seconds: float) -> float:
    """Print what polls waited, and return how many were made a minute."""
    for where, waits in found.items():
        if not waits:
            continue
        p95 = sorted(waits)[int(len(waits) * 0.95)]
        print(
            f"  {name}, live on {where}: {len(waits)} polls; delay mean {statistics.fmean(waits):.2f} s "
            f"({statistics.fmean(waits) / 9:.2f} % of 15 minutes), median {statistics.median(waits):.2f}, "
            f"p95 {p95:.2f}, most {max(waits):.2f}"
        )
    return sum(map(len, found.values())) / seconds * 60


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        root, context = Path(name), multiprocessing.get_context("spawn")
        ready = context.Queue()
        server = context.Process(target=serve, args=(ready, str(root / "asked")), daemon=True)
        server.start()
        try:
            measured(root, ready.get(timeout=60))
        finally:
            server.kill()


def measured(root: Path, port: int) -> None:
    """Walk alone, then with a backfill, and print both."""
    folder = root / "archive"
    make(folder, port)
    began = time.time()
    said = start(folder, root / "due-alone", ALONE).communicate()[0]
    alone = time.time()
    if "done" not in said:
        raise SystemExit(said)
    kills = list(killed(folder, root / "due"))
    end = time.time()
    found, asked = old_articles(folder), lines(root / "asked")
    twice = sum(times - 1 for times in found.values())
    print(f"backfill: {len(found)} of {OLD} kept, {twice} twice, {len(kills)} kills, {end - alone:.0f} s")
    again = Counter(
        line.split(" ", 1)[1]
        for line in (root / "asked").read_text(encoding="utf-8").splitlines()
        if "/old/" in line and not line.endswith("/feed")
    )
    print(f"  old articles asked again after a kill: {sum(again.values()) - len(again)}")
    without = report("without", delays(lines(root / "due-alone"), asked, alone - 2), alone - began)
    beside = report("with", delays(lines(root / "due"), asked, end - 2, kills), end - alone)
    print(f"  live polls a minute: {without:.0f} without, {beside:.0f} with, kills and starts and all")


if __name__ == "__main__":
    walk(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
