"""Lazy pictures, their captions and credits."""

import pytest

from dibao.extract.captions import credit_in
from dibao.extract.media import frame, lead, named, shown, with_films
from dibao.extract.occasions import told
from dibao.extract.pictures import CANDIDATES, repair, srcset
from dibao.extract.tree import attribute, children, kind, parse
from dibao.model import Media

URL = "https://x.example/a/"


def repaired(html: str) -> list[tuple[str, list[str]]]:
    tree = parse(html, URL)
    repair(tree, URL)
    return [(attribute(image, "src"), attribute(image, CANDIDATES).split()) for image in tree.css("img")]


def repaired_all(html: str) -> list[tuple[str, list[str]]]:
    tree = parse(f"<body>{html}</body>", URL)
    repair(tree, URL)
    images = tree.css("img,amp-img")
    return [(attribute(image, "src"), attribute(image, CANDIDATES).split()) for image in images]


def framed(html: str, title: str = "") -> list[Media]:
    tree = parse(f"<body><h1>{title}</h1>{html}<p>{'The text of the article. ' * 20}</p></body>", URL)
    repair(tree, URL)
    return list(frame(tree, title, url=URL).values())


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


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        # what the page says by an attribute of its own
        ('<img src="/s.jpg" data-large-src="/l.jpg">', ["l", "s"]),
        ('<img src="/l.jpg" data-thumb-src="/s.jpg">', ["l"]),
        # a small picture links to the large one, but not where the offered one is large already
        ('<a href="/l.jpg"><img src="/s.jpg" srcset="/m.jpg 300w"></a>', ["l", "m", "s"]),
        ('<a href="/l.jpg"><img srcset="/m.jpg 1600w"></a>', ["m", "l"]),
        ('<a href="/wiki/File:l.jpg"><img src="/s.jpg"></a>', ["s"]),
        ('<a href="/story.html"><img src="/s.jpg"></a>', ["s"]),
        # <picture>: the widest screen's source; what few programs read comes last
        (
            '<picture><source media="(min-width: 400px)" srcset="/m.jpg"><source media="(min-width: 900px)" '
            'srcset="/l.jpg"><source type="image/avif" srcset="/n.avif"><img src="/s.jpg"></picture>',
            ["l", "m", "s", "n.avif"],
        ),
        # AMP
        ('<amp-img src="/s.jpg" srcset="/s.jpg 320w, /l.jpg 1080w"></amp-img>', ["l", "s"]),
        # noscript beside the lazy one, before or after, as elements or as text
        ('<div><img data-src="/s.jpg"><noscript><img src="/l.jpg"></noscript></div>', ["s", "l"]),
        ('<div><noscript><img src="/l.jpg"></noscript><img data-src="/s.jpg"></div>', ["s", "l"]),
        ("<div><noscript>&lt;img src='/l.jpg'&gt;</noscript></div>", ["l"]),
        (
            "<div><img src='data:image/gif;base64,R0'><noscript>&lt;img src='/l.jpg'&gt;</noscript></div>",
            ["l"],
        ),
        # a picture that is only the background of its box
        ('<div class="hero-image" style="color: red; background-image: url(\'/l.jpg\')"></div>', ["l"]),
        ('<figure style="background: #fff url(/l.jpg) center"></figure>', ["l"]),
        ('<div class="lead-photo lazy" data-bg="/l.jpg"></div>', ["l"]),
        ('<div class="wrapper" style="background-image: url(/pattern.jpg)"></div>', []),
        ('<div class="hero" style="background-image: url(/l.jpg)"><h1>Headline</h1></div>', []),
        # blurs and tiny copies stand in until the picture is there
        ('<img src="/p.jpg?w=20&blur=50" data-src="/l.jpg?w=900">', ["l.jpg?w=900"]),
        ('<img src="/l.jpg?w=32" srcset="/l.jpg?w=640 640w">', ["l.jpg?w=640", "l.jpg?w=32"]),
    ],
)
def test_every_form_of_a_picture_is_read_the_largest_first(html: str, wanted: list[str]) -> None:
    found = [candidates or [address] for address, candidates in repaired_all(html)]
    assert found == (
        [[f"https://x.example/{name if '.' in name else name + '.jpg'}" for name in wanted]] if wanted else []
    )


def test_the_width_that_an_address_states_counts_where_none_is_said() -> None:
    ((address, _),) = repaired(
        '<img src="/i/w_320/p.jpg" data-src="/i/w_1280/p.jpg" data-original="/i/w_640/p.jpg">'
    )
    assert address == "https://x.example/i/w_1280/p.jpg"


def test_the_original_comes_before_the_sizes_made_of_it() -> None:
    ((address, candidates),) = repaired(
        '<img src="/up/p.jpg" srcset="/made/600w/up/p.jpg 600w, /made/1080w/up/p.jpg 1080w">'
    )
    assert address == "https://x.example/up/p.jpg"
    assert len(candidates) == 3


def test_a_resizers_address_that_the_page_shows_is_kept_where_another_is_hardly_larger() -> None:
    ((address, _),) = repaired(
        '<img src="/p.jpg?resize=1100%2C825" srcset="/p.jpg?w=1280 1280w, /p.jpg?resize=300%2C225 300w">'
    )
    assert address == "https://x.example/p.jpg?resize=1100%2C825"


def test_a_counter_in_a_noscript_is_no_picture() -> None:
    assert repaired_all('<noscript><img height=1 width=1 src="/p.gif?id=1"></noscript>') == []


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
        # the caption stands in the same paragraph, before the picture, or in a sibling further out
        f"<p><img src=/p.jpg><br>▲{CAPTION}</p>",
        f"<p class=photo-caption><img src=/p.jpg>{CAPTION}</p>",
        f"<p>▼ {CAPTION}</p><p><img src=/p.jpg></p>",
        f"<div class=image-text>{CAPTION}</div><div><img src=/p.jpg></div>",
        f"<div><a href=/p-large.jpg><span><img src=/p.jpg></span></a></div><p></p>"
        f"<p class=wp-caption-text>{CAPTION}</p>",
        f"<figure><div><img src=/p.jpg></div><div><div class=legend>{CAPTION}</div></div></figure>",
        f"<div class=imgbox><div><img src=/p.jpg></div><h3>{CAPTION}</h3></div>",
        # a line that is written otherwise than the text
        f"<p><img src=/p.jpg></p><p style='text-align: center'>{CAPTION}</p><p>Text.</p>",
        f"<p><img src=/p.jpg></p><p><em>{CAPTION}</em></p><p>Text.</p>",
        # attributes
        f"<img src=/p.jpg data-caption='&lt;p&gt;{CAPTION}&lt;/p&gt;'>",
        f"<img src=/p.jpg title='{CAPTION}'>",
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
        "<p><img src=/p.jpg> The first paragraph, in which a picture stands.</p>",
        "<p><img src=/p.jpg></p><p><em>An introduction in italics.</em></p><p><em>And more of it.</em></p>",
        "<p style='text-align:center'><img src=/p.jpg></p><p style='text-align:center'>All is centred.</p>"
        "<p style='text-align:center'>To the end.</p>",
        "<p>The paragraph before.</p><p><img src=/p.jpg></p>",
        "<div class=media><a href=https://y.example/><img src=/p.jpg></a><div>Another's headline</div></div>",
        "<p><img src=/p.jpg></p><p><em>See <a href=/more.html>the guide</a> for more.</em></p><p>Text.</p>",
        "<div class=hero-image><img src=/p.jpg><h2>A bridge closes for repairs.</h2></div>",
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
        "<img src=/count/pixel.gif>",
        "<img src=/p.jpg style='display: none'>",
        "<img src=/p.jpg hidden>",
        "<div class=author-card><div><img src=/ada.jpg></div></div>",
        "<a class=logo href=/><img src=/x.png></a>",
    ],
)
def test_decoration_is_no_picture(html: str) -> None:
    assert framed(html) == []


@pytest.mark.parametrize(
    "html",
    [
        "<a href=/other.html><div><img src=/p.jpg><div>Another story's headline</div></div></a>",
        "<div><a href=/o.html><img src=/p.jpg></a><p><a href=/o.html>Another story's headline</a></p></div>",
        "<ul><li><a href=https://www.x.example/o><img src=/p.jpg></a><h3><a href=https://www.x.example/o>"
        "Another story's headline</a></h3></li></ul>",
    ],
)
def test_a_picture_beside_another_pages_headline_is_not_of_this_page(html: str) -> None:
    assert framed(html) == []


@pytest.mark.parametrize(
    "html",
    [
        "<a href=/photo/9.html><img src=/p.jpg></a>",  # a page for the picture itself
        "<a href=/p-large.jpg><img src=/p.jpg></a><p><a href=/p-large.jpg>Show it in full size</a></p>",
        "<a href=/other.html><img src=/p.jpg></a><p>The text.</p>",
        "<a href=https://y.test/9><img src=/p.jpg></a><p><a href=https://y.test/9>The tent we tried</a></p>",
        f"<a href=/other.html><figure><img src=/p.jpg><figcaption>{CAPTION}</figcaption></figure></a>",
    ],
)
def test_a_picture_that_links_somewhere_is_kept_where_no_headline_does(html: str) -> None:
    assert len(framed(html)) == 1


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("施工中的碼頭。（海風社）", "海風社"),
        ("The pier in spring. (Reuters)", "Reuters"),
        ("The pier in spring. Photo: Mary Example/AFP", "Mary Example/AFP"),
        ("The pier. Photograph by Mary Example", "Mary Example"),
        ("施工中的碼頭。（圖／記者王小明攝）", "王小明"),
        ("图片来源：王小明", "王小明"),
        ("Die Brücke am Abend. Foto: Mary Example/dpa", "Mary Example/dpa"),
        ("Le pont. Crédit photo : Mary Example", "Mary Example"),
        ("The pier at night © Mary Example", "Mary Example"),
        ("施工中的码头。（中新社）", "中新社"),
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


@pytest.mark.parametrize(
    ("html", "caption", "credit"),
    [
        # a credit on its own line below the caption
        (
            f"<div class=imgbox><div><img src=/p.jpg></div><b>{CAPTION}</b><p>Photo: Mary Example</p></div>",
            CAPTION,
            "Mary Example",
        ),
        # nothing but a credit: the caption is the alt
        (
            f"<div><img src=/p.jpg alt='{CAPTION}'><span class=credit>Mary Example</span></div>",
            CAPTION,
            "Mary Example",
        ),
        (f"<p><img src=/p.jpg alt='{CAPTION}'></p><p>圖／王小明</p>", CAPTION, "王小明"),
        ("<p><img src=/p.jpg></p><p>Photo: Mary Example</p>", None, "Mary Example"),
        (f"<img src=/p.jpg alt='{CAPTION}' data-credit='Mary Example'>", CAPTION, "Mary Example"),
        # what the page calls a caption is one, whatever it says
        (
            "<figure><img src=/p.jpg><figcaption>Photo by Mary Example</figcaption></figure>",
            "Photo by Mary Example",
            "Mary Example",
        ),
    ],
)
def test_a_credit_stands_apart_from_the_caption(html: str, caption: str | None, credit: str) -> None:
    (media,) = framed(html)
    assert (media.caption, media.credit) == (caption, credit)


def test_each_picture_of_a_gallery_has_its_own_caption_in_order() -> None:
    pictures = "".join(f"<div><img src=/{n}.jpg></div><div class=caption>Picture {n}</div>" for n in "abc")
    assert [(media.url[-5:], media.caption) for media in framed(f"<div class=gallery>{pictures}</div>")] == [
        (f"{n}.jpg", f"Picture {n}") for n in "abc"
    ]


def test_captions_in_one_figure_go_to_the_pictures_in_the_same_place() -> None:
    pictures = "".join(f"<img src=/{n}.jpg><figcaption>Picture {n}</figcaption>" for n in "ab")
    assert [media.caption for media in framed(f"<figure>{pictures}</figure>")] == ["Picture a", "Picture b"]


def test_a_headline_at_the_start_of_the_alt_is_no_caption() -> None:
    (media,) = framed(f"<img src=/p.jpg alt='A bridge closes - {CAPTION}'>", "A bridge closes")
    assert media.caption == CAPTION


def test_a_caption_that_is_stated_out_of_sight_comes_before_the_alt() -> None:
    tree = parse(
        "<img src='/i/harbour-9.jpg?w=1' alt='An alternative text for those who see no picture.'>", URL
    )
    repair(tree, URL)
    framed = frame(tree, "", {named("https://cdn.example/large/harbour-9.jpg"): CAPTION})
    assert [media.caption for media in framed.values()] == [CAPTION]


def test_what_stands_around_a_picture_and_nothing_else_goes_with_it() -> None:
    tree = parse(
        f"<p>Before.</p><div><a href=/l.html><span><img src=/p.jpg></span></a></div><p>{CAPTION}</p>",
        URL,
    )
    repair(tree, URL)
    frame(tree)
    body = tree.body
    assert body is not None
    assert [kind(node) for node in children(body)] == ["p", "figure", "p"]


def test_a_picture_that_stands_twice_is_shown_once() -> None:
    assert len(framed("<div><img src=/p.jpg></div><p>Text.</p><p><img src=/p.jpg></p>")) == 1


# --- what an article shows ------------------------------------------------------------------------

PICTURE = Media(url="https://x.example/p.jpg")
FILM = Media(url="https://v.example/watch?v=1&t=2", kind="video")


def test_media_stand_in_the_order_of_the_text_but_a_picture_first() -> None:
    html = (
        '<p><a href="https://v.example/watch?v=1&amp;t=2" rel="nofollow">▶ v.example</a></p>'
        '<figure><img src="https://x.example/p.jpg" alt=""></figure><p><a href="https://x.example/">x</a></p>'
    )
    assert shown(html, {FILM.url: FILM, PICTURE.url: PICTURE}) == (PICTURE, FILM)


def test_where_no_picture_is_shown_the_one_for_sharing_leads_with_its_stated_caption() -> None:
    offered = ["https://x.example/logo.png", "https://x.example/harbour-9.jpg"]
    (first, second) = lead((FILM,), offered, {"harbour-9.jpg": CAPTION})
    assert (first.url, first.caption, second) == (offered[1], CAPTION, FILM)
    assert lead((PICTURE,), offered) == (PICTURE,)


def test_a_stated_film_is_added_where_none_is_shown() -> None:
    assert with_films((PICTURE,), [FILM]) == (PICTURE, FILM)
    other = Media(url="https://v.example/watch?v=2", kind="video")
    assert with_films((PICTURE, other), [FILM]) == (PICTURE, other)


# --- what a caption tells of its picture -------------------------------------------------------------


@pytest.mark.parametrize(
    ("caption", "is_file", "when"),
    [
        ("圖為2020年3月基隆港外的渡輪，當時還沒有新碼頭。", True, "2020-03"),
        ("渡輪停在舊碼頭邊，等候乘客上船。（資料照片）", True, None),
        ("The ferry at its old pier in the harbour on March 4, 2020 (file photo).", True, "2020-03-04"),
        ("Die Fähre am alten Anleger im Hafen der Stadt (Archivbild).", True, None),
        ("The ferry leaves its new pier for the first time on Monday.", False, None),
    ],
)
def test_a_caption_tells_that_a_picture_was_taken_on_another_occasion(
    caption: str, is_file: bool, when: str | None
) -> None:
    (media,) = framed(f'<figure><img src="/ferry.jpg"><figcaption>{caption}</figcaption></figure>')
    assert (media.caption, media.file_photo, media.taken) == (caption, is_file, when)


def test_a_picture_whose_caption_says_nothing_else_stays_as_it_is() -> None:
    media = Media(url="https://x.example/p.jpg", caption="The ferry at its pier.")
    assert told(media) is media


def test_whose_a_picture_is_stays_as_the_page_marks_it() -> None:
    caption = "The ferry at its pier. (Photo: Ann Miller)"
    marked = Media(url="https://x.example/p.jpg", caption=caption, credit="Harbour Office")
    assert told(marked).credit == "Harbour Office"
    assert told(Media(url="https://x.example/p.jpg", caption=caption)).credit == "Ann Miller"


def test_a_picture_that_is_only_offered_for_sharing_is_told_of_too() -> None:
    link = "https://x.example/img/ferry-at-pier.jpg"
    (media,) = lead((), [link], {named(link): "The ferry at its old pier in 2019 (file photo)."})
    assert media.file_photo
