"""What an archive promises of the further pages of articles."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dibao.archive.sqlite import SQL
from dibao.decide import joined
from dibao.model import Article, Kind, Outcome, Reading, Visit
from dibao.pipeline import judge
from tests.contract.test_archive import FEED, NOW, Shelf, captured

URL = "http://wire.test/a/1"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.archive.close()


def page(n: int, *, onward: bool = True, more: str = "") -> Article:
    text = f"第{n}頁：渡輪公司逐一說明各航線的新票價、班次與優惠，並且答覆了居民代表的提問。{more}"
    return Article(
        title="渡輪調價", html=f"<p>{text}</p>", text=text, next_part=f"{URL}/{n + 1}" if onward else None
    )


def first_look(shelf: Shelf) -> Visit:
    """Subscribe, and return the visit to the page of the first article."""
    shelf.subscribe()
    shelf.answer(shelf.due()[0], FEED.format("摘要"))
    return next(visit for visit in shelf.due() if visit.url == URL)


def settle(shelf: Shelf, visit: Visit, came: Article, *, hours: int = 0) -> Outcome:
    """Settle a page that says this."""
    now = NOW + timedelta(hours=hours)
    kept = shelf.archive.keep(visit, captured(visit.url, f"{came.text} {hours}", 200, now))
    (outcome,) = shelf.archive.settle([(visit, kept, Reading(article=came))], judge, now)
    return outcome


def next_of(shelf: Shelf, visit: Visit) -> list[Visit]:
    return shelf.archive.next_of(visit.key or "")


def test_a_further_page_is_a_visit_once_however_often_it_is_named(shelf: Shelf) -> None:
    first = first_look(shelf)
    settle(shelf, first, page(1))
    (second,) = next_of(shelf, first)
    assert (second.url, second.kind, second.depth, second.due) == (f"{URL}/2", Kind.NEXT, 1, NOW)
    assert second in shelf.due()
    settle(shelf, second, page(2))
    settle(shelf, first, page(1), hours=1)
    settle(shelf, second, page(2), hours=1)
    assert [(each.url, each.depth) for each in next_of(shelf, first)] == [(f"{URL}/2", 1), (f"{URL}/3", 2)]
    (kept,) = shelf.library.kept([first.key or ""])
    assert kept.latest.article == joined([page(1), page(2)])
    assert len(kept.revisions) == 2


def test_a_further_page_is_due_again_when_it_was_given_up_or_the_one_before_it_changed(shelf: Shelf) -> None:
    first = first_look(shelf)
    settle(shelf, first, page(1))
    (second,) = next_of(shelf, first)
    settle(shelf, second, page(2, onward=False))
    waits = next_of(shelf, first)[0].due
    assert waits is not None
    assert waits > NOW
    settle(shelf, first, page(1), hours=1)
    assert next_of(shelf, first)[0].due == waits
    settle(shelf, first, page(1, more="公司今晨更正。"), hours=2)
    assert next_of(shelf, first)[0].due == NOW + timedelta(hours=2)
    settle(shelf, next_of(shelf, first)[0], replace(page(2), title="會員登入"), hours=2)
    assert next_of(shelf, first)[0].due is None
    settle(shelf, first, page(1, more="公司今晨更正。"), hours=3)
    assert next_of(shelf, first)[0].due == NOW + timedelta(hours=3)


def test_a_further_page_is_looked_up_by_its_address(shelf: Shelf) -> None:
    values = {"source": 1, "depth": 1, "due": None, "changed": False, "key": "k", "url": URL}
    plan = [row["detail"] for row in shelf.database.rows(f"EXPLAIN QUERY PLAN {SQL['next_again']}", values)]
    assert any("visits_by_url" in step for step in plan), plan
