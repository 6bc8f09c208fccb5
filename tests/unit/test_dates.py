from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dibao.dates import credible, parse_date

MOMENT = datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "Tue, 05 Mar 2024 14:07:08 +0800",
        "Tue, 05 Mar 2024 06:07:08 GMT",
        "Tue, 05 Mar 24 06:07:08 GMT",
        "Mon, 05 Mar 2024 06:07:08 GMT",
        "5 Mar 2024 06:07:08 +0000",
        "Tue, 05 Mar 2024 01:07:08 EST",
        "Tue, 05 Mar 2024 14:07:08 HKT",
        "Tue, 05 Mar 2024 14:07:08 GMT+8",
        "Tue, 05 Mar 2024 14:07:08 GMT+0800",
        "Tue Mar 05 2024 14:07:08 GMT+0800 (China Standard Time)",
        "Tuesday, March 5, 2024 6:07:08 AM",
        "Tue Mar  5 06:07:08 2024",
        "2024-03-05T14:07:08+08:00",
        "2024-03-05T06:07:08.123Z",
        "2024-03-05 14:07:08 +0800",
        "2024-03-05 06:07:08",
        "20240305T140708+0800",
        "２０２４/03/05 06:07:08",
        "2024年03月05日 14:07:08",
        "2024年3月5日（二） 14時07分08秒",
        "2024/3/5 下午 02:07:08",
        "週二, 05 三月 2024 14:07:08 +0800",
        "民國113年3月5日 14:07:08",
        "113/03/05 14:07:08",
        "2024-03-05 오후 03:07:08",
        "2024年3月5日 午後3時7分8秒",
        "3/5/2024 6:07:08 AM",
        "1709618828",
        "1709618828000",
    ],
)
def test_a_date_of_any_form_is_read(written: str) -> None:
    assert parse_date(written) == MOMENT


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "yesterday",
        "Sat, 32 Foo 2023",
        "2023-02-30",
        "2023-02-03T25:61:61Z",
        "Sat, 04 Feb 2023 09:34:06 +9999",
        "Sun, 01 Jan 292277026597 00:00:00 GMT",
        "0001-01-01T00:00:00+08:00",
        "2024",
        "2024-03",
        "12:30",
        "5/6/2024",
        "-1",
        "170961882",
        "9999999",
        "2024-03-05 and some",
        "1" * 1000,
    ],
)
def test_what_cannot_be_read_with_certainty_is_none(written: str | None) -> None:
    assert parse_date(written) is None


def test_a_date_without_zone_is_read_in_the_zone_given() -> None:
    assert parse_date("2024-03-05 14:07:08", timezone="Asia/Taipei") == MOMENT
    assert parse_date("2024-03-05 14:07:08+08:00", timezone="America/New_York") == MOMENT
    assert parse_date("2024-07-05 02:00", timezone="America/New_York") == datetime(2024, 7, 5, 6, tzinfo=UTC)


def test_a_day_is_its_midnight_in_the_zone() -> None:
    assert parse_date("2024-03-05", timezone="Asia/Taipei") == datetime(2024, 3, 4, 16, tzinfo=UTC)
    assert parse_date("1130305") == datetime(2024, 3, 4, 16, tzinfo=UTC)
    assert parse_date("20240305") == datetime(2024, 3, 5, tzinfo=UTC)


def test_an_hour_24_is_the_next_midnight() -> None:
    assert parse_date("Mon, 04 Mar 2024 24:00:00 GMT") == datetime(2024, 3, 5, tzinfo=UTC)


def test_cst_is_chinas_in_chinese_and_americas_elsewhere() -> None:
    assert parse_date("Tue, 05 Mar 2024 14:07:08 CST", language="zh-TW") == MOMENT
    assert parse_date("Tue, 05 Mar 2024 14:07:08 CST", timezone="Asia/Shanghai") == MOMENT
    assert parse_date("Tue, 05 Mar 2024 00:07:08 CST", language="en-US") == MOMENT


def test_an_unknown_zone_name_says_nothing() -> None:
    assert parse_date("2024-03-05 06:07:08 QQQ") == MOMENT
    assert parse_date("2024-03-05 14:07:08", timezone="No/Where") == MOMENT + timedelta(hours=8)


def test_only_dates_on_which_news_was_published_are_credible() -> None:
    now = MOMENT
    assert credible(None, now) is None
    assert credible(datetime(1970, 1, 1, tzinfo=UTC), now) is None
    assert credible(now + timedelta(days=2), now) is None
    assert credible(now + timedelta(hours=23), now) == now + timedelta(hours=23)
    assert credible(datetime(1996, 5, 1, tzinfo=UTC), now) == datetime(1996, 5, 1, tzinfo=UTC)


_PIECES = st.sampled_from(
    [
        "2024",
        "13",
        "5",
        "-",
        "/",
        ":",
        " ",
        "T",
        "Z",
        "+",
        "08",
        "Mar",
        "年",
        "月",
        "日",
        "下午",
        "CST",
        "民國",
        ",",
        "0",
    ]
)


@given(st.one_of(st.text(max_size=120), st.lists(_PIECES, max_size=14).map("".join)))
def test_any_text_gives_aware_utc_or_none(text: str) -> None:
    date = parse_date(text, language="zh", timezone="Asia/Taipei")
    assert date is None or date.utcoffset() == timedelta(0)


@given(st.datetimes(datetime(1000, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)))
def test_an_iso_date_comes_back_to_the_second(date: datetime) -> None:
    assert parse_date(date.isoformat()) == date.replace(microsecond=0)
