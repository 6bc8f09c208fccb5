"""Lazy pictures, their captions and credits."""

import pytest

from dibao.extract.captions import credit_in
from dibao.extract.media import frame
from dibao.extract.pictures import CANDIDATES, repair, srcset
from dibao.extract.tree import attribute, parse
from dibao.model import Media

URL = "https://x.example/a/"


def repaired(html: str) -> list[tuple[str, list[str]]]:
    tree = parse(html, URL)
    repair(tree, URL)
    return [(attribute(image, "src"), attribute(image, CANDIDATES).split()) for image in tree.css("img")]


def framed(html: str, title: str = "") -> list[Media]:
    tree = parse(f"<body><h1>{title}</h1>{html}<p>{'The text of the article. ' * 20}</p></body>", URL)
    repair(tree, URL)
    return list(frame(tree, title).values())


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ('<img src="p.jpg">', "https://x.example/a/p.jpg"),
        ('<img src="data:image/gif;base64,R0" data-src="/p.jpg">', "https://x.example/p.jpg"),
        ('<img src="/blank.gif" data-original="/p.jpg">', "https://x.example/p.jpg"),
        ('<img class=lazyload data-srcset="/s.jpg 400w, /l.jpg 1200w">', "https://x.example/l.jpg"),
        ('<img src="/s.jpg" srcset="/s.jpg 1x,/l.jpg 2x">', "https://x.example/l.jpg"),
        (
            '<img srcset="/w_800,h_600/a.jpg 800w, /w_80,h_60/a.jpg 80w">',
            "https://x.example/w_800,h_600/a.jpg",
        ),
        ('<picture><source srcset="/b.jpg 900w"><img src="/s.jpg"></picture>', "https://x.example/b.jpg"),
        (
            '<picture><source type="image/webp" srcset="/b.webp"><img src="/s.jpg"></picture>',
            "https://x.example/s.jpg",
        ),
        (
            '<picture><source media="(min-width: 900px)" '
            'data-srcset="/b.jpg"><img data-src="/s.jpg"></picture>',
            "https://x.example/b.jpg",
        ),
        (
            '<img src="/blank.gif" class=lazy><noscript><img src="/p.jpg"></noscript>',
            "https://x.example/p.jpg",
        ),
        ('<div><noscript><img src="/p.jpg"></noscript></div>', "https://x.example/p.jpg"),
        ('<img src="{{ picture }}" data-src="/p.jpg">', "https://x.example/p.jpg"),
        ('<img src="//cdn.example/p.jpg">', "https://cdn.example/p.jpg"),
    ],
)
def test_a_lazy_picture_gets_its_largest_address(html: str, wanted: str) -> None:
    ((address, _),) = repaired(html)
    assert address == wanted


@pytest.mark.parametrize(
    "html", ["<img>", '<img src="javascript:alert(1)">', "<img src='data:image/gif;base64,R0'>"]
)
def test_an_image_without_an_address_is_dropped(html: str) -> None:
    assert repaired(html) == []


def test_all_addresses_are_kept_the_largest_first() -> None:
    ((_, candidates),) = repaired('<img src="/m.jpg" srcset="/s.jpg 100w, /l.jpg 900w, /m.jpg 400w">')
    assert candidates == [f"https://x.example/{name}.jpg" for name in "lms"]


def test_a_noscript_copy_of_a_good_picture_is_dropped() -> None:
    assert len(repaired('<img data-src="/p.jpg"><noscript><img src="/p.jpg"></noscript>')) == 1


def test_a_srcset_is_read_as_browsers_do() -> None:
    assert list(srcset("a.jpg 100w,  b,c.jpg 1.5x, d.jpg")) == [
        (100, "a.jpg"),
        (1500, "b,c.jpg"),
        (0, "d.jpg"),
    ]


CAPTION = "Workers tie down the cables."


@pytest.mark.parametrize(
    "html",
    [
        f"<figure><img src=/p.jpg><figcaption>{CAPTION}</figcaption></figure>",
        f"<figure><a href=/x><div><img src=/p.jpg></div></a>"
        f"<figcaption><p>{CAPTION}</p></figcaption></figure>",
        f"<div><div><img src=/p.jpg></div><div>{CAPTION}</div></div>",
        f"<div><img src=/p.jpg><span class='photo-caption'>{CAPTION}</span></div>",
        f"<div><p><img src=/p.jpg></p><p class='image_caption'>{CAPTION}</p></div>",
        f"<p><img src=/p.jpg></p><p>▲ {CAPTION}</p>",
        f"<p><img src=/p.jpg alt='{CAPTION}'></p><div>{CAPTION}</div>",
        f"<div><div><img src=/p.jpg></div><div><figure><figcaption>"
        f"{CAPTION}</figcaption></figure></div></div>",
        f"<div><img src=/p.jpg alt='{CAPTION}'></div>",
    ],
)
def test_the_caption_is_found_wherever_it_stands(html: str) -> None:
    assert [media.caption for media in framed(html)] == [CAPTION]


@pytest.mark.parametrize(
    "html",
    [
        "<p><img src=/p.jpg></p><p>The first paragraph of the text.</p>",
        "<article><img src=/p.jpg><div>The first paragraph of the text.</div><div>And more.</div></article>",
        "<img src=/p.jpg alt='A bridge closes for repairs.'>",
        "<img src=/p.jpg alt='IMG_2044.jpg'>",
    ],
)
def test_what_is_no_caption_is_not_taken_for_one(html: str) -> None:
    assert [media.caption for media in framed(html, "A bridge closes for repairs.")] == [None]


def test_a_caption_stands_once_and_in_a_figure() -> None:
    tree = parse(f"<div><div><img src=/p.jpg></div><div>{CAPTION}</div></div>", URL)
    repair(tree, URL)
    frame(tree)
    assert (tree.html or "").count(CAPTION) == 1
    assert CAPTION in (tree.css("figure > figcaption")[0].text() or "")


@pytest.mark.parametrize(
    "html",
    [
        "<img src=/p.jpg width=1 height=1>",
        "<img src=/p.jpg width=32>",
        "<img src=/static/logo.png>",
        "<span class=avatar><img src=/p.jpg></span>",
        "<img src=/icons/share.png>",
        "<img src=/_/stat?event=view>",
    ],
)
def test_decoration_is_no_picture(html: str) -> None:
    assert framed(html) == []


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("施工中的碼頭。（海風社）", "海風社"),
        ("The pier in spring. (Reuters)", "Reuters"),
        ("The pier in spring. Photo: Mary Example/AFP", "Mary Example/AFP"),
        ("The pier. Photograph by Mary Example", "Mary Example"),
        ("施工中的碼頭。（圖／記者王小明攝）", "記者王小明攝"),
        ("图片来源：王小明", "王小明"),
        ("The pier (in spring)", None),
        ("施工中的碼頭（左）", None),
    ],
)
def test_a_credit_is_read_from_the_end_of_a_caption(caption: str, credit: str | None) -> None:
    assert credit_in(caption) == credit


def test_a_credit_that_stands_apart_is_not_in_the_caption() -> None:
    (media,) = framed(
        f"<figure><img src=/p.jpg><figcaption>{CAPTION} <span class=credit>"
        f"Photo: Mary Example</span></figcaption></figure>"
    )
    assert (media.caption, media.credit) == (CAPTION, "Mary Example")
