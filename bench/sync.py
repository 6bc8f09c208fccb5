"""Articles a second of `sync` over real pages served on loopback, on one core and on two.

Needs DIBAO_TEST_DATA. The pages stand on 90 hosts, behind one RSS feed each; the pause between requests to
a host is 0, so what is measured is our own work. The server is a process of its own. "With two cores" it
shares them with us; "with one" it has the other core to itself.
"""

import asyncio
import cProfile
import gzip
import json
import multiprocessing
import os
import pstats
import resource
import sys
import tempfile
import time
from pathlib import Path
from xml.sax.saxutils import escape

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bench.demo import family

PAGES, HOSTS = 900, 90


class Everywhere(AbstractResolver):
    """Resolves ``host*.test`` names to one port of this machine; pictures elsewhere are not to be had."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        if not (host.startswith("host") and host.endswith(".test")):
            raise OSError(f"no such host: {host}")
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self.port, family=2, proto=0, flags=4)]

    async def close(self) -> None:
        """Hold nothing."""


def pages() -> list[bytes]:
    """Return the pages, the smallest sets first, in a fixed order."""
    folder = Path(os.environ["DIBAO_TEST_DATA"]) / "pages"
    ids = [json.loads(line)["id"] for line in (folder / "labels.jsonl").open(encoding="utf-8")]
    files = [folder / "pages" / f"{id}.html.gz" for id in ids]
    return [gzip.decompress(file.read_bytes()) for file in files if file.exists()][:PAGES]


def feed(host: int, count: int) -> bytes:
    """Return the feed of a host: headlines and links only."""
    items = "".join(
        f"<item><title>{escape(f'Story {n}')}</title><link>http://host{host}.test/a/{n}</link></item>"
        for n in range(host, count, HOSTS)
    )
    return f'<rss version="2.0"><channel><title>Host {host}</title>{items}</channel></rss>'.encode()


def serve(ready: "multiprocessing.Queue[int]", core: int | None) -> None:
    """Serve the pages until killed."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    bodies = [gzip.compress(page, 1) for page in pages()]

    async def answer(request: web.BaseRequest) -> web.Response:
        if request.path != "/feed" and not request.path.removeprefix("/a/").isdigit():
            return web.Response(status=404)
        host = int(request.host.split(".")[0].removeprefix("host"))
        if request.path == "/feed":
            return web.Response(body=feed(host, len(bodies)), content_type="application/rss+xml")
        body = bodies[int(request.path.rsplit("/", 1)[1])]
        return web.Response(body=body, content_type="text/html", headers={"Content-Encoding": "gzip"})

    async def run() -> None:
        runner = web.ServerRunner(web.Server(answer, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ready.put(runner.addresses[0][1])
        await asyncio.sleep(3600)

    asyncio.run(run())


def walk(port: int, cores: set[int], profile: bool) -> dict[str, float]:
    """Sync an archive of all the hosts once and return what it cost."""
    os.sched_setaffinity(0, cores)
    from dibao.archive.folder import create, walking
    from dibao.model import Source
    from dibao.sync import publish
    from dibao.sync import walk as make_visits
    from dibao.wiring import opened

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "archive"
        create(root, f'[fetch]\npause = 0\nallow_private = ["127.0.0.1:{port}"]\n')
        with walking(root), opened(root, resolver=Everywhere(port)) as it:
            for host in range(HOSTS):
                it.sources.add(
                    Source(name=f"Host {host}", url=f"http://host{host}.test/feed"), it.clock.now()
                )
            profiler = cProfile.Profile()
            start = time.perf_counter()
            if profile:
                profiler.enable()
            kept = sum(len(outcome.revisions) for outcome in make_visits(it))
            profiler.disable()
            walked = time.perf_counter() - start
            publish(it)
            published = time.perf_counter() - start - walked
    if profile:
        pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(14)
    own = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "kept": kept,
        "walk": walked,
        "publish": published,
        "own_cpu": own.ru_utime + own.ru_stime,
        "peak_mb": own.ru_maxrss / 1024,
    }


def measured(cores: set[int], server_core: int | None, profile: bool = False) -> dict[str, float]:
    """Run server and walk in fresh processes and return what the walk cost."""
    context = multiprocessing.get_context("spawn")
    ready = context.Queue()
    server = context.Process(target=serve, args=(ready, server_core), daemon=True)
    server.start()
    try:
        port, result = ready.get(timeout=60), context.Queue()
        walker = context.Process(target=report, args=(port, cores, profile, result))
        walker.start()
        ticks: dict[int, int] = {}
        while result.empty() and walker.is_alive():
            ticks |= {pid: spent(pid) for pid in family(walker.pid or 0) if pid != walker.pid}
            time.sleep(0.1)
        cost: dict[str, float] = result.get(timeout=5)
        walker.join()
        return cost | {"readers_cpu": sum(ticks.values()) / os.sysconf("SC_CLK_TCK")}
    finally:
        server.kill()


def spent(pid: int) -> int:
    """Return the CPU time of a process so far, in clock ticks."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        return int(fields[11]) + int(fields[12])
    except OSError:
        return 0


def report(
    port: int, cores: set[int], profile: bool, result: "multiprocessing.Queue[dict[str, float]]"
) -> None:
    """Walk, and hand the cost over."""
    result.put(walk(port, cores, profile))


def main() -> None:
    if not os.environ.get("DIBAO_TEST_DATA"):
        print("sync: skipped, DIBAO_TEST_DATA is not set")
        return
    available = sorted(os.sched_getaffinity(0))
    two = set(available[:2])
    runs = [("one core", {available[0]}, available[-1]), ("two cores", two, None)]
    for name, cores, server_core in runs:
        cost = measured(cores, server_core)
        print(
            f"sync, {name}: {cost['kept']:.0f} articles in {cost['walk']:.1f} s = "
            f"{cost['kept'] / cost['walk']:.1f} articles/s; publish {cost['publish']:.1f} s; "
            f"CPU walking {cost['own_cpu']:.1f} s, reading {cost['readers_cpu']:.1f} s; "
            f"peak {cost['peak_mb']:.0f} MB (walking process)"
        )
    print("where the walking process spends its time (two cores, under the profiler):")
    measured(two, None, profile=True)


if __name__ == "__main__":
    main()
