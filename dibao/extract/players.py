"""Players and posts of other sites by their address: what each is, its own page, and its poster."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from dibao.urls import absolute

_NAMED_WORDS = "iframe video audio object blockquote oembed lite-youtube embed"
_AMP_WORDS = "iframe video audio youtube vimeo dailymotion twitter instagram facebook"
TAGS = frozenset([*_NAMED_WORDS.split(), *(f"amp-{name}" for name in _AMP_WORDS.split())])  # what may be one


class Player(NamedTuple):
    """What a player's address tells."""

    link: str  # the page that a reader can open
    kind: str  # "video", "audio" or "post"
    poster: str | None = None


# What an embedded address looks like, what it is, the address of its own page, and that of its poster or "".
_KINDS = (
    (
        r"(?:youtube(?:-nocookie)?\.com/(?:embed|v|e|shorts|live)/(?!videoseries|live_stream)|youtu\.be/|youtube\.com/watch\?(?:[^#]*&)?v=)"
        r"([\w-]{11})(?![\w-])",
        "video",
        "https://www.youtube.com/watch?v={}",
        "https://i.ytimg.com/vi/{}/hqdefault.jpg",
    ),
    (
        r"youtube(?:-nocookie)?\.com/embed/?(?:videoseries)?\?(?:[^#]*&)?list=([\w-]+)",
        "video",
        "https://www.youtube.com/playlist?list={}",
        "",
    ),
    (r"player\.vimeo\.com/video/(\d+)", "video", "https://vimeo.com/{}", ""),
    (
        r"dailymotion\.com/(?:embed/video/|player(?:/\w+)?\.html\?(?:[^#]*&)?video=)(\w+)",
        "video",
        "https://www.dailymotion.com/video/{}",
        "https://www.dailymotion.com/thumbnail/video/{}",
    ),
    (
        r"bilibili\.com/(?:\w+/)?(?:\w+\.)?(?:html)?\?(?:[^#]*&)?bvid=(BV\w+)",
        "video",
        "https://www.bilibili.com/video/{}",
        "",
    ),
    (
        r"bilibili\.com/(?:\w+/)?(?:\w+\.)?(?:html)?\?(?:[^#]*&)?aid=(\d+)",
        "video",
        "https://www.bilibili.com/video/av{}",
        "",
    ),
    (r"player\.youku\.com/embed/([\w=]+)", "video", "https://v.youku.com/v_show/id_{}.html", ""),
    (
        r"v\.qq\.com/(?:txp/)?iframe/player\.html\?(?:[^#]*&)?vid=(\w+)",
        "video",
        "https://v.qq.com/x/page/{}.html",
        "",
    ),
    (r"player\.twitch\.tv/\?(?:[^#]*&)?video=v?(\d+)", "video", "https://www.twitch.tv/videos/{}", ""),
    (r"streamable\.com/[eos]/(\w+)", "video", "https://streamable.com/{}", ""),
    (r"embed\.ted\.com/talks/([\w/-]+)", "video", "https://www.ted.com/talks/{}", ""),
    (r"rumble\.com/embed/(\w+)", "video", "https://rumble.com/embed/{}", ""),
    (r"embed\.nicovideo\.jp/watch/(\w+)", "video", "https://www.nicovideo.jp/watch/{}", ""),
    (r"ok\.ru/videoembed/(\d+)", "video", "https://ok.ru/video/{}", ""),
    (r"rutube\.ru/(?:play|video)/embed/(\w+)", "video", "https://rutube.ru/video/{}/", ""),
    (
        r"(?:jwplayer|jwplatform)\.com/players/(\w{8})-\w{8}\.(?:html|js)",
        "video",
        "https://cdn.jwplayer.com/previews/{}",
        "https://cdn.jwplayer.com/v2/media/{}/poster.jpg",
    ),
    (r"tiktok\.com/(?:embed(?:/v\d)?|player/v\d)/(\d+)", "video", "https://www.tiktok.com/@/video/{}", ""),
    (r"open\.spotify\.com/embed(?:-podcast)?/([a-z]+/\w+)", "audio", "https://open.spotify.com/{}", ""),
    (r"embed\.podcasts\.apple\.com/([^?#\s]+)", "audio", "https://podcasts.apple.com/{}", ""),
    (r"embed\.music\.apple\.com/([^?#\s]+)", "audio", "https://music.apple.com/{}", ""),
    (r"embed\.acast\.com/([\w-]+(?:/[\w-]+)?)", "audio", "https://shows.acast.com/{}", ""),
    (r"platform\.twitter\.com/embed/[^#]*[?&]id=(\d+)", "post", "https://twitter.com/i/status/{}", ""),
    (r"((?:twitter|x)\.com/\w+/status/\d+)", "post", "https://{}", ""),
    (r"instagram\.com/(?:[\w.]+/)?((?:p|reel|tv)/[\w-]+)", "post", "https://www.instagram.com/{}/", ""),
    (r"tiktok\.com/(@[\w.-]+/video/\d+)", "video", "https://www.tiktok.com/{}", ""),
    (r"threads\.(?:net|com)/(@[\w.]+/post/\w+)", "post", "https://www.threads.net/{}", ""),
    (r"(bsky\.app/profile/[\w.:-]+/post/\w+)", "post", "https://{}", ""),
    (r"//(t\.me/\w+/\d+)", "post", "https://{}", ""),
    (r"((?:m\.)?weibo\.(?:com|cn)/(?:tv/show|detail|status|\d+)/[\w:]+)", "post", "https://{}", ""),
    (r"(reddit\.com/r/\w+/comments/\w+)", "post", "https://www.{}/", ""),
)
_TABLE = tuple((re.compile(pattern), kind, link, poster) for pattern, kind, link, poster in _KINDS)
# Players that name the page they show in their own address, and in which part of it.
_NAMING = (
    (re.compile(r"facebook\.com/(?:v\d[\d.]*/)?plugins/video\.php"), "href", "video"),
    (re.compile(r"facebook\.com/(?:v\d[\d.]*/)?plugins/post\.php"), "href", "post"),
    (re.compile(r"w\.soundcloud\.com/player"), "url", "audio"),
    (re.compile(r"cdn\.iframe\.ly/|iframely\.net/|embedly\.com/widgets"), "url", "video"),
)
_FACEBOOK = re.compile(r"facebook\.com/[^?#]*/?(videos?|watch|reel|posts?|photos?|permalink\.php)(?=[/?.]|$)")
# What calls itself a player on any site.
_ANY = re.compile(
    r"/(?:video|audio|podcast)s?-?(?:embed|player)|/(?:embed|player|iframe)s?/(?:video|audio|podcast|episode)s?(?=[/?._-]|$)"
    r"|/videoembed/|//players?\.[^/]+/|/player\.html?(?=[?#]|$)|/embed/episode"
)
_NEVER = re.compile(
    r"doubleclick|googlesyndication|adservice|adsystem|/ads?/|[./]ads?\.|advert|analytics|recaptcha|disqus|comment|"
    r"chat|livefyre|consent|newsletter|login|outbrain|taboola|/like|share"
)
_SPOKEN = re.compile(r"audio|podcast|episode|radio")


def player(address: str | None) -> Player | None:
    """Return what an embedded address plays or shows, or None where it is no player."""
    if not address or len(address) > 2000:
        return None
    link = absolute("https://invalid.invalid/", address)
    if link is None or link.startswith("https://invalid.invalid"):
        return None
    return known(link) or _named(link) or _any(link)


def known(link: str) -> Player | None:
    """Return what an address of a site whose players are known plays or shows, or None."""
    for pattern, kind, page, poster in _TABLE:
        found = pattern.search(link)
        if found:
            return Player(page.format(found[1]), kind, poster.format(found[1]) or None)
    found = _FACEBOOK.search(link)
    if found and "/plugins/" not in link:
        return Player(link, "video" if found[1] in ("video", "videos", "watch", "reel") else "post")
    return None


def _named(link: str) -> Player | None:
    for pattern, part, kind in _NAMING:
        if pattern.search(link):
            said = parse_qs(urlsplit(link).query).get(part)
            page = absolute(None, unquote(said[0])) if said else None
            return (known(page) or Player(page, kind)) if page else None
    return None


def _any(link: str) -> Player | None:
    if not _ANY.search(link) or _NEVER.search(link):
        return None
    return Player(link, "audio" if _SPOKEN.search(link) else "video")
