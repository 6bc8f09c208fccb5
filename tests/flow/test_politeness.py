"""Whole days of a source as its server sees them: what is asked, how often, and how its wishes are heard."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from dibao.clock import SteppingClock
from dibao.subscribe import subscribe
from dibao.wiring import Opened, opened
from dibao.workers import Workers
from tests.flow.conftest import START
from tests.flow.loopback import make_archive, walk
from tests.flow.servers import article

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VALIDATORS = {"ETag": 'W/"a-gzip"', "Last-Modified": "Wed, 4 Mar 2026 7:00:00 GMT"}
WELL = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
pytestmark = pytest.mark.slow


def feed(channel: str = "", *, link: str = "") -> bytes:
    item = f"<item><title>渡輪停航</title>{link}<description>各航線今天起全日停航。</description></item>"
    return f'<rss version="2.0" {WELL}><channel><title>青楓社</title>{channel}{item}</channel></rss>'.encode()


@dataclass
class Outlet:
    """Answers as the test wants and notes each request: method, path, headers, and when it came."""

    clock: SteppingClock
    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], timedelta]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, head: dict[str, str]) -> tuple[int, bytes]:
        if path not in self.pages:
            return 404, b"nothing here"
        known = "ETag" in self.headers and head.get("If-None-Match") == self.headers["ETag"]
        return (304, b"") if known else (self.status, self.pages[path])

    def waits(self) -> list[timedelta]:
        """Return the times between two questions for the feed."""
        times = [at for _, path, _, at in self.asked if path.startswith("/feed")]
        return [after - before for before, after in pairwise(times)]


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    made = Outlet(SteppingClock(START))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def parse_request(self) -> bool:
            is_sound = super().parse_request()
            if is_sound:  # whatever its method
                said = dict(self.headers.items())
                made.asked.append((self.command, self.path, said, made.clock.now() - START))
            return is_sound

        def do_GET(self) -> None:
            status, body = made.answer(self.path, dict(self.headers.items()))
            self.send_response_only(status)
            for name, value in made.headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

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
    with opened(make_archive(tmp_path / "archive", outlet.port), clock=outlet.clock) as it:
        yield it


def go_on(it: Opened, outlet: Outlet, workers: Workers, time: timedelta, *, step: timedelta) -> None:
    """Let time pass, with a round at each step of it."""
    for _ in range(int(time / step)):
        walk(it, workers)
        outlet.clock.sleep(step.total_seconds())


def test_adding_and_the_first_round_ask_the_feed_once_its_pages_once_and_nothing_else(
    kept: Opened, outlet: Outlet, workers: Workers
) -> None:
    outlet.pages["/feed?a=1"] = feed(link=f"<link>{outlet.url}/1#top</link>")
    outlet.pages["/1"] = article("渡輪停航", "各航線今天起全日停航。")[2]
    subscribe(kept, f"{outlet.url}/feed?a=1#news", {})
    walk(kept, workers)
    assert [(method, path) for method, path, _, _ in outlet.asked] == [
        ("GET", "/feed?a=1"),
        ("GET", "/robots.txt"),
        ("GET", "/1"),
    ]
    for _, _, head, _ in outlet.asked:
        assert not {"If-None-Match", "If-Modified-Since", "Cookie", "Referer"} & set(head)
        assert head["User-Agent"].startswith("dibao/")
        assert "gzip" in head["Accept-Encoding"]
        assert "br" in head["Accept-Encoding"]


def test_over_a_day_all_polls_but_the_first_are_conditional_and_an_hour_apart(
    kept: Opened, outlet: Outlet, workers: Workers
) -> None:
    outlet.headers, outlet.pages["/feed"] = VALIDATORS, feed()
    subscribe(kept, f"{outlet.url}/feed", {"feed_only": True})
    go_on(kept, outlet, workers, DAY, step=HOUR / 9)
    said = [(head.get("If-None-Match"), head.get("If-Modified-Since")) for _, _, head, _ in outlet.asked]
    assert said == [(None, None)] + [('W/"a-gzip"', "Wed, 4 Mar 2026 7:00:00 GMT")] * (len(said) - 1)
    assert 20 <= len(said) <= 24
    assert min(outlet.waits()) >= HOUR


def test_a_restart_hurries_nobody(kept: Opened, outlet: Outlet, workers: Workers) -> None:
    outlet.headers, outlet.pages["/feed"] = VALIDATORS, feed()
    subscribe(kept, f"{outlet.url}/feed", {"feed_only": True})
    walk(kept, workers)
    for _ in range(5):
        outlet.clock.sleep(10 * 60)
        with opened(kept.folder, clock=outlet.clock) as again:
            again.archive.mend_clock(outlet.clock.now())
            again.archive.ease_in(outlet.clock.now())
            walk(again, workers)
    assert len(outlet.asked) == 1


def test_who_gives_no_validators_and_says_the_same_is_asked_daily_in_the_end(
    kept: Opened, outlet: Outlet, workers: Workers
) -> None:
    outlet.pages["/feed"] = feed()
    subscribe(kept, f"{outlet.url}/feed", {"feed_only": True})
    go_on(kept, outlet, workers, 5 * DAY, step=HOUR)
    waits = outlet.waits()
    assert waits == sorted(waits)  # later and later
    assert waits[-1] >= DAY
    assert len(kept.library.headlines()) == 1  # and the same bytes are no news


@pytest.mark.parametrize(
    ("headers", "channel", "least"),
    [
        ({}, "", HOUR),
        ({"Cache-Control": "max-age=60"}, "", HOUR),  # a wish never shortens
        ({"Cache-Control": "public, max-age=10800"}, "", 3 * HOUR),
        ({"Cache-Control": "max-age=10800", "Age": "3600"}, "", 2 * HOUR),
        ({"Date": "Wed, 04 Mar 2026 08:00:00 GMT", "Expires": "Wed, 04 Mar 2026 11:00:00 GMT"}, "", 3 * HOUR),
        ({}, "<ttl>240</ttl>", 4 * HOUR),
        (
            {},
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            6 * HOUR,
        ),
        ({}, f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(9, 13))}</skipHours>", 5 * HOUR),
        ({}, "<skipDays><day>Wednesday</day></skipDays>", 16 * HOUR),
        ({"Cache-Control": "max-age=10800"}, "<ttl>300</ttl>", 5 * HOUR),
    ],
)
def test_what_an_answer_and_a_feed_wish_lengthens_the_wait(
    headers: dict[str, str], channel: str, least: timedelta, kept: Opened, outlet: Outlet, workers: Workers
) -> None:
    outlet.headers, outlet.pages["/feed"] = VALIDATORS | headers, feed(channel)
    subscribe(kept, f"{outlet.url}/feed", {"feed_only": True})
    go_on(kept, outlet, workers, DAY, step=HOUR / 6)
    first = outlet.waits()[0]
    assert least <= first <= least + HOUR / 3


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_who_fails_for_weeks_is_asked_later_and_later_and_never_given_up(
    status: int, kept: Opened, outlet: Outlet, workers: Workers
) -> None:
    outlet.pages["/feed"] = feed()
    subscribe(kept, f"{outlet.url}/feed", {"feed_only": True})
    walk(kept, workers)
    outlet.status = status
    go_on(kept, outlet, workers, 40 * DAY, step=6 * HOUR)
    waits = outlet.waits()
    assert waits[1:] == sorted(waits[1:])
    assert waits[-1] >= 7 * DAY
    assert max(waits) <= 8 * DAY
    outlet.status = 200
    go_on(kept, outlet, workers, 8 * DAY, step=6 * HOUR)
    assert outlet.waits()[-1] <= DAY + 6 * HOUR  # back among the well
