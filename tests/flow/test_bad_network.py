"""Half of all requests fail, in every way: all articles come in the end, none twice and none cut."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dibao.clock import SteppingClock
from dibao.model import Basis, Source
from dibao.wiring import opened
from dibao.workers import Workers
from tests.flow.loopback import histories, make_archive, pass_time, walk
from tests.flow.servers import article, rss

START = datetime(2026, 3, 4, 8, tzinfo=UTC)
COUNT, POLLS = 15, 12
pytestmark = pytest.mark.slow

Spoil = Callable[[BaseHTTPRequestHandler, bytes], None]


def busy(to: BaseHTTPRequestHandler, body: bytes) -> None:
    to.send_response_only((500, 502, 503, 504)[len(to.path) % 4])
    to.send_header("Content-Length", "4")
    to.end_headers()
    to.wfile.write(b"busy")


def cut(to: BaseHTTPRequestHandler, body: bytes) -> None:
    to.send_response_only(200)
    to.send_header("ETag", '"of the whole"')
    to.send_header("Content-Length", str(len(body)))
    to.end_headers()
    to.wfile.write(body[: len(body) // 2])
    to.close_connection = True


def cut_in_chunks(to: BaseHTTPRequestHandler, body: bytes) -> None:
    to.send_response_only(200)
    to.send_header("ETag", '"of the whole"')
    to.send_header("Transfer-Encoding", "chunked")
    to.end_headers()
    half = body[: len(body) // 2]
    to.wfile.write(b"%x\r\n%s\r\n" % (len(half), half))
    to.close_connection = True


def hang_up(to: BaseHTTPRequestHandler, body: bytes) -> None:
    to.close_connection = True


@contextmanager
def outlet(spoil: Spoil) -> Iterator[tuple[int, Counter[str]]]:
    """Serve a feed and its pages; by path and turn, half of the answers are spoilt. Give (port, asked)."""
    asked: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            turn = asked[self.path]
            asked[self.path] += 1
            body = page(self.path, self.connection.getsockname()[1])
            if body and sha256(f"{self.path} {turn}".encode()).digest()[0] % 2:
                spoil(self, body)
                return
            self.send_response_only(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1], asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(path: str, port: int) -> bytes:
    """Return the feed, or the article of a number."""
    links = [f"http://127.0.0.1:{port}/{n}" for n in range(COUNT)]
    if path == "/feed":
        return rss(*((f"渡輪第{n}號", link, f"摘要第{n}") for n, link in enumerate(links)))[2]
    number = path[1:]
    return article(f"渡輪第{number}號", f"第{number}號渡輪今晨抵港。")[2] if number.isdecimal() else b""


@pytest.mark.parametrize("spoil", [busy, cut, cut_in_chunks, hang_up])
def test_every_article_comes_in_the_end_whole_and_once(
    spoil: Spoil, tmp_path: Path, workers: Workers
) -> None:
    with outlet(spoil) as (port, asked):
        folder = make_archive(tmp_path / "archive", port)
        with opened(folder, clock=SteppingClock(START)) as it:
            it.sources.add(Source(name="青港", url=f"http://127.0.0.1:{port}/feed"), START)
            for _ in range(POLLS):
                walk(it, workers)
                pass_time(it, 26)
            kept = [revisions[-1].article for revisions in histories(it)]
    assert sorted(each.title or "" for each in kept) == sorted(f"渡輪第{n}號" for n in range(COUNT))
    assert {each.basis for each in kept} == {Basis.PAGE}
    for each in kept:
        assert each.text.count("居民代表在說明會上逐一提問") == 6, each.title
    assert asked["/feed"] <= POLLS + 1
