"""What is one article and what are two, whose they are, and what is asked while people change things."""

from datetime import UTC, datetime, timedelta

import pytest

from dibao.model import Kind, Source, State
from dibao.subscribe import subscribe
from dibao.wiring import Opened
from dibao.workers import Workers
from tests.contract.test_archive import FEED, Shelf, page
from tests.flow.loopback import histories, pass_time, titles, walk
from tests.flow.servers import Answer, Site, article, rss, rss_by_guid
from tests.pictures import picture

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
PNG = picture("PNG", (900, 600))
pytestmark = pytest.mark.slow


def follow(it: Opened, site: Site, path: str = "/feed", **fields: object) -> Source:
    """Subscribe to a feed of the test's site."""
    source = Source(**({"name": path, "url": f"{site.url}{path}"} | fields))  # type: ignore[arg-type]
    return it.sources.add(source, it.clock.now())[0]


def days(it: Opened, workers: Workers, count: int) -> None:
    """Let days pass, and walk on each."""
    for _ in range(count):
        pass_time(it, 24)
        walk(it, workers)


# --- links and guids that tell nothing apart ------------------------------------------------------


@pytest.mark.parametrize("feed_only", [False, True])
@pytest.mark.parametrize("link", ["/live", "/live#p{}"])
def test_entries_that_share_a_link_are_articles_of_their_own(
    link: str, feed_only: bool, it: Opened, site: Site, workers: Workers
) -> None:
    def entry(n: int, title: str) -> tuple[str, str, str, str]:
        return f"g{n}", title, site.url + link.format(n), f"{title}的快訊內容"

    first, second, third = entry(1, "地震"), entry(2, "火災"), entry(3, "水災")
    site.pages["/feed"] = rss_by_guid(second, first)
    follow(it, site, feed_only=feed_only)
    walk(it, workers)
    assert titles(it) == ["地震", "火災"]
    site.pages["/feed"] = rss_by_guid(third, second, first)
    days(it, workers, 1)
    assert sorted([r.article.title for r in kept] for kept in histories(it)) == [["地震"], ["水災"], ["火災"]]


@pytest.mark.parametrize(
    ("links", "stays"),
    [((None, None), True), ((None, None), False), (("/1", "/2"), True), (("/1", "/2"), False)],
)
def test_a_new_entry_with_a_guid_that_all_share_edits_no_article(
    links: tuple[str | None, str | None], stays: bool, it: Opened, site: Site, workers: Workers
) -> None:
    old, new = (link and site.url + link for link in links)
    site.pages["/feed"] = rss_by_guid(("0", "一", old, "內容一"))
    follow(it, site, feed_only=True)
    walk(it, workers)
    below = [("0", "一", old, "內容一")] if stays else []
    site.pages["/feed"] = rss_by_guid(("0", "二", new, "內容二"), *below)
    days(it, workers, 1)
    assert sorted([r.article.title for r in kept] for kept in histories(it)) == [["一"], ["二"]]


def test_an_entry_that_moved_with_its_guid_and_title_stays_one_article(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/feed"] = rss_by_guid(("g1", "渡輪調價", f"{site.url}/old", "內容一"))
    follow(it, site, feed_only=True)
    walk(it, workers)
    site.pages["/feed"] = rss_by_guid(("g1", "渡輪調價", f"{site.url}/new", "內容改寫"))
    days(it, workers, 1)
    assert [len(kept) for kept in histories(it)] == [2]


def test_addresses_that_differ_only_in_gbk_parameters_are_two_articles(
    it: Opened, site: Site, workers: Workers
) -> None:
    follow(it, site)
    for title, word in (("中", "%D6%D0"), ("文", "%CE%C4")):  # one after the other, so that no link is shared
        site.pages["/feed"] = rss((title, f"{site.url}/search?q={word}", f"{title}的內容"))
        days(it, workers, 1)
    assert titles(it) == ["中", "文"]


# --- two sources with one article -------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.REMOVED, State.PAUSED])
def test_an_article_first_seen_through_a_source_that_is_asked_no_more_is_kept_through_the_next(
    state: State, it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/a"] = rss(("甲新聞", f"{site.url}/1", "摘要甲"))
    site.pages["/b"] = rss(("甲新聞", f"{site.url}/1", "摘要甲"), ("乙新聞", f"{site.url}/2", "摘要乙"))
    site.pages["/1"], site.pages["/2"] = article("甲新聞", "甲內文"), article("乙新聞", "乙內文")
    first = subscribe(it, f"{site.url}/a", {"name": "甲社"}).source
    it.sources.change(first, it.clock.now(), state=state)
    subscribe(it, f"{site.url}/b", {"name": "乙社"})
    walk(it, workers)
    assert titles(it) == ["乙新聞", "甲新聞"]


@pytest.mark.parametrize("state", [State.REMOVED, State.PAUSED])
def test_an_edit_is_found_through_the_source_that_is_left(
    state: State, it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/a"] = site.pages["/b"] = rss(("甲新聞", f"{site.url}/1", "摘要甲"))
    site.pages["/1"] = article("甲新聞", "甲內文")
    first = follow(it, site, "/a")
    follow(it, site, "/b")
    walk(it, workers)
    it.sources.change(first, it.clock.now(), state=state)
    site.pages["/1"] = article("甲新聞", "改過的內文")
    days(it, workers, 2)
    (kept,) = histories(it)
    assert ["改過" in revision.article.text for revision in kept] == [False, True]


@pytest.mark.parametrize("feed_only", [False, True])
def test_two_sources_that_word_one_article_apart_make_no_edits(
    feed_only: bool, it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/a"] = rss(("甲新聞", f"{site.url}/1", "摘要甲"))
    site.pages["/b"] = rss(("甲新聞：地方版", f"{site.url}/1", "地方版另寫的摘要"))
    site.pages["/1"] = article("甲新聞", "甲內文")
    follow(it, site, "/a", feed_only=feed_only)
    follow(it, site, "/b", feed_only=feed_only)
    walk(it, workers)
    asked = site.count("/1")
    for _ in range(3):
        pass_time(it, 1.01)
        walk(it, workers)
    (kept,) = histories(it)
    assert [revision.verdict for revision in kept] == ["new"]
    assert site.count("/1") - asked <= 2  # its own pace, not one look for every wording


def test_a_picture_first_shown_by_a_removed_source_is_had_for_the_next_that_shows_it(
    it: Opened, site: Site, workers: Workers
) -> None:
    def illustrated(title: str) -> Answer:
        status, kind, body = article(title, f"內文{title}")
        figure = f"</h1><figure><img src='{site.url}/p.png' width=900 height=600></figure>"
        return status, kind, body.replace(b"</h1>", figure.encode())

    site.pages["/a"] = rss(("甲新聞", f"{site.url}/1", "摘要甲"))
    site.pages["/b"] = rss(("乙新聞", f"{site.url}/2", "摘要乙"))
    site.pages["/1"], site.pages["/2"] = illustrated("甲新聞"), illustrated("乙新聞")
    site.pages["/p.png"] = 503, "text/plain", b""
    first = follow(it, site, "/a")
    walk(it, workers)
    assert site.count("/p.png") == 1
    it.sources.change(first, it.clock.now(), state=State.REMOVED)
    site.pages["/p.png"] = 200, "image/png", PNG
    follow(it, site, "/b")
    days(it, workers, 1)
    days(it, workers, 1)
    assert list(it.library.pictures()) == [f"{site.url}/p.png"]


# --- what people change meanwhile ---------------------------------------------------------------------


def test_a_source_made_feed_only_asks_for_no_page_any_more(it: Opened, site: Site, workers: Workers) -> None:
    site.pages["/feed"] = rss(("甲新聞", f"{site.url}/1", "摘要甲"))
    site.pages["/1"] = article("甲新聞", "甲內文")
    source = follow(it, site)
    walk(it, workers)
    before = site.count("/1"), site.count("/feed")
    it.sources.change(source, it.clock.now(), feed_only=True)
    days(it, workers, 2)
    assert (site.count("/1"), site.count("/feed")) == (before[0], before[1] + 2)


def test_a_source_no_longer_feed_only_has_its_articles_looked_at(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/feed"] = rss(("甲新聞", f"{site.url}/1", "摘要甲"))
    site.pages["/1"] = article("甲新聞", "甲內文")
    source = follow(it, site, feed_only=True)
    walk(it, workers)
    assert site.count("/1") == 0
    it.sources.change(source, it.clock.now(), feed_only=False)
    site.pages["/feed"] = rss(("甲新聞改題", f"{site.url}/1", "摘要甲大改特改"))
    days(it, workers, 1)
    (kept,) = histories(it)
    assert [revision.verdict for revision in kept] == ["new", "completed"]
    assert "甲內文" in kept[-1].article.text


def test_an_address_changed_while_its_feed_is_asked_is_due_and_vouched_for_by_nothing(shelf: Shelf) -> None:
    source = shelf.subscribe()
    (poll,) = shelf.due()
    shelf.sources.change(source, NOW, url="http://wire.test/new")
    shelf.sources.hasten(source.id, NOW)
    shelf.answer(poll, FEED.format("摘要"))  # of the old address, with an ETag
    now = shelf.library.polls()[source.id]
    assert (now.url, now.etag, now.due) == ("http://wire.test/new", None, NOW)


def test_an_entry_edited_while_its_page_is_asked_has_its_page_asked_again(shelf: Shelf) -> None:
    shelf.subscribe()
    shelf.answer(shelf.due()[0], FEED.format("初稿"))
    asked = shelf.due()[0]  # its page is on the way
    later = NOW + HOUR * 1.1
    (poll,) = (visit for visit in shelf.due(later) if visit.kind is Kind.FEED)
    shelf.answer(poll, FEED.format("改稿"), now=later)
    shelf.answer(asked, page("舊的內文"), now=later)
    (again,) = (visit for visit in shelf.due(later) if visit.url == asked.url)
    assert again.entry is not None
    assert again.entry.content == "改稿"


@pytest.mark.parametrize("stored", ["entry_json", "json_remove(entry_json, '$.language')"])
def test_an_entry_not_edited_while_its_page_is_asked_waits_its_time(stored: str, shelf: Shelf) -> None:
    """However it is stored: a version that knew fewer fields wrote less of it."""
    shelf.subscribe()
    shelf.answer(shelf.due()[0], FEED.format("初稿"))
    shelf.database.run(f"UPDATE visits SET entry_json = {stored} WHERE kind = 'article'")
    asked = shelf.due()[0]
    shelf.answer(asked, page("內文"))
    assert asked.url not in {visit.url for visit in shelf.due()}


def test_a_moved_article_is_asked_without_the_validators_of_its_old_address(shelf: Shelf) -> None:
    shelf.subscribe()
    shelf.answer(shelf.due()[0], FEED.format("摘要"))
    for visit in shelf.due():
        shelf.answer(visit, page("內文" + visit.url))
    later = NOW + timedelta(minutes=90)
    before = {visit.url: visit.etag for visit in shelf.due(later)}
    assert before["http://wire.test/a/1"] == '"1"'
    (poll,) = (visit for visit in shelf.due(later) if visit.kind is Kind.FEED)
    shelf.answer(poll, FEED.format("摘要").replace("/a/1", "/b/1"), now=later)
    after = {visit.url: visit.etag for visit in shelf.due(later)}
    assert "http://wire.test/a/1" not in after
    assert (after["http://wire.test/b/1"], after["http://wire.test/a/2"]) == (None, '"1"')


@pytest.mark.parametrize("feed_only", [True, False])
def test_the_next_story_on_a_link_that_all_share_is_no_edit_of_the_last(
    feed_only: bool, it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/feed"] = rss_by_guid(("g1", "地震", f"{site.url}/live", "內容一"))
    follow(it, site, feed_only=feed_only)
    walk(it, workers)
    site.pages["/feed"] = rss_by_guid(("g2", "火災", f"{site.url}/live", "內容二"))
    days(it, workers, 1)
    assert sorted([kept[0].article.title] for kept in histories(it)) == [["地震"], ["火災"]]


def test_a_source_that_leaves_hands_its_articles_to_the_next_even_if_nothing_is_new(
    it: Opened, site: Site, workers: Workers
) -> None:
    def unchanged(request: object) -> tuple[int, str, bytes]:
        asked = request.headers.get("If-None-Match")  # type: ignore[attr-defined]
        return (304, "text/xml", b"") if asked else rss_by_guid(("g", "渡輪調價", f"{site.url}/1", "摘要"))

    site.pages["/a"] = site.pages["/b"] = unchanged
    site.pages["/1"] = article("渡輪調價", "青港渡輪公司宣布四月起調整票價。")
    first, _ = it.sources.add(Source(name="a", url=f"{site.url}/a"), NOW)
    it.sources.add(Source(name="b", url=f"{site.url}/b"), NOW)
    walk(it, workers)
    it.sources.change(first, it.clock.now(), state=State.REMOVED)
    before = site.count("/1")
    days(it, workers, 3)
    assert site.count("/1") > before
