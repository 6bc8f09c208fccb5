"""On which day an article was published, where zones and odd names of meta elements decide it."""

from datetime import UTC, datetime, timedelta

import pytest

from dibao.archive.rows import from_json, to_json
from dibao.dates import own_date, parse_date
from dibao.decide.line import headline
from dibao.extract import read_page
from dibao.extract.rules import Rule
from dibao.model import Article
from dibao.publish import facts
from tests import gazette

URL = "https://www.example-times.test/city/1"
NIGHT = datetime(2024, 3, 6, 4, 30, tzinfo=UTC)  # late on the 5th in New York
TEXT = "<p>The bridge over the river stays closed until spring, the city said.</p>" * 4


def read(head: str, *, rule: Rule | None = None, timezone: str | None = None, body: str = "") -> Article:
    shown = f"<article><h1>A bridge closes</h1>{body}{TEXT}</article>"
    page = f"<html><head>{head}</head><body>{shown}</body></html>"
    return read_page(page.encode(), url=URL, rule=rule, timezone=timezone)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-03-05T23:30:00-05:00", "2024-03-05"),
        ("2024-03-05T23:30:00.123-0500", "2024-03-05"),
        ("Tue, 05 Mar 2024 23:30:00 -0500", "2024-03-05"),
        ("Tue, 05 Mar 2024 23:30:00 EST", "2024-03-05"),
        ("March 5, 2024 at 11:30 PM EST", "2024-03-05"),
        ("2024-03-06T12:30:00+08:00", "2024-03-06"),
        ("2024年3月6日 12:30", "2024-03-06"),
        ("2024-03-06T04:30:00Z", "2024-03-06"),
        ("1709699400", "2024-03-06"),
    ],
)
def test_a_date_keeps_the_day_that_was_written(written: str, day: str) -> None:
    at = own_date(written)
    assert at is not None
    assert (at.replace(microsecond=0), at.date().isoformat()) == (NIGHT, day)


def test_a_day_alone_is_that_day_in_its_zone() -> None:
    at = own_date("2024-03-05", timezone="Asia/Taipei")
    assert at == parse_date("2024-03-05", timezone="Asia/Taipei")
    assert at is not None
    assert at.isoformat() == "2024-03-05T00:00:00+08:00"


def test_noon_of_a_town_before_there_were_zones_is_told_in_utc() -> None:
    at = own_date("1880-05-01 12:00:00", timezone="Europe/Amsterdam")
    assert at is not None
    assert at.utcoffset() == timedelta(0)
    assert at == parse_date("1880-05-01 12:00:00", timezone="Europe/Amsterdam")


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "soon",
        "2024-02-30T23:30:00-05:00",
        "2024-03-05T23:30:00-25:00",
        "1 January 0001 00:00 +0800",
    ],
)
def test_what_is_no_date_is_none_in_its_own_zone_too(written: str | None) -> None:
    assert own_date(written) is None
    assert parse_date(written) is None


def test_an_article_has_the_day_that_its_page_writes() -> None:
    article = read(
        meta("article:published_time", "2024-03-05T23:30:00-05:00")
        + meta("article:modified_time", "2024-03-06T22:00:00-05:00")
    )
    assert article.published_at is not None
    assert article.modified_at is not None
    assert article.published_at.isoformat() == "2024-03-05T23:30:00-05:00"
    assert article.modified_at.isoformat() == "2024-03-06T22:00:00-05:00"
    assert article.published_at == NIGHT


def test_a_kept_article_keeps_its_zone() -> None:
    article = read(meta("article:published_time", "2024-03-05T23:30:00-05:00"))
    again = from_json(Article, to_json(article))
    assert again == article
    assert again.published_at is not None
    assert again.published_at.isoformat() == "2024-03-05T23:30:00-05:00"


def test_a_rules_date_keeps_its_zone_too() -> None:
    rule = Rule(host="example-times.test", file="x", date=(".when",))
    article = read("", rule=rule, body='<span class="when">2024-03-05T23:30:00-05:00</span>')
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2024-03-05T23:30:00-05:00"


def test_lists_and_posts_stay_in_utc() -> None:
    kept = gazette.kept(read(meta("article:published_time", "2024-03-05T23:30:00-05:00")))
    assert facts.appeared(kept).isoformat() == "2024-03-06T04:30:00+00:00"
    line = headline(None, kept.latest)
    assert (line.at, line.at.utcoffset()) == (NIGHT, timedelta(0))


def test_a_change_is_compared_with_the_publication_in_one_zone() -> None:
    head = meta("article:published_time", "2024-03-05T23:30:00-05:00")
    late = read(head + meta("article:modified_time", "2024-03-06T04:00:00Z")).modified_at
    assert late == datetime(2024, 3, 6, 4, tzinfo=UTC)  # the same day in UTC: a clock that went wrong
    assert read(head + meta("article:modified_time", "2024-03-05T12:00:00Z")).modified_at is None


@pytest.mark.parametrize(
    "name",
    [
        "published",
        "published_at",
        "publishedDate",
        "pub_date",
        "date-pub",
        "dateCreated",
        "og:release_date",
        "article_published_time",
        "article:publicationdate",
        "prism.publicationDate",
        "content_publisheddate",
    ],
)
def test_a_meta_element_that_says_published_in_its_own_way_is_read(name: str) -> None:
    article = read(meta(name, "March 5, 2024"))
    assert article.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert next(each for each in article.origins if each.field == "published_at").confidence == 0.7


def test_a_date_by_the_headline_is_surer_than_a_meta_element_of_the_sites_own() -> None:
    article = read(meta("site-published-date", "2004-01-01"), body="<p>Published March 5, 2024</p>")
    assert article.published_at == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["unpublished_time", "video:release_date", "publisher", "last-updated", "expires"]
)
def test_a_meta_element_about_something_else_is_no_publication(name: str) -> None:
    assert read(meta(name, "2024-03-05")).published_at is None
