"""What an outlet's page says of articles that may be missing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dibao.model import Gap
from dibao.publish.missing import MOST, spans
from dibao.publish.site import Renderer, Site
from tests import gazette

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LINES = [gazette.headline(kept) for kept in gazette.press()]


def gap(since: float, until: float, source: int = 1) -> Gap:
    """Return a gap between two times in hours from noon."""
    return Gap(source=source, since=NOON + since * HOUR, until=NOON + until * HOUR, seen_at=NOON, entries=20)


def outlet(language: str, *gaps: Gap, name: str = "潮汐通訊社") -> str:
    """Return the page of an outlet."""
    ready = Renderer(Site(title="T", language=language), zones={1: "Asia/Taipei"}, gaps=gaps)
    pages = {page.path: page.body.decode() for page in ready.list_pages(LINES)}
    return pages[f"source/{name}.html"]


def test_gaps_that_nearly_touch_are_one_span_and_the_latest_stands_first() -> None:
    found = spans([gap(9, 10), gap(0, 2), gap(2.5, 3), gap(1, 2), replace(gap(20, 21), filled_at=NOON)])
    assert found == [(NOON + 9 * HOUR, NOON + 10 * HOUR), (NOON, NOON + 3 * HOUR)]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "not kept here:|4 March 2026, 20:00 – 5 March 2026, 01:00 UTC+8"),
        ("zh-Hant", "可能有報導未能存檔：|2026年3月4日 20:00 – 2026年3月5日 01:00 UTC+8"),
        ("zh-Hans", "可能有报道未能存档：|2026年3月4日 20:00 – 2026年3月5日 01:00 UTC+8"),
    ],
)
def test_an_outlet_page_says_on_its_own_clock_when_articles_may_be_missing(language: str, said: str) -> None:
    page = outlet(language, gap(0, 5))
    assert [part for part in said.split("|") if part not in page] == []
    assert "2026" in page.partition("<aside")[2].partition("</aside>")[0]


def test_a_span_of_one_day_names_it_once() -> None:
    assert "<li>4 March 2026, 20:00 – 22:00 UTC+8</li>" in outlet("en", gap(0, 2))


def test_no_other_page_says_it() -> None:
    ready = Renderer(Site(title="T"), gaps=[gap(0, 5)])
    telling = [page.path for page in ready.site_pages(LINES) if b'class="notice missing"' in page.body]
    assert telling == ["source/潮汐通訊社.html"]


def test_without_a_gap_nothing_is_said() -> None:
    assert "missing" not in outlet("en").partition("<main")[2]
    assert "missing" not in outlet("en", gap(0, 5, source=3)).partition("<main")[2]


def test_many_gaps_are_told_as_the_latest_of_them_and_how_many_more() -> None:
    page = outlet("en", *(gap(10 * n, 10 * n + 1) for n in range(MOST + 3)))
    assert page.partition("<aside")[2].partition("</aside>")[0].count(" – ") == MOST
    assert "and 3 times before" in page
