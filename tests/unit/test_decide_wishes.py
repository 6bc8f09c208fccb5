"""What an answer and its feed wish, in every form we know of."""

from datetime import UTC, datetime, timedelta

import pytest

from dibao.decide import wishes
from dibao.model import Capture

NOW = datetime(2026, 3, 4, 8, 17, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DATE = "Wed, 04 Mar 2026 08:17:00 GMT"


def answer(*headers: tuple[str, str], status: int = 200) -> Capture:
    url = "http://wire.test/feed"
    return Capture(url=url, final_url=url, captured_at=NOW, status=status, headers=headers)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ((), 0 * HOUR),
        ((("Cache-Control", "max-age=7200"),), 2 * HOUR),
        ((("cache-control", "public, MAX-AGE = 7200"),), 2 * HOUR),
        ((("Cache-Control", 'max-age="7200"'),), 2 * HOUR),
        ((("Cache-Control", "max-age=7200"), ("Age", "3600")), HOUR),
        ((("Cache-Control", "max-age=60"), ("Age", "3600")), 0 * HOUR),
        ((("Cache-Control", "s-maxage=7200"),), 0 * HOUR),
        ((("Cache-Control", "private"), ("Cache-Control", "max-age=7200")), 2 * HOUR),
        ((("Cache-Control", "no-cache, max-age=7200"),), 0 * HOUR),
        ((("Cache-Control", "no-store"), ("Expires", "Wed, 04 Mar 2026 10:17:00 GMT")), 0 * HOUR),
        ((("Expires", "Wed, 04 Mar 2026 10:17:00 GMT"),), 2 * HOUR),
        # Its clock is an hour behind ours, and says so itself.
        ((("Expires", "Wed, 04 Mar 2026 10:17:00 GMT"), ("Date", "Wed, 04 Mar 2026 07:17:00 GMT")), 3 * HOUR),
        ((("Expires", "Wed, 04 Mar 2026 10:17:00 GMT"), ("Date", DATE), ("Age", "3600")), HOUR),
        ((("Cache-Control", "max-age=60"), ("Expires", "Wed, 04 Mar 2026 10:17:00 GMT")), MINUTE),
        ((("Expires", "0"),), 0 * HOUR),
        ((("Expires", "-1"),), 0 * HOUR),
        ((("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"),), 0 * HOUR),
        ((("Expires", "Fri, 31 Dec 9999 23:59:59 GMT"),), DAY),
        ((("Cache-Control", "max-age=31536000"),), DAY),
        ((("Cache-Control", "max-age=" + "9" * 5000),), DAY),
        ((("Cache-Control", "max-age=-5"),), 0 * HOUR),
        ((("Cache-Control", "max-age=７２００"),), 0 * HOUR),
        ((("Cache-Control", "max-age=7200"), ("Age", "soon")), 2 * HOUR),
    ],
)
def test_an_answer_says_how_long_it_stays_as_it_is(
    headers: tuple[tuple[str, str], ...], wait: timedelta
) -> None:
    assert wishes.fresh_for(answer(*headers)) == wait


@pytest.mark.parametrize(
    ("ttl", "wait"), [(None, HOUR), (60, HOUR), (7200, 2 * HOUR), (10**12, DAY), (0, HOUR)]
)
def test_the_longer_of_what_answer_and_feed_wish_counts(ttl: int | None, wait: timedelta) -> None:
    assert wishes.wished(answer(("Cache-Control", "max-age=3600")), ttl) == wait


@pytest.mark.parametrize(
    ("hours", "days", "due", "first"),
    [
        ((), (), NOW, NOW),
        ((9, 10), (), NOW, NOW),
        ((8,), (), NOW, "2026-03-04 09:18"),
        ((8, 9, 10), (), NOW, "2026-03-04 11:18"),
        ((23, 0, 1), (), datetime(2026, 3, 4, 23, 40, tzinfo=UTC), "2026-03-05 02:41"),
        ((), (2,), NOW, "2026-03-05 00:18"),
        # Every hour, or a whole week: asked a day later all the same.
        (tuple(range(24)), (), NOW, "2026-03-05 08:17"),
        ((), tuple(range(7)), NOW, "2026-03-05 08:17"),
    ],
)
def test_hours_and_days_to_skip_are_waited_out(
    hours: tuple[int, ...], days: tuple[int, ...], due: datetime, first: datetime | str
) -> None:
    wanted = first if isinstance(first, datetime) else datetime.fromisoformat(f"{first}+00:00")
    assert wishes.skipping(due, hours, days, NOW + DAY) == wanted


@pytest.mark.parametrize(
    ("status", "said", "wait"),
    [
        (503, "7200", 2 * HOUR),
        (503, DATE.replace("08:17", "10:17"), 2 * HOUR),
        (429, "518400", 6 * DAY),
        (429, "0", 0 * HOUR),
        (429, "Thu, 01 Jan 1970 00:00:00 GMT", 0 * HOUR),
        (200, "7200", None),
        (429, "", None),
        (429, "in a while", None),
    ],
)
def test_retry_after_is_read_as_seconds_and_as_a_date(status: int, said: str, wait: timedelta | None) -> None:
    assert wishes.retry_after(answer(("Retry-After", said), status=status), NOW) == wait
