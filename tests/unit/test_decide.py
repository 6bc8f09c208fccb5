"""Judgements, on values alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dibao import decide
from dibao.decide import schedule, wishes
from dibao.model import (
    Article,
    Basis,
    Capture,
    Entry,
    Failure,
    Feed,
    Kind,
    Outcome,
    Reading,
    Revision,
    Source,
    State,
    Trouble,
    Verdict,
    Visit,
)
from dibao.ports import Known

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
SOURCE = Source(id=1, name="青楓社", url="http://wire.test/feed", timezone="Asia/Taipei")
POLL = Visit(id=1, url=SOURCE.url, kind=Kind.FEED, source=SOURCE, etag='"1"')
ENTRY = Entry(guid="g1", link="http://wire.test/a/1", title="渡輪調價", content="<p>摘要</p>")
KEY = decide.key_of(decide.identity(ENTRY, SOURCE))
LOOK = Visit(
    id=2, url="http://wire.test/a/1", kind=Kind.ARTICLE, source=SOURCE, entry=ENTRY, key=KEY, looks=1
)
NOTHING = Known(source=SOURCE, identities={}, visits={}, revisions={}, headlines={})


def answer(status: int | None = 200, **fields: Any) -> Capture:
    return Capture(
        url="http://wire.test/a/1", final_url="http://wire.test/a/1", captured_at=NOW, status=status, **fields
    )


def article(
    text: str = "青港渡輪公司宣布四月起調整票價。", basis: Basis = Basis.PAGE, **fields: Any
) -> Article:
    return Article(**{"title": "渡輪調價", "html": f"<p>{text}</p>", "text": text, "basis": basis, **fields})


def knowing(*revisions: Revision, visits: tuple[Visit, ...] = ()) -> Known:
    identities = {decide.identity(ENTRY, SOURCE): KEY, f"guid:1:{ENTRY.guid}": KEY}
    return replace(
        NOTHING,
        identities=identities if revisions or visits else {},
        revisions={each.key: each for each in revisions},
        visits={each.key: each for each in visits if each.key},
    )


def look(
    reading: Reading, known: Known = NOTHING, capture: Capture | None = None, visit: Visit = LOOK
) -> Outcome:
    return decide.judge(visit, capture or answer(), reading, known, NOW)


def poll(*entries: Entry, known: Known = NOTHING, source: Source = SOURCE) -> Outcome:
    alone = tuple(
        (e, article(e.content or "", Basis.FEED)) for e in entries if decide.stands_alone(e, source)
    )
    reading = Reading(feed=Feed(format="rss2.0", entries=entries), articles=alone)
    return decide.judge(POLL, answer(), reading, replace(known, source=source), NOW)


def kept(article: Article, **fields: Any) -> Revision:
    (revision,) = look(Reading(article=article)).revisions
    return replace(revision, **fields)


def test_a_first_text_is_a_new_article() -> None:
    outcome = look(Reading(article=article()))
    assert [r.verdict for r in outcome.revisions] == [Verdict.NEW]
    assert outcome.visit.due == NOW + schedule.PACE[1]


def test_the_same_text_is_no_revision() -> None:
    assert look(Reading(article=article()), knowing(kept(article()))).revisions == ()


def test_spacing_and_unicode_form_are_no_edit() -> None:
    known = knowing(kept(article("Café opens at nine")))
    assert look(Reading(article=article("Cafe\u0301  opens at nine ")), known).revisions == ()


def test_an_edit_is_a_second_revision() -> None:
    (revision,) = look(Reading(article=article("新的內文")), knowing(kept(article()))).revisions
    assert (revision.verdict, revision.number) == (Verdict.CHANGED, 2)


def test_an_edited_page_is_looked_at_again_sooner_until_it_rests() -> None:
    old = replace(LOOK, looks=5)
    edited = look(Reading(article=article("新的內文")), knowing(kept(article())), visit=old).visit
    resting = look(Reading(article=article()), knowing(kept(article())), visit=old).visit
    assert (edited.looks, resting.looks) == (4, 6)
    assert edited.due == NOW + schedule.PACE[3]
    assert resting.due == NOW + schedule.PACE[5]
    restless = kept(article(), number=schedule.EDITS_CHASED + 1)
    assert look(Reading(article=article("新的內文")), knowing(restless), visit=old).visit.looks == 6


def test_one_404_is_not_yet_a_removal_and_the_second_is() -> None:
    known = knowing(kept(article()))
    first = look(Reading(), known, answer(404))
    assert first.revisions == ()
    second = look(Reading(), known, answer(404), replace(first.visit, id=2))
    assert [r.verdict for r in second.revisions] == [Verdict.GONE]
    assert second.revisions[0].article == known.revisions[KEY].article


def test_a_removed_article_that_comes_back_is_restored_even_unchanged() -> None:
    gone = kept(article(), verdict=Verdict.GONE)
    (revision,) = look(Reading(article=article()), knowing(gone)).revisions
    assert revision.verdict is Verdict.RESTORED


def test_a_server_error_is_no_removal() -> None:
    outcome = look(Reading(), knowing(kept(article())), answer(503))
    assert outcome.revisions == ()
    assert outcome.error == "the server answered 503"


def test_an_entry_whose_page_fails_is_kept_from_the_feed_with_the_reason() -> None:
    broken = answer(None, failure=Failure(trouble=Trouble.TIMEOUT, detail="60 s"))
    (revision,) = look(
        Reading(article=article("摘要", Basis.FEED), error="timeout: 60 s"), capture=broken
    ).revisions
    assert revision.verdict is Verdict.NEW
    assert revision.why == "timeout: 60 s"


def test_the_page_that_comes_after_an_excerpt_completes_it_and_is_no_edit() -> None:
    excerpt = kept(article("摘要", Basis.FEED))
    outcome = look(Reading(article=article()), knowing(excerpt))
    assert [r.verdict for r in outcome.revisions] == [Verdict.COMPLETED]
    assert outcome.headlines[0].edits == 0


def test_a_page_out_of_reach_does_not_replace_what_it_said() -> None:
    outcome = look(
        Reading(article=article("摘要", Basis.FEED), error="x"), knowing(kept(article())), answer(500)
    )
    assert outcome.revisions == ()


def test_a_new_entry_brings_a_visit_that_is_due_now() -> None:
    outcome = poll(ENTRY)
    assert [(v.url, v.due, v.key) for v in outcome.found] == [(ENTRY.link, NOW, KEY)]
    assert outcome.visit.due is not None
    assert timedelta(hours=1) <= outcome.visit.due - NOW <= timedelta(hours=1, minutes=3)


def test_a_known_entry_that_says_nothing_new_brings_nothing() -> None:
    assert poll(ENTRY, known=knowing(visits=(LOOK,))).found == ()


def test_an_edited_entry_makes_its_page_due_now() -> None:
    (visit,) = poll(replace(ENTRY, title="渡輪漲價"), known=knowing(visits=(LOOK,))).found
    assert (visit.id, visit.due) == (LOOK.id, NOW)


def test_another_sources_announcement_of_a_known_page_changes_nothing() -> None:
    other = replace(SOURCE, id=2, url="http://other.test/feed")
    known = knowing(visits=(LOOK,))
    assert poll(replace(ENTRY, title="別的標題"), known=known, source=other).found == ()


def test_one_guid_on_two_links_is_two_articles() -> None:
    entries = (ENTRY, replace(ENTRY, link="http://wire.test/a/2"))
    assert len(poll(*entries).found) == 2


def test_a_guid_whose_link_moved_is_the_same_article_if_the_title_is() -> None:
    known = knowing(visits=(LOOK,))
    assert poll(replace(ENTRY, link="http://wire.test/2026/a-1"), known=known).found[0].id == LOOK.id
    renamed = replace(ENTRY, link="http://wire.test/b", title="別的", content="<p>別的</p>")
    assert poll(renamed, known=known).found[0].id == 0


def test_one_guid_with_two_contents_and_no_link_keeps_both() -> None:
    entries = (Entry(guid="1", title="甲", content="a"), Entry(guid="1", title="乙", content="b"))
    assert len({r.key for r in poll(*entries).revisions}) == 2


def test_entries_with_nothing_at_all_are_kept_once_each() -> None:
    assert len(poll(Entry(title="T1"), Entry(title="T2"), Entry(title="T1")).revisions) == 2


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("http://x.test/u/1?utm_source=rss", "http://x.test/u/1?utm_source=x"),
        ("http://x.test/s", "https://x.test/s"),
        ("http://x.test/q", "http://x.test/q/"),
        ("http://www.x.test/q", "http://x.test:80/q#top"),
    ],
)
def test_addresses_of_one_article_have_one_identity(a: str, b: str) -> None:
    assert decide.by_url(a) == decide.by_url(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("http://x.test/n/12", "http://x.test/n/1"),
        ("http://x.test/n?a=1&b=2", "http://x.test/n?a=1"),
        ("http://x.test/Abc", "http://x.test/abc"),
        ("http://x.test/#!/a", "http://x.test/#!/b"),
    ],
)
def test_addresses_of_two_articles_have_two_identities(a: str, b: str) -> None:
    assert decide.by_url(a) != decide.by_url(b)


def test_a_page_that_claims_anothers_address_with_another_text_stays_apart() -> None:
    other = kept(article("另一篇"), key="otherkey")
    known = replace(NOTHING, identities={"url://wire.test/home": "otherkey"}, revisions={"otherkey": other})
    outcome = look(Reading(article=article(), claims=("http://wire.test/home",)), known)
    assert [r.key for r in outcome.revisions] == [KEY]


def test_two_announcements_led_to_one_wall_stay_two_articles() -> None:
    wall = article("We value your privacy. Please accept.")
    other = kept(wall, key="otherkey", entry=replace(ENTRY, title="別的新聞", content="x"))
    known = replace(NOTHING, identities={"url://wire.test/wall": "otherkey"}, revisions={"otherkey": other})
    outcome = look(Reading(article=wall, claims=("http://wire.test/wall",)), known)
    assert [r.key for r in outcome.revisions] == [KEY]


def test_an_entry_that_another_source_brought_first_is_not_its_edit() -> None:
    other = replace(kept(article("一樣的新聞", Basis.FEED)), source=replace(SOURCE, id=2))
    outcome = poll(ENTRY, known=knowing(other), source=replace(SOURCE, feed_only=True))
    assert outcome.revisions == ()


def test_a_page_that_claims_anothers_address_with_its_text_is_that_article() -> None:
    other = kept(article(), key="otherkey")
    known = replace(NOTHING, identities={"url://wire.test/home": "otherkey"}, revisions={"otherkey": other})
    outcome = look(Reading(article=article(), claims=("http://wire.test/home",)), known)
    assert outcome.revisions == ()
    assert outcome.visit.due is None


def test_gone_feeds_are_asked_no_more_and_say_so() -> None:
    outcome = decide.judge(POLL, answer(410), Reading(), NOTHING, NOW)
    assert outcome.visit.due is None
    assert outcome.source is not None
    assert outcome.source.state is State.STOPPED


def test_an_answer_that_is_no_feed_keeps_the_old_validators() -> None:
    html = answer(headers=(("ETag", '"login page"'),))
    outcome = decide.judge(POLL, html, Reading(error="not a feed"), NOTHING, NOW)
    assert outcome.visit.etag == '"1"'
    assert outcome.visit.failures == 1


def test_failures_in_a_row_are_asked_later_and_later_and_never_given_up() -> None:
    waits = [schedule.backoff(n) for n in range(1, 40)]
    assert waits[:3] == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4)]
    assert waits[-1] == timedelta(weeks=1)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Wed, 04 Mar 2026 10:00:00 GMT", timedelta(hours=2)),
        ("99999999999999999999", timedelta(weeks=1)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(weeks=1)),
        ("-5", None),
        ("soon", None),
    ],
)
def test_retry_after_is_heeded_up_to_a_week(said: str, wait: timedelta | None) -> None:
    assert wishes.retry_after(answer(429, headers=(("Retry-After", said),)), NOW) == wait


def test_a_date_from_the_future_is_kept_as_said_and_not_believed() -> None:
    late = datetime(2090, 2, 4, tzinfo=UTC)
    (revision,) = look(Reading(article=article(published_at=late))).revisions
    assert revision.article.published_at is None
    assert "2090" in (revision.article.published_raw or "")


def test_an_articles_day_is_its_sources_local_day_and_never_moves() -> None:
    first = look(Reading(article=article(published_at=datetime(2026, 3, 3, 20, tzinfo=UTC))))
    assert first.headlines[0].day == "2026-03-04"
    known = replace(knowing(first.revisions[0]), headlines={KEY: first.headlines[0]})
    moved = article("新的內文", published_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert look(Reading(article=moved), known).headlines[0].day == "2026-03-04"


def test_a_404_and_a_maintenance_page_are_two_first_looks() -> None:
    known = knowing(kept(article()))
    strange = Reading(article=article("系統維護中，請稍後再試。維護期間請見諒。", title="系統維護"))
    first = look(Reading(), known, answer(404)).visit
    second = look(strange, known, visit=replace(first, id=2))
    assert second.revisions == ()
    third = look(Reading(), known, answer(404), replace(second.visit, id=2))
    assert third.revisions == ()
    again = look(strange, known, visit=replace(second.visit, id=2))
    assert [r.verdict for r in again.revisions] == [Verdict.CHANGED]
