"""Nouns on their way between processes."""

import pickle
from datetime import UTC, datetime

from dibao.feeds import parse_feed
from dibao.model import Capture, Failure, Kind, Reading, Rhythm, Source, Trouble, Visit

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
FEED = (
    b"<rss version='2.0'><channel><item><title>a</title><link>http://a.test/1</link></item></channel></rss>"
)


def test_a_visit_its_answer_and_what_it_says_arrive_as_they_were_sent() -> None:
    source = Source(id=3, name="青楓社", url="http://a.test/feed", tags=("a",))
    visit = Visit(url=source.url, kind=Kind.FEED, source=source, rhythm=Rhythm(began=NOW), due=NOW)
    failed = Capture(
        url=visit.url,
        final_url=visit.url,
        captured_at=NOW,
        failure=Failure(trouble=Trouble.DNS, detail="no such name"),
    )
    reading = Reading(feed=parse_feed(FEED, url=source.url), names=("url://a.test/1",))
    sent = (visit, failed, reading)
    assert pickle.loads(pickle.dumps(sent)) == sent


def test_what_was_one_entry_stays_one_on_the_way() -> None:
    (entry,) = parse_feed(FEED, url="http://a.test/").entries
    one, other = pickle.loads(pickle.dumps((entry, entry)))
    assert one is other
