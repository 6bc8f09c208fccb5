"""How long an entry takes from the feed to its page on the site, a thousand sources under `sync --watch`.

Runs for real time, 40 minutes by itself (``FRESHNESS_MINUTES=60`` for longer): the real command watches a
thousand feeds on 250 loopback addresses, each asked every 15 minutes, the shortest interval that dibao
takes. Each feed announces an article an hour, at random moments. An article's time is that at which its page
was last written before the end, so later updates of a page count against us; articles of the first minutes,
while everything is asked for the first time, and of the last interval are left out.
"""

import asyncio
import json
import multiprocessing
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

from aiohttp import web

SOURCES, HOSTS = 1000, 250
EVERY = 900.0  # seconds between polls
FIRST = 180.0  # seconds in which everything is asked for the first time
AN_HOUR = 3600.0
PARAGRAPH = "<p>市政府今天說明，新的渡輪票價自下月起調整，通勤月票不變，居民代表在說明會上逐一提問。</p>"


def address(source: int) -> str:
    """Return where a source's host listens."""
    host = source % HOSTS
    return f"127.1.{host // 125}.{1 + host % 125}"


def moments(source: int, start: float, seconds: float) -> list[float]:
    """Return when a source publishes, from an hour before the start on."""
    chance, at, found = random.Random(source), start - AN_HOUR, []
    while (at := at + chance.expovariate(1 / AN_HOUR)) < start + seconds:
        found.append(at)
    return found


def serve(ready: "multiprocessing.Queue[int]", told: "multiprocessing.Queue[float]", seconds: float) -> None:
    """Serve the feeds and their articles until killed."""
    asyncio.run(serving(ready, told, seconds))


async def serving(
    ready: "multiprocessing.Queue[int]", told: "multiprocessing.Queue[float]", seconds: float
) -> None:
    """Listen on every address, at one port."""
    port, start = 0, 0.0
    published: dict[int, list[float]] = {}

    async def answer(request: web.BaseRequest) -> web.Response:
        kind, _, name = request.path.strip("/").partition("/")
        if kind == "feed":
            source = int(name)
            times = [at for at in published[source] if at <= time.time()][-20:]
            return web.Response(body=feed(source, times, port), content_type="application/rss+xml")
        if kind == "story":
            page = f"<html lang='zh-Hant'><title>{name}</title><article><h1>第{name}則</h1>{PARAGRAPH * 6}"
            return web.Response(text=f"{page}</article></html>", content_type="text/html")
        return web.Response(status=404)

    runner = web.ServerRunner(web.Server(answer, access_log=None))
    await runner.setup()
    for host in range(HOSTS):
        await web.TCPSite(runner, address(host), port).start()
        port = port or runner.addresses[0][1]
    ready.put(port)
    start = await asyncio.to_thread(told.get)
    published.update({source: moments(source, start, seconds) for source in range(SOURCES)})
    await asyncio.sleep(seconds + AN_HOUR)


def feed(source: int, times: list[float], port: int) -> bytes:
    """Return a feed of the articles published so far."""
    items = "".join(
        f"<item><title>第{source}-{at:.3f}則</title><link>http://{address(source)}:{port}/story/{source}-{at:.3f}"
        f"</link><pubDate>{formatdate(at)}</pubDate></item>"
        for at in reversed(times)
    )
    return f'<rss version="2.0"><channel><title>S{source}</title>{items}</channel></rss>'.encode()


def archive_of(folder: Path, port: int) -> None:
    """Make an archive that watches every source."""
    from dibao.archive.folder import create
    from dibao.model import Source
    from dibao.wiring import opened

    create(folder, '[fetch]\nallow_private = ["127.0.0.0/8"]\n')
    wanted = [
        Source(name=f"S{n}", url=f"http://{address(n)}:{port}/feed/{n}", every=int(EVERY), steady=True)
        for n in range(SOURCES)
    ]
    with opened(folder) as it:
        it.sources.add_all(wanted, it.clock.now())


def shown(folder: Path) -> Iterator[tuple[float, float]]:
    """Yield when each article was published, and when its page stood on the site."""
    for page in (folder / "site" / "a").glob("*.html"):
        found = re.search(r"第\d+-([\d.]+)則", page.read_text(encoding="utf-8"))
        if found:
            yield float(found[1]), page.stat().st_mtime


def main() -> None:
    seconds = float(os.environ.get("FRESHNESS_MINUTES", "40")) * 60
    context = multiprocessing.get_context("spawn")
    ready, told = context.Queue(), context.Queue()
    server = context.Process(target=serve, args=(ready, told, seconds), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "archive"
        archive_of(folder, ready.get())
        start = time.time()
        told.put(start)
        command = [sys.executable, "-m", "dibao", "sync", "--watch", "--json", "-A", str(folder)]
        with (Path(place) / "lines").open("w") as lines:
            watch = subprocess.Popen(command, stdout=lines, stderr=subprocess.DEVNULL)
            time.sleep(seconds)
            watch.send_signal(signal.SIGTERM)
            _, _, usage = os.wait4(watch.pid, 0)
        report(folder, start, seconds, usage.ru_utime + usage.ru_stime, Path(place) / "lines")
    server.kill()


def report(folder: Path, start: float, seconds: float, cpu: float, lines: Path) -> None:
    """Print what came when."""
    pages = dict(shown(folder))
    end = start + seconds - EVERY - 60
    wanted = [
        round(at, 3) for n in range(SOURCES) for at in moments(n, start, seconds) if start + FIRST < at < end
    ]
    came = sorted(pages[at] - at for at in wanted if at in pages)
    updates = [json.loads(line) for line in lines.read_text().splitlines()]
    median, p95, longest = statistics.median(came), came[int(len(came) * 0.95)], came[-1]
    print(
        f"freshness: {len(came)} of {len(wanted)} articles on the site; "
        f"from feed to page median {median:.0f} s, "
        f"p95 {p95:.0f} s, longest {longest:.0f} s (interval {EVERY:.0f} s); "
        f"{sum(each['polls'] for each in updates)} polls, "
        f"{sum(bool(each['written']) for each in updates)} updates, {len(pages)} articles in all, "
        f"{cpu:.0f} s of CPU in {seconds:.0f} s"
    )


if __name__ == "__main__":
    main()
