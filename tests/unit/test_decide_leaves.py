"""What an answer of an article's further page means."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dibao.decide import joined, judge
from dibao.decide.identity import fingerprint
from dibao.model import (
    LEAVES_AT_MOST,
    Article,
    Basis,
    Capture,
    Entry,
    Failure,
    Kind,
    Outcome,
    Reading,
    Ref,
    Revision,
    Source,
    Trouble,
    Verdict,
    Visit,
)
from dibao.ports import Known

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
SOURCE = Source(id=1, name="青楓社", url="https://wire.test/feed")
STORY = "https://wire.test/ferry-fares-rise"
REFS = tuple(Ref(file="warc/a.warc.gz", offset=n) for n in range(9))


def page(n: int, *, onward: str | None = None, title: str = "渡輪票價四月調整", more: str = "") -> Article:
    text = f"第{n}頁：渡輪公司逐一說明各航線的新票價、班次與優惠，並且答覆了居民代表的提問。{more}"
    return Article(title=title, html=f"<p>{text}</p>", text=text, next_part=onward)


ONE, TWO, THREE = page(1, onward=f"{STORY}/2"), page(2, onward=f"{STORY}/3"), page(3)


def known(article: Article | None, *, verdict: Verdict = Verdict.NEW) -> Known:
    """Return what is known where an article is kept so far."""
    revisions = {}
    if article:
        made = Revision(
            key="k",
            number=4,
            seen_at=NOW,
            verdict=verdict,
            digest=fingerprint(article),
            article=article,
            entry=None,
            source=SOURCE,
            refs=REFS[: max(1, len(article.leaves))],
            made_by="",
            url=STORY,
        )
        revisions = {"k": made}
    return Known(source=SOURCE, identities={}, visits={}, revisions=revisions, headlines={})


def answer(
    depth: int,
    came: Article | None,
    knows: Known,
    *,
    status: int = 200,
    failure: Failure | None = None,
    **more: Any,
) -> Outcome:
    """Judge an answer to the page that has so many before it."""
    visit = Visit(**{"id": 7, "url": f"{STORY}/{depth + 1}", "kind": Kind.NEXT, "source": SOURCE, **more})
    visit = replace(visit, key="k", depth=depth)
    headers = (("ETag", '"x"'),)
    capture = Capture(
        url=visit.url,
        final_url=visit.url,
        captured_at=NOW,
        status=None if failure else status,
        headers=headers,
        failure=failure,
        ref=REFS[8],
    )
    return judge(visit, capture, Reading(article=came), knows, NOW)


def test_the_next_page_completes_an_article_and_leads_on() -> None:
    outcome = answer(1, TWO, known(ONE))
    (revision,) = outcome.revisions
    assert (revision.verdict, revision.number, revision.refs) == (Verdict.COMPLETED, 5, (REFS[0], REFS[8]))
    assert revision.article == joined([ONE, TWO])
    assert outcome.headlines[0].edits == 0
    (found,) = outcome.found
    assert (found.url, found.kind, found.key, found.depth, found.due) == (
        f"{STORY}/3",
        Kind.NEXT,
        "k",
        2,
        NOW,
    )
    assert outcome.visit.due is not None
    assert outcome.visit.due > NOW


@pytest.mark.parametrize("depth", [1, 2])
def test_a_page_that_says_what_it_said_makes_no_version(depth: int) -> None:
    outcome = answer(depth, (ONE, TWO, THREE)[depth], known(joined([ONE, TWO, THREE])))
    assert outcome.revisions == ()
    assert outcome.visit.etag == '"x"'


def test_an_edited_page_is_an_edit_in_its_place() -> None:
    edited = page(2, onward=f"{STORY}/3", more="公司今晨更正：票價不變。")
    (revision,) = answer(1, edited, known(joined([ONE, TWO, THREE]))).revisions
    assert revision.verdict is Verdict.CHANGED
    assert revision.article.text == "\n\n".join([ONE.text, edited.text, THREE.text])
    assert revision.refs == (REFS[0], REFS[8], REFS[2])


@pytest.mark.parametrize(
    ("depth", "came", "article", "verdict"),
    [
        (1, page(2, title="市立圖書館暑期延長開放"), ONE, Verdict.NEW),  # something else
        (1, page(2, title="會員登入"), joined([ONE, TWO, THREE]), Verdict.COMPLETED),  # a wall
        (1, ONE, ONE, Verdict.NEW),  # the first page again
        (2, THREE, ONE, Verdict.NEW),  # the page between did not come yet
        (1, TWO, ONE, Verdict.GONE),
        (1, TWO, replace(ONE, basis=Basis.FEED), Verdict.NEW),
        (1, TWO, None, Verdict.NEW),
    ],
)
def test_what_is_no_page_of_the_article_changes_nothing_and_is_set_aside(
    depth: int, came: Article, article: Article | None, verdict: Verdict
) -> None:
    outcome = answer(depth, came, known(article, verdict=verdict))
    assert (outcome.revisions, outcome.found, outcome.error) == ((), (), None)
    assert (outcome.visit.due, outcome.visit.etag) == (None, None)


def test_a_page_that_moved_is_the_same_while_it_says_the_same() -> None:
    kept = known(joined([ONE, TWO, THREE]))
    assert answer(1, TWO, kept, url=f"{STORY}?page=2").visit.due is not None
    edited = answer(1, page(2, more="公司今晨更正：票價不變。"), kept, url=f"{STORY}?page=2")
    assert (edited.revisions, edited.visit.due) == ((), None)


def test_a_page_that_is_not_named_any_more_is_not_joined_again() -> None:
    whole = page(1)
    assert answer(1, TWO, known(whole), looks=3).revisions == ()
    assert len(answer(1, TWO, known(whole)).revisions) == 1  # kept before anybody looked for a next page


def test_a_page_that_did_not_change_is_asked_whole_where_it_is_not_joined() -> None:
    joined_too = answer(1, None, known(joined([ONE, TWO])), status=304, etag='"x"')
    assert (joined_too.visit.etag, joined_too.error) == ('"x"', None)
    assert joined_too.visit.due is not None
    assert joined_too.visit.due > NOW
    alone = answer(1, None, known(ONE), status=304, etag='"x"')
    assert (alone.visit.etag, alone.visit.due) == (None, NOW)


@pytest.mark.parametrize(("failures", "waits"), [(0, True), (4, True), (5, False)])
def test_a_page_that_is_not_there_is_asked_six_times(failures: int, waits: bool) -> None:
    outcome = answer(1, None, known(ONE), status=404, failures=failures)
    assert outcome.error == "the server answered 404"
    assert (outcome.visit.due is not None) is waits
    assert outcome.revisions == ()


def test_a_host_that_is_down_is_asked_on_and_on() -> None:
    down = Failure(trouble=Trouble.CONNECT, detail="refused")
    due = answer(1, None, known(ONE), failure=down, failures=40).visit.due
    assert due is not None
    assert due >= NOW + timedelta(days=7)


@pytest.mark.parametrize("onward", [f"{STORY}/2", f"{STORY}/3"])
def test_a_page_that_leads_back_leads_nowhere(onward: str) -> None:
    last = page(3, onward=onward)
    assert answer(2, last, known(joined([ONE, TWO]))).found == ()


def test_no_more_pages_are_asked_than_there_may_be() -> None:
    pages = [page(n, onward=f"{STORY}/{n + 1}") for n in range(1, LEAVES_AT_MOST + 1)]
    assert len(answer(LEAVES_AT_MOST - 2, pages[-2], known(joined(pages[:-2]))).found) == 1
    assert answer(LEAVES_AT_MOST - 1, pages[-1], known(joined(pages[:-1]))).found == ()


# --- the first page -------------------------------------------------------------------------------


def look(came: Article, knows: Known) -> Outcome:
    """Judge a look at the first page."""
    visit = Visit(id=3, url=STORY, kind=Kind.ARTICLE, source=SOURCE, key="k", looks=1)
    capture = Capture(url=STORY, final_url=STORY, captured_at=NOW, status=200, ref=REFS[8])
    return judge(visit, capture, Reading(article=came), knows, NOW)


def test_a_first_page_asks_for_the_next_whether_it_changed_or_not() -> None:
    for kept in (None, ONE, joined([ONE, TWO, THREE])):
        assert [each.url for each in look(ONE, known(kept)).found] == [f"{STORY}/2"]
    assert look(page(1), known(None)).found == ()


@pytest.mark.parametrize("kept", [ONE, joined([ONE, TWO, THREE])])
def test_a_first_page_that_did_not_change_leads_on_as_it_did(kept: Article) -> None:
    visit = Visit(id=3, url=STORY, kind=Kind.ARTICLE, source=SOURCE, key="k", looks=1, etag='"x"')
    capture = Capture(url=STORY, final_url=STORY, captured_at=NOW, status=304)
    outcome = judge(visit, capture, Reading(), known(kept), NOW)
    assert [(each.url, each.depth) for each in outcome.found] == [(f"{STORY}/2", 1)]


def test_a_first_page_that_is_as_it_was_makes_no_version_of_a_joined_article() -> None:
    assert look(ONE, known(joined([ONE, TWO, THREE]))).revisions == ()


def test_an_edit_of_the_first_page_keeps_the_others() -> None:
    edited = page(1, onward=f"{STORY}/2", more="公司今晨更正：票價不變。")
    (revision,) = look(edited, known(joined([ONE, TWO, THREE]))).revisions
    assert revision.verdict is Verdict.CHANGED
    assert revision.article.text == "\n\n".join([edited.text, TWO.text, THREE.text])
    assert revision.refs == (REFS[8], REFS[1], REFS[2])


def test_the_feeds_text_asks_for_no_further_page() -> None:
    assert look(replace(ONE, basis=Basis.FEED, next_part=None), known(None)).found == ()


def test_an_article_that_stands_at_two_addresses_is_one_though_it_is_joined() -> None:
    entry = Entry(title="渡輪票價四月調整", link=STORY)
    other = replace(known(joined([ONE, TWO])).revisions["k"], key="other", entry=entry)
    knows = replace(
        known(None), revisions={"other": other}, identities={"url://wire.test/ferry-fares-rise": "other"}
    )
    visit = Visit(id=3, url=f"{STORY}?from=app", kind=Kind.ARTICLE, source=SOURCE, key="k", entry=entry)
    capture = Capture(url=visit.url, final_url=visit.url, captured_at=NOW, status=200, ref=REFS[8])
    outcome = judge(visit, capture, Reading(article=ONE, claims=(STORY,)), knows, NOW)
    assert (outcome.revisions, outcome.visit.due) == ((), None)
