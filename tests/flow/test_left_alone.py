"""What a site asked for outlives the run that heard it: Retry-After, and the rules of robots.txt."""

from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from dibao.clock import SteppingClock
from dibao.model import Failure, Rules, Trouble
from dibao.subscribe import subscribe
from dibao.wiring import opened
from dibao.workers import Workers
from tests.flow.conftest import START
from tests.flow.loopback import Names, make_archive, walk
from tests.flow.servers import Answer, Site, article, rss


def saying(status: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], Answer]:
    """Return a page that says a status with headers."""

    def page(request: BaseHTTPRequestHandler) -> Answer:
        ended = request.end_headers

        def end() -> None:
            for name, value in headers.items():
                request.send_header(name.replace("_", "-"), value)
            ended()

        request.end_headers = end  # type: ignore[method-assign]
        return status, "text/plain", b"later"

    return page


def test_a_redirect_to_a_host_that_asked_an_earlier_run_for_peace_is_not_followed(
    tmp_path: Path, site: Site, workers: Workers
) -> None:
    names, clock = Names(busy_test=site.port, news_test=site.port), SteppingClock(START)
    folder = make_archive(tmp_path / "archive", site.port)
    site.pages |= {
        "/busy": saying(429, Retry_After="36000"),
        "/moved": saying(302, Location="http://busy.test/1"),
    }
    site.pages |= {
        "/feed": rss(("甲新聞", "http://news.test/moved", "摘要甲")),
        "/1": article("甲新聞", "內文"),
    }
    with opened(folder, clock=clock, resolver=names) as it:
        subscribe(it, "http://busy.test/busy", {})
    with opened(folder, clock=clock, resolver=names) as it:
        walk(it, workers)
        assert site.count("/busy") == 1  # what `add` heard holds for the sync after it
        subscribe(it, "http://news.test/feed", {}, check=False)
        walk(it, workers)
        assert (site.count("/moved"), site.count("/1")) == (1, 0)
        added = subscribe(it, "http://busy.test/feed", {})
        assert "left alone until 2026-03-04 18:00 UTC; nothing hastens that" in str(added.trouble)
        assert site.count("/feed") == 1
        site.pages["/busy"] = rss(("乙新聞", "http://busy.test/2", "摘要乙"))
        clock.sleep(10 * 3600 + 1)
        walk(it, workers)
        assert (site.count("/1"), site.count("/busy")) == (1, 2)


def test_hourly_runs_ask_robots_txt_once_a_day(tmp_path: Path, site: Site, workers: Workers) -> None:
    clock = SteppingClock(START)
    folder = make_archive(tmp_path / "archive", site.port)
    for hour in range(24):
        lines = [(f"新聞{n}", f"{site.url}/{n}", "摘要") for n in range(hour + 1)]
        site.pages |= {"/feed": rss(*lines), f"/{hour}": article(f"新聞{hour}", f"內文{hour}")}
        with opened(folder, clock=clock) as it:
            if not hour:
                subscribe(it, f"{site.url}/feed", {}, check=False)
            walk(it, workers)
        clock.sleep(3600)
    assert all(site.count(f"/{hour}") for hour in range(20))
    assert site.count("/robots.txt") == 1


def test_what_robots_txt_said_is_kept_whatever_it_was(tmp_path: Path) -> None:
    with opened(make_archive(tmp_path / "archive"), clock=SteppingClock(START)) as it:
        trouble = Failure(trouble=Trouble.UNASKED, detail="it answered 500")
        until, origin = START + timedelta(days=1), "http://news.test:8080"
        assert it.archive.rules(origin) is None
        for body, failure in ((b"User-agent: *\xff\0", None), (None, None), (None, trouble)):
            rules = Rules(origin=origin, since=START, until=until, body=body, failure=failure, tries=3)
            it.archive.keep_rules(rules)
            assert it.archive.rules(origin) == rules
