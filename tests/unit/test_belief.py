"""Which dates are believed, on values alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dibao import decide
from dibao.archive.rows import from_json, to_json
from dibao.decide.belief import believed, believed_entries
from dibao.extract import better, from_entry
from dibao.model import Article, Basis, Credits, Doubt, Entry, Reading
from tests.unit.test_decide import ENTRY, LOOK, NOTHING, NOW, answer, look, poll

WRONG = datetime(2004, 3, 3, 12, tzinfo=UTC)  # 22 years before NOW
WORDS = "Wed, 03 Mar 2004 12:00:00 GMT"


def entry(number: int, published: datetime | None, **fields: object) -> Entry:
    told = {"guid": f"g{number}", "link": f"http://wire.test/a/{number}", "title": f"第{number}則"}
    raw = published.strftime("%a, %d %b %Y %H:%M:%S GMT") if published else None
    return Entry(**(told | {"published": published, "published_raw": raw} | fields))  # type: ignore[arg-type]


def feed(*dates: datetime) -> tuple[Entry, ...]:
    return tuple(entry(number, date) for number, date in enumerate(dates))


def doubts(*dates: datetime) -> list[Doubt | None]:
    return [each.published_doubt for each in believed_entries(feed(*dates), NOW)]


def hours_ago(*hours: int) -> list[datetime]:
    return [NOW - timedelta(hours=each) for each in hours]


def page(published: datetime | None, **fields: object) -> Article:
    raw = published.isoformat() if published else None
    told = {"title": "渡輪調價", "html": "<p>內文</p>", "text": "內文", "published_raw": raw}
    return Article(**(told | {"published_at": published} | fields))  # type: ignore[arg-type]


# --- a feed -------------------------------------------------------------------------------------------


def test_an_entry_dated_22_years_before_its_feed_is_doubted_and_its_words_are_kept() -> None:
    first, stray, last = believed_entries(feed(NOW, WRONG, NOW - timedelta(hours=2)), NOW)
    assert (stray.published, stray.published_raw, stray.published_doubt) == (None, WORDS, Doubt.FAR)
    assert (first.published, first.published_doubt) == (NOW, None)
    assert last.published_doubt is None


def test_a_feed_in_which_all_entries_are_old_is_believed() -> None:
    assert doubts(*[WRONG - timedelta(days=each) for each in range(10)]) == [None] * 10


def test_a_feed_that_grew_over_years_is_believed() -> None:
    assert doubts(*[NOW - timedelta(days=700 * each) for each in range(12)]) == [None] * 12


def test_a_new_entry_after_twenty_years_of_silence_is_believed() -> None:
    assert doubts(NOW, *[WRONG - timedelta(days=each) for each in range(8)]) == [None] * 9


def test_two_entries_do_not_tell_which_of_them_is_wrong() -> None:
    assert doubts(NOW, WRONG) == [None, None]


def test_a_few_strays_are_found_together() -> None:
    dates = [WRONG, WRONG - timedelta(days=900), *hours_ago(*range(10))]
    assert doubts(*dates) == [Doubt.FAR, Doubt.FAR, *[None] * 10]


def test_a_stray_whose_address_names_the_same_day_is_an_old_article() -> None:
    old = entry(9, WRONG, link="http://wire.test/2004/03/03/harbour")
    *_, last = believed_entries([*feed(*hours_ago(1, 2, 3)), old], NOW)
    assert (last.published, last.published_doubt) == (WRONG, None)


def test_an_entry_alone_is_doubted_where_its_address_names_another_day() -> None:
    (told,) = believed_entries([entry(1, WRONG, link="http://wire.test/news/202603030101.html")], NOW)
    assert (told.published, told.published_doubt) == (None, Doubt.FAR)


@pytest.mark.parametrize(
    ("date", "why"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), Doubt.EPOCH),
        (datetime(1, 1, 1, tzinfo=UTC), Doubt.EPOCH),
        (NOW + timedelta(days=400), Doubt.FUTURE),
    ],
)
def test_impossible_dates_are_doubted_and_speak_against_no_other(date: datetime, why: Doubt) -> None:
    assert doubts(date, date, *hours_ago(1, 2)) == [why, why, None, None]


def test_a_modification_long_before_the_publication_is_dropped_and_one_after_it_is_not() -> None:
    before, after = believed_entries(
        [
            entry(1, NOW, updated=WRONG, updated_raw=WORDS),
            entry(2, WRONG, link="http://wire.test/2004/03/03/x", updated=NOW),
        ],
        NOW,
    )
    assert (before.updated, before.updated_raw) == (None, WORDS)
    assert (after.published, after.updated) == (WRONG, NOW)


# --- a page, and its entry ------------------------------------------------------------------------------


def test_an_old_page_is_believed_where_nothing_speaks_against_it() -> None:
    article = believed(page(WRONG, modified_at=NOW), NOW, url="http://wire.test/harbour")
    assert (article.published_at, article.published_doubt, article.modified_at) == (WRONG, None, NOW)


def test_a_page_and_an_entry_years_apart_are_settled_by_the_address() -> None:
    recent, address = NOW - timedelta(days=1), "http://wire.test/2026/03/03/harbour"
    right_page = believed(page(recent), NOW, entry=entry(1, WRONG), url=address)
    assert (right_page.published_at, right_page.published_doubt) == (recent, None)
    right_entry = believed(page(WRONG), NOW, entry=entry(1, recent), url=address)
    assert (right_entry.published_at, right_entry.published_doubt) == (recent, None)
    assert right_entry.published_raw == entry(1, recent).published_raw


def test_a_page_and_an_entry_years_apart_are_both_doubted_where_nothing_settles_it() -> None:
    article = believed(page(WRONG), NOW, entry=entry(1, NOW))
    assert (article.published_at, article.published_doubt) == (None, Doubt.FAR)
    assert article.published_raw == WRONG.isoformat()


def test_an_entrys_date_stands_for_an_impossible_one_and_for_one_that_was_only_looked_for() -> None:
    future = believed(page(NOW + timedelta(days=900)), NOW, entry=entry(1, NOW))
    assert (future.published_at, future.published_doubt) == (NOW, None)
    looked_for = believed(page(WRONG, published_raw=None), NOW, entry=entry(1, NOW))
    assert (looked_for.published_at, looked_for.published_doubt) == (NOW, None)


def test_the_date_at_the_end_of_a_wire_story_is_evidence() -> None:
    article = believed(page(WRONG, credits=Credits(text_date="2026-03-03")), NOW)
    assert (article.published_at, article.published_doubt) == (None, Doubt.FAR)


def test_a_date_that_could_not_be_read_is_said_to_be_unreadable() -> None:
    article = believed(page(None, published_raw="some day soon"), NOW)
    assert (article.published_doubt, article.published_raw) == (Doubt.UNREADABLE, "some day soon")
    assert believed(page(None), NOW).published_doubt is None


# --- on the way through a judgement ---------------------------------------------------------------------


def test_a_doubted_entry_that_is_an_article_is_kept_with_its_words_and_dated_by_when_it_was_seen() -> None:
    source = replace(NOTHING.source, feed_only=True)
    entries = [replace(each, content="<p>全文</p>") for each in feed(NOW, WRONG, *hours_ago(1, 2))]
    outcome = poll(*entries, source=source)
    _, stray, *_ = outcome.revisions
    assert (stray.article.published_at, stray.article.published_doubt) == (None, Doubt.FAR)
    assert stray.article.published_raw == WORDS
    assert stray.entry is not None
    assert stray.entry.published_doubt is Doubt.FAR
    assert [line.at for line in outcome.headlines] == [NOW, NOW, *hours_ago(1, 2)]


def test_a_doubted_entry_goes_to_its_page_without_its_date() -> None:
    visits = poll(*feed(NOW, WRONG, *hours_ago(1, 2))).found
    doubted = [visit.entry.published_doubt for visit in visits if visit.entry]
    assert doubted == [None, Doubt.FAR, None, None]
    told = visits[1].entry
    assert told is not None
    from_feed = from_entry(told)
    assert (from_feed.published_at, from_feed.published_raw) == (None, WORDS)
    (revision,) = look(Reading(article=from_feed), visit=replace(LOOK, entry=told)).revisions
    assert (revision.article.published_doubt, revision.article.published_raw) == (Doubt.FAR, WORDS)


def test_a_page_that_agrees_with_its_doubted_entry_is_believed() -> None:
    told = replace(ENTRY, published=None, published_raw=WORDS, published_doubt=Doubt.FAR)
    whole = better(page(WRONG, basis=Basis.PAGE), from_entry(told))
    outcome = decide.judge(replace(LOOK, entry=told), answer(), Reading(article=whole), NOTHING, NOW)
    assert outcome.revisions[0].article.published_at == WRONG
    assert outcome.headlines[0].at == WRONG


def test_of_two_readings_the_one_that_has_a_date_gives_its_words_too() -> None:
    told = replace(ENTRY, published=NOW, published_raw="today, 16:00")
    silent = better(page(None, published_raw="?"), from_entry(told))
    assert (silent.published_at, silent.published_raw) == (NOW, "today, 16:00")
    doubted = replace(told, published=None, published_doubt=Doubt.FUTURE)
    neither = better(page(None), from_entry(doubted))
    assert (neither.published_raw, neither.published_doubt) == ("today, 16:00", Doubt.FUTURE)


def test_what_was_kept_before_dates_were_doubted_is_read_and_what_is_kept_now_too() -> None:
    doubted = page(None, published_raw=WORDS, published_doubt=Doubt.FAR)
    assert from_json(Article, to_json(doubted)) == doubted
    before = to_json(doubted).replace('"published_doubt":"far",', "")
    assert before != to_json(doubted)
    assert from_json(Article, before) == replace(doubted, published_doubt=None)
