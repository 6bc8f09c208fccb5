"""What a server may expect of a polite reader, poll after poll: validators, redirects, and no byte wasted."""

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dibao.clock import SteppingClock
from dibao.model import Source
from dibao.wiring import Opened, opened
from dibao.workers import Workers
from tests.flow.loopback import histories, make_archive, pass_time, titles, walk
from tests.flow.servers import article, rss

START = datetime(2026, 3, 4, 8, tzinfo=UTC)
FEED = rss(("渡輪停航", "", "港口今天宣布，各航線全日停航。"))[2]
MORE = rss(("渡輪停航", "", "港口今天宣布，各航線全日停航。"), ("渡輪復航", "", "各航線今晨復航。"))[2]
ODD = {"ETag": 'W/"a b-gzip"', "Last-Modified": "Wed, 4 Mar 2026 7:00:00 GMT"}
MAINTENANCE = b"<!doctype html><html><title>Sorry</title><p>We are back soon.</p></html>"
WALL = b"<!doctype html><html><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>"

pytestmark = pytest.mark.slow


@dataclass
class Outlet:
    """Says by path what the test wants: a status, headers, a body. Every request is noted."""

    port: int = 0
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def told(self) -> list[tuple[str, str | None, str | None]]:
        """Return (path, If-None-Match, If-Modified-Since) of each request since the last call."""
        said = [(path, head.get("If-None-Match"), head.get("If-Modified-Since")) for path, head in self.asked]
        self.asked.clear()
        return said


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    made = Outlet()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            names = [name.lower() for name in self.headers]
            assert len(names) == len(set(names))
            assert not {"cookie", "referer", "a-im"} & set(names)
            made.asked.append((self.path, dict(self.headers.items())))
            status, headers, body = made.pages.get(self.path, (404, {}, b"nothing here"))
            self.send_response_only(status)
            for name, value in {"Set-Cookie": "id=1", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if status != 304 else 0))
            self.end_headers()
            self.wfile.write(body if status != 304 else b"")

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def kept(tmp_path: Path, outlet: Outlet) -> Iterator[Opened]:
    with opened(make_archive(tmp_path / "archive", outlet.port), clock=SteppingClock(START)) as it:
        yield it


def follow(it: Opened, outlet: Outlet, **fields: object) -> Source:
    url = f"http://127.0.0.1:{outlet.port}/feed"
    source = Source(**({"name": "青楓社", "url": url, "feed_only": True} | fields))  # type: ignore[arg-type]
    return it.sources.add(source, it.clock.now())[0]


def poll(it: Opened, workers: Workers, *, hours: float = 30) -> None:
    """Let time pass, enough for any wait that one failure brings, and poll."""
    pass_time(it, hours)
    walk(it, workers)


def evidence(it: Opened) -> int:
    return sum(path.stat().st_size for path in (it.folder / "warc").rglob("*.warc.gz"))


def test_validators_follow_what_was_read(kept: Opened, outlet: Outlet, workers: Workers) -> None:
    follow(kept, outlet)
    script: list[tuple[int, dict[str, str], bytes]] = [
        (200, ODD, FEED),
        (304, {"ETag": '"b"'}, b""),
        (200, {"ETag": "c"}, MORE),
        (200, {}, FEED),
        (200, {"Last-Modified": "never"}, FEED),
        (304, {}, b""),
        (304, {}, b""),
    ]
    for answer in script:
        outlet.pages["/feed"] = answer
        poll(kept, workers)
    assert outlet.told() == [
        ("/feed", None, None),
        ("/feed", 'W/"a b-gzip"', "Wed, 4 Mar 2026 7:00:00 GMT"),
        ("/feed", '"b"', "Wed, 4 Mar 2026 7:00:00 GMT"),  # what a 304 says anew counts, the rest stands
        ("/feed", "c", None),  # a 200 replaces both
        ("/feed", None, None),  # and one without drops them
        ("/feed", None, "never"),
        ("/feed", None, "never"),
    ]
    assert titles(kept) == ["渡輪停航", "渡輪復航"]


def test_validators_outlive_the_process(tmp_path: Path, outlet: Outlet, workers: Workers) -> None:
    folder, clock = make_archive(tmp_path / "archive", outlet.port), SteppingClock(START)
    outlet.pages["/feed"] = (200, ODD, FEED)
    with opened(folder, clock=clock) as it:
        follow(it, outlet)
        poll(it, workers)
    with opened(folder, clock=clock) as it:
        poll(it, workers)
    assert outlet.told() == [("/feed", None, None), ("/feed", ODD["ETag"], ODD["Last-Modified"])]


@pytest.mark.parametrize(
    "bad",
    [
        (200, {"ETag": '"bad"', "Content-Type": "text/html"}, MAINTENANCE),
        (200, {"ETag": '"bad"', "Content-Type": "application/rss+xml"}, WALL),
        (403, {"ETag": '"bad"', "cf-mitigated": "challenge"}, WALL),
        (200, {"ETag": '"bad"', "Content-Encoding": "gzip"}, gzip.compress(MORE)[:-9]),
        (200, {"ETag": '"bad"'}, b""),
        (500, {"ETag": '"bad"'}, FEED),
        (404, {"ETag": '"bad"'}, FEED),
    ],
    ids=["error page", "challenge", "challenge 403", "cut", "empty", "500", "404"],
)
def test_what_is_no_feed_leaves_no_validator_and_loses_nothing(
    bad: tuple[int, dict[str, str], bytes], kept: Opened, outlet: Outlet, workers: Workers
) -> None:
    follow(kept, outlet)
    for answer in ((200, ODD, FEED), bad, (200, ODD, MORE)):
        outlet.pages["/feed"] = answer
        poll(kept, workers)
    assert outlet.told()[1:] == [("/feed", ODD["ETag"], ODD["Last-Modified"])] * 2
    assert titles(kept) == ["渡輪停航", "渡輪復航"]
    assert [len(revisions) for revisions in histories(kept)] == [1, 1]


def test_validators_go_to_the_address_they_came_from(kept: Opened, outlet: Outlet, workers: Workers) -> None:
    follow(kept, outlet)
    to_a: tuple[int, dict[str, str], bytes] = (302, {"Location": "/a", "ETag": '"hop"'}, b"")
    outlet.pages = {"/feed": to_a, "/a": (200, {"ETag": '"1"'}, FEED), "/b": (200, {"ETag": '"2"'}, FEED)}
    poll(kept, workers)
    outlet.pages["/a"] = (304, {"ETag": '"1"'}, b"")
    poll(kept, workers)
    assert outlet.told() == [
        ("/feed", None, None),
        ("/a", None, None),
        ("/feed", None, None),
        ("/a", '"1"', None),
    ]
    outlet.pages["/feed"] = (302, {"Location": "/b"}, b"")  # the same bytes, elsewhere
    poll(kept, workers)
    poll(kept, workers)
    assert outlet.told() == [
        ("/feed", None, None),
        ("/b", None, None),
        ("/feed", None, None),
        ("/b", '"2"', None),
    ]
    outlet.pages["/feed"] = (200, {"ETag": '"3"'}, FEED)
    poll(kept, workers)
    poll(kept, workers)
    assert outlet.told() == [("/feed", None, None), ("/feed", '"3"', None)]
    assert titles(kept) == ["渡輪停航"]
    files = (kept.folder / "warc").rglob("*.warc.gz")
    command = [Path(sys.executable).with_name("warcio"), Path("check"), *files]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address_after_days(
    kept: Opened, outlet: Outlet, workers: Workers
) -> None:
    follow(kept, outlet)
    outlet.pages = {"/feed": (301, {"Location": "/new"}, b""), "/new": (200, {"ETag": '"1"'}, FEED)}
    poll(kept, workers)
    outlet.pages["/new"] = (304, {"ETag": '"1"'}, b"")
    for _ in range(3):
        poll(kept, workers, hours=30)
    assert [path for path, _, _ in outlet.told()] == ["/feed", "/new"] * 4
    poll(kept, workers, hours=30)
    assert [path for path, _, _ in outlet.told()] == ["/new"]
    assert titles(kept) == ["渡輪停航"]


def test_a_poll_that_brings_nothing_new_costs_no_evidence(
    kept: Opened, outlet: Outlet, workers: Workers
) -> None:
    follow(kept, outlet)
    outlet.pages["/feed"] = (200, ODD, FEED)
    poll(kept, workers)
    size = evidence(kept)
    assert size > 0
    for answer in ((304, ODD, b""), (200, ODD, FEED), (200, {"ETag": '"new"'}, FEED), (304, {}, b"")):
        outlet.pages["/feed"] = answer
        poll(kept, workers)
    assert evidence(kept) == size
    assert outlet.told()[-1] == ("/feed", '"new"', None)
    assert len(histories(kept)) == 1


def test_a_challenge_in_place_of_an_article_is_no_edit(
    kept: Opened, outlet: Outlet, workers: Workers
) -> None:
    link = f"http://127.0.0.1:{outlet.port}/1"
    outlet.pages["/feed"] = (200, ODD, rss(("渡輪停航", link, "摘要"))[2])
    page = article("渡輪停航", "港口今天宣布，各航線全日停航。")[2]
    outlet.pages["/1"] = (200, {"ETag": '"page"', "Content-Type": "text/html"}, page)
    follow(kept, outlet, feed_only=False)
    poll(kept, workers)
    outlet.pages["/1"] = (200, {"ETag": '"wall"', "Content-Type": "text/html"}, WALL)
    for _ in range(3):
        poll(kept, workers, hours=80)
    assert [len(revisions) for revisions in histories(kept)] == [1]
    looks = [told for told in outlet.told() if told[0] == "/1"]
    assert len(looks) > 2
    assert looks[1:] == [("/1", '"page"', None)] * (len(looks) - 1)
