"""What is remembered of how well a source does: little, and written seldom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dibao.decide.vitals import LOOKS, SAMPLED, WEEKS, first_looks, harvest_after, pulse_after, week_after
from dibao.model import (
    Article,
    Brought,
    Capture,
    Entry,
    Failure,
    Got,
    Harvest,
    Kind,
    Look,
    Outcome,
    Pulse,
    Revision,
    Rhythm,
    Source,
    Trouble,
    Verdict,
    Visit,
    Week,
)

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = Source(id=3, name="青楓社", url="https://wire.test/feed?token=1")
POLL = Visit(url=SOURCE.url, kind=Kind.FEED, source=SOURCE)
PAGE = Visit(url="https://wire.test/1", kind=Kind.ARTICLE, source=SOURCE, entry=Entry(title="一"))


def answered(
    visit: Visit, *, to: str | None = None, until: datetime | None = None, **more: object
) -> Capture:
    return Capture(
        url=visit.url,
        final_url=to or visit.url,
        captured_at=NOW,
        certified_until=until,
        **({"status": 200} | more),  # type: ignore[arg-type]
    )


def polled(
    pulse: Pulse, now: datetime, *, fresh: int = 0, to: str | None = None, before: datetime | None = None
) -> Pulse:
    """Return the pulse after a poll that brought so much."""
    window = ("k1",) if before else ()
    visit = replace(POLL, rhythm=Rhythm(began=NOW, polled=before, window=window) if before else None)
    after = replace(POLL, rhythm=Rhythm(began=NOW, polled=now, window=("k1",), size=5, fresh=fresh))
    return pulse_after(pulse, visit, answered(POLL, to=to), Outcome(visit=after), now)


def test_polls_of_one_day_that_bring_nothing_change_nothing() -> None:
    first = polled(Pulse(), NOW, fresh=5)
    assert (first.fresh_at, first.times, first.weeks[0].entries) == (NOW, 0, 0)  # what stood there is history
    same = polled(first, NOW + 9 * HOUR, before=NOW)
    assert same == first
    next_day = polled(same, NOW + 20 * HOUR, before=NOW + 9 * HOUR)
    assert (next_day.quiet, next_day.weeks[0].hours) == (20, 20)
    came = polled(next_day, NOW + 21 * HOUR, fresh=2, before=NOW + 20 * HOUR)
    assert (came.quiet, came.times, came.rate) == (0, 1, 1 / 21)
    assert came.weeks == (("2026-03-02", 21.0, 2, 1),)


def test_a_pause_of_the_machine_is_not_watched() -> None:
    first = polled(Pulse(), NOW, fresh=5)
    later = polled(first, NOW + 10 * DAY, before=NOW + HOUR)
    assert later.quiet == 27  # the hour, and the longest time between two polls
    assert polled(first, NOW - 9 * DAY, before=NOW).quiet == 0  # a clock that went backwards


def test_redirects_are_remembered_without_what_may_be_secret() -> None:
    led = polled(Pulse(), NOW, to="https://me:pass@cdn.test/feed?sig=secret")
    assert (led.led_to, led.led_since) == ("https://cdn.test/feed", NOW)
    still = polled(led, NOW + HOUR, to="https://cdn.test/feed?sig=other", before=NOW)
    assert still.led_since == NOW
    assert polled(still, NOW + 2 * HOUR, before=NOW + HOUR).led_to is None


def test_a_certificate_is_remembered_from_every_answer_and_nothing_else_from_a_failure() -> None:
    until = NOW + 20 * DAY
    before = Pulse(counted=NOW, quiet=4, certified_until=NOW)
    failed = Outcome(visit=POLL, error="the server answered 500")
    after = pulse_after(before, POLL, answered(POLL, until=until, status=500), failed, NOW + DAY)
    assert after == replace(before, certified_until=until)
    unknown = pulse_after(after, POLL, answered(POLL), failed, NOW + DAY)
    assert unknown.certified_until == until


def test_a_feed_that_was_cut_short_counts_for_nothing() -> None:
    rhythm = Rhythm(began=NOW, polled=NOW, window=("k1",), size=5, fresh=3)
    visit = replace(POLL, rhythm=rhythm)
    assert pulse_after(Pulse(), visit, answered(POLL), Outcome(visit=visit), NOW + 3 * DAY) == Pulse()


def test_only_the_latest_weeks_are_remembered() -> None:
    weeks: tuple[Week, ...] = ()
    for n in range(20):
        weeks = week_after(weeks, (NOW + 7 * n * DAY).date().isoformat(), 100.004, 3)
    assert len(weeks) == WEEKS
    assert weeks[-1] == ((NOW + 133 * DAY).date().isoformat(), 100.0, 3, 1)


def test_earlier_looks_are_counted_by_week_and_a_few_lengths_are_kept() -> None:
    harvest = Harvest()
    for n in range(400):
        got = Got.WHOLE if n % 4 else Got.UNREAD
        harvest = harvest_after(harvest, [Look(NOW + n * 6 * HOUR, got, n)])
    assert [look.letters for look in harvest.looks] == list(range(400 - LOOKS, 400))
    assert len(harvest.weeks) == WEEKS
    week = harvest.weeks[-2]
    assert (week.whole, week.unread, week.unanswered) == (21, 7, 0)
    assert len(week.letters) == SAMPLED


def revision(text: str) -> Revision:
    return Revision(
        key="k",
        number=1,
        seen_at=NOW,
        verdict=Verdict.NEW,
        digest="",
        article=Article(title="一", html="", text=text),
        entry=None,
        source=SOURCE,
        made_by="dibao",
    )


def test_a_first_look_says_what_it_brought() -> None:
    failed = Failure(trouble=Trouble.TIMEOUT, detail="30 s")
    good = Outcome(visit=PAGE, revisions=(revision("內文" * 50),))
    excerpt = Outcome(visit=PAGE, revisions=(revision("摘要"),), error="why")
    assert first_looks(PAGE, answered(PAGE), good, NOW) == (Look(NOW, Got.WHOLE, 100),)
    assert first_looks(PAGE, answered(PAGE), excerpt, NOW) == (Look(NOW, Got.UNREAD, 0),)
    assert first_looks(PAGE, answered(PAGE, status=403), excerpt, NOW) == (Look(NOW, Got.UNANSWERED, 0),)
    assert first_looks(PAGE, answered(PAGE, failure=failed), excerpt, NOW) == (Look(NOW, Got.UNANSWERED, 0),)


def test_second_looks_and_what_people_bring_say_nothing_of_a_source() -> None:
    good = Outcome(visit=PAGE, revisions=(revision("內文"),))
    for known in (replace(PAGE, looks=1), replace(PAGE, failures=1)):
        assert first_looks(known, answered(PAGE), good, NOW) == ()
    assert first_looks(PAGE, answered(PAGE, brought=Brought.SAVED), good, NOW) == ()
    picture = replace(PAGE, kind=Kind.MEDIA)
    assert first_looks(picture, answered(PAGE), Outcome(visit=picture), NOW) == ()


def test_articles_that_stand_in_the_feed_are_looks_too_and_edits_are_none() -> None:
    edit = replace(revision("改稿"), verdict=Verdict.CHANGED)
    outcome = Outcome(visit=POLL, revisions=(revision("全文" * 9), edit))
    assert first_looks(POLL, answered(POLL), outcome, NOW) == (Look(NOW, Got.WHOLE, 18),)
