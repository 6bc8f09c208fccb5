from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dibao.dates import Doubt, date_in_url, doubt, parse_date
from dibao.datewords import DAY_FIRST, MONTHS, SOLAR_MONTHS

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
        # RFC 822, its kin, and what programs make of it
        "Tue, 5 Mar 2024 06:07:08 GMT",
        " Tue,  05\tMar 2024 06:07:08 +0000 ",
        "Tue,05 Mar 2024 06:07:08 Z",
        "Tuesday, 05-Mar-24 06:07:08 GMT",
        "Tue, 05 Mar 2024 06:07:08 A",
        "Tue, 05 Mar 2024 06:07:08 Etc/GMT",
        "Tue, 05 Mar 2024 06:07:08 GMT+00:00",
        "Tue, 05 Mar 2024 14:07:08 +0800 (CST)",
        "Tue(a day) , 05(th) Mar(ch, the 3rd) 2024 06:07:08 +0000(GMT 0)",
        "Tue, 05 (nested (comment) Apr)Mar(escaped\\) 2005) 2024()06:07:08 +0000",
        "Tue, Mar 5 2024 06:07:08 +0000",
        "Tue Mar 05 08:07:08 +0200 2024",
        "Tue Mar 05 08:07:08 2024 +0200",
        "Tue Mar 05 01:07:08 EST 2024",
        "05/Mar/2024:06:07:08 +0000",
        "Mar  5 2024  6:07:08:123AM",
        "Tue, 2024/03/05 01:07:08 EST",
        "06:07:08 5 March 2024",
        "6:07:08 AM, March 5th, 2024",
        "the 5th of March, 2024, 6:07:08 a.m. UTC",
        "Published: Mar 5, 2024 / 06:07:08 AM GMT",
        "on Tuesday March 5, 2024 @06:07:08AM",
        # ISO 8601, and what looks like it
        "2024-03-05T06:07:08.123456789Z",
        "2024-03-05T060708Z",
        "2024-03-05 T 06:07:08Z",
        "2024-065T06:07:08Z",
        "2024-W10-2T06:07:08Z",
        "2024W102T060708Z",
        "20240305060708",
        "2024-Mar-05 06:07:08",
        "2024-3-5 6:07:08",
        "2024.03.05 06:07:08",
        "2024-03-05 06:07:08 UTC",
        "2024-03-05 14:07:08 UTC+08:00",
        "2024-03-05 14:07:08 (UTC+8)",
        "2024-03-05T14:07:08+08:00[Asia/Taipei]",
        "2024-03-05 14:07:08 Asia/Taipei",
        # seconds since 1970
        "1709618828.5",
        "1709618828123456",
        "/Date(1709618828000)/",
        "/Date(1709618828000+0800)/",
        # Chinese, Japanese, Korean
        "二〇二四年三月五日十四時七分八秒",
        "二零二四年三月五日下午二时七分八秒",
        "2024年3月5日 星期二 下午2:07:08",
        "2024年3月5日週二14:07:08",
        "2024-03-05（周二）14:07:08 (CST)",
        "3月 5, 2024 14:07:08 +0800",
        "北京时间2024年3月5日14时7分8秒",
        "2024-03-05 14:07:08（台北時間）",
        "2024年3月5日 GMT+8 14:07:08",
        "最近更新： 2024年3月5日 14:07:08",
        "發布時間：2024/03/05 14:07:08 HKT",
        "中華民國一百一十三年三月五日 下午2時7分8秒",
        "民國113/3/5 14:07:08",
        "113年3月5日 14:07:08",
        "令和6年3月5日(火) 15時07分08秒",
        "令和六年三月五日 午後三時七分八秒",
        "R6年3月5日 15:07:08",
        "2024/03/05（火） 15:07:08 JST",
        "2024년 3월 5일 오후 3시 7분 8초",
        "2024년 03월 05일(화) 15:07:08",
        "2024. 3. 5. 오후 3:07:08",
        "입력 2024.03.05 오후 3:07:08",
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
        # half a date
        "March 2024",
        "5 March",
        "2024年3月",
        "3月5日 14:07",
        "2024-W10",
        "2024W10",
        "--03-05",
        "-0305",
        "Q1 2024",
        "令和6年",
        # more than one
        "5-6 March 2024",
        "5 y 6 de marzo de 2024",
        "5 March 2024 - 6 March 2024",
        "2024-03-05 (2024-03-06)",
        "March 5, 2024 (March 6 in Taipei)",
        "5 March 2024 10:00-12:00",
        "2024-03-05 10:00-12:00",
        # which is which?
        "24/03/05",
        "25/03/24",
        "05.03.2024",
        "05-03-2024",
        "031231",
        "2003365",
        "05 03 2024",
        "24年3月5日",
        "5 listopada 2024",
        "5/3/24 2:07 PM",
        "2024030514",
        "202403051407",
        # words that say something else
        "Before March 5, 2024",
        "Chapter 5, March 2024",
        "No. 5, March 2024",
        "5-M03-2024",
        "3 hours ago",
        "3小時前",
        "5 رمضان 1445",
        # what never was
        "2023-366",
        "2024-W10-8",
        "2024-13-05",
        "Thu, 00 Mar 2024 06:07:08 GMT",
        "2024-03-05T14:07:08Z+0800",
        "2024-03-05 14:07:08 AM",
        "2024-03-05 2:07 xyz",
        "2024/3/5 晚上12:07",
        "平成32年3月5日",
        "令和0年3月5日",
        "民國0年3月5日",
        "1402/12/15",
        "1445-08-24",
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


# --- languages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "written", "unclear"),
    [
        ("fr", "mardi 5 mars 2024 à 06h07m08s", "5 mars"),
        ("fr", "mar. 5 mars 2024 06:07:08", "mars 2024"),
        ("fr", "Publié le 05/03/2024 - 06:07:08", "05/2024"),
        ("es", "martes, 5 de marzo de 2024, 6:07:08 a. m.", "5 de marzo"),
        ("es", "mar, 05 mar 2024 06:07:08 +0000", "mar 2024"),
        ("pt", "terça-feira, 5 de março de 2024 às 06:07:08", "março de 2024"),
        ("pt-BR", "05/03/2024 06:07:08", "05/03"),
        ("it", "martedì 5 marzo 2024 alle 6.07.08", "marzo 2024"),
        ("ro", "marți, 5 martie 2024, 06:07:08", "martie"),
        ("ca", "5 de març de 2024, a les 06:07:08", "març del 2024"),
        ("gl", "martes, 5 de marzo de 2024 06:07:08", "marzo"),
        ("eu", "2024(e)ko martxoaren 5a 06:07:08", "2024(e)ko martxoa"),
        ("de", "Dienstag, 5. März 2024, 06:07:08 Uhr", "5. März"),
        ("de", "Di., 05 Mär 2024 07:07:08 MEZ", "Mär 2024"),
        ("de-AT", "05.03.24 06:07:08", "24.03"),
        ("nl", "dinsdag 5 maart 2024 om 06:07:08", "maart 2024"),
        ("af", "5 Maart 2024 06:07:08", "Maart"),
        ("da", "tirsdag den 5. marts 2024 kl. 06.07.08", "5. marts"),
        ("nb", "5. mars 2024 kl. 06:07:08", "mars 2024"),
        ("sv", "tisdag 5 mars 2024 06:07:08", "5 mars"),
        ("is", "5. mars 2024 06:07:08", "mars"),
        ("fi", "tiistaina 5. maaliskuuta 2024 klo 6.07.08", "maaliskuu 2024"),
        ("et", "5. märts 2024 06:07:08", "märts"),
        ("lv", "2024. gada 5. marts 06:07:08", "2024. gada marts"),
        ("lt", "2024 m. kovo 5 d. 06:07:08", "2024 m. kovas"),
        ("pl", "wtorek, 5 marca 2024, godz. 06:07:08", "5 marca"),
        ("cs", "úterý 5. března 2024 v 6:07:08", "březen 2024"),
        ("sk", "5. marca 2024 6:07:08", "marec"),
        ("sl", "5. marec 2024 06:07:08", "marec"),
        ("hr", "5. ožujka 2024. u 06:07:08", "ožujak 2024."),
        ("sr", "5. март 2024. 06:07:08", "март 2024."),
        ("hu", "2024. március 5., kedd 6:07:08", "2024. március"),
        ("hu", "2024-március-05T7:07:08+01:00", "március 5."),
        ("ru", "вторник, 5 марта 2024 г. в 09:07:08 МСК", "5 марта"),
        ("uk", "Вівторок, 5 березня 2024 р., 06:07:08", "березень 2024"),
        ("be", "5 сакавіка 2024 06:07:08", "сакавік"),
        ("bg", "5 март 2024 г. 06:07:08 ч.", "март 2024"),
        ("mk", "5 март 2024 06:07:08", "март"),
        ("kk", "2024 ж. 5 наурыз 06:07:08", "наурыз"),
        ("uz", "5-mart, 2024 06:07:08", "mart"),
        ("mn", "2024 оны 3-р сарын 5 06:07:08", "3-р сар"),
        ("el", "Τρίτη, 5 Μαρτίου 2024 08:07:08", "Μάρτιος 2024"),
        ("el", "Τρι, 05 Μάρ 2024 06:07:08 +0000", "Μάρ"),
        ("tr", "5 Mart 2024 Salı, 09:07:08 TRT", "Mart 2024"),
        ("az", "5 mart 2024 06:07:08", "mart"),
        ("sq", "5 mars 2024 6:07:08 p.d.", "mars"),
        ("hy", "05 մարտի, 2024 թ. 10:07:08", "մարտ"),
        ("ka", "5 მარტი, 2024 10:07:08", "მარტი"),
        ("cy", "5 Mawrth 2024 06:07:08", "Mawrth"),
        ("ga", "Dé Máirt 5 Márta 2024 06:07:08", "Márta"),
        ("ar", "الثلاثاء 5 مارس 2024 06:07:08", "مارس 2024"),
        ("ar", "٥ آذار/مارس ٢٠٢٤ - ٦:٠٧:٠٨ ص", "٥ آذار"),
        ("ar", "٢٠٢٤/٣/٥ ٠٦:٠٧:٠٨", "١٤٤٥/٨/٢٤"),
        ("fa", "۵ مارس ۲۰۲۴ ساعت ۰۶:۰۷:۰۸", "مارس"),
        ("ur", "5 مارچ 2024 06:07:08", "مارچ 2024"),
        ("he", "יום שלישי, 5 במרץ 2024 בשעה 08:07:08", "מרץ 2024"),
        ("hi", "मंगलवार, ५ मार्च २०२४ 11:37:08", "मार्च"),
        ("ne", "2024 मार्च 5 11:52:08", "मार्च"),
        ("bn", "৫ মার্চ ২০২৪ 06:07:08", "মার্চ"),
        ("ta", "5 மார்ச், 2024 11:37:08", "மார்ச்"),
        ("th", "วันอังคารที่ 5 มีนาคม พ.ศ. 2567 เวลา 13:07:08 น.", "มีนาคม 2567"),
        ("th", "๕ มี.ค. ๖๗ ๑๓:๐๗:๐๘", "5 มี.ค. 24"),
        ("vi", "Thứ ba, 5/3/2024, 13:07:08 (GMT+7)", "Thứ ba, 5/3"),
        ("vi", "Thứ 3, 05/03/2024 06:07:08", "tháng 3 năm 2024"),
        ("vi", "ngày 5 tháng 3 năm 2024 lúc 13:07:08", "5 tháng 3"),
        ("vi", "5/3/2024 6:07:08 SA", "6:07:08 SA"),
        ("id", "Selasa, 05 Maret 2024 13.07.08 WIB", "Maret 2024"),
        ("ms", "5 Mac 2024 06:07:08", "Mac 2024"),
        ("fil", "Marso 5, 2024 06:07:08", "Marso 2024"),
        ("sw", "5 Machi 2024 06:07:08", "Machi"),
        ("ja", "R6.3.5 15:07:08", "R6.3"),
        ("ko", "2024년 3월 5일 15:07:08", "2024년 3월"),
        ("zh-TW", "2024年3月5日 14:07:08 CST", "2024年三月"),
    ],
)
def test_a_date_is_read_in_its_language_and_half_a_date_is_not(
    language: str, written: str, unclear: str
) -> None:
    assert parse_date(written, language=language) == MOMENT
    assert parse_date(unclear, language=language) is None


@pytest.mark.parametrize("language", MONTHS)
def test_every_month_of_every_language_is_itself_and_never_another(language: str) -> None:
    for number, names in enumerate(MONTHS[language].split(","), 1):
        for name in names.replace("_", " ").split():
            if "_" in names:  # of two words
                continue
            for written in (name, name.upper(), name.capitalize()):
                day = datetime(2023, number, 17, tzinfo=UTC)
                assert parse_date(f"17 {written} 2023", language=language, timezone="UTC") == day
                assert parse_date(f"17 {written} 2023", timezone="UTC") in (day, None)
                assert parse_date(f"{written} 2023", language=language) is None


def test_months_of_two_words_are_read() -> None:
    day = datetime(2023, 12, 5, tzinfo=UTC)
    assert parse_date("5 كانون الأول 2023") == day
    assert parse_date("5 tháng mười hai 2023", timezone="UTC") == day
    assert parse_date("5 tháng mười 2023", timezone="UTC") == day.replace(month=10)
    assert parse_date("5 Meán Fómhair 2023") == day.replace(month=9)


def test_a_month_that_another_language_counts_otherwise_needs_its_language() -> None:
    assert parse_date("5 listopada 2023", language="pl") == datetime(2023, 11, 5, tzinfo=UTC)
    assert parse_date("5 listopada 2023", language="hr") == datetime(2023, 10, 5, tzinfo=UTC)
    assert parse_date("5 listopada 2023", language="en") is None


def test_a_language_we_do_not_know_may_have_months_of_its_own() -> None:
    assert parse_date("5 out 2023", language="pt") == datetime(2023, 10, 5, tzinfo=UTC)
    assert parse_date("5 out 2023", language="mfe") is None  # there it is August
    assert parse_date("Thu, 05 Oct 2023 00:00:00 GMT", language="mfe") == datetime(2023, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("language", DAY_FIRST)
def test_numbers_alone_are_read_where_the_language_settles_their_order(language: str) -> None:
    fifth_of_march, third_of_may = datetime(2024, 3, 5, tzinfo=UTC), datetime(2024, 5, 3, tzinfo=UTC)
    wanted = {True: fifth_of_march, False: third_of_may, None: None}[DAY_FIRST[language]]
    for written in ("05/03/2024", "5/3/2024", "05.03.2024", "05-03-2024"):
        assert parse_date(written, language=language, timezone="UTC") == wanted
    short = None if language == "th" else wanted  # Buddha's year or ours?
    assert parse_date("05/03/24", language=language, timezone="UTC") == short


@pytest.mark.parametrize("language", [None, "en", "en-CA", "zh", "zh-TW", "ja", "ko", "hu", "fr-CA", "xx"])
def test_numbers_alone_are_read_elsewhere_only_where_one_reading_is_possible(language: str | None) -> None:
    assert parse_date("05/03/2024", language=language) is None
    assert parse_date("25/03/2024", language=language) == datetime(2024, 3, 25, tzinfo=UTC)
    assert parse_date("03/25/2024", language=language) == datetime(2024, 3, 25, tzinfo=UTC)
    assert parse_date("05/05/2024", language=language) == datetime(2024, 5, 5, tzinfo=UTC)


def test_am_and_pm_are_american_unless_the_language_says_otherwise() -> None:
    assert parse_date("3/5/2024 6:07:08 AM", language="en") == MOMENT
    assert parse_date("5/3/2024 6:07:08 AM", language="en-AU") == MOMENT
    assert parse_date("5/3/2024 6:07:08 a. m.", language="es") == MOMENT
    assert parse_date("3/5/2024 6:07:08 AM", language="fr-CA") is None


# --- calendars ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1 فروردین 1403", "2024-03-20"),
        ("۱ فروردین ۱۴۰۴", "2025-03-21"),
        ("1 فروردین 1400", "2021-03-21"),
        ("1 فروردین 1375", "1996-03-20"),
        ("30 اسفند 1403", "2025-03-20"),
        ("سه‌شنبه ۱۵ اسفند ۱۴۰۲", "2024-03-05"),
        ("22 بهمن 1357", "1979-02-11"),
        ("29 اسفند 1357", "1979-03-20"),
    ],
)
def test_a_day_of_irans_calendar_is_its_day_in_ours(written: str, day: str) -> None:
    assert parse_date(written, timezone="UTC") == datetime.fromisoformat(f"{day}T00:00:00+00:00")


def test_a_year_of_another_calendar_is_read_only_where_it_is_sure_whose_it_is() -> None:
    assert parse_date("1402/12/15", language="fa") == datetime(2024, 3, 5, tzinfo=UTC)
    assert parse_date("1402-12-15T06:07:08Z", language="fa") == MOMENT
    assert parse_date("1402/12/15", language="ar") is None
    assert parse_date("30 اسفند 1402") is None  # no leap year
    assert parse_date("31 مهر 1402") is None
    assert parse_date("05/03/2567", language="th") == datetime(2024, 3, 5, tzinfo=UTC)
    assert parse_date("2567-03-05 06:07:08", language="th") == MOMENT
    assert parse_date("5 มีนาคม 2024", timezone="UTC") == datetime(2024, 3, 5, tzinfo=UTC)


def test_every_month_of_irans_calendar_is_read() -> None:
    days = [parse_date(f"1 {name.split()[0]} 1403", timezone="UTC") for name in SOLAR_MONTHS.split(",")]
    assert None not in days
    gaps = [(later - day).days for day, later in zip(days, days[1:], strict=False) if day and later]
    assert gaps == [31] * 6 + [30] * 5


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("令和元年5月1日", "2019-05-01"),
        ("平成31年4月30日", "2019-04-30"),
        ("昭和64年1月7日", "1989-01-07"),
        ("昭和39年10月10日", "1964-10-10"),
        ("民國元年1月1日", "1912-01-01"),
        ("1120204", "2023-02-04"),
    ],
)
def test_a_year_of_an_era_is_its_year_in_ours(written: str, day: str) -> None:
    assert parse_date(written, timezone="UTC") == datetime.fromisoformat(f"{day}T00:00:00+00:00")


# --- times and zones ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("March 5, 2024 12:07 AM", 0, 7),
        ("March 5, 2024 12:07 PM", 12, 7),
        ("March 5, 2024 2pm", 14, 0),
        ("5 March 2024 2.07pm", 14, 7),
        ("5 March 2024, noon", 12, 0),
        ("5 March 2024 12 noon", 12, 0),
        ("2024-03-05T14Z", 14, 0),
        ("2024-03-05T14:07Z", 14, 7),
        ("5 mars 2024 à 14h", 14, 0),
        ("5 mars 2024 à 14h07", 14, 7),
        ("5 de março de 2024, 14h07min", 14, 7),
        ("5 maart 2024, 14u07", 14, 7),
        ("5. März 2024, 14.07 Uhr", 14, 7),
        ("Tue 5 Mar 2024 14.07 GMT", 14, 7),
        ("2024/3/5 中午12:07 GMT", 12, 7),
        ("2024/3/5 中午1:07 GMT", 13, 7),
        ("2024/3/5 凌晨12:07 GMT", 0, 7),
        ("2024/3/5 晚上8:07 GMT", 20, 7),
        ("2024년 3월 5일 밤 8시 7분 GMT", 20, 7),
        ("2024-03-05Z", 0, 0),
    ],
)
def test_a_time_of_day_is_read_as_it_is_spoken(written: str, hour: int, minute: int) -> None:
    assert parse_date(written) == datetime(2024, 3, 5, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("HKT", 8),
        ("JST", 9),
        ("KST", 9),
        ("MSK", 3),
        ("CEST", 2),
        ("GMT+8", 8),
        ("UTC+08:00", 8),
        ("+8", 8),
        ("-0000", 0),
        ("EDT", -4),
        ("PDT", -7),
        ("PT", -8),
        ("ET", -5),
        ("Eastern Time", -5),
        ("NST", -3.5),
        ("ACST", 9.5),
        ("China Standard Time", 8),
        ("(UTC-5)", -5),
        ("Europe/Berlin", 1),
        ("Etc/GMT-8", 8),
        ("IST", 5.5),
        ("北京时间", 8),
        ("(日本時間)", 9),
        ("по Москве", 3),
    ],
)
def test_a_zone_is_read_by_its_name(zone: str, offset: float) -> None:
    local = MOMENT + timedelta(hours=offset)
    assert parse_date(f"{local:%Y-%m-%d %H:%M:%S} {zone}", language="en") == MOMENT
    assert parse_date(f"{local:%Y-%m-%d %H:%M:%S} {zone}", timezone="Pacific/Honolulu") == MOMENT


@pytest.mark.parametrize(
    ("zone", "offset", "language", "timezone"),
    [
        ("CST", 8, "zh-CN", None),
        ("CST", 8, None, "Asia/Taipei"),
        ("CST", -6, "en-US", None),
        ("IST", 2, "he", None),
        ("IST", 5.5, "hi", None),
        ("IST", 2, None, "Asia/Jerusalem"),
        ("IST", 5.5, "en", "Asia/Kolkata"),
        ("BST", 6, "bn", None),
        ("BST", 1, "en-GB", None),
        ("AST", 3, "ar", None),
        ("AST", -4, "en", None),
        ("EST", 10, "en-AU", None),
        ("PST", 8, None, "Asia/Manila"),
    ],
)
def test_an_abbreviation_of_several_zones_is_read_by_language_or_place(
    zone: str, offset: float, language: str | None, timezone: str | None
) -> None:
    local = MOMENT + timedelta(hours=offset)
    written = f"{local:%a, %d %b %Y %H:%M:%S} {zone}"
    assert parse_date(written, language=language, timezone=timezone) == MOMENT


def test_words_of_one_zones_language_name_it_and_a_zone_given_goes_before_them() -> None:
    assert parse_date("5 มีนาคม 2567 13:07:08") == MOMENT
    assert parse_date("2024年3月5日 14:07:08") == MOMENT
    assert parse_date("2024年3月5日 15:07:08", language="ja") == MOMENT
    assert parse_date("2024年3月5日 07:07:08", timezone="Europe/Berlin") == MOMENT


# --- no form is ever read as another date than its own ------------------------------------------------

_HAN = "〇一二三四五六七八九"


def _named(language: str, form: str) -> Callable[[datetime], str]:
    names = [cell.split() for cell in MONTHS[language].split(",")]
    return lambda at: form.format(at=at, month=names[at.month - 1][0], cased=names[at.month - 1][-1])


# (how it is written, the language, hours from UTC)
_FORMS: list[tuple[Callable[[datetime], str], str | None, float]] = [
    (format_datetime, None, 0),
    (format_datetime, "zh-TW", 0),
    (lambda at: format_datetime(at, usegmt=True), None, 0),
    (lambda at: at.strftime("%a, %d %b %Y %H:%M:%S EST"), "en-US", -5),
    (lambda at: at.strftime("%A, %d-%b-%y %H:%M:%S GMT"), None, 0),
    (lambda at: at.strftime("%a %b %d %H:%M:%S %Y"), None, 0),
    (lambda at: at.strftime("%a %b %d %Y %H:%M:%S GMT+0800 (China Standard Time)"), None, 8),
    (lambda at: at.strftime("%B %d, %Y %I:%M:%S %p"), None, 0),
    (lambda at: at.strftime("%m/%d/%Y %I:%M:%S %p"), "en-US", 0),
    (lambda at: at.strftime("%d/%m/%Y %H:%M:%S"), "fr", 0),
    (lambda at: at.strftime("%H:%M:%S %d/%m/%Y"), "vi", 0),
    (lambda at: at.strftime("%d.%m.%y %H.%M.%S"), "fi", 0),
    (datetime.isoformat, None, 0),
    (lambda at: at.strftime("%Y-%m-%dT%H:%M:%S.250Z"), "fa", 0),
    (lambda at: at.strftime("%Y-%m-%dT%H:%M:%S+05:30"), "th", 5.5),
    (lambda at: at.strftime("%Y-%m-%d %H:%M:%S -0330"), None, -3.5),
    (lambda at: at.strftime("%Y-%jT%H:%M:%SZ"), None, 0),
    (lambda at: at.strftime("%G-W%V-%uT%H:%M:%SZ"), None, 0),
    (lambda at: at.strftime("%Y%m%d%H%M%S"), None, 0),
    (lambda at: at.strftime("%Y%m%dT%H%M%S+0900"), None, 9),
    (lambda at: at.strftime("%Y/%m/%d %H:%M:%S"), "ja", 0),
    (lambda at: str(int(at.timestamp())), None, 0),
    (lambda at: f"{at.timestamp() * 1000:.0f}", None, 0),
    (lambda at: at.strftime("%Y年%m月%d日 %H:%M:%S"), None, 8),
    (lambda at: f"{at.year}年{at.month}月{at.day}日 {at:%H時%M分%S秒}", "ja", 9),
    (lambda at: f"令和{at.year - 2018}年{at.month}月{at.day}日 {at:%H:%M:%S}", None, 9),
    (lambda at: f"民國{at.year - 1911}年{at.month}月{at.day}日 {at:%H:%M:%S}", None, 8),
    (lambda at: at.strftime(f"{at.year - 1911}%m%d %H:%M:%S"), None, 8),
    (lambda at: f"{at:%Y/%m/%d} {'上午' if at.hour < 12 else '下午'} {at:%I:%M:%S}", None, 8),
    (lambda at: f"{at:%Y-%m-%d} {'오전' if at.hour < 12 else '오후'} {at:%I:%M:%S}", None, 9),
    (lambda at: "".join(_HAN[int(n)] for n in f"{at.year}") + at.strftime("年%m月%d日 %H:%M:%S"), None, 8),
    (_named("ru", "{at.day} {cased} {at.year} г. {at:%H:%M:%S} МСК"), "ru", 3),
    (_named("uk", "{at:%H:%M:%S}, {at.day} {month} {at.year}"), "uk", 0),
    (_named("es", "{at.day} de {month} de {at.year} {at:%H:%M:%S}"), None, 0),
    (_named("pt", "{at.day} {cased} {at.year} {at:%Hh%Mm%Ss}"), "pt", 0),
    (_named("fr", "le {at.day} {month} {at.year} à {at:%H:%M:%S}"), None, 0),
    (_named("de", "{at.day}. {month} {at.year}, {at:%H.%M.%S} Uhr"), None, 0),
    (_named("tr", "{at.day} {cased} {at.year} {at:%H:%M:%S}"), "tr", 0),
    (_named("hu", "{at.year}. {month} {at.day}. {at:%H:%M:%S}"), None, 0),
    (_named("ar", "{at.day} {month} {at.year} {at:%H:%M:%S}"), None, 0),
    (_named("hi", "{at.day} {month} {at.year} {at:%H:%M:%S}"), None, 5.5),
    (lambda at: f"ngày {at.day} tháng {at.month} năm {at.year} {at:%H:%M:%S}", None, 7),
    (lambda at: _named("th", "{at.day} {month} พ.ศ. ")(at) + f"{at.year + 543} {at:%H:%M:%S} น.", None, 7),
]


@given(
    st.datetimes(datetime(2019, 6, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(_FORMS),
)
def test_a_moment_comes_back_from_every_form(
    moment: datetime, form: tuple[Callable[[datetime], str], str | None, float]
) -> None:
    write, language, hours = form
    moment = moment.replace(microsecond=0)
    local = moment + timedelta(hours=hours)
    assert parse_date(write(local), language=language) == moment


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    st.sampled_from(["Asia/Taipei", "Europe/Berlin", "America/New_York", "UTC"]),
)
def test_a_local_time_is_read_in_its_place(local: datetime, place: str) -> None:
    local = local.replace(
        microsecond=0, fold=0
    )  # a written hour does not say whether it is the second of its name
    wanted = local.replace(tzinfo=ZoneInfo(place)).astimezone(UTC)
    assert parse_date(f"{local:%Y-%m-%d %H:%M:%S}", timezone=place) == wanted
    assert parse_date(f"{local:%d %B %Y, %H:%M:%S}", timezone=place) == wanted


# --- what can't be true --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "date",
    [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 16, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1899, 12, 30, tzinfo=UTC),
        datetime(1900, 1, 1, tzinfo=UTC),
        datetime(1980, 1, 1, tzinfo=UTC),
    ],
)
def test_the_zero_of_a_clock_is_no_date(date: datetime) -> None:
    assert doubt(date, MOMENT) is Doubt.EPOCH
    assert doubt(date, MOMENT, evidence=[date]) is Doubt.EPOCH


def test_a_date_more_than_a_day_ahead_is_in_the_future() -> None:
    assert doubt(MOMENT + timedelta(days=2), MOMENT) is Doubt.FUTURE
    assert doubt(MOMENT + timedelta(hours=23), MOMENT) is None


def test_no_date_is_an_unreadable_one() -> None:
    assert doubt(None, MOMENT) is Doubt.UNREADABLE


def test_an_old_date_is_doubted_only_where_all_that_is_known_speaks_against_it() -> None:
    old, close = datetime(2001, 7, 31, tzinfo=UTC), datetime(2002, 9, 1, tzinfo=UTC)
    assert doubt(old, MOMENT) is None
    assert doubt(old, MOMENT, evidence=[MOMENT]) is Doubt.FAR
    assert doubt(old, MOMENT, evidence=[MOMENT, close]) is None
    assert doubt(MOMENT, MOMENT, evidence=[old]) is Doubt.FAR
    assert doubt(datetime(1923, 9, 2, tzinfo=UTC), MOMENT) is None
    assert doubt(datetime(1402, 12, 15, tzinfo=UTC), MOMENT) is Doubt.FAR  # no newspaper is so old


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://wire.test/2024/03/05/title", "2024-03-05"),
        ("https://wire.test/news/2024-03-05-title.html", "2024-03-05"),
        ("https://wire.test/news/20240305/1.html", "2024-03-05"),
        ("https://wire.test/news/afe/202403050101.aspx", "2024-03-05"),
        ("https://wire.test/2024/0305/c1.html", "2024-03-05"),
        ("https://wire.test/a?d=2024/03/05", None),
        ("https://wire.test/2024/03/title", None),
        ("https://wire.test/2024/13/05/title", None),
        ("https://wire.test/2023/02/30/title", None),
        ("https://wire.test/news/202403051", None),
        ("https://wire.test/news/320240305", None),
        (None, None),
    ],
)
def test_the_day_in_an_address_is_found(url: str | None, day: str | None) -> None:
    found = date_in_url(url)
    assert (found.date().isoformat() if found else None) == day


# --- anything ------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        "2024",
        "24",
        "13",
        "5",
        "1402",
        "2567",
        "113",
        "-",
        "/",
        ":",
        ".",
        " ",
        "T",
        "Z",
        "+",
        "08",
        ",",
        "0",
        "(",
        ")",
        "\\",
        "Mar",
        "mar",
        "mai",
        "de",
        "am",
        "PM",
        "h",
        "W10",
        "CST",
        "GMT",
        "Asia/Taipei",
        "Asia/No",
        "kl.",
        "年",
        "月",
        "日",
        "時",
        "下午",
        "晚上",
        "民國",
        "令和",
        "元",
        "二十",
        "十十",
        "百",
        "週二",
        "(火)",
        "년",
        "오후",
        "thang",
        "мая",
        "ม.ค.",
        "พ.ศ.",
        "آذار",
        "مهر",
        "٢٠٢٤",
        "२",
        "/Date(",
        "1709618828",
        "noon",
        "ﷺ",
        "\u200f",
    ]
)


@given(
    st.one_of(st.text(max_size=120), st.lists(_PIECES, max_size=14).map("".join)),
    st.sampled_from([None, "zh", "en", "en-US", "fa", "th", "ja", "vi", "x-y", "--"]),
    st.sampled_from([None, "Asia/Taipei", "America/New_York", "No/Where", "../etc"]),
)
def test_any_text_gives_aware_utc_or_none(text: str, language: str | None, timezone: str | None) -> None:
    date = parse_date(text, language=language, timezone=timezone)
    assert date is None or date.utcoffset() == timedelta(0)


@given(st.datetimes(datetime(1000, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)))
def test_an_iso_date_comes_back_to_the_second(date: datetime) -> None:
    assert parse_date(date.isoformat()) == date.replace(microsecond=0)
