"""What every Fetcher promises, and what Http promises beyond: against a real server on loopback."""

import asyncio
import gc
import gzip
import inspect
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import brotlicffi as brotli
import pytest
import zstandard
from aiohttp.abc import AbstractResolver
from warcio.archiveiterator import ArchiveIterator

from dibao.archive.warc import WarcWriter, read_capture
from dibao.fetch.guard import Refused
from dibao.fetch.http import Guard, Http, Limits
from dibao.fetch.record import Recorder
from dibao.fetch.replay import Replay
from dibao.fetch.wire import Tape
from dibao.model import Capture, Hold, Kind, Ref, Rules, Source, Trouble, Visit

AGENT = "dibao/0.1 (+https://news.example.org/about)"
SOURCE = Source(name="Harbour Post", url="http://harbour.test/feed")
DAY = timedelta(days=1)
PAGE = "<p>港口晚報：渡輪停航</p>".encode() * 200


def zipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def now() -> datetime:
    return datetime.now(UTC)


def reply(body: bytes = PAGE, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Site:
    """A scripted server: path -> bytes, or a function of the request's head, or of the writer too."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.pages: dict[str, Any] = {}
        self.requests: list[tuple[float, str]] = []
        self.connections = self.open = self.most_open = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result()
        self.port = self.server.sockets[0].getsockname()[1]
        self.guard = Guard(frozenset({f"127.0.0.1:{self.port}"}))

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while first := await reader.read(1):
                if first == b"\x16":  # TLS, which we do not speak
                    writer.write(reply(b"", "400 Bad Request"))
                    break
                head = (first + await reader.readuntil(b"\r\n\r\n")).decode()
                self.requests.append((time.monotonic(), head))
                self.open += 1
                self.most_open = max(self.most_open, self.open)
                try:
                    await self._answer(head, writer)
                finally:
                    self.open -= 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: str, writer: asyncio.StreamWriter) -> None:
        path = head.split(" ")[1].partition("?")[0]
        page = self.pages.get(path, reply(b"no such page", "404 Not Found"))
        if callable(page):
            page = page(head) if len(inspect.signature(page).parameters) == 1 else page(head, writer)
        if inspect.isawaitable(page):
            page = await page
        if page is None:  # the page has said all itself
            await writer.drain()
            raise ConnectionResetError
        writer.write(page)
        await writer.drain()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0.01))
        self.loop.close()

    @property
    def heads(self) -> list[str]:
        return [head for _, head in self.requests]


class Here(AbstractResolver):
    """Finds every name on the test server, whatever port was asked for."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> Any:
        if host.startswith("nowhere"):
            raise OSError("no such name")
        addresses = ["127.0.0.1", "127.0.0.9"] if host.startswith("mixed") else ["127.0.0.1"]
        return [
            {"hostname": host, "host": a, "port": self.port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for a in addresses
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def http(site: Site, **settings: Any) -> Http:
    chosen: dict[str, Any] = {
        "user_agent": AGENT,
        "now": now,
        "guard": site.guard,
        "resolver": Here(site.port),
        "pause": 0,
        "limits": Limits(total_seconds=5),
    }
    return Http(**(chosen | settings))


def visit(path: str, *, host: str = "harbour.test", kind: Kind = Kind.FEED, **more: Any) -> Visit:
    return Visit(url=f"http://{host}{path}", kind=kind, source=SOURCE, **more)


def ask(site: Site, asked: Visit | str, **settings: Any) -> Capture:
    asked = visit(asked) if isinstance(asked, str) else asked
    with http(site, **settings) as fetcher:
        ((_, capture),) = fetcher.fetch([asked])
    return capture


def header(head: str, name: str) -> list[str]:
    pairs = [line.partition(": ") for line in head.split("\r\n")[1:]]
    return [value for key, _, value in pairs if key.lower() == name.lower()]


def trouble(capture: Capture) -> Trouble | None:
    return capture.failure.trouble if capture.failure else None


# --- every fetcher --------------------------------------------------------------------------------


def writing(folder: Path) -> Callable[[Visit, Capture], Capture]:
    """Return what writes a capture down and leaves no file open."""

    def write(visit: Visit, capture: Capture) -> Capture:
        writer = WarcWriter(folder)
        written = writer.write(capture)
        writer.close()
        return written

    return write


def live(site: Site, folder: Path) -> Any:
    return http(site)


def recorded(site: Site, folder: Path) -> Any:
    return Recorder(http(site), writing(folder))


def ref_of(kept: Capture) -> Ref:
    assert kept.ref is not None
    return kept.ref


def replayed(site: Site, folder: Path) -> Any:
    with http(site) as fetcher:
        visits = [visit(f"/{n}") for n in range(9)] + [visit("/hang-up")]
        kept = {asked.url: capture for asked, capture in Recorder(fetcher, writing(folder)).fetch(visits)}
    return Replay(
        lambda asked: read_capture(folder, ref_of(kept[asked.url])) if asked.url in kept else None, now
    )


@pytest.mark.parametrize("make", [live, recorded, replayed])
def test_every_visit_has_one_answer_and_no_failure_is_raised(
    make: Callable[[Site, Path], Any], site: Site, tmp_path: Path
) -> None:
    site.pages |= {f"/{n}": reply(PAGE + b"%d" % n) for n in range(9)}
    site.pages["/hang-up"] = lambda head, writer: None
    visits = [visit(f"/{n}") for n in range(9)] + [visit("/hang-up"), visit("/", host="nowhere.test")]
    fetcher = make(site, tmp_path)
    answers = {asked.url: capture for asked, capture in fetcher.fetch(iter(visits))}
    getattr(getattr(fetcher, "inner", fetcher), "close", lambda: None)()
    assert set(answers) == {asked.url for asked in visits}
    assert [answers[asked.url].body for asked in visits[:9]] == [PAGE + b"%d" % n for n in range(9)]
    assert trouble(answers[visits[9].url]) is Trouble.BROKEN
    assert answers[visits[10].url].failure


def test_replay_gives_what_http_gave(site: Site, tmp_path: Path) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: %s\r\nX-A:  b\t\r\n\r\n"
    site.pages = {
        "/plain": reply(ETag='W/"1"', Content_Type="text/html; charset=big5"),
        "/gzip": chunked % b"gzip" + _chunks(zipped(PAGE)),
        "/br": reply(brotli.compress(PAGE), Content_Encoding="br"),
        "/zstd": reply(zstandard.compress(PAGE), Content_Encoding="zstd"),
        "/deflate": reply(zlib.compress(PAGE), Content_Encoding="deflate"),
        "/gone": reply(b"", "410 Gone"),
        "/moved": reply(b"", "301 Moved Permanently", Location="/plain"),
        "/cut": lambda head, writer: writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"),
        "/none": reply(b"", "204 No Content"),
        "/until-close": lambda head, writer: writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + PAGE),
        "/報": reply(),
    }
    visits = [visit(path) for path in site.pages] + [visit("/plain#!/part"), visit("/", host="nowhere.test")]
    site.pages["/%E5%A0%B1"] = reply()
    with http(site) as fetcher:
        given = {asked.url: capture for asked, capture in Recorder(fetcher, writing(tmp_path)).fetch(visits)}
    replay = Replay(lambda asked: read_capture(tmp_path, ref_of(given[asked.url])), now)
    for asked, again in replay.fetch(visits):
        assert again == replace(given[asked.url], exchanges=()), asked.url


def _chunks(data: bytes) -> bytes:
    parts = [data[at : at + 50] for at in range(0, len(data), 50)]
    return (
        b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in parts)
        + b"0\r\nTrailer: t\r\nTbc: no chunk\r\n\r\n"
    )


# --- what is asked ----------------------------------------------------------------------------------


def test_a_request_says_who_asks_and_nothing_of_anybody_else(site: Site) -> None:
    site.pages["/a"] = reply(Set_Cookie="id=1")
    with http(site, per_host=1) as fetcher:
        list(fetcher.fetch([visit("/a?b=c#part"), visit("/a?again")]))
    head = site.heads[0]
    assert head.startswith("GET /a?b=c HTTP/1.1\r\nHost: harbour.test\r\n")
    assert header(head, "User-Agent") == [AGENT]
    assert header(head, "Accept-Encoding") == ["gzip, br, zstd"]
    assert not any(
        header(head, name) for head in site.heads for name in ("Cookie", "Referer", "Authorization")
    )


def test_urls_are_asked_as_they_are_written(site: Site) -> None:
    ask(site, visit("/%41%2f+(x)/報;a=b?q=a%20b&c=[d]&e='f'"))
    assert site.heads[0].split(" ")[1] == "/%41%2f+(x)/%E5%A0%B1;a=b?q=a%20b&c=[d]&e='f'"


def test_validators_are_sent_byte_for_byte_and_304_is_an_answer(site: Site) -> None:
    etag, modified = 'W/"a b-gzip"', "Sun, 22 Nov 2026 7:00:00 GMT+0"
    site.pages["/feed"] = b'HTTP/1.1 304 Not Modified\r\nETag: "new"\r\n\r\n'
    capture = ask(site, visit("/feed", etag=etag, last_modified=modified))
    assert header(site.heads[0], "If-None-Match") == [etag]
    assert header(site.heads[0], "If-Modified-Since") == [modified]
    assert (capture.status, capture.failure, capture.header("etag")) == (304, None, '"new"')


@pytest.mark.parametrize("close", [b"", b"Connection: close\r\n"])
def test_the_body_of_a_304_is_ignored(site: Site, close: bytes) -> None:
    head = b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: %d\r\n' % len(PAGE) + close + b"\r\n"
    site.pages |= {"/bare": head, "/full": head + PAGE, "/next": reply(b"the next page")}
    for path in ("/bare", "/full"):
        with http(site, per_host=1) as fetcher:
            answers = [c for _, c in fetcher.fetch([visit(path, etag='"x"'), visit("/next")])]
        assert [(c.status, c.failure) for c in answers] == [(304, None), (200, None)]
        assert answers[0].body == b""


def test_304_without_a_validator_is_broken(site: Site) -> None:
    site.pages["/feed"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    assert trouble(ask(site, "/feed")) is Trouble.BROKEN
    assert trouble(ask(site, visit("/feed", etag="x" * 9000))) is Trouble.BROKEN


def test_a_validator_cannot_smuggle_in_a_header(site: Site) -> None:
    site.pages["/feed"] = reply()
    ask(site, visit("/feed", etag='"a"\r\nX-Evil: 1'))
    assert not header(site.heads[0], "X-Evil")
    assert not header(site.heads[0], "If-None-Match")


def test_an_answer_is_kept_as_it_came(site: Site) -> None:
    site.pages["/feed"] = reply(ETag='"x"', X_Odd="\t a  b ")
    capture = ask(site, "/feed")
    assert (capture.status, capture.body, capture.failure) == (200, PAGE, None)
    assert capture.headers[1:] == (("ETag", '"x"'), ("X-Odd", "a  b"))
    assert capture.url == capture.final_url == "http://harbour.test/feed"
    assert capture.captured_at.tzinfo


# --- bodies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", zipped(PAGE)),
        ("x-gzip", zipped(PAGE)),
        ("gzip", zipped(PAGE[:99]) + zipped(PAGE[99:]) + b"\0\0"),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstandard.compress(PAGE)),
        ("zstd", zstandard.compress(PAGE[:99]) + zstandard.compress(PAGE[99:])),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("identity", PAGE),
        ("", PAGE),
    ],
)
def test_bodies_are_unpacked(site: Site, encoding: str, packed: bytes) -> None:
    site.pages["/feed"] = reply(packed, Content_Encoding=encoding)
    capture = ask(site, "/feed")
    assert capture.body == PAGE, capture.failure


@pytest.mark.parametrize(
    ("expected", "page"),
    [
        (Trouble.ENCODING, reply(zipped(PAGE)[:-9], Content_Encoding="gzip")),
        (Trouble.ENCODING, reply(zipped(PAGE)[:-8] + b"\0" * 8, Content_Encoding="gzip")),
        (Trouble.ENCODING, reply(brotli.compress(PAGE)[:-3], Content_Encoding="br")),
        (Trouble.ENCODING, reply(zstandard.compress(PAGE)[:-3], Content_Encoding="zstd")),
        (Trouble.ENCODING, reply(PAGE, Content_Encoding="gzip")),
        (Trouble.ENCODING, reply(zipped(zipped(PAGE)), Content_Encoding="gzip, gzip")),
        (Trouble.ENCODING, reply(PAGE, Content_Encoding="rot13")),
        (Trouble.BROKEN, reply(b"")),
        (Trouble.BROKEN, reply(zipped(b""), Content_Encoding="gzip")),
        (Trouble.BROKEN, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc"),
        (Trouble.BROKEN, b"junk\r\n\r\n"),
        (Trouble.SIZE, reply(b"x" * 60_001)),
        (Trouble.SIZE, reply(zipped(b"x" * 200_001), Content_Encoding="gzip")),
        (Trouble.SIZE, reply(brotli.compress(b"x" * 9_000_000), Content_Encoding="br")),
        (Trouble.SIZE, reply(zstandard.compress(b"x" * 9_000_000), Content_Encoding="zstd")),
        (Trouble.SIZE, reply(PAGE, **{f"X-{n}": "y" * 2000 for n in range(20)})),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(site: Site, expected: Trouble, page: bytes) -> None:
    site.pages["/feed"] = page
    limits = Limits(wire_bytes=60_000, decoded_bytes=200_000, header_bytes=20_000, total_seconds=3)
    capture = ask(site, "/feed", limits=limits)
    assert trouble(capture) is expected, capture.failure
    assert capture.body == b""
    assert capture.failure
    assert capture.failure.detail


def test_whatever_bytes_come_there_is_an_answer_and_it_can_be_read_again(site: Site, tmp_path: Path) -> None:
    dice = random.Random(20261122)
    packed = reply(zipped(PAGE), Content_Encoding="gzip", ETag='"x"')
    whole = [reply(), packed, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + _chunks(PAGE)]
    for n in range(300):
        site.pages[f"/{n}"] = partial(_say, _torn(dice, dice.choice(whole)))
    visits = [visit(f"/{n}", host=f"h{n}.test") for n in range(300)]
    with http(site) as fetcher:
        given = {asked.url: capture for asked, capture in Recorder(fetcher, writing(tmp_path)).fetch(visits)}
    assert len(given) == 300
    assert 50 < sum(capture.failure is None for capture in given.values()) < 250
    for capture in given.values():
        assert read_capture(tmp_path, capture.ref) == replace(capture, exchanges=())  # type: ignore[arg-type]


def _say(answer: bytes, head: str, writer: asyncio.StreamWriter) -> None:
    writer.write(answer)


def _torn(dice: random.Random, answer: bytes) -> bytes:
    place = dice.randrange(len(answer) if dice.random() < 0.3 else 80)
    junk = dice.choice([b"", b"\r\n", b"\n", b"\0", b"\xff", b": ", b"Content-Length: 5\r\n", "報".encode()])
    return answer[:place] + junk + answer[place + dice.choice([0, 0, 1, 9]) :]


@pytest.mark.parametrize(
    "page",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ],
)
def test_an_answer_that_stops_short_is_broken(site: Site, page: bytes) -> None:
    site.pages["/feed"] = lambda head, writer: writer.write(page)
    assert trouble(ask(site, "/feed")) is Trouble.BROKEN


def test_a_highly_packed_body_is_refused_by_its_ratio(site: Site) -> None:
    site.pages["/feed"] = reply(zstandard.compress(b"x" * 9_000_000), Content_Encoding="zstd")
    capture = ask(site, "/feed", limits=Limits(total_seconds=3))
    assert str(capture.failure) == "size: the body is packed more than 1000 times smaller"


def test_the_deadline_is_for_the_whole_visit(site: Site) -> None:
    async def trickle(head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(50):
            writer.write(b"x")
            await asyncio.sleep(0.1)

    site.pages["/slow"] = trickle
    site.pages["/hop"] = reply(b"", "302 Found", Location="/slow")
    start = time.monotonic()
    capture = ask(site, "/hop", limits=Limits(total_seconds=0.6))
    assert trouble(capture) is Trouble.TIMEOUT
    assert time.monotonic() - start < 2


def test_waiting_for_a_turn_is_not_the_sites_fault(site: Site) -> None:
    async def slow(head: str) -> bytes:
        await asyncio.sleep(0.2)
        return reply()

    site.pages["/slow"] = slow
    with http(site, per_host=1, limits=Limits(total_seconds=0.5)) as fetcher:
        answers = [capture for _, capture in fetcher.fetch(visit("/slow") for _ in range(5))]
    assert [trouble(capture) for capture in answers] == [None] * 5


WALL = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><script>window._cf_chl_opt={}</script>"
)


@pytest.mark.parametrize("kind", [Kind.FEED, Kind.ARTICLE, Kind.MEDIA])
@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "503 Service Unavailable"])
def test_a_check_for_browsers_is_a_failure_that_says_what_to_do(
    site: Site, tmp_path: Path, kind: Kind, status: str
) -> None:
    site.pages |= {"/robots.txt": reply(b"x"), "/a": reply(WALL, status, ETag='"wall"')}
    with http(site) as fetcher:
        recorder = Recorder(fetcher, writing(tmp_path))
        ((_, capture),) = recorder.fetch([visit("/a", kind=kind)])
    assert trouble(capture) is Trouble.CHALLENGE
    assert "Cloudflare" in str(capture.failure)
    assert "dibao keep" in str(capture.failure)
    assert capture.body == b""
    assert capture.exchanges[-1].response.endswith(WALL)
    assert read_capture(tmp_path, capture.ref) == replace(capture, exchanges=())  # type: ignore[arg-type]


HUGE = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from tests.contract.test_fetchers import *
class Elsewhere:
    port = int(sys.argv[2])
    guard = Guard(frozenset({f"127.0.0.1:{port}"}))
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
limits = Limits.within(max_bytes=20 * 2**20, seconds=60)
with http(Elsewhere(), limits=limits) as fetcher:
    list(fetcher.fetch([visit("/small")]))
    before, whole = peak(), 0
    for _, capture in fetcher.fetch(visit(sys.argv[3], host=f"h{n}.test") for n in range(32)):
        whole += len(capture.body) == 10 * 2**20
        del capture
print(whole, peak() - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/plain", "/packed"])
def test_many_large_answers_at_once_take_little_memory_and_all_come(site: Site, path: str) -> None:
    body = random.Random(7).randbytes(2**15) * 320
    site.pages |= {"/small": reply(), "/plain": reply(body)}
    site.pages["/packed"] = reply(zipped(body), Content_Encoding="gzip")
    command = [sys.executable, "-c", HUGE, str(Path(__file__).parents[2]), str(site.port), path]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    whole, grown = map(int, ran.stdout.split())
    assert whole == 32, ran.stderr
    assert grown < 240  # MiB; the bodies alone have 320, and each once more as it came


def test_an_idle_connection_keeps_no_answer_in_memory(site: Site) -> None:
    site.pages["/large"] = reply(bytes(2**20))
    with http(site) as fetcher:
        list(fetcher.fetch([visit("/large")]))
        gc.collect()
        tapes = [each for each in gc.get_objects() if isinstance(each, Tape)]
        assert sum(len(tape.response) for tape in tapes) == 0
        assert tapes  # the connection is there still


# --- where not to go --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.2/", Trouble.BLOCKED),
        ("http://[::ffff:127.0.0.1]/", Trouble.BLOCKED),
        ("http://[::1]:1/", Trouble.BLOCKED),
        ("http://１２７.０.０.２/", Trouble.BLOCKED),
        ("http://mixed.test/", Trouble.BLOCKED),
        ("http://nowhere.test/", Trouble.DNS),
        ("https://harbour.test/", Trouble.TLS),
        ("http://127.1/", Trouble.URL),
        ("http://2130706433/", Trouble.URL),
        ("http://[::1", Trouble.URL),
        ("http://", Trouble.URL),
        ("ftp://harbour.test/", Trouble.URL),
        ("http://harbour.test/a b", Trouble.URL),
        ("http://harbour.test/" + "a" * 9000, Trouble.URL),
        ("", Trouble.URL),
    ],
)
def test_what_cannot_or_may_not_be_asked_is_said(site: Site, url: str, expected: Trouble) -> None:
    capture = ask(site, Visit(url=url, kind=Kind.FEED, source=SOURCE))
    assert trouble(capture) is expected, capture.failure
    assert not site.requests
    assert capture.final_url == url


def test_the_systems_names_are_judged_too(site: Site) -> None:
    blocked = ask(site, visit("/"), resolver=None)
    assert trouble(blocked) is Trouble.BLOCKED
    site.pages["/"] = reply()
    named = visit("/", host=f"harbour.test:{site.port}")
    assert ask(site, named, resolver=None).body == PAGE


class Fickle(Guard):
    """Thinks otherwise of an address when it is asked for the third time: at name, socket and peer."""

    asked: list[str] = []  # noqa: RUF012

    def check(self, address: str, port: int) -> None:
        self.asked.append(address)
        if len(self.asked) > 2:
            raise Refused(f"{address} is somebody else now")


def test_who_answers_is_judged_once_more_before_a_byte_is_sent(site: Site) -> None:
    Fickle.asked.clear()
    site.pages["/"] = reply()
    capture = ask(site, visit("/"), guard=Fickle())
    assert trouble(capture) is Trouble.BLOCKED
    assert "somebody else" in str(capture.failure)
    assert len(Fickle.asked) == 3
    until = time.monotonic() + 10  # the server may notice later than we hang up
    while not site.connections and time.monotonic() < until:
        time.sleep(0.01)
    assert site.connections == 1
    assert not site.requests


@pytest.mark.parametrize("scheme", ["file", "ftp", "gopher", "ws", "data", "javascript", "unix"])
def test_a_redirect_leaves_the_web_nowhere(site: Site, scheme: str) -> None:
    site.pages["/a"] = reply(b"", "302 F", Location=f"{scheme}://harbour.test/etc/passwd")
    assert trouble(ask(site, "/a")) is Trouble.REDIRECT


def test_robots_txt_and_pictures_pass_the_same_guard(site: Site) -> None:
    for kind in (Kind.ARTICLE, Kind.MEDIA, Kind.PART):
        for url in ("http://127.0.0.2/a.jpg", "http://mixed.test/a.jpg"):
            assert trouble(ask(site, Visit(url=url, kind=kind, source=SOURCE))) is Trouble.BLOCKED
    site.pages["/robots.txt"] = reply(b"", "302 F", Location="http://127.0.0.2/robots.txt")
    blocked = ask(site, article("/a"))
    assert trouble(blocked) is Trouble.BLOCKED
    assert ["/robots.txt" in head for head in site.heads] == [True]


def test_nobody_listening_is_a_failure_to_connect(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        guard = Guard(frozenset({f"127.0.0.1:{port}"}))
        assert trouble(ask(site, visit("/"), guard=guard, resolver=Here(port))) is Trouble.CONNECT


# --- proxies ----------------------------------------------------------------------------------------


def test_a_proxy_is_asked_for_pages_and_robots_txt_alike(site: Site) -> None:
    site.pages |= {"http://harbour.test/robots.txt": reply(b""), "http://harbour.test/a": reply()}
    site.pages["/direct"] = reply(b"asked directly")
    proxies = {"*": f"http://me:hush-hush@127.0.0.1:{site.port}", "other.test": ""}
    with http(site, proxies=proxies, per_host=1) as fetcher:
        visits = [visit("/a", kind=Kind.ARTICLE), visit("/direct", host="other.test")]
        answers = {asked.url: capture for asked, capture in fetcher.fetch(visits)}
    proxied = answers["http://harbour.test/a"]
    assert proxied.body == PAGE
    assert answers["http://other.test/direct"].body == b"asked directly"
    told = [header(head, "Proxy-Authorization") for head in site.heads if "harbour.test/" in head]
    assert told == [["Basic " + b64encode(b"me:hush-hush").decode()]] * 2
    assert [header(head, "Proxy-Authorization") for head in site.heads if "/direct" in head] == [[]]
    assert all(b"Proxy-Authorization: [redacted]" in each.request for each in proxied.exchanges)
    assert [each.address for each in proxied.exchanges] == [None, None]  # whoever answered the proxy


@pytest.mark.parametrize("host", ["127.0.0.2", "[::1]", "mixed.test", "10.0.0.1", "[64:ff9b::7f00:1]"])
def test_a_proxy_is_not_sent_where_we_would_not_go(site: Site, host: str) -> None:
    proxies = {"*": f"http://127.0.0.1:{site.port}"}
    site.pages[f"http://{host}/"] = reply()
    assert trouble(ask(site, visit("/", host=host), proxies=proxies)) is Trouble.BLOCKED
    site.pages["http://harbour.test/a"] = reply(b"", "302 F", Location=f"http://{host}/")
    assert trouble(ask(site, "/a", proxies=proxies)) is Trouble.BLOCKED
    assert len(site.requests) == 1


def test_a_proxy_in_our_network_must_be_listed(site: Site) -> None:
    capture = ask(site, "/a", proxies={"*": f"http://127.0.0.2:{site.port}"})
    assert trouble(capture) is Trouble.BLOCKED
    assert not site.requests


def test_a_name_that_only_a_proxy_may_know_is_not_asked(site: Site) -> None:
    proxies = {"*": f"http://127.0.0.1:{site.port}"}
    assert trouble(ask(site, visit("/", host="nowhere.test"), proxies=proxies)) is Trouble.DNS
    assert not site.requests


def test_a_proxy_that_lets_nobody_through_is_said_without_its_password(site: Site) -> None:
    site.pages["harbour.test:443"] = reply(b"no", "407 Proxy Authentication Required")
    asked = Visit(url="https://harbour.test/", kind=Kind.FEED, source=SOURCE)
    capture = ask(site, asked, proxies={"*": f"http://me:hush-hush@127.0.0.1:{site.port}"})
    assert trouble(capture) is Trouble.CONNECT
    assert "proxy" in str(capture.failure)
    assert "hush-hush" not in repr(capture)
    assert not capture.exchanges
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        guard = Guard(frozenset({f"127.0.0.1:{port}", f"127.0.0.1:{site.port}"}))
        proxies = {"*": f"http://127.0.0.1:{port}"}
        assert trouble(ask(site, visit("/"), guard=guard, proxies=proxies)) is Trouble.CONNECT


# --- redirects --------------------------------------------------------------------------------------


def packed_bomb() -> bytes:
    return reply(zipped(bytes(2**25)), "301 M", Location="/new", Content_Encoding="gzip")


@pytest.mark.parametrize("hop", [reply(bytes(2**22), "301 M", Location="/new"), packed_bomb()], ids=len)
def test_a_redirect_with_more_to_say_than_any_has_is_followed_and_its_body_left(
    site: Site, tmp_path: Path, hop: bytes
) -> None:
    site.pages |= {"/old": hop, "/new": reply()}
    capture = ask(site, "/old")
    assert (capture.failure, capture.body) == (None, PAGE)
    first, last = capture.exchanges
    assert (first.is_cut, last.is_cut) == (True, False)
    assert len(first.response) <= 2**18
    kept = writing(tmp_path)(visit("/old"), capture)
    assert kept.ref
    assert read_capture(tmp_path, kept.ref).body == PAGE
    (file,) = tmp_path.rglob("*.warc.gz")
    with file.open("rb") as stream:
        cut = [each.rec_headers["WARC-Truncated"] for each in ArchiveIterator(stream)]
    assert [why for why in cut if why] == ["length"]
    warcio = Path(sys.executable).with_name("warcio")
    assert subprocess.run([warcio, "check", file], check=False).returncode == 0


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_redirects_are_followed_and_every_hop_is_kept(site: Site, status: str) -> None:
    site.pages["/old"] = reply(b"", status, Location="//other.test/報?a=b#c")
    site.pages["/%E5%A0%B1"] = reply()
    capture = ask(site, visit("/old", etag='"v"'))
    assert capture.body == PAGE
    assert capture.url == "http://harbour.test/old"
    assert capture.final_url == "http://other.test/報?a=b"
    assert [exchange.url for exchange in capture.exchanges] == [capture.url, capture.final_url]
    assert [header(head, "If-None-Match") for head in site.heads] == [['"v"'], []]


def test_validators_go_where_they_came_from_secrets_and_all(site: Site) -> None:
    site.pages["/old"] = reply(b"", "302 F", Location="http://other.test/new?token=t0p%2Fsecret")
    site.pages["/new"] = reply()
    stood = "http://other.test/new?token=DIBAO-SECRET-3"
    asked = visit("/old?token=DIBAO-SECRET-3", etag='"v"')
    capture = ask(site, asked, reveal=reveal, stood=lambda visit: stood)
    assert capture.final_url == stood
    assert [header(head, "If-None-Match") for head in site.heads] == [[], ['"v"']]
    ask(site, asked, reveal=reveal, stood=lambda visit: "http://third.test/new")
    assert [header(head, "If-None-Match") for head in site.heads[2:]] == [[], []]


def test_a_redirect_counts_whatever_its_body(site: Site) -> None:
    site.pages["/a"] = reply(b"not gzip", "301 M", Location="/b", Content_Encoding="gzip")
    site.pages["/b"] = reply()
    assert ask(site, "/a").body == PAGE


def test_ten_redirects_are_enough(site: Site) -> None:
    site.pages |= {f"/{n}": reply(b"", "302 F", Location=f"/{n - 1}") for n in range(1, 20)}
    site.pages["/0"] = reply()
    assert ask(site, "/10").body == PAGE
    site.requests.clear()
    assert trouble(ask(site, "/11")) is Trouble.REDIRECT
    assert len(site.requests) == 11


@pytest.mark.parametrize("where", ["/loop", None, "ftp://harbour.test/", "http://[::1", "", "data:,x"])
def test_a_redirect_that_leads_nowhere_is_said(site: Site, where: str | None) -> None:
    site.pages["/loop"] = reply(b"", "302 F", **({} if where is None else {"Location": where}))
    assert trouble(ask(site, "/loop")) is Trouble.REDIRECT
    assert len(site.requests) == 1


def test_a_redirect_to_a_private_address_is_refused(site: Site) -> None:
    site.pages["/a"] = reply(b"", "302 F", Location="http://127.0.0.2:1/secret")
    capture = ask(site, "/a")
    assert trouble(capture) is Trouble.BLOCKED
    assert len(capture.exchanges) == 1


# --- politeness -------------------------------------------------------------------------------------


def test_two_connections_a_host_and_a_pause_between_starts(site: Site) -> None:
    async def slow(head: str) -> bytes:
        await asyncio.sleep(0.25)
        return reply()

    site.pages["/slow"] = slow
    with http(site, pause=0.1) as fetcher:
        assert len(list(fetcher.fetch(visit("/slow") for _ in range(6)))) == 6
    starts = [at for at, _ in site.requests]
    assert site.most_open == 2
    assert site.connections == 2
    assert min(b - a for a, b in pairwise(starts)) > 0.08


def test_a_slow_host_holds_nobody_up(site: Site) -> None:
    async def slow(head: str) -> bytes:
        await asyncio.sleep(1)
        return reply()

    site.pages |= {"/slow": slow, "/fast": reply()}
    visits = [visit("/slow", host="slow.test") for _ in range(20)]
    visits += [visit("/fast", host=f"h{n}.test") for n in range(20)]
    start, fast = time.monotonic(), 0
    with http(site, concurrency=4) as fetcher:
        for asked, _ in fetcher.fetch(visits):
            fast += asked.url.endswith("/fast")
            if fast == 20:
                break
    assert time.monotonic() - start < 0.9


def test_hosts_of_one_registrable_domain_take_turns_together(site: Site) -> None:
    async def slow(head: str) -> bytes:
        await asyncio.sleep(0.05)
        return reply()

    site.pages["/a"] = slow
    hosts = [f"{name}.harbour-post.com.tw" for name in ("www", "feeds", "img", "m", "a.b")]
    with http(site, per_host=2) as fetcher:
        list(fetcher.fetch(visit("/a", host=host) for host in hosts * 2))
    assert site.most_open == 2
    site.most_open = 0
    with http(site, per_host=2) as fetcher:
        list(fetcher.fetch(visit("/a", host=f"harbour{n}.com.tw") for n in range(10)))
    assert site.most_open > 2


def test_a_host_that_asks_for_peace_is_left_alone(site: Site) -> None:
    site.pages["/busy"] = reply(b"", "429 Too Many Requests", Retry_After="120")
    site.pages["/moved"] = reply(b"", "302 F", Location="http://harbour.test/busy")
    with http(site) as fetcher:
        for _ in range(3):
            ((_, capture),) = fetcher.fetch([visit("/busy")])
            assert capture.status == 429
            assert 115 <= int(capture.header("Retry-After") or 0) <= 120
        assert len(site.requests) == 1
        assert capture.exchanges == ()
        ((_, other),) = fetcher.fetch([visit("/moved", host="other.test")])
        assert other.status == 429
    assert len(site.requests) == 2


@pytest.mark.parametrize("kind", [Kind.FEED, Kind.ARTICLE])
def test_a_host_that_asked_another_run_for_peace_is_left_alone(site: Site, kind: Kind) -> None:
    clock = [now()]
    hold = Hold(host="harbour.test", until=clock[0] + timedelta(hours=2), status=503, since=clock[0])
    site.pages |= {"/a": reply(), "/moved": reply(b"", "302 F", Location="http://harbour.test/a")}
    held = {"holds": lambda at: [hold] if at < hold.until else [], "now": lambda: clock[0]}
    with http(site, **held) as fetcher:
        asked = [visit("/a", kind=kind), visit("/moved", host="other.test", kind=kind)]
        for _, capture in fetcher.fetch(asked):
            assert (trouble(capture), capture.status) == (Trouble.UNASKED, 503)
            assert capture.header("Retry-After") == "7200"
            assert f"until {hold.until:%Y-%m-%d %H:%M} UTC; nothing hastens that" in str(capture.failure)
        assert not any("Host: harbour.test" in head for head in site.heads)
        clock[0] = hold.until
        assert [capture.body for _, capture in fetcher.fetch(asked)] == [PAGE, PAGE]


def test_a_hold_that_another_process_notes_is_heard_within_a_minute(site: Site) -> None:
    clock, stored = [now()], list[Hold]()
    site.pages["/a"] = reply()
    with http(site, holds=lambda at: stored, now=lambda: clock[0]) as fetcher:
        list(fetcher.fetch([visit("/a")]))
        stored.append(Hold(host="harbour.test", until=clock[0] + DAY, status=429, since=clock[0]))
        clock[0] += timedelta(minutes=1)
        ((_, capture),) = fetcher.fetch([visit("/a")])
    assert trouble(capture) is Trouble.UNASKED
    assert len(site.requests) == 1


def test_a_hold_that_a_clock_noted_which_ran_ahead_holds_nobody(site: Site) -> None:
    clock = [now() + 3650 * DAY]
    site.pages["/busy"] = reply(b"", "429 T", Retry_After="60")
    with http(site, now=lambda: clock[0]) as fetcher:
        list(fetcher.fetch([visit("/busy")]))
        clock[0] = now()
        list(fetcher.fetch([visit("/busy")]))
    assert len(site.requests) == 2


def test_articles_of_a_host_that_asks_for_peace_say_so(site: Site) -> None:
    site.pages |= {"/robots.txt": reply(b""), "/busy": reply(b"", "503 S", Retry_After="120")}
    with http(site) as fetcher:
        for _ in range(2):
            ((_, capture),) = fetcher.fetch([visit("/busy", kind=Kind.ARTICLE)])
            assert capture.status == 503
    assert trouble(capture) is Trouble.UNASKED
    assert len(site.requests) == 2


@pytest.mark.parametrize(
    ("status", "said", "seconds"),
    [
        ("503 S", "7", 7),
        ("429 T", "9" * 5000, 7 * 86400),
        ("429 T", "Fri, 31 Dec 9999 23:59:59 GMT", 7 * 86400),
        ("429 T", "soon", 4 * 3600),
        ("429 T", "-5", 4 * 3600),
        ("503 S", "soon", None),
        ("503 S", "0", None),
        ("429 T", "Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("429 T", "Mon, 01 Jan 99999 00:00:00 GMT", 4 * 3600),
        ("404 N", "100", None),
    ],
)
def test_retry_after_in_every_form(site: Site, status: str, said: str, seconds: int | None) -> None:
    site.pages["/busy"] = reply(b"x", status, Retry_After=said)
    with http(site) as fetcher:
        list(fetcher.fetch([visit("/busy")]))
        ((_, capture),) = fetcher.fetch([visit("/busy")])
    assert len(site.requests) == (1 if seconds else 2)
    if seconds:
        assert abs(int(capture.header("Retry-After") or 0) - seconds) <= 2


def test_a_host_is_asked_again_when_its_time_is_over(site: Site) -> None:
    clock = [now()]
    site.pages["/busy"] = reply(b"", "503 S", Retry_After="3600")
    with http(site, now=lambda: clock[0], per_host=1) as fetcher:
        list(fetcher.fetch([visit("/busy"), visit("/busy")]))
        clock[0] += timedelta(hours=1, seconds=1)
        list(fetcher.fetch([visit("/busy")]))
    assert len(site.requests) == 2


def test_a_server_that_hangs_up_is_not_asked_twice(site: Site) -> None:
    site.pages["/feed"] = lambda head, writer: None
    assert trouble(ask(site, "/feed")) is Trouble.BROKEN
    assert len(site.requests) == 1


def test_an_idle_connection_that_died_costs_no_failure(site: Site) -> None:
    def once(head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(reply())  # and hangs up after it, without having said so

    site.pages["/feed"] = once
    with http(site) as fetcher:
        answers = [capture for _ in range(3) for _, capture in fetcher.fetch([visit("/feed")])]
    assert [trouble(capture) for capture in answers] == [None] * 3


# --- robots.txt -------------------------------------------------------------------------------------


RULES = b"User-agent: dibao\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n"


def article(path: str, **more: Any) -> Visit:
    return visit(path, kind=Kind.ARTICLE, **more)


def test_robots_txt_is_heeded_for_articles_and_asked_once(site: Site) -> None:
    site.pages |= {"/robots.txt": reply(RULES), "/private/a": reply(), "/open": reply()}
    with http(site) as fetcher:
        visits = [article("/private/a"), article("/open"), article("/open?2"), visit("/private/a")]
        answers = [(asked, capture) for asked, capture in fetcher.fetch(visits)]
    by_kind = {(asked.url[19:], asked.kind): capture for asked, capture in answers}
    assert trouble(by_kind["/private/a", Kind.ARTICLE]) is Trouble.ROBOTS
    assert by_kind["/open", Kind.ARTICLE].body == by_kind["/private/a", Kind.FEED].body == PAGE
    assert sum("/robots.txt" in head for head in site.heads) == 1
    kept = [exchange.url for _, capture in answers for exchange in capture.exchanges]
    assert kept.count("http://harbour.test/robots.txt") == 1


def test_robots_txt_is_heeded_on_every_hop(site: Site) -> None:
    site.pages["/go"] = reply(b"", "302 F", Location="http://harbour.test/private/a")
    site.pages |= {"/robots.txt": lambda head: reply(RULES if "harbour" in head else b"")}
    capture = ask(site, article("/go", host="other.test"))
    assert trouble(capture) is Trouble.ROBOTS
    assert not any("/private" in head for head in site.heads)


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (reply(b"", "404 N"), True),
        (reply(b"", "403 F"), True),
        (reply(b"", "500 E"), False),
        (reply(b"", "429 T"), None),
        (b"junk\r\n\r\n", False),
        (reply(b"<html>\xff not rules"), True),
        (reply(RULES + b"# pad\n" * 100_000 + b"User-agent: *\nDisallow: /\n"), True),
        (reply(zipped(RULES), Content_Encoding="gzip"), True),
        (reply(b"", "302 F", Location="/robots2.txt"), False),
        (reply(b"", "302 F", Location="/robots.txt"), True),
    ],
)
def test_what_an_odd_robots_txt_means(site: Site, robots: bytes, allowed: bool | None) -> None:
    site.pages |= {"/robots.txt": robots, "/a": reply()}
    site.pages["/robots2.txt"] = reply(b"User-agent: *\nDisallow: /a")
    capture = ask(site, article("/a"), limits=Limits(total_seconds=3))
    assert (capture.body == PAGE) is bool(allowed), capture.failure
    if not allowed:  # a day of trouble is no refusal
        assert trouble(capture) is (Trouble.ROBOTS if robots.startswith(b"HTTP/1.1 302") else Trouble.UNASKED)


def test_robots_txt_is_asked_again_after_a_day(site: Site) -> None:
    clock = [now()]
    site.pages |= {"/robots.txt": reply(b""), "/a": reply()}
    with http(site, now=lambda: clock[0]) as fetcher:
        for hours in (0, 23, 2):
            clock[0] += timedelta(hours=hours)
            list(fetcher.fetch([article("/a")]))
    assert sum("/robots.txt" in head for head in site.heads) == 2


def test_good_rules_hold_for_a_week_while_the_site_cannot_say(site: Site) -> None:
    clock = [now()]
    site.pages |= {"/robots.txt": reply(b"User-agent: *\nDisallow: /private"), "/a": reply()}
    with http(site, now=lambda: clock[0]) as fetcher:

        def look(path: str) -> Trouble | None:
            ((_, capture),) = fetcher.fetch([article(path)])
            return trouble(capture)

        assert look("/a") is None
        site.pages["/robots.txt"] = reply(b"", "503 S")
        clock[0] += timedelta(days=2)
        assert (look("/a"), look("/private")) == (None, Trouble.ROBOTS)
        assert sum("/robots.txt" in head for head in site.heads) == 2
        clock[0] += timedelta(minutes=11)
        assert look("/a") is None
        assert sum("/robots.txt" in head for head in site.heads) == 3
        clock[0] += timedelta(minutes=11)
        assert look("/a") is None
        assert sum("/robots.txt" in head for head in site.heads) == 3  # asked less and less often
        clock[0] += timedelta(days=6)
        assert look("/a") is Trouble.UNASKED
        site.pages["/robots.txt"] = reply(b"", "404 N")
        clock[0] += timedelta(minutes=41)
        assert look("/private") is None


class Shelf:
    """Remembers rules, as an archive does."""

    def __init__(self) -> None:
        self.known: dict[str, Rules] = {}

    def rules(self, origin: str) -> Rules | None:
        return self.known.get(origin)

    def keep_rules(self, rules: Rules) -> None:
        self.known[rules.origin] = rules


@pytest.mark.parametrize("robots", [RULES, b"", None])
def test_robots_txt_is_asked_once_a_day_however_many_runs_there_are(site: Site, robots: bytes | None) -> None:
    clock, shelf = [now()], Shelf()
    site.pages |= {"/a": reply(), "/private": reply()} | ({"/robots.txt": reply(robots)} if robots else {})
    for _ in range(25):
        with http(site, now=lambda: clock[0], shelf=shelf) as fetcher:
            answers = {
                a.url.rpartition("/")[2]: c for a, c in fetcher.fetch([article("/a"), article("/private")])
            }
        assert trouble(answers["a"]) is None
        assert trouble(answers["private"]) is (Trouble.ROBOTS if robots else None)
        clock[0] += timedelta(hours=1)
    assert sum("/robots.txt" in head for head in site.heads) == 2


def test_rules_that_a_clock_noted_which_ran_ahead_are_asked_again(site: Site) -> None:
    shelf = Shelf()
    site.pages |= {"/a": reply(), "/robots.txt": reply(b"")}
    for at in (now() + 3650 * DAY, now()):
        with http(site, now=lambda at=at: at, shelf=shelf) as fetcher:
            list(fetcher.fetch([article("/a")]))
    assert sum("/robots.txt" in head for head in site.heads) == 2


def test_pages_wait_until_the_rules_are_asked_again(site: Site) -> None:
    clock, shelf, waits = [now()], Shelf(), []
    site.pages |= {"/a": reply(), "/robots.txt": reply(b"", "500 E")}
    for _ in range(10):
        with http(site, now=lambda: clock[0], shelf=shelf) as fetcher:
            ((_, capture),) = fetcher.fetch([article("/a")])
        assert (trouble(capture), capture.status) == (Trouble.UNASKED, None)
        waits.append(int(capture.header("Retry-After") or 0) // 60)
        clock[0] += timedelta(minutes=waits[-1])
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]
    assert sum("/robots.txt" in head for head in site.heads) == 10


def test_robots_txt_can_be_left_unasked(site: Site) -> None:
    site.pages |= {"/robots.txt": reply(b"User-agent: *\nDisallow: /"), "/a": reply()}
    assert ask(site, article("/a"), robots=False).body == PAGE
    assert len(site.requests) == 1


# --- evidence ---------------------------------------------------------------------------------------


def test_the_wire_is_kept_byte_for_byte(site: Site) -> None:
    body = _chunks(zipped(PAGE))
    sent = (
        b"HTTP/1.1 200  Fine\r\nserver:x\r\nTRANSFER-encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
        + body
    )
    site.pages["/feed"] = sent
    capture = ask(site, "/feed")
    (exchange,) = capture.exchanges
    assert capture.body == PAGE
    assert exchange.response == sent
    assert exchange.request.decode() == site.heads[0]
    assert exchange.address == "127.0.0.1"
    assert capture.certified_until is None


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is needed to make a certificate")
def test_the_wire_is_kept_with_tls_taken_off(tmp_path: Path) -> None:
    site = secure_site(tmp_path)
    site.pages["/a"] = reply(zipped(PAGE), Content_Encoding="gzip")
    secure = visit("/a").url.replace("http:", "https:")
    unknown = ask(site, Visit(url=secure, kind=Kind.FEED, source=SOURCE))
    assert trouble(unknown) is Trouble.TLS
    ran = ask_trusting(tmp_path, secure, site.port)
    site.close()
    until = end_of_certificate(tmp_path)
    told = site.heads[0].encode() + b"|" + site.pages["/a"] + f"|127.0.0.1|{until}".encode()
    assert ran.stdout == told, ran.stderr.decode()
    assert timedelta(days=1) < until - now() < timedelta(days=2)


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is needed to make a certificate")
def test_a_secure_site_is_asked_through_a_tunnel_and_the_tunnel_is_no_evidence(tmp_path: Path) -> None:
    site = secure_site(tmp_path)
    site.pages["/a"] = reply(zipped(PAGE), Content_Encoding="gzip")
    with tunnel(site.port) as (port, heads):
        ran = ask_trusting(tmp_path, "https://harbour.test/a", port, f"http://me:hush-hush@127.0.0.1:{port}")
    site.close()
    told = site.heads[0].encode() + b"|" + site.pages["/a"] + f"|None|{end_of_certificate(tmp_path)}".encode()
    assert ran.stdout == told, ran.stderr.decode()
    assert [head.split("\r\n")[0] for head in heads] == ["CONNECT harbour.test:443 HTTP/1.1"]
    assert header(heads[0], "Proxy-Authorization") == ["Basic " + b64encode(b"me:hush-hush").decode()]
    assert not header(site.heads[0], "Proxy-Authorization")


def secure_site(folder: Path) -> Site:
    """Return a site that speaks TLS with a certificate of its own."""
    name = ["-subj", "/CN=harbour.test", "-addext", "subjectAltName=DNS:harbour.test"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *name]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*make, *files], check=True, capture_output=True)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return Site(tls)


def end_of_certificate(folder: Path) -> datetime:
    """Return how long openssl says that a site's certificate is good."""
    ask_openssl = ["openssl", "x509", "-enddate", "-noout", "-in", str(folder / "cert.pem")]
    said = subprocess.run(ask_openssl, check=True, capture_output=True, text=True).stdout
    return datetime.strptime(said.strip(), "notAfter=%b %d %H:%M:%S %Y %Z").replace(tzinfo=UTC)


def ask_trusting(folder: Path, *arguments: Any) -> "subprocess.CompletedProcess[bytes]":
    """Ask (url, port, proxy) in a process that trusts a site's own certificate."""
    code = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.contract.test_fetchers import *
class Elsewhere:
    port = int(sys.argv[3])
    guard = Guard(frozenset({f"127.0.0.1:{port}"}))
asked = Visit(url=sys.argv[2], kind=Kind.FEED, source=SOURCE)
capture = ask(Elsewhere(), asked, proxies={"*": sys.argv[4]} if len(sys.argv) > 4 else {})
(exchange,) = capture.exchanges
told = f"|{exchange.address}|{capture.certified_until}"
sys.stdout.buffer.write(exchange.request + b"|" + exchange.response + told.encode())
"""
    command = [sys.executable, "-c", code, str(Path(__file__).parents[2]), *map(str, arguments)]
    trusting = {**os.environ, "SSL_CERT_FILE": str(folder / "cert.pem")}
    return subprocess.run(command, env=trusting, capture_output=True, check=False)


@contextmanager
def tunnel(to: int) -> Iterator[tuple[int, list[str]]]:
    """Run a proxy that connects whoever asks to one port; give its own port, and the heads it was told."""
    heads: list[str] = []

    def pass_on(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(2**16):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            client, _ = listener.accept()
            heads.append(client.recv(2**16).decode())
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with client, socket.create_connection(("127.0.0.1", to)) as server:
                threading.Thread(target=pass_on, args=(client, server), daemon=True).start()
                pass_on(server, client)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1], heads


def test_answers_on_one_connection_are_kept_apart(site: Site) -> None:
    site.pages |= {f"/{n}": reply(b"page %d" % n) for n in range(5)}
    with http(site, per_host=1) as fetcher:
        answers = dict(fetcher.fetch(visit(f"/{n}") for n in range(5)))
    assert site.connections == 1
    for n, capture in enumerate(sorted(answers.values(), key=lambda c: c.url)):
        assert capture.exchanges[0].response == site.pages[f"/{n}"]
        assert capture.exchanges[0].request.decode() in site.heads


def test_what_follows_the_end_of_an_answer_is_ignored(site: Site, tmp_path: Path) -> None:
    for more in (b"EXTRA<item>", reply(b"poison"), b"\r\n", b"\0" * 100_000):
        site.pages["/closed"] = reply(Connection="close") + more
        site.pages["/kept"] = reply() + more
        site.pages["/next"] = reply(b"the next page")
        with http(site, per_host=1) as fetcher:
            recorder = Recorder(fetcher, writing(tmp_path))
            visits = [visit("/closed"), visit("/kept"), visit("/next")]
            answers = [capture for _, capture in recorder.fetch(visits)]
        assert [capture.body for capture in answers] == [PAGE, PAGE, b"the next page"], more[:20]
        assert answers[1].exchanges[0].response == reply()
        for capture in answers:
            assert read_capture(tmp_path, capture.ref) == replace(capture, exchanges=())  # type: ignore[arg-type]


def test_interim_answers_are_left_out(site: Site) -> None:
    site.pages["/feed"] = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 3 + reply()
    capture = ask(site, "/feed")
    assert capture.body == PAGE
    assert capture.exchanges[0].response == reply()


# --- secrets ----------------------------------------------------------------------------------------

SECRETS = {"DIBAO-SECRET-1": "alice", "DIBAO-SECRET-2": "correct-horse", "DIBAO-SECRET-3": "t0p%2Fsecret"}
IN_THE_CLEAR = [
    b"correct-horse",
    b"t0p%2Fsecret",
    b"t0p/secret",
    b64encode(b"alice:correct-horse"),
    b"xyzzy-0123456",
]


def reveal(url: str) -> str:
    for placeholder, secret in SECRETS.items():
        url = url.replace(placeholder, secret)
    return url


def echo(head: str) -> bytes:
    """Answer with everything that was asked, packed and in chunks that cut words."""
    body = f"{head} t0p/secret correct-horse alice:correct-horse@".encode() * 9
    start = b"HTTP/1.1 200 OK\r\nX-Token: t0p/secret\r\nTransfer-Encoding: chunked\r\n"
    return start + b"Content-Encoding: gzip\r\n\r\n" + _chunks(zipped(body))


def test_secrets_go_out_and_never_come_in(site: Site, tmp_path: Path) -> None:
    private = "http://DIBAO-SECRET-1:DIBAO-SECRET-2@harbour.test"
    plain = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    cut = zipped(b"correct-horse t0p/secret" * 99)[:-9]
    site.pages = {
        "/echo": echo,
        "/moved": lambda head: reply(b"correct-horse", "302 F", Location="/echo?token=t0p%2Fsecret&x=1"),
        "/plain": reply(b"say correct-horse"),
        "/split": plain + b"7\r\ncorrect\r\n6\r\n-horse\r\n0\r\n\r\n",
        "/cut": reply(cut, Content_Encoding="gzip"),
        "/twice": reply(zipped(zipped(b"correct-horse")), Content_Encoding="gzip, gzip"),
        "/short": lambda head, writer: writer.write(
            b"HTTP/1.1 200 t0p/secret\r\nContent-Length: 99\r\n\r\ncorrect-horse"
        ),
    }
    visits = [
        Visit(url=f"{private}{path}?token=DIBAO-SECRET-3", kind=Kind.FEED, source=SOURCE)
        for path in site.pages
    ]
    own = {"harbour.test": {"X-Api-Key": "xyzzy-0123456", "Accept-Language": "zh-TW"}}
    with http(site, reveal=reveal, headers=own) as fetcher:
        answers = dict(Recorder(fetcher, writing(tmp_path)).fetch(visits))
    login = f"Basic {b64encode(b'alice:correct-horse').decode()}"
    assert {tuple(header(head, "Authorization")) for head in site.heads} == {(login,)}
    assert {tuple(header(head, "X-Api-Key")) for head in site.heads} == {("xyzzy-0123456",)}
    assert all("?token=t0p%2Fsecret" in head.split(" ")[1] for head in site.heads)
    (file,) = (tmp_path / "warc").rglob("*.warc.gz")
    everything = gzip.decompress(file.read_bytes()) + repr(list(answers.values())).encode()
    everything += b"".join(_unpacked(everything))
    assert not [secret for secret in IN_THE_CLEAR if secret in everything]
    assert b"[redacted]" in everything
    assert b"Accept-Language: zh-TW" in everything
    echoed = answers[visits[0]]
    assert b"DIBAO-SECRET-2" in echoed.body
    assert read_capture(tmp_path, echoed.ref).body == echoed.body  # type: ignore[arg-type]
    assert answers[visits[1]].final_url == "http://harbour.test/echo?token=DIBAO-SECRET-3&x=1"
    assert answers[visits[2]].body == b"say DIBAO-SECRET-2"


def _unpacked(data: bytes) -> Iterator[bytes]:
    at = data.find(b"\x1f\x8b")
    while at >= 0:
        yield zlib.decompressobj(31).decompress(data[at:])
        at = data.find(b"\x1f\x8b", at + 1)


def test_secrets_are_told_to_no_other_host(site: Site) -> None:
    private = "https://u:correct-horse@harbour.test/"
    site.pages["/a"] = reply(b"", "302 F", Location="http://other.test/b")
    site.pages["/b"] = reply(b"", "302 F", Location="http://bob:pw@harbour.test/c")
    site.pages["/c"] = reply()
    own = {"harbour.test": {"Cookie": "session=xyzzy"}, "other.test": {"Cookie": "never asked for"}}
    asked = Visit(url=private.replace("https", "http") + "a", kind=Kind.FEED, source=SOURCE)
    assert ask(site, asked, headers=own).body == PAGE
    assert [len(header(head, "Authorization")) for head in site.heads] == [1, 0, 1]
    assert [header(head, "Cookie") for head in site.heads] == [["session=xyzzy"], [], ["session=xyzzy"]]
    assert "Basic " + b64encode(b"u:correct-horse").decode() in site.heads[2]


# --- the crossing of threads --------------------------------------------------------------------------


def dibao_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("dibao")]


def test_visits_are_taken_only_as_there_is_room(site: Site) -> None:
    site.pages["/a"] = reply()
    taken = 0

    def visits() -> Iterator[Visit]:
        nonlocal taken
        for n in range(10_000):
            taken += 1
            yield visit("/a", host=f"h{n}.test")

    with http(site, concurrency=4) as fetcher:
        answers = fetcher.fetch(visits())
        assert isinstance(answers, Generator)
        next(answers)
        time.sleep(0.3)
        assert taken <= 4 * 16 + 2
        assert len(site.requests) <= 9  # four unread, four under way, one read
        answers.close()
    assert not dibao_threads()


def test_an_iterator_may_wait_for_what_its_answers_bring(site: Site) -> None:
    site.pages["/a"] = reply()
    answered = threading.Semaphore(1)

    def visits() -> Iterator[Visit]:
        for n in range(5):
            answered.acquire()
            yield visit(f"/a?{n}")

    with http(site) as fetcher:
        for _ in fetcher.fetch(visits()):
            answered.release()
    assert len(site.requests) == 5


def test_an_iterator_that_ends_badly_is_heard(site: Site) -> None:
    class Torn:
        def __iter__(self) -> "Torn":
            return self

        def __next__(self) -> Visit:
            raise StopIteration

        def close(self) -> None:
            raise LookupError("the agenda is torn")

    with http(site) as fetcher, pytest.raises(LookupError, match="torn"):
        list(fetcher.fetch(Torn()))


def test_closing_early_stops_everything_at_once(site: Site) -> None:
    async def never(head: str) -> None:
        await asyncio.sleep(60)

    site.pages |= {"/never": never, "/a": reply()}
    closed = []

    def visits() -> Iterator[Visit]:
        try:
            yield visit("/a")
            yield from (visit("/never", host=f"h{n}.test") for n in range(1000))
        finally:
            closed.append(True)

    start = time.monotonic()
    with http(site, limits=Limits(total_seconds=60)) as fetcher:
        for _, capture in fetcher.fetch(visits()):
            assert capture.body == PAGE
            break
    assert time.monotonic() - start < 30  # or else the minute that the others would take
    assert closed
    assert not dibao_threads()


def test_an_exception_in_the_consumer_leaks_nothing(site: Site) -> None:
    def consume() -> None:
        with http(site) as fetcher:
            for _ in fetcher.fetch(visit(f"/{n}") for n in range(100)):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        consume()
    assert not dibao_threads()


def test_an_exception_in_the_iterator_reaches_the_consumer(site: Site) -> None:
    def visits() -> Iterator[Visit]:
        yield visit("/a")
        raise LookupError("the agenda is torn")

    with http(site) as fetcher:
        answers = fetcher.fetch(visits())
        assert next(answers)[1].status == 404
        with pytest.raises(LookupError, match="torn"):
            next(answers)


def test_ctrl_c_is_heard_within_a_second(site: Site) -> None:
    async def never(head: str) -> None:
        await asyncio.sleep(60)

    site.pages["/never"] = never
    code = """
import signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may have it ignored
sys.path.insert(0, sys.argv[2])
from tests.contract.test_fetchers import *
class Elsewhere:
    port = int(sys.argv[1])
    guard = Guard(frozenset({f"127.0.0.1:{port}"}))
def visits():
    yield from (visit("/never", host=f"h{n}.test") for n in range(20))
    print("asked", flush=True)
    threading.Event().wait(60)
with http(Elsewhere()) as fetcher:
    list(fetcher.fetch(visits()))
"""
    command = [sys.executable, "-c", code, str(site.port), str(Path(__file__).parents[2])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "asked\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        _, said = process.communicate(timeout=10)
    assert time.monotonic() - start < 2
    assert said.strip().endswith("KeyboardInterrupt")
    assert said.count("Traceback") == 1


def test_closing_http_ends_a_fetch_that_waits(site: Site) -> None:
    async def never(head: str) -> None:
        await asyncio.sleep(60)

    site.pages["/never"] = never
    fetcher = http(site)
    waiting = threading.Thread(target=lambda: list(fetcher.fetch([visit("/never")])))
    waiting.start()
    time.sleep(0.2)
    fetcher.close()
    waiting.join(timeout=1)
    assert not waiting.is_alive()
    assert not dibao_threads()


def test_a_closed_http_starts_anew(site: Site) -> None:
    fetcher = http(site)
    fetcher.close()
    for _ in range(2):
        with fetcher:
            assert len(list(fetcher.fetch([visit("/a")]))) == 1


def test_nothing_to_ask_ends_at_once(site: Site) -> None:
    with http(site) as fetcher:
        assert list(fetcher.fetch([])) == []
