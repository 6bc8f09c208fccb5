"""A `Feed` under feedparser's names, so that feedparser's own suite can be asked of it.

It knows which element fills which of feedparser's keys; all reading is done by `parse_feed`.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import struct_time
from typing import Any
from urllib.parse import urljoin

from dibao.dates import parse_date
from dibao.errors import FeedError
from dibao.extract.clean import clean
from dibao.feeds import parse_feed
from dibao.feeds.markup import resolved
from dibao.model import Feed, Node

PLAIN, HTML, XHTML = "text/plain", "text/html", "application/xhtml+xml"
ALIASES = {
    "channel": "feed", "items": "entries", "guid": "id", "url": "href", "issued": "published",
    "modified": "updated", "copyright": "rights", "tagline": "subtitle", "description": "summary subtitle",
    "date_parsed": "updated_parsed", "modified_parsed": "updated_parsed", "date": "updated",
    "issued_parsed": "published_parsed", "copyright_detail": "rights_detail", "updated": "updated published",
    "tagline_detail": "subtitle_detail", "description_detail": "summary_detail subtitle_detail",
    "updated_parsed": "updated_parsed published_parsed",
}  # fmt: skip
KEYS = {  # of texts: the elements, and the type where they say none
    ("title", PLAIN): "title dc:title media:title", ("description", PLAIN): "abstract",
    ("subtitle", PLAIN): "subtitle tagline itunes:subtitle", ("rights", PLAIN): "rights copyright dc:rights",
    ("info", PLAIN): "info feedburner:browserfriendly", ("summary", PLAIN): "summary itunes:summary",
    ("description", HTML): "description dc:description media:description", ("content", PLAIN): "content",
    ("content", HTML): "content:encoded fullitem", ("content", XHTML): "body xhtml:body",
}  # fmt: skip
TEXTS = {name: key for key, names in KEYS.items() for name in names.split()}
DATES = {
    "published": "published", "issued": "published", "pubdate": "published", "dcterms:issued": "published",
    "updated": "updated", "modified": "updated", "lastbuilddate": "updated", "dc:date": "updated",
    "dcterms:modified": "updated", "created": "created", "dcterms:created": "created",
    "expirationdate": "expired",
}  # fmt: skip
ROLES = {
    "author": "author managingeditor dc:creator dc:author itunes:author",
    "contributor": "contributor dc:contributor", "publisher": "webmaster dc:publisher itunes:owner",
}  # fmt: skip
PEOPLE = {name: role for role, names in ROLES.items() for name in names.split()}
PARTS_OF_PEOPLE = {"name": "name", "email": "email", "url": "href", "uri": "href", "homepage": "href"}
SCHEMES = {
    "itunes:category": "http://www.itunes.com/", "media:category": "http://search.yahoo.com/mrss/category_schema",
    "itunes:keywords": "http://www.itunes.com/", "category": None, "keywords": None, "dc:subject": None,
}  # fmt: skip
ADDRESSES = ("comments", "docs", "icon", "logo", "wfw:comment", "wfw:commentrss")
# Elements whose attributes are kept beside their text; of the last ones there may be several.
DETAILED = ("media:license", "media:rating", "media:player", "media:restriction", "cloud", "media:content")
SEVERAL = ("media:credit", "media:content", "media:thumbnail")
VERSIONS = {
    "rss0.91": "rss091u", "rss0.92": "rss092", "rss0.93": "rss093", "rss0.94": "rss094", "rss0.9": "rss090",
    "rss1.0": "rss10", "atom1.0": "atom10", "atom0.3": "atom03", "json1.1": "json11", "cdf": "cdf",
}  # fmt: skip
EXPLICIT = {"yes": True, "true": True, "clean": False, "no": False, "false": False}
SHAPES = {
    "point": ("Point", 1), "line": ("LineString", 2), "linestring": ("LineString", 2), "box": ("Box", 2),
    "polygon": ("Polygon", 4),
}  # fmt: skip
MAIL = re.compile(r"[\w.+-]+@(?:\[[\d.]+\]|(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}|[\d.]+)(?:\?subject=\S+)?")
ACTIVE = re.compile(r"<script|<style|\son\w+\s*=|javascript:", re.I)
TROUBLES = re.compile("well-formed|declared|unreadable")
LIKE = {  # elements that are read as another one is
    "id": "guid", "creativecommons:license": "cc:license", "itunes:link": "itunes:image",
    "dc:language": "language", "admin:generatoragent": "generator", "georss:line": "georss:point",
    "georss:polygon": "georss:point", "georss:box": "georss:point",
}  # fmt: skip


class View(dict[str, Any]):
    """A mapping that knows feedparser's second names for things."""

    def __getitem__(self, key: str) -> Any:
        links = dict.get(self, "links", [])
        if key == "category":
            return self["tags"][0]["term"]
        if key == "enclosures":
            files = (link for link in links if link["rel"] == "enclosure")
            return [View({name: value for name, value in file.items() if name != "rel"}) for file in files]
        if key == "license":
            return next(link["href"] for link in links if link["rel"] == "license" and "href" in link)
        names = [name for name in ALIASES.get(key, key).split() if dict.__contains__(self, name)]
        return dict.__getitem__(self, names[0] if names else key)

    def __contains__(self, key: object) -> bool:
        try:
            self[str(key)]
        except (KeyError, IndexError, StopIteration):
            return False
        return True

    has_key = __contains__

    def __getattr__(self, key: str) -> Any:
        if key in self:
            return self[key]
        raise AttributeError(key)

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else default  # noqa: SIM401 - dict's own knows no aliases


def parse(data: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """Return what feedparser would call the feed in the bytes."""
    url, kind = headers.get("content-location", ""), headers.get("content-type")
    told = View(headers=headers, namespaces={}, bozo="text/plain" in (kind or ""))
    if "etag" in headers:
        told["etag"] = headers["etag"]
    if "last-modified" in headers:
        told["modified"], told["modified_parsed"] = headers["last-modified"], utc(headers["last-modified"])
    try:
        feed = parse_feed(data, url=url, content_type=kind, tree=True, fallback=False)
    except FeedError as error:
        return View(told, feed=View(), entries=[], bozo=True, bozo_exception=error, encoding="", version="")
    usual = "rss20" if feed.format.startswith("rss2") else "atom" if "atom" in feed.format else "rss"
    told.update(encoding=encoding(feed, kind), version=VERSIONS.get(feed.format, usual))
    told["bozo"] = told["bozo"] or any(map(TROUBLES.search, feed.notes))
    filled = Viewer(feed, headers.get("content-language")).view() if feed.tree else of_fields(feed)
    return View(told, **filled)


def encoding(feed: Feed, content_type: str | None) -> str:
    """Return the charset as RFC 3023 names it: XML sent as text/* is ASCII unless its header says more."""
    kind, _, rest = (content_type or "").partition(";")
    said = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", rest)
    if said:
        return said[1].lower()
    return "us-ascii" if re.match(r"\s*text/.*xml", kind) else feed.charset or "utf-8"


def of_fields(feed: Feed) -> View:
    """Return a feed without a tree: a JSON Feed."""
    entries = []
    for entry in feed.entries:
        people, files = [View(name=name) for name in entry.authors], entry.enclosures
        view = View(title=entry.title, link=entry.link, id=entry.guid, content=[View(value=entry.content)])
        view.update(published=entry.published_raw, summary=entry.summary or entry.content, authors=people)
        view.update(author=", ".join(entry.authors), published_parsed=utc(entry.published_raw or ""))
        view["links"] = [View(href=file.url, type=file.type, rel="enclosure") for file in files]
        entries.append(view)
    return View(feed=View(title=feed.title, link=feed.link), entries=entries)


def utc(raw: str, read: datetime | None = None) -> struct_time | None:
    date = read or parse_date(raw)
    return date.utctimetuple() if date else None


class Viewer:
    """Goes through a feed's nodes in order and fills the view."""

    def __init__(self, feed: Feed, language: str | None) -> None:
        assert feed.tree
        self.root, self.feed, self.entries, self.language = feed.tree, View(), list[View](), language
        self.is_atom = feed.format.startswith("atom")
        said = ((e.published_raw, e.published, e.updated_raw, e.updated) for e in feed.entries)
        self.dates = {raw: date for one in said for raw, date in (one[:2], one[2:])}

    def view(self) -> View:
        if language := self.root.language or self.language:
            self.feed["language"] = language.replace("_", "-")
        self.fill(self.root, self.feed, {})
        return View(feed=self.feed, entries=self.entries)

    def fill(self, parent: Node, view: View, depths: dict[str, int], depth: int = 0) -> None:
        for name, value in parent.attributes:  # CDF says in attributes what others say in elements
            if name in ("href", "lastmod") and parent.name in ("channel", "item"):
                self.add(Node(name={"href": "link"}.get(name, "updated"), text=value), view, depths, depth)
        for node in parent.children:
            name = node.name.removeprefix("atom:").removeprefix("rss:")
            if name in ("item", "entry"):
                about = dict(node.attributes).get("rdf:about")
                self.entries.append(View(id=about) if about else View())
                self.fill(node, self.entries[-1], {})
            elif name in ("channel", "media:group", "rdf", "items"):
                self.fill(node, view, depths, depth + 1)
            else:
                self.add(node, view, depths, depth, name)

    def add(self, node: Node, view: View, depths: dict[str, int], depth: int, name: str = "") -> None:
        name, attributes, text = name or node.name, dict(node.attributes), node.text.strip()
        name = LIKE.get(name, name)
        key, special = name.replace(":", "_"), getattr(self, "on_" + name.replace(":", "_"), None)
        if name in TEXTS:
            self.text(node, view, depths, depth, *TEXTS[name])
        elif name in DATES:
            self.put(view, depths, depth, DATES[name], text)
            self.put(view, depths, depth, DATES[name] + "_parsed", utc(text, self.dates.get(text)))
        elif name in PEOPLE:
            self.person(node, view, PEOPLE[name])
        elif name in ("tags", "itunes:keywords", "media:keywords", "keywords"):
            for term in filter(None, map(str.strip, text.split(","))):
                self.tag(view, term, SCHEMES.get(name), None)
        elif name in SCHEMES:
            self.category(node, view, SCHEMES[name])
        elif special:
            special(node, view, attributes)
        elif name in (*DETAILED, *SEVERAL):
            content = text.lower().split(" ") if name == "media:restriction" else text
            where = "url" if name == "media:thumbnail" else "content"
            said = View({where: content} if text else {}, **attributes)
            view.setdefault(key, []).append(said) if name in SEVERAL else view.setdefault(key, said)
            self.fill(node, view, {}, 9)
        elif name in ADDRESSES:
            self.put(view, depths, depth, key, urljoin(node.base, text))
        else:
            self.put(view, depths, depth, key, View(attributes) if attributes else text)
            self.fill(node, view, depths, depth + 1)

    @staticmethod
    def put(view: View, depths: dict[str, int], depth: int, key: str, value: Any) -> None:
        """Keep a value unless a nearer element gave one."""
        if depth <= depths.get(key, depth):
            depths[key] = depth
            dict.__setitem__(view, key, value)

    def text(self, node: Node, view: View, depths: dict[str, int], depth: int, key: str, usual: str) -> None:
        detail = self.detail(node, usual)
        if key in ("description", "summary") and view is not self.feed:
            taken = dict.__contains__(view, "summary") and "content" not in view
            key = "content" if taken and node.name != "media:description" else "summary"
        key = "subtitle" if key == "description" else key
        if key == "content":
            view.setdefault("content", []).append(detail)
            if detail["type"] in (PLAIN, HTML, XHTML) and not dict.__contains__(view, "summary"):
                view["summary"] = detail["value"]
        elif key != "title" or (detail["value"] and (node.name != "media:title" or "title" not in view)):
            self.put(view, depths, depth, key, detail["value"])
            self.put(view, depths, depth, key + "_detail", detail)

    def detail(self, node: Node, usual: str) -> View:
        attributes, value = dict(node.attributes), node.text.strip()
        said = attributes.get("type", usual).lower()
        kind = {"text": PLAIN, "plain": PLAIN, "html": HTML, "xhtml": XHTML}.get(said, said)
        if node.is_markup and not kind.endswith("xml"):
            kind = XHTML
        if kind == PLAIN and not self.is_atom and re.search(r"</\w+>|&#?\w+;", value):
            kind = HTML
        if kind in (HTML, XHTML):
            value = rewritten(resolved(value, node.base))
            value = clean(value, node.base) if ACTIVE.search(value) else value
        language = (node.language or self.language or "").replace("_", "-") or None
        detail = View(value=value, type=kind, language=language, base=node.base)
        return View(detail, src=attributes["src"]) if "src" in attributes else detail

    def person(self, node: Node, view: View, role: str) -> None:
        written, parts = node.text.strip(), dict[str, str]()
        for child in node.children:
            key, text = PARTS_OF_PEOPLE.get(child.name.rpartition(":")[2]), child.text.strip()
            parts.update({key: urljoin(child.base, text) if key == "href" else text} if key else {})
        if not parts and written:
            parts = {"name": written} if role == "contributor" else mailbox(written)
        if role != "publisher":
            view.setdefault(role + "s", []).append(View(parts))
        if role != "contributor" and parts:
            name, mail = parts.get("name"), parts.get("email")
            both = f"{name} ({mail})" if name and mail else name or mail
            view[role + "_detail"], view[role] = View(parts), both if node.children else written

    def on_guid(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        is_link = node.name == "guid" and attributes.get("ispermalink", "true") == "true"
        resolves = is_link or node.name == "id"
        view["id"] = urljoin(node.base, node.text.strip()) if resolves else node.text.strip()
        view.setdefault("guidislink", is_link and "link" not in view)
        view.setdefault("link", view["id"]) if is_link else None

    def on_link(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        href = attributes.pop("href", attributes.pop("url", attributes.pop("uri", None))) or node.text.strip()
        relation = attributes.setdefault("rel", "alternate")
        kind = attributes.setdefault("type", "application/atom+xml" if relation == "self" else HTML)
        link = View(attributes, **({"href": urljoin(node.base, href)} if href else {}))
        view.setdefault("links", []).append(link)
        if relation == "alternate" and kind in (HTML, XHTML) and href:
            view["link"] = link["href"]
        elif not href and not dict.__contains__(view, "link"):
            view["link"] = ""

    def on_enclosure(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        href = attributes.pop("url", attributes.pop("href", ""))
        view.setdefault("links", []).append(View(attributes, href=href, rel="enclosure"))

    def on_cc_license(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        href = node.text.strip() or attributes.get("rdf:resource", "")
        view.setdefault("links", []).append(View(rel="license", **({"href": href} if href else {})))

    def category(self, node: Node, view: View, usual: str | None) -> None:
        said, text = dict(node.attributes), None if node.is_markup else node.text.strip()
        scheme = said.get("scheme", said.get("domain", usual))
        self.tag(view, said.get("term") or said.get("text") or text or None, scheme, said.get("label"))
        for child in node.children:
            self.category(child, view, usual)

    @staticmethod
    def tag(view: View, term: str | None, scheme: str | None, label: str | None) -> None:
        tag = View(term=term, scheme=scheme, label=label)
        if any(tag.values()) and tag not in view.setdefault("tags", []):
            view["tags"].append(tag)

    def on_source(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        source = View({"href": attributes["url"]} if "url" in attributes else {})
        self.fill(node, source, {})
        source.update({"title": node.text.strip()} if node.text.strip() and not node.children else {})
        view["source"] = source

    def on_image(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        if view is not self.feed:
            return
        image = view.setdefault("image", View())
        self.fill(node, image, {})
        for child in node.children:
            if child.name in ("width", "height"):
                image[child.name] = int(child.text) if child.text.strip().isdecimal() else 0
            image.update({"href": child.text.strip()} if child.name == "url" else {})

    def on_itunes_image(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        href = attributes.get("href") or attributes.get("url")
        view.update({"image": View(href=href)} if href else {})

    def on_textinput(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        self.fill(node, view.setdefault("textinput", View()), {})

    def on_generator(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        names = [attributes.pop(name, None) for name in ("url", "uri", "href", "rdf:resource")]
        href = next((urljoin(node.base, name) for name in names if name), None)
        view["generator"] = node.text.strip() or href
        view["generator_detail"] = View(attributes, name=node.text.strip())
        view["generator_detail"].update({"href": href} if href else {})

    def on_dcterms_valid(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        for key, _, value in (part.partition("=") for part in node.text.split(";")):
            view.update({f"validity_{key.strip()}": value, f"validity_{key.strip()}_parsed": utc(value)})

    def on_itunes_block(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view["itunes_block"] = int(node.text in ("yes", "Yes"))

    def on_itunes_explicit(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view["itunes_explicit"] = EXPLICIT.get(node.text)

    def on_georss_where(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        for shape in node.children:
            view["where"] = place(shape.name.removeprefix("gml:").lower(), " ".join(words(shape)))

    def on_georss_point(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view["where"] = place(node.name.removeprefix("georss:"), node.text)

    def on_psc_chapters(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        chapters = [View(child.attributes) for child in node.children]
        for chapter in chapters:
            chapter["start_parsed"] = span(chapter.get("start", ""))
        view["psc_chapters"] = View(attributes, chapters=chapters)


def mailbox(written: str) -> dict[str, str]:
    mail = MAIL.search(written)
    name = re.sub(r"\(\)|<>|&lt;&gt;", "", written.replace(mail[0], "") if mail else written).strip()
    name = re.sub(r"^\(|\)$", "", name).strip() if mail else name
    return {**({"name": name} if name else {}), **({"email": mail[0]} if mail else {})}


def rewritten(html: str) -> str:
    """Return HTML in the spelling in which feedparser writes it anew."""
    html = re.sub(r"&(?!#?\w+;)", "&amp;", html).replace("<br>", "<br />").replace("<br/>", "<br />")
    html = html.replace("&#X", "&#x")
    named = [f"&#x{ord(bytes([code]).decode('cp1252', 'replace')):x};" for code in range(128, 160)]
    return re.sub(r"&#(12[89]|1[345]\d);", lambda code: named[int(code[1]) - 128], html)


def words(node: Node) -> Iterator[str]:
    """Yield the texts of the nodes that have no others in them."""
    for child in node.children:
        yield from words(child)
    if not node.children:
        yield node.text


def place(shape: str, written: str) -> View:
    """Return a GeoRSS shape as GeoJSON says it: longitude before latitude."""
    try:
        numbers = list(map(float, written.replace(",", " ").split()))
    except ValueError:
        return View()
    points = [(longitude, latitude) for latitude, longitude in zip(numbers[::2], numbers[1::2], strict=False)]
    kind, least = SHAPES.get(shape, ("", 1))
    if len(points) < least:
        return View()
    return View(type=kind, coordinates={"Point": points[0], "Polygon": (points,)}.get(kind, points))


def span(written: str) -> timedelta | None:
    if not re.fullmatch(r"(?:\d+:){0,2}\d+(?:\.\d+)?", written):
        return None
    hours, minutes, seconds = (["0", "0", *written.split(":")])[-3:]
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
