import pytest
from hypothesis import given
from hypothesis import strategies as st

from dibao.charset import decode, to_utf8

TAIWAN = "臺北市今天氣溫驟降，氣象署發布低溫特報"
CHINA = "北京今天气温骤降，气象台发布低温预警"
JAPAN = "東京は今日、気温が急に下がりました"
KOREA = "서울은 오늘 기온이 크게 떨어졌습니다"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (TAIWAN, "utf-8"),
        (TAIWAN, "big5"),
        (CHINA, "gb2312"),
        (CHINA, "gb18030"),
        (JAPAN, "shift_jis"),
        (JAPAN, "euc_jp"),
        (KOREA, "euc_kr"),
        ("Сегодня в Москве похолодало", "cp1251"),
        ("Température en baisse à Orléans, dès ce soir – déjà", "cp1252"),
        ("<html>" + TAIWAN, "utf-16-le"),
        ("<html>" + TAIWAN, "utf-16-be"),
    ],
)
def test_text_is_read_without_any_declaration(text: str, codec: str) -> None:
    assert decode(text.encode(codec))[0] == text


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_outranks_the_header_and_is_no_text(codec: str) -> None:
    assert decode(TAIWAN.encode(codec), content_type="text/xml; charset=iso-8859-1") == (TAIWAN, ())


@pytest.mark.parametrize(
    ("declared", "codec"),
    [("utf-8", "gbk"), ("iso-8859-1", "gbk"), ("big5", "gbk"), ("gbk", "utf-8"), ("utf-16", "utf-8")],
)
def test_a_wrong_declaration_is_repaired_and_noted(declared: str, codec: str) -> None:
    text, notes = decode(CHINA.encode(codec), content_type=f"text/html; charset={declared}")
    assert text == CHINA
    assert len(notes) == 1
    assert declared in notes[0]


def test_traditional_text_in_gbk_is_read_though_declared_utf8() -> None:
    assert decode("臺灣圖書館".encode("gbk"), content_type="text/xml; charset=utf-8")[0] == "臺灣圖書館"


def test_the_header_outranks_the_xml_declaration() -> None:
    body = b'<?xml version="1.0" encoding="iso-8859-1"?>' + "é".encode("cp1250")
    assert decode(b"\xb9", content_type="text/xml; charset=windows-1250")[0] == "ą"
    assert decode(body, content_type="text/xml; charset=windows-1250")[0].endswith("é")


def test_the_xml_declaration_and_the_html_meta_are_heard() -> None:
    polish = "\xb9\xea".encode("latin-1")
    assert decode(b'<?xml version="1.0" encoding="windows-1250"?>' + polish)[0].endswith("ąę")
    assert decode(b'<meta charset="windows-1250">' + polish)[0].endswith("ąę")
    legacy = b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1250">'
    assert decode(legacy + polish)[0].endswith("ąę")


def test_gb2312_means_gb18030_and_big5_has_the_hong_kong_characters() -> None:
    assert decode(("嗞" + CHINA).encode("gb18030"), content_type="x/y; charset=gb2312")[0] == "嗞" + CHINA
    assert decode(("啲嘢" + TAIWAN).encode("big5hkscs"), content_type="x/y; charset=big5")[0][:2] == "啲嘢"


def test_two_characters_of_gbk_that_are_also_good_utf8_follow_the_declaration() -> None:
    assert decode("联通".encode("gbk"), content_type="text/html; charset=gbk")[0] == "联通"


def test_one_bad_byte_costs_one_character_of_utf8() -> None:
    text, notes = decode(TAIWAN.encode() + b"\xff" + TAIWAN.encode())
    assert text == TAIWAN + "\ufffd" + TAIWAN
    assert notes == ("1 unreadable in utf-8, replaced",)


def test_one_bad_byte_costs_one_character_of_gbk() -> None:
    text, notes = decode(CHINA.encode("gbk") + b"\xff," + CHINA.encode("gbk"), content_type="x/y;charset=gbk")
    assert text == CHINA + "\ufffd," + CHINA
    assert notes == ("1 unreadable in gb18030, replaced",)


def test_replacement_characters_the_author_wrote_are_not_counted() -> None:
    assert decode((TAIWAN + "\ufffd").encode()) == (TAIWAN + "\ufffd", ())


def test_a_dash_of_windows_1252_between_letters_is_not_japanese() -> None:
    assert decode(b"cooler\x97a lean")[0] == "cooler—a lean"


@pytest.mark.parametrize("declared", ["utf-7", "rot13", "x-nonsense", "unicode_escape", "idna", "\x00"])
def test_what_is_no_charset_of_the_web_is_never_used(declared: str) -> None:
    body = b"+ADw-script+AD4- \\u0041"
    assert decode(body, content_type=f"text/html; charset={declared}")[0] == body.decode()


@given(
    st.binary(), st.sampled_from([None, "big5", "gbk", "utf-8", "utf-16", "latin-1", "euc-kr", "iso-2022-jp"])
)
def test_any_bytes_become_text(body: bytes, charset: str | None) -> None:
    text, _ = decode(body, content_type=f"x/y; charset={charset}" if charset else None)
    text.encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1b\ufeff"), min_size=1))
def test_undeclared_utf8_is_always_read_as_such(text: str) -> None:
    assert decode(text.encode()) == (text, ())


def test_nothing_is_good_utf_8() -> None:
    assert to_utf8(b"") == (b"", "utf-8", ())


def test_one_such_pair_in_good_utf_8_is_what_somebody_writes_about() -> None:
    text = "The name is shown as JosÃ© instead."
    assert to_utf8(text.encode()).utf8 == text.encode()
