"""Articles that an outlet spread over several pages are joined, whatever comes of each page."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from dibao import keeping
from dibao.archive.database import Database
from dibao.archive.folder import DATABASE
from dibao.archive.warc import read_capture
from dibao.decide import joined
from dibao.extract import extract
from dibao.model import Kind, Revision, Source, Verdict
from dibao.wiring import Opened, opened
from dibao.workers import Workers
from tests.flow.loopback import histories, make_archive, one, pass_time, walk
from tests.flow.servers import Answer, Site, rss

pytestmark = pytest.mark.slow

PATH = "/2026/ferry-fares-rise-in-april"
TITLE = "渡輪票價四月調整"
HEAD = "<p class='byline'>林岸報導</p>"
FOOT = "<p>更多渡輪消息，請見青楓社每週六發行的紙本週刊，各港口售票處均有陳列。</p>"
YEAR = 24 * 365  # hours


def told(n: int, text: str = "") -> str:
    """Return what only the page of that number says."""
    said = text or f"第{n}頁：青港渡輪公司說明第{n}條航線的新票價與班次，並答覆居民代表的提問。"
    rest = (
        f"<p>第{n}條航線的第{each}位居民代表要求公司在兩週內提出書面說明，公司允諾照辦，並將公布在網站上。</p>"
        for each in range(5)
    )
    return f"<p>{said}</p>{''.join(rest)}"


def page(site: Site, n: int, last: int, *, text: str = "", title: str = TITLE, onward: str = "") -> Answer:
    """Return one page of an article, with the list of pages below it."""
    places = {each: PATH if each == 1 else f"{PATH}/{each}" for each in range(1, last + 1)}
    pages = "".join(f"<a href='{place}'>{each}</a> " for each, place in places.items() if each != n)
    follows = onward or places.get(n + 1, "")
    link = f"<link rel='next' href='{follows}'>" if follows else ""
    body = (
        f"<article><h1>{title}</h1>{HEAD}{told(n, text)}{FOOT}</article><div class='pagination'>{pages}</div>"
    )
    html = f"<html lang='zh-Hant'><head><title>{title}</title>{link}</head><body>{body}</body></html>"
    return 200, "text/html; charset=utf-8", html.encode()


def publish(site: Site, last: int) -> None:
    """Put an article of so many pages on the test's site, announced by its feed."""
    site.pages["/feed"] = rss((TITLE, f"{site.url}{PATH}", "渡輪公司宣布調整票價"))
    for n in range(1, last + 1):
        site.pages[PATH if n == 1 else f"{PATH}/{n}"] = page(site, n, last)


def follow(it: Opened, site: Site) -> None:
    """Subscribe to the feed of the test's site."""
    it.sources.add(Source(name="青楓社", url=f"{site.url}/feed"), it.clock.now())


def only(it: Opened) -> list[Revision]:
    """Return the versions of the one article that is kept."""
    (history,) = histories(it)
    return history


def verdicts(it: Opened) -> list[str]:
    return [str(each.verdict) for each in only(it)]


def pages_in(revision: Revision) -> list[int]:
    """Return the numbers of the pages whose text a version holds, in its order."""
    text = revision.article.text
    return sorted((n for n in range(1, 30) if f"第{n}頁：" in text), key=lambda n: text.index(f"第{n}頁："))


def test_an_article_on_three_pages_is_one_and_has_no_edit(it: Opened, site: Site, workers: Workers) -> None:
    publish(site, 3)
    follow(it, site)
    outcomes = walk(it, workers)
    assert verdicts(it) == ["new", "completed", "completed"]
    latest = only(it)[-1]
    assert pages_in(latest) == [1, 2, 3]
    assert latest.article.text.count("紙本週刊") == 1
    assert latest.article.text.endswith("均有陳列。")
    assert latest.article.html.count("林岸報導") <= 1
    assert (latest.article.title, latest.article.next_part) == (TITLE, None)
    assert [leaf.url for leaf in latest.article.leaves] == [
        None,
        f"{site.url}{PATH}/2",
        f"{site.url}{PATH}/3",
    ]
    assert it.library.headlines()[0].edits == 0
    asked = [path for path, _ in site.asked if path.startswith(PATH)]
    assert asked == [PATH, f"{PATH}/2", f"{PATH}/3"]
    assert not [outcome.error for outcome in outcomes if outcome.error]


def test_the_captures_of_an_article_give_it_again(it: Opened, site: Site, workers: Workers) -> None:
    publish(site, 3)
    follow(it, site)
    walk(it, workers)
    latest = only(it)[-1]
    captures = [read_capture(it.folder, ref) for ref in latest.refs]
    assert [capture.url for capture in captures] == [f"{site.url}{PATH}{n}" for n in ("", "/2", "/3")]
    parts = [extract(each.body, url=each.final_url, outlet="青楓社") for each in captures]
    again = joined(parts)
    assert (again.html, again.text, again.leaves) == (
        latest.article.html,
        latest.article.text,
        latest.article.leaves,
    )


def test_looks_that_find_every_page_as_it_was_make_no_version(
    it: Opened, site: Site, workers: Workers
) -> None:
    publish(site, 3)
    follow(it, site)
    walk(it, workers)
    for _ in range(6):
        pass_time(it, 24 * 30)
        walk(it, workers)
    assert site.count(PATH) > 3
    assert site.count(f"{PATH}/3") > 3
    assert len(only(it)) == 3


@pytest.mark.parametrize("edited", [1, 2, 3])
def test_an_edit_of_one_page_is_an_edit_of_the_article_and_leaves_the_others(
    edited: int, it: Opened, site: Site, workers: Workers
) -> None:
    publish(site, 3)
    follow(it, site)
    walk(it, workers)
    text = f"第{edited}頁：渡輪公司今晨更正，第{edited}條航線的票價不變，班次則增加兩班。"
    site.pages[PATH if edited == 1 else f"{PATH}/{edited}"] = page(site, edited, 3, text=text)
    for _ in range(4):
        pass_time(it, 24 * 30)
        walk(it, workers)
    assert verdicts(it) == ["new", "completed", "completed", "changed"]
    latest = only(it)[-1]
    assert pages_in(latest) == [1, 2, 3]
    assert "班次則增加兩班" in latest.article.text
    assert latest.article.text.count("書面說明") == 15
    assert latest.article.text.endswith("均有陳列。")
    assert len(latest.refs) == 3


def test_a_page_that_is_not_there_leaves_what_came_and_completes_it_later(
    it: Opened, site: Site, workers: Workers
) -> None:
    publish(site, 3)
    site.pages[f"{PATH}/2"] = (404, "text/plain", b"no")
    follow(it, site)
    walk(it, workers)
    assert verdicts(it) == ["new"]
    assert only(it)[-1].article.next_part == f"{site.url}{PATH}/2"
    site.pages[f"{PATH}/2"] = page(site, 2, 3)
    pass_time(it, 2)
    walk(it, workers)
    assert verdicts(it) == ["new", "completed", "completed"]
    assert pages_in(only(it)[-1]) == [1, 2, 3]


def test_a_page_that_stays_away_is_given_up_and_asked_only_when_the_one_before_it_is(
    it: Opened, site: Site, workers: Workers
) -> None:
    publish(site, 2)
    del site.pages[f"{PATH}/2"]
    follow(it, site)
    for _ in range(40):
        walk(it, workers)
        pass_time(it, 200)
    tries, looks = site.count(f"{PATH}/2"), site.count(PATH)
    assert 6 <= tries <= 6 + looks
    pass_time(it, YEAR)
    walk(it, workers)
    assert site.count(f"{PATH}/2") - tries <= site.count(PATH) - looks
    assert verdicts(it) == ["new"]


def test_a_page_that_goes_away_later_is_no_removal(it: Opened, site: Site, workers: Workers) -> None:
    publish(site, 3)
    follow(it, site)
    walk(it, workers)
    site.pages[f"{PATH}/2"] = (410, "text/plain", b"no")
    for _ in range(8):
        pass_time(it, 24 * 30)
        walk(it, workers)
    assert verdicts(it) == ["new", "completed", "completed"]
    assert pages_in(only(it)[-1]) == [1, 2, 3]


def test_a_removed_article_comes_back_with_all_its_pages(it: Opened, site: Site, workers: Workers) -> None:
    publish(site, 3)
    follow(it, site)
    walk(it, workers)
    gone = {path: site.pages.pop(path) for path in list(site.pages) if path.startswith(PATH)}
    for _ in range(3):
        pass_time(it, 24 * 30)
        walk(it, workers)
    assert verdicts(it)[-1] == "gone"
    site.pages.update(gone)
    for _ in range(3):
        pass_time(it, 24 * 30)
        walk(it, workers)
    assert verdicts(it) == ["new", "completed", "completed", "gone", "restored"]
    assert pages_in(only(it)[-1]) == [1, 2, 3]


def test_pages_that_lead_in_a_circle_or_say_the_same_again_end_the_article(
    it: Opened, site: Site, workers: Workers
) -> None:
    publish(site, 2)
    site.pages[f"{PATH}/2"] = page(site, 2, 3, onward=f"{PATH}/3")
    site.pages[f"{PATH}/3"] = page(site, 2, 3, onward=f"{PATH}/4")
    site.pages[f"{PATH}/4"] = page(site, 1, 3, onward=PATH)
    follow(it, site)
    walk(it, workers)
    pass_time(it, 24)
    walk(it, workers)
    assert verdicts(it) == ["new", "completed"]
    assert site.count(f"{PATH}/4") == 0
    assert pages_in(only(it)[-1]) == [1, 2]


def test_at_most_twenty_pages_are_joined(it: Opened, site: Site, workers: Workers) -> None:
    publish(site, 23)
    follow(it, site)
    walk(it, workers)
    assert pages_in(only(it)[-1]) == list(range(1, 21))
    assert site.count(f"{PATH}/21") == 0


def test_a_next_article_is_not_a_next_page(it: Opened, site: Site, workers: Workers) -> None:
    publish(site, 1)
    site.pages[PATH] = page(site, 1, 1, onward="/2026/ferry-fares-rise-in-may")
    site.pages["/2026/ferry-fares-rise-in-may"] = page(site, 2, 2, title="五月再調")
    follow(it, site)
    walk(it, workers)
    assert verdicts(it) == ["new"]
    assert site.count("/2026/ferry-fares-rise-in-may") == 0


def test_a_numbered_page_with_another_headline_is_not_joined(
    it: Opened, site: Site, workers: Workers
) -> None:
    publish(site, 2)
    site.pages[f"{PATH}/2"] = page(site, 2, 2, title="市立圖書館暑期延長開放")
    follow(it, site)
    walk(it, workers)
    assert verdicts(it) == ["new"]
    assert pages_in(only(it)[-1]) == [1]


def test_robots_txt_and_the_wish_to_be_left_alone_hold_for_further_pages(
    it: Opened, site: Site, workers: Workers
) -> None:
    publish(site, 2)
    site.pages["/robots.txt"] = (200, "text/plain", f"User-agent: *\nDisallow: {PATH}/".encode())
    follow(it, site)
    outcomes = walk(it, workers)
    assert site.count(f"{PATH}/2") == 0
    assert [outcome.visit.kind for outcome in outcomes if outcome.error] == [Kind.NEXT]
    assert verdicts(it) == ["new"]


def test_a_log_in_page_in_place_of_one_removes_nothing(it: Opened, site: Site, workers: Workers) -> None:
    publish(site, 2)
    follow(it, site)
    walk(it, workers)
    site.pages[f"{PATH}/2"] = page(site, 2, 2, title="會員登入", text="請先登入會員，以便繼續閱讀全文內容。")
    for _ in range(4):
        pass_time(it, 24 * 30)
        walk(it, workers)
    assert verdicts(it) == ["new", "completed"]


def test_text_that_goes_from_one_page_to_another_stands_once(
    it: Opened, site: Site, workers: Workers
) -> None:
    publish(site, 2)
    follow(it, site)
    walk(it, workers)
    second = site.pages[f"{PATH}/2"]
    moved = "第1頁：青港渡輪公司說明新票價。</p><p>移到第一頁的這一段話原來在第二頁。"
    site.pages[PATH] = page(site, 1, 2, text=moved)
    assert not callable(second)
    body = second[2].replace("第2頁：".encode(), "第2頁：更正，".encode())
    site.pages[f"{PATH}/2"] = (200, second[1], body)
    pass_time(it, 1)
    walk(it, workers)  # the first page alone is due: its change makes the second due too
    assert verdicts(it) == ["new", "completed", "changed", "changed"]
    assert "更正，" in only(it)[-1].article.text


def test_a_whole_article_on_one_page_is_asked_in_place_of_the_second_and_stands_once(
    it: Opened, site: Site, workers: Workers
) -> None:
    publish(site, 3)
    site.pages[f"{PATH}/all"] = page(site, 4, 3)
    texts = "".join(told(n) for n in (1, 2, 3)).encode()
    status, kind, body = page(site, 4, 3)
    site.pages[f"{PATH}/all"] = (status, kind, body.replace(told(4).encode(), texts))
    first = page(site, 1, 3)
    link = f"<a href='{PATH}/all'>全文閱讀</a></div>".replace("全文閱讀", "閱讀全文").encode()
    site.pages[PATH] = (*first[:2], first[2].replace(b"</div>", link))
    follow(it, site)
    walk(it, workers)
    assert pages_in(only(it)[-1]) == [1, 2, 3]
    assert only(it)[-1].article.text.count("第1頁：") == 1
    assert [site.count(f"{PATH}/{each}") for each in ("all", "2", "3")] == [1, 0, 0]


def test_an_article_that_moves_onto_one_page_is_that_page(it: Opened, site: Site, workers: Workers) -> None:
    publish(site, 2)
    follow(it, site)
    walk(it, workers)
    site.pages[PATH] = page(
        site, 1, 1, text="第1頁：全文現在都在這一頁，第2頁：也在這裡，票價與班次一併說明。"
    )
    for _ in range(3):
        pass_time(it, 24 * 30)
        walk(it, workers)
    assert verdicts(it) == ["new", "completed", "changed"]
    assert only(it)[-1].article.leaves == ()


# --- one page, wanted by a person ----------------------------------------------------------------


def keep(it: Opened, url: str) -> list[keeping.KeptPage]:
    return list(keeping.keep(it, keeping.asked(it, url, None)))


def test_keeping_one_page_keeps_all_of_its_article(it: Opened, site: Site) -> None:
    publish(site, 3)
    (kept,) = keep(it, f"{site.url}{PATH}")
    assert (kept.verdict, kept.number, kept.title) == (Verdict.NEW, 3, TITLE)
    assert pages_in(only(it)[-1]) == [1, 2, 3]
    pass_time(it, 24)
    site.pages[f"{PATH}/3"] = page(site, 3, 3, text="第3頁：渡輪公司更正了第三條航線的票價，並且增加兩班。")
    (again,) = keep(it, f"{site.url}{PATH}")
    assert (again.verdict, again.number) == (Verdict.CHANGED, 4)
    assert pages_in(only(it)[-1]) == [1, 2, 3]


def test_keeping_a_page_whose_next_is_missing_keeps_the_page(it: Opened, site: Site) -> None:
    publish(site, 2)
    del site.pages[f"{PATH}/2"]
    (kept,) = keep(it, f"{site.url}{PATH}")
    assert (kept.verdict, kept.number, kept.error) == (Verdict.NEW, 1, None)


def test_keeping_asks_no_further_page_of_a_host_that_wants_to_be_left_alone(it: Opened, site: Site) -> None:
    publish(site, 3)
    site.pages[f"{PATH}/2"] = (429, "text/plain", b"not now")
    (kept,) = keep(it, f"{site.url}{PATH}")
    assert (kept.verdict, kept.number) == (Verdict.NEW, 1)
    assert (site.count(f"{PATH}/2"), site.count(f"{PATH}/3")) == (1, 0)


# --- crashes --------------------------------------------------------------------------------------

SCRIPT = """
import sys
from pathlib import Path
from typing import Any
from dibao import sync
from dibao.archive.folder import walking
from dibao.wiring import opened
from tests.flow.crashing import Killer
folder, point, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with walking(folder), opened(folder, at=Killer(point, count)) as it:
    for outcome in sync.walk(it):
        for revision in outcome.revisions:
            print(revision.number, flush=True)
"""


def start(folder: Path, point: str = "", count: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT, str(folder), point, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def subscribed(folder: Path, site: Site) -> Path:
    with opened(make_archive(folder, site.port)) as it:
        follow(it, site)
    return folder


@pytest.mark.parametrize(
    ("point", "count"),
    [("after-warc-sync", 2), ("before-commit", 3), ("after-commit", 3), ("after-warc-sync", 4)],
)
def test_a_crash_between_the_pages_loses_none_and_doubles_none(
    point: str, count: int, tmp_path: Path, site: Site
) -> None:
    publish(site, 3)
    folder = subscribed(tmp_path / "archive", site)
    killed = start(folder, point, count)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    ended = start(folder)
    _, complaints = ended.communicate(timeout=60)
    assert ended.returncode == 0, complaints
    with opened(folder) as it:
        assert verdicts(it) == ["new", "completed", "completed"]
        assert pages_in(only(it)[-1]) == [1, 2, 3]
    database = Database(folder / DATABASE)
    assert one(database, "SELECT count(*) FROM visits WHERE kind = 'next'") == 2
    database.close()


def hanging(seconds: float) -> Callable[[BaseHTTPRequestHandler], Answer]:
    def answer(handler: BaseHTTPRequestHandler) -> Answer:
        time.sleep(seconds)
        return 503, "text/plain", b"slow"

    return answer


def test_a_page_that_hangs_while_all_is_killed_is_asked_by_the_next_run(tmp_path: Path, site: Site) -> None:
    publish(site, 3)
    site.pages[f"{PATH}/2"] = hanging(30)
    folder = subscribed(tmp_path / "archive", site)
    process = start(folder)
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"  # the first page is kept
    until = time.monotonic() + 30
    while not site.count(f"{PATH}/2") and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    with opened(folder) as it:
        assert verdicts(it) == ["new"]
    site.pages[f"{PATH}/2"] = page(site, 2, 3)
    again = start(folder)
    _, complaints = again.communicate(timeout=60)
    assert again.returncode == 0, complaints
    with opened(folder) as it:
        assert verdicts(it) == ["new", "completed", "completed"]


def test_show_says_which_pages_are_kept_and_where_the_article_goes_on(tmp_path: Path, site: Site) -> None:
    publish(site, 3)
    del site.pages[f"{PATH}/3"]
    with opened(make_archive(tmp_path / "archive", site.port)) as it:
        (kept,) = keep(it, f"{site.url}{PATH}")
    command = [sys.executable, "-m", "dibao", "show", str(kept.key), "--archive", str(tmp_path / "archive")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=60, env=os.environ | {"COLUMNS": "300"}
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["pages", f"{site.url}{PATH},", f"{site.url}{PATH}/2"] in lines
    assert ["goes", "on", f"{site.url}{PATH}/3"] in lines


# --- nothing kept ----------------------------------------------------------------------------------


def extracted(site: Site, path: str) -> dict[str, Any]:
    """Return what `dibao extract` prints of an address."""
    allowed = {"DIBAO_FETCH__ALLOW_PRIVATE": f'["127.0.0.1:{site.port}"]', "DIBAO_FETCH__PAUSE": "0"}
    command = [sys.executable, "-m", "dibao", "extract", f"{site.url}{path}"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env=os.environ | allowed
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout), complaints=done.stderr)


def test_extracting_an_address_joins_its_pages_and_says_which_did_not_come(site: Site) -> None:
    publish(site, 3)
    whole = extracted(site, PATH)
    assert all(f"第{n}頁：" in whole["text"] for n in (1, 2, 3))
    assert (len(whole["leaves"]), whole["next_part"], whole["complaints"]) == (3, None, "")
    del site.pages[f"{PATH}/3"]
    some = extracted(site, PATH)
    assert len(some["leaves"]) == 2
    assert "404" in some["complaints"]
