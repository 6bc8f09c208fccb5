"""Very short news: a headline, and one or two sentences among all that a site puts around them."""

import pytest

from dibao.errors import ExtractError
from dibao.extract import read_page

# Of each language: headline, site, section, a headline beside, notice of cookies, footer, day, byline.
WORDS = {
    "en": (
        "Ferry stops",
        "Harbour Times",
        "Section",
        "Harbour plans a second pier for next year",
        "We use cookies to improve your experience. By using this site you accept them.",
        "© 2026 Harbour Times. All rights reserved.",
        "12 March 2026",
        "By Jane Roe",
    ),
    "de": (
        "Fähre fällt aus",
        "Hafenblatt",
        "Ressort",
        "Hafen plant zweiten Anleger im nächsten Jahr",
        "Wir verwenden Cookies, um Ihr Erlebnis zu verbessern.",
        "© 2026 Hafenblatt. Alle Rechte vorbehalten.",
        "12.03.2026",
        "Von Erika Muster",
    ),
    "zh-Hant": (
        "渡輪停航",
        "港口日報",
        "欄目",
        "港務局計畫明年增建第二座碼頭",
        "本網站使用 Cookie，繼續瀏覽即表示同意。",
        "版權所有 © 2026 港口日報",
        "2026-03-12 10:00",
        "記者王小明／台北報導",
    ),
    "ja": (
        "フェリー欠航",
        "港新聞",
        "カテゴリ",
        "来年第二埠頭を建設へ、港湾局が計画を発表",
        "当サイトはクッキーを使用しています。",
        "© 2026 港新聞",
        "2026年3月12日",
        "山田太郎",
    ),
}
NEWS = [
    ("en", "The ferry is cancelled."),
    ("en", "The ferry to Gull Point stopped on Friday.\n\nIt will run again on Monday."),
    ("de", "Die Fähre nach Möwenort fällt am Freitag aus."),
    ("zh-Hant", "港務局今日宣布渡輪停航。\n\n明天恢復。"),
    ("zh-Hant", "港務局今天宣布受東北季風影響往返離島的渡輪全部停航預計明天上午恢復行駛"),
    (
        "zh-Hant",
        "港務局今天宣布受東北季風影響往返離島的渡輪全部停航\n\n預計上午恢復行駛 旅客可免費改票",
    ),
    ("ja", "フェリーは本日全便欠航です。\n\n明日再開します。"),
    ("ja", "港湾局は今日強風のためフェリーが全便欠航すると発表した\n\n明日の午前に再開する見通し"),
]
SHAPES = {
    "bare": "{headline}{text}",
    "in an article": "{head}<article>{headline}{meta}{text}</article>{related}{foot}",
    "above an article": "{head}{headline}{meta}<article>{text}</article>{foot}",
    "in main": "{head}<main>{headline}{meta}<div class=body>{text}</div>{related}</main>{foot}",
    "in boxes": "{head}<div class=left>{headline}{meta}<div class=content>{text}</div></div>{related}{foot}",
    "among cards": "{head}<main><article>{headline}{meta}{text}</article>{cards}</main>{foot}",
}


def page(language: str, text: str, shape: str) -> bytes:
    title, site, section, other, cookies, foot, day, byline = WORDS[language]
    menu = "".join(f"<li><a href=/{n}>{section} {n}</a></li>" for n in range(9))
    more = "".join(f"<li><a href=/r/{n}>{other} {n}</a></li>" for n in range(6))
    card = f"<article class=card><h3><a href=/c>{other}</a></h3><p>{other}, {other}.</p></article>"
    inside = SHAPES[shape].format(
        head=f"<div class=cookie>{cookies}</div><header>{site}</header><ul class=menu>{menu}</ul>",
        headline=f"<h1>{title}</h1>",
        meta=f"<div class=meta><span>{byline}</span> <time>{day}</time></div>",
        text="".join(f"<p>{line}</p>" for line in text.split("\n\n")),
        related=f"<div class=related><h3>{section}</h3><ul>{more}</ul></div>",
        cards=card * 4,
        foot=f"<div class=footer>{foot}</div>",
    )
    return f"<html lang={language}><title>{title} - {site}</title><body>{inside}</body></html>".encode()


def text_of(body: bytes) -> str:
    return read_page(body, url="https://harbour.example/a/1").text


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("language", "text"), NEWS)
def test_one_or_two_sentences_below_a_headline_are_an_article(language: str, text: str, shape: str) -> None:
    assert text_of(page(language, text, shape)) == text


def test_lines_apart_by_breaks_belong_together() -> None:
    body = page("zh-Hant", "港務局今日宣布渡輪停航<br><br>明日恢復", "bare")
    assert text_of(body) == "港務局今日宣布渡輪停航\n\n明日恢復"


def test_a_single_line_without_headline_is_an_article_where_nothing_else_is_there() -> None:
    assert text_of("<p>港務局今日宣布渡輪停航，明日恢復。".encode()) == "港務局今日宣布渡輪停航，明日恢復。"


def test_the_only_article_of_a_page_without_headline_is_read() -> None:
    body = page("en", "The ferry to Gull Point stopped on Friday.", "above an article")
    body = body.replace(b"<h1>Ferry stops</h1>", b"")
    assert text_of(body) == "The ferry to Gull Point stopped on Friday."


def test_a_flash_that_says_its_headline_again_is_an_article() -> None:
    flash = "渡輪今日全部停航預計明天恢復"
    assert (
        text_of(f"<title>{flash}</title><main><h1>{flash}</h1><p>{flash}。</p></main>".encode())
        == f"{flash}。"
    )


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<div id=root>Loading...</div>",
        "<h1>渡輪</h1><div>正在載入，請稍候</div>",
        "<center><h1>404 Not Found</h1></center><hr><center>nginx</center>",
        "<h1>Ferry stops</h1><p class=byline>By Jane Roe</p><p>12 March 2026</p>",
    ],
)
def test_a_page_of_menus_and_signs_holds_no_article(inside: str) -> None:
    menu = "".join(f"<li><a href=/{n}>Section {n}</a></li>" for n in range(9))
    with pytest.raises(ExtractError, match="no article"):
        text_of(f"<title>Ferry stops</title><ul class=menu>{menu}</ul>{inside}".encode())


def test_what_stands_before_a_short_text_is_left_out_and_the_text_stays() -> None:
    news = "Police said on Friday that the missing boat had been found empty, and the search would go on."
    assert text_of(page("en", news, "in main")) == news
