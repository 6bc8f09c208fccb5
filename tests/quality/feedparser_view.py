"""A `Feed` under feedparser's names, so that feedparser's own suite can be asked of it.

It knows feedparser's keys and which element fills which; all reading is done by `parse_feed`.
"""

import re
from datetime import datetime, timedelta
from time import struct_time
from typing import Any
from urllib.parse import urljoin

from dibao.dates import parse_date
from dibao.errors import FeedError
from dibao.extract.clean import clean
from dibao.feeds import parse_feed
from dibao.feeds.markup import resolved
from dibao.model import Entry, Feed, Node

PLAIN, HTML, XHTML = "text/plain", "text/html", "application/xhtml+xml"
ALIASES = {
    "channel": ["feed"], "items": ["entries"], "guid": ["id"], "date": ["updated"], "url": ["href"],
    "date_parsed": ["updated_parsed"], "description": ["summary", "subtitle"],
    "description_detail": ["summary_detail", "subtitle_detail"], "modified": ["updated"],
    "modified_parsed": ["updated_parsed"], "issued": ["published"], "issued_parsed": ["published_parsed"],
    "copyright": ["rights"], "copyright_detail": ["rights_detail"], "tagline": ["subtitle"],
    "tagline_detail": ["subtitle_detail"], "updated": ["updated", "published"],
    "updated_parsed": ["updated_parsed", "published_parsed"],
}  # fmt: skip
# element: key, type where it says none
TEXTS = {
    "title": ("title", PLAIN), "dc:title": ("title", PLAIN), "media:title": ("title", PLAIN),
    "subtitle": ("subtitle", PLAIN), "tagline": ("subtitle", PLAIN), "itunes:subtitle": ("subtitle", PLAIN),
    "rights": ("rights", PLAIN), "copyright": ("rights", PLAIN), "dc:rights": ("rights", PLAIN),
    "info": ("info", PLAIN), "feedburner:browserfriendly": ("info", PLAIN),
    "abstract": ("description", PLAIN), "description": ("description", HTML),
    "dc:description": ("description", HTML), "media:description": ("description", HTML),
    "summary": ("summary", PLAIN), "itunes:summary": ("summary", PLAIN), "content": ("content", PLAIN),
    "content:encoded": ("content", HTML), "fullitem": ("content", HTML), "body": ("content", XHTML),
    "xhtml:body": ("content", XHTML),
}  # fmt: skip
DATES = {
    "published": "published", "issued": "published", "pubdate": "published", "dcterms:issued": "published",
    "updated": "updated", "modified": "updated", "lastbuilddate": "updated", "dc:date": "updated",
    "dcterms:modified": "updated", "created": "created", "dcterms:created": "created", "expirationdate": "expired",
}  # fmt: skip
PEOPLE = {
    "author": "author", "managingeditor": "author", "dc:creator": "author", "dc:author": "author",
    "itunes:author": "author", "webmaster": "publisher", "dc:publisher": "publisher", "itunes:owner": "publisher",
    "contributor": "contributor", "dc:contributor": "contributor",
}  # fmt: skip
PARTS_OF_PEOPLE = {"name": "name", "email": "email", "url": "href", "uri": "href", "homepage": "href"}
ADDRESSES = ("comments", "docs", "icon", "logo", "wfw:comment", "wfw:commentrss")
VERSIONS = {
    "rss0.91": "rss091u", "rss0.92": "rss092", "rss0.93": "rss093", "rss0.94": "rss094", "rss0.9": "rss090",
    "rss1.0": "rss10", "atom1.0": "atom10", "atom0.3": "atom03", "json1.1": "json11", "json1": "json1",
}  # fmt: skip
MAIL = re.compile(r"[\w.+-]+@(?:\[[\d.]+\]|(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}|[\d.]+)(?:\?subject=\S+)?")
ACTIVE = re.compile(r"<script|<style|\son\w+\s*=|javascript:", re.I)


class View(dict[str, Any]):
    """A mapping that knows feedparser's second names for things."""

    def __getitem__(self, key: str) -> Any:
        if key == "category":
            return self["tags"][0]["term"]
        if key == "enclosures":
            found = [link for link in dict.get(self, "links", []) if link.get("rel") == "enclosure"]
            return [View({name: value for name, value in link.items() if name != "rel"}) for link in found]
        if key == "license":
            return next(link["href"] for link in self["links"] if link.get("rel") == "license" and "href" in link)
        names = [name for name in ALIASES.get(key, [key]) if dict.__contains__(self, name)]
        return dict.__getitem__(self, names[0] if names else key)

    def __contains__(self, key: object) -> bool:
        try:
            self[str(key)]
        except (KeyError, IndexError, StopIteration):
            return False
        return True

    has_key = __contains__

    def __getattr__(self, key: str) -> Any:
        try:
            return self[key]
        except KeyError:
            raise AttributeError(key) from None

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else default


def parse(data: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """Return what feedparser would call the feed in the bytes."""
    url, type_ = headers.get("content-location", ""), headers.get("content-type")
    try:
        feed = parse_feed(data, url=url, content_type=type_, tree=True, fallback=False)
    except FeedError as error:
        return View(feed=View(), entries=[], bozo=True, bozo_exception=error, encoding="", version="", headers=headers)
    view = Viewer(feed, headers.get("content-language")).view() if feed.tree else of_fields(feed)
    view.update(
        encoding=encoding(feed, type_), version=version(feed), headers=headers, namespaces={},
        bozo=any(re.search("well-formed|declared|unreadable", note) for note in feed.notes) or "text/plain" in (type_ or ""),
    )  # fmt: skip
    if headers.get("etag"):
        view["etag"] = headers["etag"]
    if headers.get("last-modified"):
        view["modified"] = headers["last-modified"]
        view["modified_parsed"] = utc(headers["last-modified"])
    return view


def encoding(feed: Feed, content_type: str | None) -> str:
    """Return the charset as RFC 3023 names it: XML sent as text/* is ASCII unless its header says otherwise."""
    kind, _, rest = (content_type or "").partition(";")
    said = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", rest)
    is_ascii = kind.strip().startswith("text/") and "xml" in kind and feed.charset == "utf-8"
    return said[1].lower() if said else "us-ascii" if is_ascii else feed.charset or "utf-8"


def version(feed: Feed) -> str:
    if feed.format == "rss0.91" and any("netscape" in note for note in feed.notes):
        return "rss091n"
    usual = "rss20" if feed.format.startswith("rss2") else "atom" if "atom" in feed.format else "rss"
    return VERSIONS.get(feed.format, usual if feed.format != "cdf" else "cdf")


def rewritten(html: str) -> str:
    """Return HTML in the spelling in which feedparser writes it anew."""
    html = re.sub(r"&(?!#?\w+;)", "&amp;", html).replace("<br>", "<br />").replace("<br/>", "<br />")
    return re.sub(r"&#(1[2-5]\d);", lambda code: f"&#x{ord(bytes([int(code[1])]).decode('cp1252', 'replace')):x};", html.replace("&#X", "&#x"))


def utc(raw: str | None) -> struct_time | None:
    date = parse_date(raw)
    return date.utctimetuple() if isinstance(date, datetime) else None


def of_fields(feed: Feed) -> View:
    """Return a feed without a tree: a JSON Feed."""
    return View(feed=View(title=feed.title, link=feed.link), entries=[_entry(entry) for entry in feed.entries])


def _entry(entry: Entry) -> View:
    return View(
        title=entry.title, link=entry.link, id=entry.guid, summary=entry.summary or entry.content,
        content=[View(value=entry.content)], author=", ".join(entry.authors), published=entry.published_raw,
        published_parsed=utc(entry.published_raw), authors=[View(name=name) for name in entry.authors],
        links=[View(href=file.url, type=file.type, rel="enclosure") for file in entry.enclosures],
    )  # fmt: skip


class Viewer:
    """Goes through a feed's nodes in order and fills the view."""

    def __init__(self, feed: Feed, language: str | None) -> None:
        assert feed.tree
        self.root, self.feed, self.entries = feed.tree, View(), list[View]()
        self.is_atom, self.language = feed.format.startswith("atom"), language

    def view(self) -> View:
        if self.root.language or self.language:
            self.feed["language"] = (self.root.language or self.language or "").replace("_", "-")
        self.fill(self.root, self.feed, {})
        return View(feed=self.feed, entries=self.entries)

    def fill(self, parent: Node, view: View, depths: dict[str, int], depth: int = 0) -> None:
        for name, value in parent.attributes:  # CDF says in attributes what others say in elements
            if name in ("href", "lastmod") and parent.name in ("channel", "item"):
                self.add(Node(name={"href": "link"}.get(name, "updated"), text=value), view, depths, depth)
        for node in parent.children:
            name = node.name.removeprefix("atom:").removeprefix("rss:")
            if name in ("item", "entry"):
                self.entries.append(View())
                about = dict(node.attributes).get("rdf:about")
                self.entries[-1].update({"id": about} if about else {})
                self.fill(node, self.entries[-1], {})
            elif name in ("channel", "media:group", "rdf", "items"):
                self.fill(node, view, depths, depth + 1)
            else:
                self.add(node, view, depths, depth, name)

    def add(self, node: Node, view: View, depths: dict[str, int], depth: int, name: str = "") -> None:
        name = name or node.name
        attributes = dict(node.attributes)
        if name in TEXTS:
            self.text(node, view, depths, depth, *TEXTS[name])
        elif name in DATES:
            self.put(view, depths, depth, DATES[name], node.text.strip())
            self.put(view, depths, depth, DATES[name] + "_parsed", utc(node.text.strip()))
        elif name in PEOPLE:
            self.person(node, view, PEOPLE[name])
        elif hasattr(self, "on_" + re.sub(r"\W", "_", name)):
            getattr(self, "on_" + re.sub(r"\W", "_", name))(node, view, attributes)
        elif name in ("id", "guid"):
            self.guid(node, view, depths, depth, attributes)
        elif name in ("category", "keywords", "dc:subject", "itunes:category", "media:category"):
            self.category(node, view, name, attributes)
        elif name in ("tags", "itunes:keywords", "media:keywords"):
            scheme = "http://www.itunes.com/" if name.startswith("itunes") else None
            for term in filter(None, map(str.strip, node.text.split(","))):
                self.tag(view, term, scheme, None)
        elif name in ADDRESSES:
            self.put(view, depths, depth, name.replace(":", "_"), urljoin(node.base, node.text.strip()))
        else:
            key = name.replace(":", "_")
            self.put(view, depths, depth, key, View(attributes) if attributes else node.text.strip())
            if node.children:
                self.fill(node, view, depths, depth + 1)

    @staticmethod
    def put(view: View, depths: dict[str, int], depth: int, key: str, value: Any) -> None:
        """Keep a value unless a nearer element gave one."""
        if depth <= depths.get(key, depth):
            depths[key] = depth
            dict.__setitem__(view, key, value)

    # --- texts ---

    def text(self, node: Node, view: View, depths: dict[str, int], depth: int, key: str, usual: str) -> None:
        detail = self.detail(node, usual)
        if key in ("description", "summary") and view is not self.feed:
            second = dict.__contains__(view, "summary") and "content" not in view and node.name != "media:description"
            key = "content" if second else "summary"
        key = "subtitle" if key == "description" else key
        if key == "content":
            view.setdefault("content", []).append(detail)
            if detail["type"] in (PLAIN, HTML, XHTML) and not dict.__contains__(view, "summary"):
                view["summary"] = detail["value"]
            return
        if not detail["value"] and key == "title" or (key == "title" and node.name == "media:title" and "title" in view):
            return
        self.put(view, depths, depth, key, detail["value"])
        self.put(view, depths, depth, key + "_detail", detail)

    def detail(self, node: Node, usual: str) -> View:
        attributes = dict(node.attributes)
        said = attributes.get("type", usual).lower()
        kind = {"text": PLAIN, "plain": PLAIN, "html": HTML, "xhtml": XHTML}.get(said, said)
        value = node.text.strip()
        if node.is_markup and not kind.endswith("xml"):
            kind = XHTML
        if kind == PLAIN and not self.is_atom and re.search(r"</\w+>|&#?\w+;", value):
            kind = HTML
        if kind in (HTML, XHTML):
            value = rewritten(resolved(value, node.base))
            value = clean(value, node.base) if ACTIVE.search(value) else value
        detail = View(value=value, type=kind, language=(node.language or self.language or "").replace("_", "-") or None, base=node.base)
        return View(detail, src=attributes["src"]) if "src" in attributes else detail

    # --- people ---

    def person(self, node: Node, view: View, role: str) -> None:
        parts = {
            PARTS_OF_PEOPLE[name]: urljoin(child.base, child.text.strip()) if name not in ("name", "email") else child.text.strip()
            for child in node.children
            if (name := child.name.rpartition(":")[2]) in PARTS_OF_PEOPLE
        }  # fmt: skip
        if not parts and node.text.strip():
            parts = self.mailbox(node.text.strip()) if role != "contributor" else {"name": node.text.strip()}
        if role != "publisher":
            view.setdefault(role + "s", []).append(View(parts))
        if role == "contributor" or not parts:
            return
        name, mail = parts.get("name"), parts.get("email")
        view[role + "_detail"] = View(parts)
        written = node.text.strip() if not node.children else f"{name} ({mail})" if name and mail else name or mail
        view[role] = written

    @staticmethod
    def mailbox(written: str) -> dict[str, str]:
        mail = MAIL.search(written)
        name = written.replace(mail[0], "") if mail else written
        name = re.sub(r"\(\)|<>|&lt;&gt;", "", name).strip()
        name = re.sub(r"^\(|\)$", "", name).strip() if mail else name
        return {**({"name": name} if name else {}), **({"email": mail[0]} if mail else {})}

    # --- links, categories, the rest ---

    def guid(self, node: Node, view: View, depths: dict[str, int], depth: int, attributes: dict[str, str]) -> None:
        is_link = node.name == "guid" and attributes.get("ispermalink", "true") == "true"
        value = urljoin(node.base, node.text.strip()) if is_link or node.name == "id" else node.text.strip()
        self.put(view, depths, depth, "id", value)
        view.setdefault("guidislink", is_link and "link" not in view)
        if is_link:
            view.setdefault("link", value)

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

    def on_creativecommons_license(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        href = node.text.strip() or attributes.get("rdf:resource", "")
        view.setdefault("links", []).append(View(rel="license", **({"href": href} if href else {})))

    on_cc_license = on_creativecommons_license

    def category(self, node: Node, view: View, name: str, attributes: dict[str, str]) -> None:
        usual = {"itunes:category": "http://www.itunes.com/", "media:category": "http://search.yahoo.com/mrss/category_schema"}
        scheme = attributes.get("scheme", attributes.get("domain", usual.get(name)))
        term = attributes.get("term") or attributes.get("text") or (node.text.strip() if not node.is_markup else None)
        self.tag(view, term or None, scheme, attributes.get("label"))
        for child in node.children:
            self.category(child, view, name, dict(child.attributes))

    @staticmethod
    def tag(view: View, term: str | None, scheme: str | None, label: str | None) -> None:
        tag = View(term=term, scheme=scheme, label=label)
        if any(tag.values()) and tag not in view.setdefault("tags", []):
            view["tags"].append(tag)

    def on_source(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        source = View({"href": attributes["url"]} if "url" in attributes else {})
        self.fill(node, source, {})
        if node.text.strip() and not node.children:
            source["title"] = node.text.strip()
        view["source"] = source

    def on_image(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        if view is not self.feed:
            return
        image = view.setdefault("image", View())
        self.fill(node, image, {})
        for child in node.children:
            if child.name in ("width", "height"):
                image[child.name] = int(child.text) if child.text.strip().isdecimal() else 0
            if child.name == "url":
                image["href"] = child.text.strip()

    def on_itunes_image(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        href = attributes.get("href") or attributes.get("url")
        view.update({"image": View(href=href)} if href else {})

    on_itunes_link = on_itunes_image

    def on_textinput(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        box = view.setdefault("textinput", View())
        self.fill(node, box, {})
        box.update({"summary": box["subtitle"]} if "subtitle" in box else {})

    def on_generator(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        href = attributes.pop("url", attributes.pop("uri", attributes.pop("href", None)))
        more = {"href": urljoin(node.base, href)} if href else {}
        view["generator"], view["generator_detail"] = node.text.strip(), View(attributes, name=node.text.strip(), **more)

    def on_cloud(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view["cloud"] = View(attributes)

    def on_language(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view["language"] = node.text.strip()

    on_dc_language = on_language

    def on_dcterms_valid(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        for key, _, value in (part.partition("=") for part in node.text.split(";")):
            view.update({f"validity_{key.strip()}": value, f"validity_{key.strip()}_parsed": utc(value)})

    def on_itunes_block(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view["itunes_block"] = int(node.text in ("yes", "Yes"))

    def on_itunes_explicit(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view["itunes_explicit"] = {"yes": True, "true": True, "clean": False, "no": False, "false": False}.get(node.text)

    def on_media_content(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view.setdefault("media_content", []).append(View(attributes))
        self.fill(node, view, {}, 9)

    def on_media_thumbnail(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        said = {"url": node.text.strip()} if node.text.strip() else {}
        view.setdefault("media_thumbnail", []).append(View({**said, **attributes}))

    def on_media_credit(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view.setdefault("media_credit", []).append(View(attributes, content=node.text.strip()))

    def on_media_license(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view["_".join(node.name.split(":"))] = View(attributes, content=node.text.strip())

    on_media_rating = on_media_player = on_media_license

    def on_media_restriction(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view["media_restriction"] = View(attributes, content=node.text.strip().lower().split(" "))

    def on_georss_where(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        for shape in node.children:
            numbers = " ".join(leaf.text for leaf in leaves(shape))
            view["where"] = place(shape.name.removeprefix("gml:").lower(), numbers)

    def on_georss_point(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        view["where"] = place(node.name.removeprefix("georss:"), node.text)

    on_georss_line = on_georss_polygon = on_georss_box = on_georss_point

    def on_psc_chapters(self, node: Node, view: View, attributes: dict[str, str]) -> None:
        chapters = [View(child.attributes) for child in node.children]
        for chapter in chapters:
            chapter["start_parsed"] = span(chapter.get("start", ""))
        view["psc_chapters"] = View(attributes, chapters=chapters)


def leaves(node: Node) -> list[Node]:
    return [leaf for child in node.children for leaf in leaves(child)] if node.children else [node]


def place(shape: str, written: str) -> View:
    """Return a GeoRSS shape as GeoJSON says it: longitude before latitude."""
    try:
        numbers = list(map(float, written.replace(",", " ").split()))
    except ValueError:
        return View()
    points = [(longitude, latitude) for latitude, longitude in zip(numbers[::2], numbers[1::2], strict=False)]
    kinds = {"point": ("Point", 1), "line": ("LineString", 2), "linestring": ("LineString", 2), "polygon": ("Polygon", 4)}
    kind, least = {**kinds, "box": ("Box", 2), "envelope": ("Box", 2)}.get(shape, ("", 1))
    if len(points) < least:
        return View()
    return View(type=kind, coordinates={"Point": points[0], "Polygon": (points,)}.get(kind, points))


def span(written: str) -> timedelta:
    hours, minutes, seconds = (["0", "0"] + written.split(":"))[-3:]
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
