"""What an archive promises, whatever store keeps it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dibao import pipeline
from dibao.archive.database import Database, migrations
from dibao.archive.library import SqliteLibrary
from dibao.archive.sources import SqliteSources
from dibao.archive.sqlite import SqliteArchive
from dibao.archive.warc import WarcWriter
from dibao.errors import ArchiveError, ConfigError
from dibao.model import Capture, Exchange, Kind, Outcome, Reading, Source, State, Verdict, Visit
from tests.pictures import picture

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
FEED = """<rss version="2.0"><channel><title>青楓社</title>
<item><title>渡輪調價</title><link>http://wire.test/a/1</link><guid>g1</guid><description>{0}</description></item>
<item><title>海豹數量</title><link>http://wire.test/a/2</link><guid>g2</guid><description>摘要二</description></item>
</channel></rss>"""


class Shelf:
    """An archive with its rooms, as a test uses it."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "archive.db")
        self.archive = SqliteArchive(folder, self.database, WarcWriter(folder))
        self.library = SqliteLibrary(self.database)
        self.sources = SqliteSources(self.database, folder / "journal")

    def subscribe(self, **fields: Any) -> Source:
        source = Source(**{"name": "青楓社", "url": "http://wire.test/feed", **fields})
        return self.sources.add(source, NOW)[0]

    def due(self, now: datetime = NOW) -> list[Visit]:
        return self.archive.due(now, claimed=(), busy=(), only=None, limit=100)

    def answer(self, visit: Visit, body: str = "", *, status: int = 200, now: datetime = NOW) -> Outcome:
        kept = self.archive.keep(visit, captured(visit.url, body, status, now))
        reading = pipeline.read(visit, kept)
        (outcome,) = self.archive.settle([(visit, kept, reading)], pipeline.judge, now)
        return outcome


def captured(url: str, body: str | bytes, status: int = 200, at: datetime = NOW) -> Capture:
    raw = body.encode() if isinstance(body, str) else body
    head = (
        f"HTTP/1.1 {status} OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    exchange = Exchange(
        url=url, at=at, request=b"GET / HTTP/1.1\r\nHost: wire.test\r\n\r\n", response=head.encode() + raw
    )
    return Capture(
        url=url,
        final_url=url,
        captured_at=at,
        status=status,
        headers=(("Content-Type", "text/xml; charset=utf-8"), ("ETag", '"1"')),
        body=raw,
        exchanges=(exchange,),
    )


def page(text: str) -> str:
    body = "".join(
        f"<p>{text}第{n}段，青港渡輪公司說明新票價的理由與配套，並回答居民提問。</p>" for n in range(6)
    )
    article = f"<article><h1>渡輪調價</h1>{body}</article>"
    return f"<html lang=zh-Hant><title>渡輪調價</title><body>{article}</body></html>"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.archive.close()


def test_a_feed_brings_visits_and_a_page_brings_an_article(shelf: Shelf) -> None:
    shelf.subscribe()
    (poll,) = shelf.due()
    assert len(shelf.answer(poll, FEED.format("摘要")).found) == 2
    for visit in shelf.due():
        shelf.answer(visit, page("內文"))
    assert [line.title for line in shelf.library.headlines()] == ["渡輪調價", "渡輪調價"]
    assert shelf.due() == []


def test_an_entry_that_is_an_article_is_read_once_and_again_when_it_says_something_else(shelf: Shelf) -> None:
    shelf.subscribe(feed_only=True)
    shelf.answer(shelf.due()[0], FEED.format("初稿"))
    (visit,) = shelf.due(NOW + timedelta(days=2))
    again = pipeline.read(visit, captured(visit.url, FEED.format("初稿"), 200, NOW))
    edited = pipeline.read(visit, captured(visit.url, FEED.format("改稿"), 200, NOW))
    assert again.articles == ()
    assert [entry.link for entry, _ in edited.articles] == ["http://wire.test/a/1"]
    renamed = replace(visit, source=replace(visit.source, name="別名"))
    otherwise = pipeline.read(renamed, captured(visit.url, FEED.format("初稿"), 200, NOW))
    assert len(otherwise.articles) == 2


def test_an_edit_is_a_second_revision_and_the_first_stays_readable(shelf: Shelf) -> None:
    shelf.subscribe(feed_only=True)
    shelf.answer(shelf.due()[0], FEED.format("初稿"))
    later = NOW + timedelta(hours=1, minutes=3)
    outcome = shelf.answer(shelf.due(later)[0], FEED.format("改稿"), now=later)
    assert [(r.verdict, r.number) for r in outcome.revisions] == [(Verdict.CHANGED, 2)]
    (kept,) = shelf.library.kept([outcome.revisions[0].key])
    assert ["初稿" in r.article.text for r in kept.revisions] == [True, False]


def test_the_change_log_tells_every_revision_once_in_order(shelf: Shelf) -> None:
    shelf.subscribe(feed_only=True)
    shelf.answer(shelf.due()[0], FEED.format("初稿"))
    changes = shelf.archive.changes(0)
    assert [seq for seq, *_ in changes] == [1, 2]
    shelf.archive.consumed("posts", 2)
    assert shelf.archive.consumer("posts") == (2, "")
    assert shelf.archive.changes(2) == []


def test_articles_are_told_in_the_order_in_which_they_were_first_kept(shelf: Shelf) -> None:
    shelf.subscribe(feed_only=True)
    shelf.answer(shelf.due()[0], FEED.format("初稿"))
    both = [key for _, key, _, _ in shelf.archive.changes(0)]
    assert shelf.library.arrivals() == [(1, both[0]), (2, both[1])]
    later = NOW + timedelta(hours=1, minutes=3)
    third = "<item><title>舊聞</title><guid>g3</guid><pubDate>Mon, 02 Mar 2020 08:00:00 GMT</pubDate></item>"
    shelf.answer(shelf.due(later)[0], FEED.format("改稿").replace("<item>", f"{third}<item>", 1), now=later)
    assert [key for _, key in shelf.library.arrivals()[:2]] == both  # an edit is no arrival
    assert len(shelf.library.arrivals()) == 3
    assert shelf.library.keys()[0] == shelf.library.arrivals()[2][1]  # the oldest came last


def test_an_answer_whose_settling_fails_leaves_nothing_half(shelf: Shelf) -> None:
    shelf.subscribe(feed_only=True)
    (poll,) = shelf.due()

    def dies(point: str) -> None:
        if point == "before-commit":
            raise RuntimeError(point)

    shelf.archive.at = dies
    with pytest.raises(RuntimeError):
        shelf.answer(poll, FEED.format("初稿"))
    shelf.archive.at = lambda point: None
    assert shelf.library.headlines() == []
    assert shelf.due() == [poll]


def test_what_was_captured_and_not_settled_is_found_on_opening(tmp_path: Path) -> None:
    first = Shelf(tmp_path)
    first.subscribe()
    (poll,) = first.due()
    kept = first.archive.keep(poll, captured(poll.url, FEED.format("摘要")))
    first.archive.warc.sync()
    first.archive.close()
    again = Shelf(tmp_path)
    ((visit, capture),) = list(again.archive.unsettled())
    assert (visit.id, capture.body, capture.ref) == (poll.id, kept.body, kept.ref)
    again.archive.settle([(visit, capture, pipeline.read(visit, capture))], pipeline.judge, NOW)
    again.archive.recovered()
    assert list(again.archive.unsettled()) == []
    assert len(again.due()) == 2
    again.archive.close()


def test_a_torn_record_at_the_end_of_a_file_is_cut_and_what_is_before_stays(tmp_path: Path) -> None:
    first = Shelf(tmp_path)
    first.subscribe(feed_only=True)
    first.answer(first.due()[0], FEED.format("摘要"))
    first.archive.close()
    (file,) = (tmp_path / "warc").rglob("*.gz")
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 3])
    again = Shelf(tmp_path)
    list(again.archive.unsettled())
    assert file.read_bytes().startswith(whole)
    assert len(again.library.headlines()) == 2
    again.archive.close()


def test_an_unchanged_poll_costs_no_bytes_of_evidence(shelf: Shelf, tmp_path: Path) -> None:
    shelf.subscribe(feed_only=True)
    shelf.answer(shelf.due()[0], FEED.format("摘要"))
    (file,) = (tmp_path / "warc").rglob("*.gz")
    size = file.stat().st_size
    later = NOW + timedelta(hours=1, minutes=3)
    shelf.answer(shelf.due(later)[0], FEED.format("摘要"), now=later)
    shelf.answer(shelf.due(later + timedelta(hours=2))[0], "", status=304, now=later + timedelta(hours=2))
    assert file.stat().st_size == size


def test_visits_of_busy_hosts_paused_sources_and_claimed_ones_wait(shelf: Shelf) -> None:
    source = shelf.subscribe()
    (poll,) = shelf.due()
    assert shelf.archive.due(NOW, claimed=[poll.id], busy=(), only=None, limit=9) == []
    assert shelf.archive.due(NOW, claimed=(), busy=["wire.test"], only=None, limit=9) == []
    shelf.sources.change(source, NOW, state=State.PAUSED)
    assert shelf.due() == []


def test_a_removed_source_keeps_its_articles_and_comes_back_as_itself(shelf: Shelf) -> None:
    source = shelf.subscribe(feed_only=True)
    shelf.answer(shelf.due()[0], FEED.format("摘要"))
    shelf.sources.change(source, NOW, state=State.REMOVED)
    assert shelf.sources.all() == []
    assert len(shelf.library.headlines()) == 2
    back, new = shelf.sources.add(replace(source, id=0, name="新名"), NOW)
    assert (back.id, new, back.name) == (source.id, True, "新名")
    assert len(shelf.due()) == 1


def test_subscribing_twice_is_one_source(shelf: Shelf) -> None:
    first = shelf.subscribe()
    assert shelf.sources.add(replace(first, id=0), NOW) == (first, False)


def test_many_sources_are_added_all_or_none(shelf: Shelf, tmp_path: Path) -> None:
    def some(broken: bool) -> Iterator[Source]:
        for n in range(3):
            yield Source(name=f"n{n}", url=f"http://wire.test/{n}")
        if broken:
            raise ConfigError("the list ends here")

    with pytest.raises(ConfigError):
        shelf.sources.add_all(some(broken=True), NOW)
    assert (shelf.sources.all(), shelf.due(), (tmp_path / "journal").exists()) == ([], [], False)
    added = shelf.sources.add_all([*some(broken=False), *some(broken=False)], NOW)
    assert [new for _, new in added] == [True] * 3 + [False] * 3
    assert [source for source, new in added if new] == shelf.sources.all()
    assert len(shelf.due()) == 3
    assert len((tmp_path / "journal" / "2026-03.jsonl").read_text(encoding="utf-8").splitlines()) == 3


def test_what_a_list_says_of_a_source_is_kept_with_it(shelf: Shelf, tmp_path: Path) -> None:
    said = (("htmlUrl", "http://wire.test/"), ("{https://reader.test/ns}rule", '"a" & <b>'))
    source = shelf.subscribe(extra=said)
    assert [each.extra for each in (source, *shelf.sources.all(), shelf.due()[0].source)] == [said] * 3
    assert "https://reader.test/ns" in (tmp_path / "journal" / "2026-03.jsonl").read_text(encoding="utf-8")
    assert shelf.sources.change(source, NOW, extra=()) == shelf.sources.all()[0]


def test_every_decision_is_a_line_of_the_journal(shelf: Shelf, tmp_path: Path) -> None:
    source = shelf.subscribe()
    shelf.sources.change(source, NOW, name="青楓通訊社")
    lines = (tmp_path / "journal" / "2026-03.jsonl").read_text(encoding="utf-8").splitlines()
    assert ["source added" in lines[0], "青楓通訊社" in lines[1], len(lines)] == [True, True, 2]


def test_a_name_that_fits_two_sources_is_not_guessed(shelf: Shelf) -> None:
    shelf.subscribe()
    shelf.subscribe(url="http://wire.test/sport", name="青楓體育")
    with pytest.raises(ConfigError, match="several"):
        shelf.sources.find("青楓")
    assert shelf.sources.find("2").name == "青楓體育"


def test_an_archive_from_the_future_is_refused_and_left_alone(tmp_path: Path) -> None:
    Database(tmp_path / "archive.db").close()
    database = Database(tmp_path / "archive.db")
    database.run(f"PRAGMA user_version = {len(migrations()) + 1}")
    database.close()
    before = (tmp_path / "archive.db").read_bytes()
    with pytest.raises(ArchiveError, match="newer dibao"):
        Database(tmp_path / "archive.db")
    assert (tmp_path / "archive.db").read_bytes() == before


def test_a_file_that_is_no_database_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"not a database at all, but long enough to be read as one" * 20)
    with pytest.raises(ArchiveError, match="not a dibao database"):
        Database(tmp_path / "archive.db")


def test_text_that_is_no_unicode_costs_itself_and_not_the_article(shelf: Shelf) -> None:
    shelf.subscribe(feed_only=True)
    (poll,) = shelf.due()
    kept = shelf.archive.keep(poll, captured(poll.url, FEED.format("摘要")))
    reading = pipeline.read(poll, kept)
    entry, article = reading.articles[0]
    broken = replace(reading, articles=((entry, replace(article, title="標\ud800題")), *reading.articles[1:]))
    shelf.archive.settle([(poll, kept, broken)], pipeline.judge, NOW)
    assert {line.title for line in shelf.library.headlines()} == {"標?題", "海豹數量"}


JPEG = picture("JPEG", (640, 420))


def test_a_picture_is_kept_once_and_told_to_every_article_that_shows_it(shelf: Shelf) -> None:
    shelf.subscribe()
    shelf.answer(shelf.due()[0], FEED.format("摘要"))
    shown = '<img src="http://wire.test/p.jpg" width="640" height="420">'
    for visit in shelf.due():
        shelf.answer(visit, page("內文" + visit.url).replace("<p>", shown + "<p>", 1))
    (visit,) = shelf.due()
    assert (visit.url, visit.kind) == ("http://wire.test/p.jpg", Kind.MEDIA)
    before = shelf.archive.changes(0)[-1][0]
    kept = shelf.archive.keep(visit, captured(visit.url, JPEG))
    outcome = shelf.archive.settle([(visit, kept, pipeline.read(visit, kept))], pipeline.judge, NOW)[0]
    assert outcome.visit.due is None
    found = shelf.library.pictures()["http://wire.test/p.jpg"]
    assert (found.type, found.digest) == ("image/jpeg", kept.digest)
    assert (found.width, found.height, found.length) == (640, 420, len(JPEG))
    told = [(key, kind) for _, key, _, kind in shelf.archive.changes(before)]
    assert sorted(told) == sorted((line.key, "picture") for line in shelf.library.headlines())
    assert len(told) == 2


def test_what_is_called_a_picture_and_is_none_is_not_kept_as_one(shelf: Shelf) -> None:
    shelf.subscribe()
    visit = Visit(
        id=99, url="http://wire.test/p.jpg", kind=Kind.MEDIA, source=shelf.sources.all()[0], key="k"
    )
    for body in ("<html>login</html>", "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "GIF"):
        kept = shelf.archive.keep(visit, captured(visit.url, body))
        outcome = pipeline.judge(
            visit, kept, pipeline.read(visit, kept), shelf.archive.memory.of(visit, kept, Reading(), NOW), NOW
        )
        assert (outcome.pictures, outcome.error) == ((), "it is not a picture")


def test_a_feed_only_source_asks_for_no_picture(shelf: Shelf) -> None:
    shelf.subscribe(feed_only=True)
    shelf.answer(shelf.due()[0], FEED.format("摘要 &lt;img src='http://wire.test/p.jpg'&gt;"))
    assert shelf.due() == []


def test_a_source_with_a_new_name_is_published_anew_under_it(shelf: Shelf) -> None:
    source = shelf.subscribe(feed_only=True)
    shelf.answer(shelf.due()[0], FEED.format("摘要"))
    shelf.archive.consumed("site", 2, "mark")
    shelf.sources.change(source, NOW, name="青楓通訊社", category="地方")
    assert {(line.source, line.category) for line in shelf.library.headlines()} == {("青楓通訊社", "地方")}
    assert shelf.archive.consumer("site") == (2, "")
    shelf.archive.consumed("site", 2, "mark")
    shelf.sources.change(source, NOW, every=7200)
    assert shelf.archive.consumer("site") == (2, "mark")


@pytest.mark.parametrize("told", [{"rights": "© 青楓社"}, {"url": "http://wire.test/feed2"}])
def test_what_feeds_say_of_a_source_is_published_anew_when_it_changes(
    told: dict[str, str], shelf: Shelf
) -> None:
    source = shelf.subscribe(feed_only=True)
    shelf.answer(shelf.due()[0], FEED.format("摘要"))
    shelf.archive.consumed("site", 2, "mark")
    shelf.sources.change(source, NOW, **told)
    assert shelf.archive.consumer("site") == (2, "")
