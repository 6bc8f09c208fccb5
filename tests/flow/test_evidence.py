"""Evidence that holds: no page breaks a sync, no file is cut or replaced that should be mended, none lies."""

import random
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dibao import engine, pipeline, sync
from dibao.archive.warc import read_capture
from dibao.clock import SteppingClock
from dibao.errors import ArchiveError
from dibao.model import Capture, Exchange, Kind, Source, Trouble
from dibao.wiring import Opened, fetching, opened
from dibao.workers import Workers
from tests.contract.test_archive import FEED, Shelf, captured, page
from tests.flow.loopback import digests, histories, make_archive, pass_time, titles, walk
from tests.flow.servers import Answer, Site, article, rss
from tests.flow.test_troubles import dibao

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
pytestmark = pytest.mark.slow


def follow(it: Opened, site: Site, path: str = "/feed", **fields: object) -> Source:
    """Subscribe to a feed of the test's site."""
    source = Source(**({"name": path, "url": f"{site.url}{path}"} | fields))  # type: ignore[arg-type]
    return it.sources.add(source, it.clock.now())[0]


# --- one bad page -------------------------------------------------------------------------------------


def poisoned(said: str) -> Answer:
    """Return an article whose JSON-LD says something more."""
    status, kind, body = article("甲新聞", "甲內文")
    json = f'{{"@context":"https://schema.org","@type":"NewsArticle",{said}}}'
    script = f'<script type="application/ld+json">{json}</script></head>'
    return status, kind, body.replace(b"</head>", script.encode())


POISON = {  # a lone surrogate is no Unicode: it can be written to no file and no database
    "image": r'"image":"SITE/x\ud800.jpg"',
    "address": r'"url":"SITE/u\ud800/x","mainEntityOfPage":"SITE/u?\ud800"',
    "headline": r'"headline":"甲新聞\ud800"',
    "author": r'"headline":"甲新聞","author":"王小\ud800明"',
    "date": r'"headline":"甲新聞","datePublished":"2026\ud800"',
    "section": r'"headline":"甲新聞","articleSection":"政\ud800","keywords":"政\ud800,b"',
    "width": '"image":{"url":"SITE/x.jpg","width":99999999999999999999999999,"height":1e400}',
    "first day": '"datePublished":"0001-01-01T00:00:00+14:00","dateModified":"9999-12-31T23:59:59-12:00"',
}


@pytest.mark.parametrize("where", POISON)
def test_a_page_that_says_what_no_file_can_hold_is_kept_and_published_all_the_same(
    where: str, it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/feed"] = rss(("甲新聞", f"{site.url}/1", "摘要甲"), ("乙新聞", f"{site.url}/2", "摘要乙"))
    site.pages["/1"] = poisoned(POISON[where].replace("SITE", site.url))
    site.pages["/2"] = article("乙新聞", "乙內文")
    follow(it, site)
    outcomes = walk(it, workers)
    assert [o.error for o in outcomes if o.visit.kind is not Kind.MEDIA and o.error] == []
    assert len(titles(it)) == 2
    assert sync.publish(it)["posts"] >= 2


def test_a_poisonous_page_stops_no_sync_and_costs_no_other_article(tmp_path: Path, site: Site) -> None:
    archive = make_archive(tmp_path / "archive", site.port)
    site.pages["/feed"] = rss(*((f"第{n}則", f"{site.url}/{n}", "摘要") for n in range(1, 9)))
    site.pages |= {f"/{n}": article(f"第{n}則", f"內文{n}") for n in range(2, 9)}
    site.pages["/1"] = poisoned(POISON["image"].replace("SITE", site.url))
    assert dibao("add", f"{site.url}/feed", "-A", archive).returncode == 0
    synced = dibao("sync", "-A", archive)
    assert (synced.returncode, "Traceback" in synced.stderr) == (0, False), synced.stderr
    assert len(list((archive / "posts").rglob("*.md"))) == 8


def test_an_answer_that_trips_a_bug_costs_no_other_answer_and_is_asked_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.subscribe()
    shelf.answer(shelf.due()[0], FEED.format("摘要"))
    answers = []
    for visit in shelf.due():
        kept = shelf.archive.keep(visit, captured(visit.url, page("內文" + visit.url)))
        answers.append((visit, kept, pipeline.read(visit, kept)))
    visit, kept, reading = answers[0]
    assert reading.article is not None
    impossible = replace(reading.article, text=None)  # type: ignore[arg-type]
    answers[0] = visit, kept, replace(reading, article=impossible)
    outcomes = engine.settle(shelf.archive, answers, NOW)
    assert [bool(outcome.error) for outcome in outcomes] == [True, False]
    assert "its bytes are kept" in (outcomes[0].error or "")
    assert len(shelf.library.headlines()) == 1
    assert [again.url for again in shelf.due(NOW + timedelta(hours=1)) if again.id == visit.id] == [visit.url]
    shelf.archive.close()


# --- what a file says -----------------------------------------------------------------------------------


def test_a_held_hosts_answer_never_holds_robots_txt_as_the_pages_evidence(
    it: Opened, site: Site, workers: Workers
) -> None:
    """While robots.txt is asked for a page, a feed of the same host says that it wants to be left alone."""
    both_asked = threading.Event()

    def robots(request: object) -> Answer:
        both_asked.wait(5)
        polite = "# 本站歡迎機器人閱讀各項報導，請依規則慢慢來，每次間隔數秒鐘即可。\n" * 40
        return 200, "text/plain; charset=utf-8", f"User-agent: *\nAllow: /\n{polite}".encode()

    def busy(request: object) -> Answer:
        threading.Timer(0.3, both_asked.set).start()  # once this answer has arrived
        return 429, "text/plain", b"no"

    site.pages["/robots.txt"], site.pages["/busy"] = robots, busy
    site.pages["/feed"] = rss(("甲新聞", f"{site.url}/1", "摘要甲"))
    site.pages["/1"] = article("甲新聞", "甲內文")
    source = follow(it, site)
    visit = it.library.polls()[source.id]
    with fetching(it, keep=it.archive.keep) as fetcher:
        ((_, feed),) = fetcher.fetch([visit])
        it.archive.settle([(visit, feed, pipeline.read(visit, feed))], pipeline.judge, NOW)
        follow(it, site, "/busy")
        due = it.archive.due(NOW, claimed=(), busy=(), only=None, limit=9)
        answers = {visit.kind: capture for visit, capture in fetcher.fetch(due)}
    held = answers[Kind.ARTICLE]
    assert (site.count("/1"), site.count("/robots.txt")) == (0, 1)
    assert held.failure is not None
    assert held.failure.trouble is Trouble.UNASKED
    it.archive.warc.sync()
    if held.ref:
        assert read_capture(it.folder, held.ref).status != 200
    list(engine.recover(it.archive, workers))  # as after a kill before it was settled
    assert not any("機器人" in revision.article.text for kept in histories(it) for revision in kept)


def exchanged(url: str, body: bytes, at: datetime = NOW) -> Capture:
    """Return an answer as it comes from the wire."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\n\r\n"
    exchange = Exchange(url=url, at=at, request=b"GET / HTTP/1.1\r\n\r\n", response=head + body)
    return Capture(url=url, final_url=url, captured_at=at, status=200, body=body, exchanges=(exchange,))


def warc(it: Opened) -> Path:
    """Return the one WARC file of an archive."""
    (file,) = (it.folder / "warc").rglob("*.warc.gz")
    return file


def test_what_a_killed_run_captured_is_seen_when_it_was_captured(
    it: Opened, site: Site, workers: Workers
) -> None:
    source = follow(it, site, feed_only=True)
    visit = it.library.polls()[source.id]
    it.archive.keep(visit, exchanged(visit.url, rss(("渡輪調價", "http://wire.test/1", "摘要"))[2]))
    it.archive.warc.close()
    pass_time(it, 24 * 7)
    list(engine.recover(it.archive, workers))
    ((revision,),) = histories(it)
    assert revision.seen_at == NOW
    pass_time(it, 1)
    assert list(engine.recover(it.archive, workers)) == []


def test_what_waits_to_be_recovered_is_found_again_when_recovery_is_killed(it: Opened, site: Site) -> None:
    source = follow(it, site, feed_only=True)
    visit = it.library.polls()[source.id]
    it.archive.keep(visit, exchanged(visit.url, rss(("渡輪調價", "http://wire.test/1", "摘要"))[2]))
    it.archive.warc.close()
    assert [len(list(it.archive.unsettled())) for _ in range(2)] == [1, 1]


def test_a_bad_byte_before_good_records_is_damage_and_nothing_is_cut(it: Opened) -> None:
    chance = random.Random(1)
    places = []
    for n in range(3):
        written = it.archive.warc.write(exchanged(f"http://wire.test/{n}", chance.randbytes(500)))
        assert written.ref is not None
        places.append(written.ref.offset)
    it.archive.warc.close()
    whole = bytearray(warc(it).read_bytes())
    whole[places[1] + 80] ^= 0xFF
    warc(it).write_bytes(whole)
    with pytest.raises(ArchiveError, match="Nothing is cut"):
        list(it.archive.unsettled())
    assert warc(it).read_bytes() == whole


@pytest.mark.parametrize("loss", ["shorter", "empty", "missing"])
def test_a_warc_file_that_lost_what_was_settled_stops_a_sync_before_it_asks_or_writes(
    loss: str, it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/feed"] = rss(("甲新聞", f"{site.url}/1", "摘要甲"))
    site.pages["/1"] = article("甲新聞", "甲內文")
    follow(it, site)
    walk(it, workers)
    it.archive.warc.close()
    asked = len(site.asked)
    file, body = warc(it), warc(it).read_bytes()
    if loss == "missing":
        file.unlink()
    else:
        file.write_bytes(body[: len(body) // 2] if loss == "shorter" else b"")
    before = digests(it.folder / "warc")
    pass_time(it, 24)
    with pytest.raises(ArchiveError, match="missing or shorter"):
        list(sync.walk(it))
    assert (len(site.asked), digests(it.folder / "warc")) == (asked, before)


def test_a_lost_database_beside_evidence_is_refused_and_what_is_published_stays(
    tmp_path: Path, site: Site, workers: Workers
) -> None:
    archive = make_archive(tmp_path / "archive", site.port)
    site.pages["/feed"] = rss(("甲新聞", f"{site.url}/1", "摘要甲"))
    with opened(archive, clock=SteppingClock(NOW)) as it:
        follow(it, site, feed_only=True)
        walk(it, workers)
        sync.publish(it)
    published = digests(archive / "posts") | digests(archive / "site")
    assert published
    for lose in (Path.unlink, Path.touch):  # missing, then there and empty
        lose(archive / "archive.db")
        for command in ("sync", "publish"):
            refused = dibao(command, "-A", archive)
            assert (refused.returncode, "missing or empty" in refused.stderr) == (3, True), refused.stderr
    assert digests(archive / "posts") | digests(archive / "site") == published
