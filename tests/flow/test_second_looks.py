"""What one look may not decide: walls, maintenance, busy hosts, wrong clocks, and news that arrives late."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dibao import sync
from dibao.archive.sqlite import SqliteArchive
from dibao.clock import SteppingClock
from dibao.decide import judge
from dibao.engine import Agenda
from dibao.model import Basis, Capture, Failure, Kind, Reading, Source, State, Trouble, Verdict, Visit
from dibao.ports import Known
from dibao.wiring import Opened
from dibao.workers import Workers
from tests.contract.test_archive import FEED, Shelf
from tests.flow.loopback import histories, pass_time, walk
from tests.flow.servers import Answer, Site, article, rss, rss_by_guid

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
TEN_YEARS = 24 * 3650  # hours
pytestmark = pytest.mark.slow


def follow(it: Opened, site: Site, **fields: object) -> Source:
    """Subscribe to the feed of the test's site."""
    source = Source(**({"name": "青楓社", "url": f"{site.url}/feed"} | fields))  # type: ignore[arg-type]
    return it.sources.add(source, it.clock.now())[0]


def document(title: str, *paragraphs: str) -> Answer:
    """Return a page with 200, whatever it says."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    whole = f"<title>{title}</title><article><h1>{title}</h1>{body}</article>"
    return 200, "text/html; charset=utf-8", f"<html lang='zh-Hant'>{whole}</html>".encode()


MAINTENANCE = document(
    "系統維護中",
    "親愛的讀者您好，本站目前正在進行系統維護，暫時無法提供服務，造成您的不便，敬請見諒，請稍後再試。",
    "維護期間請改用手機應用程式閱讀新聞，客服信箱全天候受理您的來信。",
)


# --- pages ------------------------------------------------------------------------------------------


def kept_with_page(it: Opened, site: Site, workers: Workers, summary: str) -> None:
    site.pages["/feed"] = rss(("渡輪票價四月調整", f"{site.url}/1", summary))
    site.pages["/1"] = article("渡輪票價四月調整", "青港渡輪公司宣布四月起調整票價。")
    follow(it, site)
    walk(it, workers)


SUMMARY = "青港渡輪公司今天上午召開記者會，對外宣布自四月一日起全面調整各航線單程與來回票價並提供優惠。"


@pytest.mark.parametrize("announced", [2, 15])
def test_a_maintenance_page_is_no_edit_at_first_look_and_believed_at_the_second(
    announced: int, it: Opened, site: Site, workers: Workers
) -> None:
    kept_with_page(it, site, workers, SUMMARY[:announced])
    site.pages["/1"] = MAINTENANCE
    pass_time(it, 2)
    first = walk(it, workers)
    assert [len(kept) for kept in histories(it)] == [1]
    assert any("looked at again" in (outcome.error or "") for outcome in first)
    pass_time(it, 24)
    walk(it, workers)
    assert [[r.article.title for r in kept] for kept in histories(it)] == [["渡輪票價四月調整", "系統維護中"]]


def test_a_maintenance_page_is_never_believed_where_the_feed_says_enough_to_know_better(
    it: Opened, site: Site, workers: Workers
) -> None:
    kept_with_page(it, site, workers, SUMMARY)
    site.pages["/1"] = MAINTENANCE
    for _ in range(3):
        pass_time(it, 24)
        walk(it, workers)
    assert [len(kept) for kept in histories(it)] == [1]


def test_a_maintenance_page_that_is_over_leaves_no_trace(it: Opened, site: Site, workers: Workers) -> None:
    kept_with_page(it, site, workers, "短摘")
    right = site.pages["/1"]
    for page in (MAINTENANCE, right, MAINTENANCE, right):  # never twice in a row
        site.pages["/1"] = page
        pass_time(it, 24 * 8)
        walk(it, workers)
    assert [[r.verdict for r in kept] for kept in histories(it)] == [[Verdict.NEW]]


def test_an_edit_in_the_feed_is_kept_though_its_page_is_behind_a_wall(
    it: Opened, site: Site, workers: Workers
) -> None:
    sentence = "完整的報導文字，逐句寫來並不重複。"

    def entry(text: str) -> Answer:
        return rss_by_guid(("g", "標題", f"{site.url}/1", f"<p>{text}</p>"))

    site.pages["/feed"] = entry(sentence * 60)
    site.pages["/1"] = document("標題", sentence * 61)
    follow(it, site)
    walk(it, workers)
    ((first,),) = histories(it)
    assert first.article.basis is Basis.PAGE
    site.pages["/1"] = document("標題", sentence + "訂閱後看全文")
    pass_time(it, 24)
    walk(it, workers)
    assert [len(kept) for kept in histories(it)] == [1]  # the wall alone is no edit
    site.pages["/feed"] = entry(sentence.replace("逐句", "逐字") * 60)
    pass_time(it, 24)
    walk(it, workers)
    ((_, second),) = histories(it)
    assert (second.verdict, "逐字" in second.article.text) == (Verdict.CHANGED, True)
    pass_time(it, 24 * 8)
    walk(it, workers)
    assert [len(kept) for kept in histories(it)] == [2]


def test_an_excerpt_in_the_feed_is_no_edit_of_a_page_that_cannot_be_had(
    it: Opened, site: Site, workers: Workers
) -> None:
    kept_with_page(it, site, workers, "短摘")
    site.pages["/1"] = 503, "text/plain", b""
    site.pages["/feed"] = rss(("渡輪票價四月調整", f"{site.url}/1", "改過的短摘"))
    pass_time(it, 24)
    walk(it, workers)
    assert [len(kept) for kept in histories(it)] == [1]


# --- pictures -----------------------------------------------------------------------------------------


def picture_after(times: int, status: int | None, failure: Failure | None = None) -> Visit:
    """Return a picture's visit after so many answers of one kind."""
    source = Source(id=1, name="青楓社", url="http://wire.test/feed")
    visit = Visit(id=1, url="http://wire.test/p.jpg", kind=Kind.MEDIA, source=source, due=NOW)
    known = Known(source=source, identities={}, visits={}, revisions={}, headlines={})
    capture = Capture(
        url=visit.url, final_url=visit.url, captured_at=NOW, status=status, failure=failure, body=b"no"
    )
    for _ in range(times):
        visit = judge(visit, capture, Reading(), known, NOW).visit
    return visit


UNASKED = Failure(trouble=Trouble.UNASKED, detail="the host asked to be left alone")
TIMEOUT = Failure(trouble=Trouble.TIMEOUT, detail="no answer")


@pytest.mark.parametrize(
    ("status", "failure"), [(429, None), (503, None), (429, UNASKED), (503, UNASKED), (None, TIMEOUT)]
)
def test_a_picture_that_was_never_answered_for_is_never_given_up(
    status: int | None, failure: Failure | None
) -> None:
    assert picture_after(20, status, failure).due is not None


def test_a_picture_that_is_not_there_is_given_up_after_several_answers() -> None:
    assert picture_after(5, 404).due is not None
    assert picture_after(6, 404).due is None


# --- sources ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.REMOVED, State.PAUSED])
def test_a_410_under_way_does_not_undo_what_a_person_decided(state: State, shelf: Shelf) -> None:
    source = shelf.subscribe()
    (poll,) = shelf.due()
    shelf.sources.change(source, NOW, state=state, note="讀者所請")
    shelf.answer(poll, "", status=410)
    (stands,) = shelf.library.sources()
    assert (stands.state, stands.note) == (state, "讀者所請")
    assert len(shelf.sources.all()) == (state is State.PAUSED)


def test_a_410_stops_a_source_that_nobody_decided_about(shelf: Shelf) -> None:
    shelf.subscribe()
    shelf.answer(shelf.due()[0], "", status=410)
    assert shelf.sources.all()[0].state is State.STOPPED


# --- time -----------------------------------------------------------------------------------------------


def test_a_clock_once_in_the_future_silences_nothing(it: Opened, site: Site) -> None:
    site.pages["/feed"] = rss(("甲新聞", f"{site.url}/1", "摘要"))
    site.pages["/1"] = article("甲新聞", "甲內文")
    pass_time(it, TEN_YEARS)
    follow(it, site)
    list(sync.walk(it))
    before = site.count("/feed"), site.count("/1")
    pass_time(it, 24 - TEN_YEARS)
    list(sync.walk(it))
    assert (site.count("/feed"), site.count("/1")) == (before[0] + 1, before[1] + 1)


def test_what_a_right_clock_put_off_stays_put_off(it: Opened, site: Site, workers: Workers) -> None:
    site.pages["/feed"] = rss(("甲新聞", f"{site.url}/1", "摘要"))
    site.pages["/1"] = article("甲新聞", "甲內文")
    follow(it, site)
    walk(it, workers)
    pass_time(it, 0.25)
    it.archive.mend_clock(it.clock.now())
    assert walk(it, workers) == []


class SettlesLate:
    """An archive where the answer of a visit is settled just after the agenda found nothing due."""

    def __init__(self, archive: SqliteArchive, settle: Callable[[], None]) -> None:
        self.archive, self.settle = archive, settle

    def due(self, now: datetime, **only: Any) -> list[Visit]:
        found = self.archive.due(now, **only)
        if not found:
            self.settle()
        return found

    def next_due(self, only: int | None = None) -> datetime | None:
        return self.archive.next_due(only)


def test_a_walk_without_patience_ends_only_when_what_it_found_is_made(shelf: Shelf) -> None:
    clock = SteppingClock(NOW)
    shelf.subscribe()
    asked: list[Visit] = []
    waiting: list[Visit] = []

    def settle() -> None:
        clock.sleep(3)  # what is found now falls due later than the walk began
        while waiting:
            visit = waiting.pop()
            feed = visit.kind is Kind.FEED
            shelf.answer(
                visit, FEED.format("摘要") if feed else "", status=200 if feed else 404, now=clock.now()
            )
            agenda.settled([visit])

    agenda = Agenda(SettlesLate(shelf.archive, settle), clock)  # type: ignore[arg-type]
    for visit in agenda:
        asked.append(visit)
        waiting.append(visit)
    assert [visit.kind for visit in asked] == [Kind.FEED, Kind.ARTICLE, Kind.ARTICLE]
    assert clock.now() < NOW + timedelta(minutes=5)  # and waits for nothing else
