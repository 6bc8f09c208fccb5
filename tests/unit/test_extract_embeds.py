"""Films, sounds and posts of other sites, and what JSON-LD states of pictures and films."""

import json

import pytest

from dibao.extract.clean import clean
from dibao.extract.embeds import stand
from dibao.extract.media import frame, shown
from dibao.extract.meta import read
from dibao.extract.pictures import repair
from dibao.extract.players import TAGS, player
from dibao.extract.stated import stated
from dibao.extract.tree import attribute, parse, strip_machinery, words
from dibao.model import Media

URL = "https://x.example/a/"
YOUTUBE = "https://www.youtube.com/watch?v=abcdefghijk"
POSTER = "https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg"


def stood(html: str) -> tuple[list[Media], str]:
    """Return what stands in the place of players, and the page without the rest of its machinery."""
    tree = parse(f"<body><p>Before.</p>{html}<p>After.</p></body>", URL)
    repair(tree, URL)
    found = stand(tree, URL)
    strip_machinery(tree)
    return list(found.values()), tree.body.html or "" if tree.body is not None else ""


@pytest.mark.parametrize(
    ("address", "link", "kind"),
    [
        ("https://www.youtube.com/embed/abcdefghijk?rel=0", YOUTUBE, "video"),
        ("//www.youtube-nocookie.com/embed/abcdefghijk", YOUTUBE, "video"),
        ("https://youtu.be/abcdefghijk?t=9", YOUTUBE, "video"),
        ("https://www.youtube.com/v/abcdefghijk&hl=en", YOUTUBE, "video"),
        (
            "https://www.youtube.com/embed/videoseries?list=PL12",
            "https://www.youtube.com/playlist?list=PL12",
            "video",
        ),
        ("https://player.vimeo.com/video/123?h=1", "https://vimeo.com/123", "video"),
        ("https://www.dailymotion.com/embed/video/x1a2", "https://www.dailymotion.com/video/x1a2", "video"),
        (
            "https://geo.dailymotion.com/player/x.html?video=x1a2",
            "https://www.dailymotion.com/video/x1a2",
            "video",
        ),
        (
            "//player.bilibili.com/player.html?aid=1&bvid=BV1xx&page=1",
            "https://www.bilibili.com/video/BV1xx",
            "video",
        ),
        (
            "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fx%2Fvideos%2F12%2F&width=500",
            "https://www.facebook.com/x/videos/12/",
            "video",
        ),
        (
            "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fx%2Fposts%2F12",
            "https://www.facebook.com/x/posts/12",
            "post",
        ),
        ("https://open.spotify.com/embed/episode/4xY?si=1", "https://open.spotify.com/episode/4xY", "audio"),
        (
            "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/x/y&auto_play=false",
            "https://soundcloud.com/x/y",
            "audio",
        ),
        (
            "https://embed.podcasts.apple.com/tw/podcast/x/id1",
            "https://podcasts.apple.com/tw/podcast/x/id1",
            "audio",
        ),
        ("https://v.qq.com/txp/iframe/player.html?vid=a1", "https://v.qq.com/x/page/a1.html", "video"),
        ("https://player.youku.com/embed/XMTA==", "https://v.youku.com/v_show/id_XMTA==.html", "video"),
        (
            "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=123",
            "https://twitter.com/i/status/123",
            "post",
        ),
        ("https://www.instagram.com/p/Ab-1/embed/captioned/", "https://www.instagram.com/p/Ab-1/", "post"),
        ("https://www.tiktok.com/embed/v2/123", "https://www.tiktok.com/@/video/123", "video"),
        ("https://news.example/video-embed/9", "https://news.example/video-embed/9", "video"),
        ("https://radio.example/embed/episode/9", "https://radio.example/embed/episode/9", "audio"),
    ],
)
def test_a_players_address_leads_to_the_page_a_reader_can_open(address: str, link: str, kind: str) -> None:
    found = player(address)
    assert found is not None
    assert (found.link, found.kind) == (link, kind)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.googletagmanager.com/ns.html?id=1",
        "https://googleads.g.doubleclick.net/pagead/ads?player=1",
        "https://ads.example/player/video/1",
        "https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fx.example",
        "https://platform.twitter.com/widgets/widget_iframe.html",
        "https://chat.example/embed/video/",
        "https://disqus.com/embed/comments/?base=default",
        "https://www.google.com/recaptcha/api2/anchor",
        "https://www.youtube.com/embed/live_stream?channel=1",
        "about:blank",
        "/relative/frame.html",
        "",
        None,
    ],
)
def test_what_plays_nothing_is_no_player(address: str | None) -> None:
    assert player(address) is None


@pytest.mark.parametrize(
    "html",
    [
        "<iframe src='https://www.youtube.com/embed/abcdefghijk' title='YouTube video player'></iframe>",
        "<div class=video><div><iframe data-src='//www.youtube.com/embed/abcdefghijk'></iframe></div></div>",
        "<iframe src='about:blank' data-cmp-src='https://www.youtube.com/embed/abcdefghijk'></iframe>",
        "<object data='https://www.youtube.com/v/abcdefghijk'><embed src='https://www.youtube.com/v/abcdefghijk'></object>",
        "<amp-youtube data-videoid=abcdefghijk layout=responsive width=4 height=3></amp-youtube>",
        "<lite-youtube videoid=abcdefghijk></lite-youtube>",
        "<figure><oembed url='https://www.youtube.com/watch?v=abcdefghijk'></oembed></figure>",
    ],
)
def test_a_film_of_another_site_becomes_a_link_with_its_poster(html: str) -> None:
    found, page = stood(html)
    assert found == [Media(url=YOUTUBE, kind="video"), Media(url=POSTER, candidates=(POSTER,))]
    before, _, after = page.partition(
        f'<a href="{YOUTUBE}"><img data-framed="" src="{POSTER}" alt=""></a></figure>'
    )
    assert "Before." in before
    assert "After." in after
    assert "iframe" not in page


def test_what_a_player_is_called_is_the_posters_alternative_text_and_its_caption_stays() -> None:
    found, page = stood(
        "<figure><div><iframe src='https://youtu.be/abcdefghijk' title='A day at the harbour'></iframe>"
        "</div><figcaption>The harbour at noon. (Reuters)</figcaption></figure>"
    )
    assert (found[0].caption, found[0].credit) == ("The harbour at noon. (Reuters)", "Reuters")
    assert 'alt="A day at the harbour"' in page
    assert page.count("The harbour at noon.") == 1


def test_a_players_buttons_are_no_caption() -> None:
    found, _ = stood(
        "<div><div><iframe src='https://player.vimeo.com/video/1'></iframe></div><div>Share this</div></div>"
    )
    assert [media.caption for media in found] == [None]


@pytest.mark.parametrize(
    ("html", "link", "kind"),
    [
        (
            "<iframe src='https://player.vimeo.com/video/1' title='Night ferry'></iframe>",
            "https://vimeo.com/1",
            "video",
        ),
        ("<audio controls src=/talk.mp3></audio>", "https://x.example/talk.mp3", "audio"),
        (
            "<video><source src=/film.m3u8><source src=/film.mp4></video>",
            "https://x.example/film.mp4",
            "video",
        ),
        ("<amp-video src=/film.mp4 layout=fill></amp-video>", "https://x.example/film.mp4", "video"),
        (
            "<div class=fb-post data-href=https://www.facebook.com/x/posts/1></div>",
            "https://www.facebook.com/x/posts/1",
            "post",
        ),
        (
            "<script src=https://telegram.org/js/telegram-widget.js data-telegram-post=x/1></script>",
            "https://t.me/x/1",
            "post",
        ),
        (
            "<amp-twitter data-tweetid=12 layout=responsive></amp-twitter>",
            "https://twitter.com/i/status/12",
            "post",
        ),
        (
            "<amp-instagram data-shortcode=Ab layout=responsive></amp-instagram>",
            "https://www.instagram.com/p/Ab/",
            "post",
        ),
    ],
)
def test_what_has_no_poster_becomes_a_paragraph_with_a_link(html: str, link: str, kind: str) -> None:
    found, page = stood(html)
    assert found == [Media(url=link, kind=kind)]
    assert f'<figure data-framed=""><p><a href="{link}">' in page


def test_a_link_without_a_poster_says_what_it_leads_to() -> None:
    player = "<iframe src=https://player.vimeo.com/video/1{}></iframe>"
    _, titled = stood(player.format(" title='Night ferry'"))
    _, captioned = stood(f"<figure>{player.format('')}<figcaption>The ferry at night.</figcaption></figure>")
    _, silent = stood(player.format(" title='vimeo-player'"))
    assert '<a href="https://vimeo.com/1">Night ferry</a>' in titled
    assert captioned.count("The ferry at night.") == captioned.count(">The ferry at night.</a>") == 1
    assert ">▶ vimeo.com</a>" in silent


def test_a_film_of_the_page_itself_has_its_own_poster() -> None:
    found, page = stood("<video poster=/still.jpg src=/film.mp4></video>")
    assert [media.kind for media in found] == ["video", "image"]
    assert (
        '<a href="https://x.example/film.mp4"><img data-framed="" src="https://x.example/still.jpg"' in page
    )


def test_the_still_of_a_film_that_has_no_file_is_a_picture() -> None:
    found, page = stood("<video poster=/still.jpg><source src='blob:https://x.example/1'></video>")
    assert found == [Media(url="https://x.example/still.jpg", candidates=("https://x.example/still.jpg",))]
    assert "<a" not in page


@pytest.mark.parametrize(
    "html",
    [
        "<video class=background-video src=/b.mp4 autoplay></video>",
        "<audio class=tts-player src=/read.mp3></audio>",
        "<video src=/film.mp4 style='display:none'></video>",
        "<iframe src=https://www.googletagmanager.com/ns.html></iframe>",
        "<blockquote class=quote><p>Words that somebody said to somebody.</p></blockquote>",
        "<div data-href=https://www.facebook.com/x/posts/1 class=share-button></div>",
    ],
)
def test_what_is_no_part_of_the_story_gets_no_figure(html: str) -> None:
    found, page = stood(html)
    assert found == []
    assert "figure" not in page


# --- posts ------------------------------------------------------------------------------------------

TWEET = (
    '<blockquote class="twitter-tweet" data-lang="en"><p>The ferry runs again from tomorrow.</p>Harbour '
    '(@harbour) <a href="https://twitter.com/harbour/status/12?ref_src=twsrc%5Etfw">4 March</a></blockquote>'
    '<script async src="https://platform.twitter.com/widgets.js"></script>'
)


def test_the_words_of_a_post_stay_a_quotation_with_a_clean_link() -> None:
    found, page = stood(TWEET)
    assert found == [Media(url="https://twitter.com/harbour/status/12", kind="post")]
    html = clean(page, URL)
    assert "<blockquote><p>The ferry runs again from tomorrow.</p>" in html
    assert 'href="https://twitter.com/harbour/status/12"' in html
    assert shown(html, {media.url: media for media in found}) == tuple(found)


def test_a_quoted_post_without_a_link_gets_the_one_it_is_known_by() -> None:
    _, page = stood(
        '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@harbour/video/7"><section>'
        "<p>How the new ferry is built, in a minute.</p></section></blockquote>"
    )
    html = clean(page, URL)
    assert "How the new ferry is built" in html
    assert 'href="https://www.tiktok.com/@harbour/video/7"' in html


def test_a_post_that_says_nothing_by_itself_is_only_a_link() -> None:
    found, page = stood(
        '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/Ab1/?utm_source=x">'
        "<p>View this post on Instagram</p><p>A post shared by Harbour (@harbour)</p></blockquote>"
    )
    assert found == [Media(url="https://www.instagram.com/p/Ab1/", kind="post")]
    assert "View this post" not in page


# --- in the order of the text -------------------------------------------------------------------------


def test_players_and_pictures_stand_in_the_order_of_the_page() -> None:
    tree = parse(
        "<body><p><img src=/1.jpg></p><p>One.</p><iframe src=https://player.vimeo.com/video/2></iframe><p>Two.</p>"
        "<p><img src=/3.jpg></p><p>Three.</p></body>",
        URL,
    )
    repair(tree, URL)
    framed = stand(tree, URL) | frame(tree)
    html = clean(tree.body.html or "" if tree.body is not None else "", URL)
    assert [media.url for media in shown(html, framed)] == [
        "https://x.example/1.jpg",
        "https://vimeo.com/2",
        "https://x.example/3.jpg",
    ]


def test_a_poster_is_not_framed_again() -> None:
    tree = parse("<body><iframe src=https://www.youtube.com/embed/abcdefghijk></iframe></body>", URL)
    repair(tree, URL)
    stand(tree, URL)
    assert frame(tree) == {}
    (image,) = tree.css("figure img")
    assert image.parent is not None
    assert attribute(image.parent, "href") == YOUTUBE


def test_films_side_by_side_are_all_kept() -> None:
    found, page = stood(
        "<div>"
        + "".join(f"<iframe src=https://player.vimeo.com/video/{n}></iframe>" for n in "123")
        + "</div>"
    )
    assert [media.url[-1] for media in found] == ["1", "2", "3"]
    assert page.count("<figure") == 3


def test_the_same_film_twice_stands_once() -> None:
    _, page = stood("<iframe src=https://player.vimeo.com/video/1></iframe>" * 2)
    assert page.count("<figure") == 1


# --- what is stated out of sight ------------------------------------------------------------------------


def page_with(*things: object) -> str:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)
    return f"<head>{scripts}</head><body><p>Text.</p></body>"


def test_captions_are_stated_by_picture_in_all_its_sizes() -> None:
    image = {
        "@type": "ImageObject",
        "url": "/i/harbour-9.jpg?w=1200",
        "caption": "The harbour &amp; its ferry.",
    }
    said = stated(parse(page_with({"@graph": [{"@type": "NewsArticle", "image": [image]}]}), URL), URL)
    assert said.captions == {"harbour-9.jpg": "The harbour & its ferry."}


def test_a_stated_film_leads_to_its_page_or_file() -> None:
    film = {
        "@type": ["VideoObject"],
        "name": "A day at the harbour",
        "embedUrl": "https://www.youtube.com/embed/abcdefghijk",
        "contentUrl": "https://x.example/f.mp4",
        "thumbnailUrl": ["https://x.example/t.jpg"],
    }
    said = stated(parse(page_with({"@type": "NewsArticle", "video": film}), URL), URL)
    assert said.films == (Media(url=YOUTUBE, kind="video", caption="A day at the harbour"),)
    assert said.posters == ("https://x.example/t.jpg",)
    film["embedUrl"] = "https://x.example/a-page"
    said = stated(parse(page_with(film), URL), URL)
    assert [media.url for media in said.films] == ["https://x.example/f.mp4"]


@pytest.mark.parametrize(
    "things",
    [
        [{"@type": "VideoObject", "contentUrl": f"https://x.example/{n}.mp4"} for n in range(3)],
        [
            {
                "@type": "ItemList",
                "itemListElement": [{"@type": "VideoObject", "contentUrl": "https://x.example/1.mp4"}],
            }
        ],
        [{"@type": "VideoObject", "url": "https://x.example/a-page"}],
        [{"@type": "VideoObject", "contentUrl": 7, "caption": ["x"]}],
    ],
)
def test_films_beside_the_article_or_without_a_file_are_not_its_own(things: list[object]) -> None:
    assert stated(parse(page_with(*things), URL), URL).films == ()


def test_broken_json_states_nothing() -> None:
    tree = parse(
        '<script type="application/ld+json">{"@type": "VideoObject", "caption"</script><p>Text.</p>', URL
    )
    assert stated(tree, URL).captions == {}
    assert words(tree.body) == "Text."


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_the_first_walk_meets_every_kind_of_player(tag: str) -> None:
    tree = parse(f'<html><body><p>Words</p><{tag} class="date"></{tag}></body></html>', URL)

    assert read(tree, url=URL, outlet=None, language=None, timezone=None).players == {tag}
