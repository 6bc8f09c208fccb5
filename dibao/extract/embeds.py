"""Films, sounds and posts of other sites: each a figure with a link and its poster, where its player was."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape

from dibao.extract.captions import beside, is_called, standing, written
from dibao.extract.media import FRAMED, Attributes, placed
from dibao.extract.players import TAGS, Player, known, player
from dibao.extract.tree import Node, Tree, attribute
from dibao.model import Media
from dibao.text import squeeze
from dibao.urls import absolute, host

_WIDGETS = ("script[src*=telegram]", "[data-href]")
# Elements that hold no address but a number: in which attribute, and the address that it stands for.
_NUMBERED = {
    "amp-youtube": ("data-videoid", "https://youtu.be/{}"),
    "lite-youtube": ("videoid", "https://youtu.be/{}"),
    "amp-vimeo": ("data-videoid", "https://player.vimeo.com/video/{}"),
    "amp-dailymotion": ("data-videoid", "https://www.dailymotion.com/embed/video/{}"),
    "amp-twitter": ("data-tweetid", "https://twitter.com/i/status/{}"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/{}/"),
}
_FILMS = {"video": "video", "amp-video": "video", "audio": "audio", "amp-audio": "audio"}
_POSTS = re.compile(
    r"(?<![\w-])(?:twitter-(?:tweet|video)|instagram-media|tiktok-embed|bluesky-embed|mastodon-embed|reddit-(?:embed-bq|card)|"
    r"text-post-media|fb-(?:post|video)|imgur-embed-pub)(?![\w-])"
)
_FACEBOOK = re.compile(r"(?<![\w-])fb-(?:post|video)(?![\w-])")
_READ_ALOUD = re.compile(r"tts|speech|read-?(?:aloud|speaker)|listen|narrat|anh(?:oe|ö)ren|vorlesen", re.I)
_BACKDROP = re.compile(r"(?<![a-z])(?:background|backdrop|bg|ads?|advert\w*|preroll)(?![a-z])", re.I)
_SAYS_NOTHING = re.compile(
    r"^(?:(?:embedded |external |inline )?"
    r"(?:youtube|vimeo|dailymotion|facebook|twitter|x|spotify|instagram|tiktok)?[\s-]*"
    r"(?:video|audio|media|post|tweet|embed|player|iframe|frame|content)?(?: player| content| embed)?)$",
    re.I,
)
_BOILERPLATE = re.compile(r"view this (?:post|photo|profile) on instagram|a (?:post|photo) shared by", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_MOST = 200  # players of one page
_LONGEST_TITLE = 100  # characters
_TELLING = 20  # characters of a post's own words


def stand(tree: Tree, url: str, tags: Iterable[str] = TAGS) -> dict[str, Media]:
    """Put a figure with link and poster in the place of each player, and say what stands, by its address.

    Changes the tree; call it before scripts and players are taken out, and before pictures are framed.
    ``tags`` are those of `TAGS` that the tree may hold: each that is looked for takes its time.
    """
    framed: dict[str, Media] = {}
    places: list[tuple[Node, str]] = []
    spent: dict[int, Node] = {}
    for node in _players(tree, tags):
        said = node.attributes
        found = _found(node, said, url)
        if (
            found is None
            or _is_inside(node, spent)
            or found.link in framed
            or _HIDDEN.search(said.get("style") or "")
        ):
            continue
        framed[found.link] = _media(found)
        if node.tag == "blockquote" and _quoted(node, found.link):
            continue
        _replace(node, found, framed, places, spent)
    placed(places, spent)
    return framed


def _players(tree: Tree, tags: Iterable[str]) -> list[Node]:
    """Return what may be a player, in document order."""
    nodes = tree.css(",".join((*tags, *_WIDGETS)))
    return [node for node in nodes if node.tag in TAGS or _is_post_widget(node)][:_MOST]


def _is_post_widget(node: Node) -> bool:
    """Say whether a script or a box without words of its own stands for a post."""
    if node.tag == "script":
        return "telegram" in attribute(node, "src")
    return node.tag == "div" and bool(_FACEBOOK.search(attribute(node, "class")))


def _replace(
    node: Node,
    found: Player,
    framed: dict[str, Media],
    places: list[tuple[Node, str]],
    spent: dict[int, Node],
) -> None:
    """Note the figure that a player becomes, and what goes with it."""
    where = standing(node)
    nodes, place, over = beside(where, spent)
    if not any(map(is_called, nodes)):  # a player's own words are its buttons
        nodes, place, over = [], where.held, []
    caption, credit = written(nodes) if nodes else ("", None)
    framed[found.link] = replace(framed[found.link], caption=caption or None, credit=credit)
    if found.poster:
        framed.setdefault(found.poster, Media(url=found.poster, candidates=(found.poster,)))
    places.append((place, _figure(found, _title(node), caption)))
    spent[where.held.mem_id] = where.held
    spent |= {each.mem_id: each for each in (*nodes, *over)}


def _media(found: Player) -> Media:
    candidates = (found.link,) if found.kind == "image" else ()
    return Media(url=found.link, kind=found.kind, candidates=candidates)


def _is_inside(node: Node, spent: Mapping[int, Node]) -> bool:
    around: Node | None = node
    while spent and around is not None:
        if around.mem_id in spent:
            return True
        around = around.parent
    return False


def _figure(found: Player, title: str, caption: str) -> str:
    link = escape(found.link)
    said = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    if found.kind == "image":
        return f'<figure {FRAMED}=""><img {FRAMED}="" src="{link}" alt="{escape(title)}">{said}</figure>'
    if found.poster:
        picture = f'<img {FRAMED}="" src="{escape(found.poster)}" alt="{escape(title)}">'
        return f'<figure {FRAMED}=""><a href="{link}">{picture}</a>{said}</figure>'
    words = caption or title or f"▶ {host(found.link).removeprefix('www.')}"
    return f'<figure {FRAMED}=""><p><a href="{link}">{escape(words)}</a></p></figure>'


def _title(node: Node) -> str:
    """Return what a player is called, unless that only says that it is one, or says too much."""
    title = squeeze(attribute(node, "title") or attribute(node, "aria-label") or attribute(node, "playlabel"))
    return "" if _SAYS_NOTHING.match(title) or len(title) > _LONGEST_TITLE else title


# --- what a node plays ----------------------------------------------------------------------------


def _found(node: Node, said: Attributes, url: str) -> Player | None:
    name = node.tag or ""
    if name in _FILMS:
        return _film(node, said, url)
    if name in _NUMBERED:
        attribute_name, address = _NUMBERED[name]
        return player(address.format(said.get(attribute_name) or ""))
    if name == "blockquote":
        return _post(node, said) if _POSTS.search(said.get("class") or "") else None
    if said.get("data-telegram-post"):
        return player(f"https://t.me/{said['data-telegram-post']}")
    if name == "amp-facebook" or _FACEBOOK.search(said.get("class") or ""):
        return player(said.get("data-href"))
    return next(filter(None, map(player, _addresses(name, said))), None)


def _addresses(name: str, said: Attributes) -> Iterator[str]:
    """Yield what the attributes of a frame hold that may be its address, also where it waits for consent."""
    if name in ("iframe", "amp-iframe", "embed", "object", "oembed"):
        for key, value in said.items():
            if value and (key in ("src", "data", "url") or key.startswith("data-")) and "//" in value:
                yield value


def _film(node: Node, said: Attributes, url: str) -> Player | None:
    """Return the film or sound that a page plays by itself; only its poster where it has no file."""
    offered = [said.get("src"), said.get("data-src"), *(_source(child) for child in node.css("source"))]
    links = [link for each in offered if each and (link := absolute(url, each)) and ".m3u8" not in link]
    poster = absolute(url, said.get("poster") or said.get("data-poster"))
    called = f"{said.get('class')} {said.get('id')} {said.get('title')} {links[:1]}"
    if _READ_ALOUD.search(called) or _BACKDROP.search(called):
        return None
    if links:
        return known(links[0]) or Player(links[0], _FILMS[node.tag or ""], poster)
    return Player(poster, "image") if poster else None


def _source(node: Node) -> str:
    return attribute(node, "src") or attribute(node, "data-src")


# --- posts ------------------------------------------------------------------------------------------


def _post(node: Node, said: Attributes) -> Player | None:
    """Return the post that a quotation shows: by its own address, else by its last link to a post."""
    for name in ("cite", "data-instgrm-permalink", "data-href", "data-embed-url", "data-text-post-permalink"):
        found = player(said.get(name))
        if found:
            return found
    links = (player(attribute(link, "href")) for link in reversed(node.css("a[href]")))
    return next(filter(None, links), None)


def _quoted(node: Node, link: str) -> bool:
    """Say whether a post's own words stand in it as a quotation, which then gets the post's clean address."""
    text = squeeze(" ".join(each.text() or "" for each in node.css("p")))
    if len(text) < _TELLING or _BOILERPLATE.search(text):
        return False
    links = [
        each
        for each in node.css("a[href]")
        if (found := player(attribute(each, "href"))) and found.link == link
    ]
    if links:
        links[-1].attrs["href"] = link
    else:
        made = Tree(f'<p><a href="{escape(link)}">{escape(link.partition("//")[2])}</a></p>').css_first("p")
        if made is not None:
            node.insert_child(made)
    return True
