"""The static site: kept articles and headlines into HTML that works from any folder, host or stick.

Links are relative, nothing is asked of third parties, and no page has a
script or a style of its own. Article HTML is spliced in as it is: it is clean by the promise of
`dibao.model.Article`.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from importlib.resources import files
from itertools import pairwise
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser, LexborNode

from dibao import urls
from dibao.model import Gap, Headline, Kept, Media, Revision, Verdict
from dibao.ports import Page
from dibao.publish import facts, missing
from dibao.publish.copies import Copy, middle, srcset
from dibao.publish.feeds import Channel
from dibao.publish.lists import GROUPINGS, Group, Sheet, by_day, by_month, groups, in_time, sheets
from dibao.publish.names import unique
from dibao.publish.sitemap import robots, sitemaps
from dibao.publish.words import is_chinese, spoken, spoken_span, spoken_time, words
from dibao.text import printable, squeeze

# Meta tags can't carry frame-ancestors; hosts that send headers should add it.
POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'self'; "
    "script-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"
)
ASSETS = ("style.css", "site.js", "icon.svg")
ARTICLES = "../"  # the way from an article's page up to the root
COLUMN = "(max-width: 44rem) 100vw, 39rem"  # how wide the pictures of an article are, as in the style sheet
SMALL = 400  # pixels: what is narrower is shown in its own size
VERDICTS = {Verdict.GONE: "gone_then"}  # the other verdicts are called by their own names


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a site says of itself; `base_url` is where it will stand, if that is known."""

    title: str
    base_url: str = ""
    description: str = ""
    language: str = "en"
    hub: str = ""  # of WebSub, for the feeds

    @property
    def base(self) -> str:
        """Return the base URL with a slash at its end, or nothing."""
        return self.base_url.rstrip("/") + "/" if self.base_url else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An earlier state of an article that readers can open."""

    number: int
    at: datetime
    title: str
    html: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture as a page shows it."""

    src: str
    srcset: str
    largest: str
    width: int
    height: int

    @property
    def is_small(self) -> bool:
        """Say whether it would look coarse if it filled the column."""
        return self.width < SMALL


def not_kept(url: str) -> tuple[Copy, ...]:
    """Say of every picture that it is not kept."""
    return ()


class Renderer:
    """Renders a site's pages; the same articles always give the same bytes.

    `image` gives the copies of a picture; one that has none is only linked to, so that reading asks nobody
    else. `zones` gives the time zones of sources by id: lists show clock times where all sources share one.
    `gaps` are those of all sources that were not filled: an outlet's page says between which times articles
    may be missing.
    """

    def __init__(
        self,
        site: Site,
        *,
        image: Callable[[str], tuple[Copy, ...]] = not_kept,
        zones: Mapping[int, str | None] | None = None,
        gaps: Sequence[Gap] = (),
    ) -> None:
        self.site, self.image, self.zones, self.gaps = site, image, zones or {}, gaps
        shared = set(self.zones.values())
        self.zone = zone_of(shared.pop()) if len(shared) == 1 and None not in shared else None
        self.say = words(site.language)
        self._templates = Environment(
            loader=PackageLoader("dibao.publish"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            site=site,
            say=self.say,
            policy=POLICY,
            kinds=tuple(GROUPINGS),
            column=COLUMN,
            group_path=group_path,
            facts=facts,
        )

    # --- articles ---

    def article_page(self, kept: Kept, headline: Headline) -> Page:
        """Return the page of an article as it stands now, with its earlier versions."""
        now = facts.standing(kept)
        lead, zone = facts.lead(now), zone_of(now.source.timezone)
        return self._page(
            f"a/{kept.key}.html",
            "article.html",
            title=self._title(headline),
            headline=headline,
            kept=kept,
            now=now,
            article=now.article,
            lead=self._picture(lead),
            html=self._body(now, leads=lead is None),
            history=[(revision, self.say[_verdict(revision)]) for revision in reversed(kept.revisions)],
            versions=[self._version(revision) for revision in earlier(kept)],
            when=lambda at: spoken_time(at, zone, self.site.language),
            iso=lambda at: at.astimezone(zone).isoformat(timespec="seconds"),
        )

    def _version(self, revision: Revision) -> Version:
        return Version(
            number=revision.number,
            at=revision.seen_at,
            title=facts.title(revision),
            html=self._body(revision),
        )

    def _image(self, url: str, root: str) -> Shown | None:
        found = self.image(url)
        if not found:
            return None
        return Shown(
            src=root + quote(middle(found).path),
            srcset=srcset(found, root),
            largest=root + quote(found[-1].path),
            width=found[-1].width,
            height=found[-1].height,
        )

    def _picture(self, media: Media | None) -> Mapping[str, object] | None:
        if media is None:
            return None
        return {
            "image": self._image(media.url, ARTICLES),
            "url": media.url,
            "caption": squeeze(media.caption or ""),
            "credit": squeeze(media.credit or ""),
        }

    def _body(self, revision: Revision, *, leads: bool = False) -> Markup:
        """Return the article's HTML; its pictures load late, but for the first where that leads the page."""
        html = revision.article.html
        if "<img" not in html:
            return Markup(html)
        body = LexborHTMLParser(html).body
        credits = {media.url: squeeze(media.credit) for media in revision.article.media if media.credit}
        played = {media.url for media in revision.article.media if media.kind != "image"}
        for number, img in enumerate(body.css("img") if body else ()):
            self._credit(img, credits.get(img.attributes.get("src") or ""))
            self._show(img, played, is_first=leads and number == 0)
        return Markup(body.inner_html if body else "")

    def _show(self, img: LexborNode, played: Container[str], *, is_first: bool) -> None:
        """Put our copy of a picture in its place, or where there is none a link or, in a link, words."""
        url, alt = img.attributes.get("src") or "", img.attributes.get("alt") or ""
        image, link = self._image(url, ARTICLES), _link_around(img)
        plays = link is not None and link.attributes.get("href") in played
        if image is None:
            img.replace_with(self._words(alt, plays=plays) if link else self._link(url, alt))
            return
        if link is not None and plays:
            link.attrs["class"] = "plays"
        shown = _img(image, alt, is_first=is_first)
        img.replace_with(_node(shown if link else _to_largest(image, shown)))

    def _words(self, alt: str, *, plays: bool) -> LexborNode:
        """Return what stands in a link for its picture, where that is not kept."""
        said = squeeze(alt) or self.say["film" if plays else "picture"]
        return _node(f"<span>{escape(f'▶ {said}' if plays else said)}</span>")

    def _credit(self, img: LexborNode, credit: str | None) -> None:
        """Say below a picture in the text who took it, where its caption doesn't."""
        figure = _around(img, "figure")
        caption = figure.css_first("figcaption") if figure is not None else None
        if not credit or figure is None or (caption is not None and credit in squeeze(caption.text())):
            return
        label = f'<span lang="{self.site.language}">{escape(self.say["credit"])}</span>'
        said = f'<span class="credit">{label}{escape(credit)}</span>'
        if caption is None:
            figure.insert_child(_node(f"<figcaption>{said}</figcaption>"))
        else:
            caption.insert_child(" ")
            caption.insert_child(_node(said))

    def _link(self, url: str, alt: str) -> LexborNode:
        """Return the link that stands for a picture that is not kept."""
        text = ": ".join(filter(None, (self.say["picture"], squeeze(alt))))
        html = f'<a class="elsewhere" rel="external noopener" href={quoteattr(url)}>{escape(text)}</a>'
        return _node(html)

    # --- lists ---

    def list_pages(self, headlines: Sequence[Headline]) -> Iterator[Page]:
        """Yield the front page and the pages of all days, sections, outlets, writers and subjects."""
        ordered = in_time(headlines)
        for sheet in sheets("index.html", ordered, "page"):
            yield self._sheet(sheet, None)
        for kind in GROUPINGS:
            found = groups(kind, ordered)
            yield self._index(kind, found)
            for group, before, after in zip(found, [None, *found], [*found[1:], None], strict=False):
                for sheet in sheets(group.path, group.headlines):
                    yield self._sheet(sheet, group, before, after)

    def _index(self, kind: str, found: Sequence[Group]) -> Page:
        return self._page(
            f"{kind}/index.html",
            "days.html" if kind == "day" else "groups.html",
            title=self.say[kind],
            kind=kind,
            groups=sorted(found, key=lambda group: (-len(group.headlines), group.name)),
            months=[(self._month(name), days) for name, days in by_month(found)] if kind == "day" else [],
            count=self._count,
        )

    def _sheet(
        self, sheet: Sheet, group: Group | None, before: Group | None = None, after: Group | None = None
    ) -> Page:
        days = by_day(sheet.headlines)
        is_day = group is not None and group.kind == "day"
        name = self._name(group) if group else self.site.title
        page = self.say["page"].format(n=sheet.number) if sheet.number else ""
        return self._page(
            sheet.path,
            "list.html",
            title=" · ".join(filter(None, (name, page))),
            name=name,
            missing=self._missing(group) if group and not sheet.number else [],
            most_missing=missing.MOST,
            number=page,
            sheet=sheet,
            group=group,
            days=[("" if is_day else self._day(day), day, items) for day, items in days],
            day_before=before if is_day and not sheet.number else None,
            day_after=after if is_day and not sheet.number else None,
            title_of=self._title,
            clock=self._clock,
            picture=lambda headline: self._thumb(headline, sheet.path),
            lang_of=lambda headline: facts.tag(headline.language),
            edits=lambda headline: self.say["edits"].format(n=headline.edits),
            short=lambda group: spoken(date.fromisoformat(group.name), self.site.language),
        )

    def _missing(self, group: Group) -> list[str]:
        """Return, in words, between which times articles of an outlet may be missing."""
        if group.kind != "source" or not self.gaps:
            return []
        ids = {headline.source_id for headline in group.headlines}
        found = missing.spans(gap for gap in self.gaps if gap.source in ids)
        zone = zone_of(self.zones.get(group.headlines[-1].source_id))
        return [spoken_span(since, until, zone, self.site.language) for since, until in found]

    def _title(self, headline: Headline) -> str:
        return facts.one_line(headline.title) or self.say["untitled"]

    def _thumb(self, headline: Headline, path: str) -> Shown | None:
        url = headline.image or ""
        return self._image(url, root_of(path)) if urls.parse(url) else None

    def _name(self, group: Group) -> str:
        return self._day(group.name) if group.kind == "day" else group.name

    def _day(self, day: str) -> str:
        return spoken(date.fromisoformat(day), self.site.language, weekday=True)

    def _month(self, month: str) -> str:
        first = spoken(date.fromisoformat(f"{month}-01"), self.site.language)
        return first.removesuffix("1日") if is_chinese(self.site.language) else first.removeprefix("1 ")

    def _count(self, group: Group) -> str:
        n = len(group.headlines)
        return self.say["article"] if n == 1 else self.say["articles"].format(n=n)

    def _clock(self, headline: Headline) -> str:
        """Return the time of day at the source; empty where sources keep different clocks."""
        return f"{headline.at.astimezone(self.zone):%H:%M}" if self.zone else ""

    # --- everything else ---

    def site_pages(self, headlines: Sequence[Headline]) -> Iterator[Page]:
        """Yield every page but the articles' and the feeds: the lists, and what hosts expect."""
        base = self.site.base
        yield from self.list_pages(headlines)
        yield self._page("404.html", "missing.html", root=base, title=self.say["not_found"])
        yield from sitemaps(base, in_time(headlines))
        yield robots(base)
        yield from assets()

    def _page(self, path: str, template: str, **values: object) -> Page:
        known = {"root": root_of(path), "path": path, **values}
        text = self._templates.get_template(template).render(known)
        return Page(path=path, body=printable(text).encode())


def _img(image: Shown, alt: str, *, is_first: bool) -> str:
    """Return an `img` that shows our copies, with room left for them while they load."""
    said = {
        "class": "small" if image.is_small else "",
        "src": image.src,
        "srcset": image.srcset,
        "sizes": COLUMN if image.srcset else "",
    }
    said |= {"width": str(image.width), "height": str(image.height)}
    said |= {"fetchpriority": "high"} if is_first else {"loading": "lazy"}
    attributes = (f" {name}={quoteattr(value)}" for name, value in said.items() if value)
    return f'<img{"".join(attributes)} alt={quoteattr(alt)} decoding="async">'


def _to_largest(image: Shown, shown: str) -> str:
    return f'<a class="larger" href={quoteattr(image.largest)}>{shown}</a>'


def _link_around(node: LexborNode) -> LexborNode | None:
    return _around(node, "a")


def _around(node: LexborNode, tag: str) -> LexborNode | None:
    """Return the element of a kind that a node stands in."""
    around = node.parent
    while around is not None and around.tag != tag:
        around = around.parent
    return around


def _node(html: str) -> LexborNode:
    """Return the one element that some HTML holds."""
    body = LexborHTMLParser(html).body
    node = body.child if body else None
    assert node is not None
    return node


def channel(site: Site) -> Channel:
    """Return the channel of all of a site's articles."""
    return Channel(
        title=facts.one_line(site.title),
        subtitle=facts.one_line(site.description),
        language=facts.tag(site.language),
        base=site.base,
        icon=f"assets/{ASSETS[-1]}",
        hub=printable(site.hub),
    )


def root_of(path: str) -> str:
    """Return the way from a page up to the root of the site."""
    return "../" * path.count("/")


def group_path(kind: str, name: str) -> str:
    """Return the link to a group's page, from the root of the site."""
    return quote(f"{kind}/{unique(squeeze(name))}.html")


def zone_of(name: str | None) -> tzinfo:
    """Return a time zone by its IANA name; UTC where there is none of that name."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def earlier(kept: Kept) -> list[Revision]:
    """Return the revisions whose title or text a later one replaced, the latest first."""
    said = [revision for revision in kept.revisions if revision.verdict is not Verdict.GONE]
    return [old for old, new in pairwise(said) if _words_of(old) != _words_of(new)][::-1]


def _words_of(revision: Revision) -> tuple[str, str]:
    return facts.title(revision), revision.article.html


def _verdict(revision: Revision) -> str:
    return VERDICTS.get(revision.verdict, revision.verdict.value)


def assets() -> Iterator[Page]:
    """Yield the style sheet, the script and the icon."""
    folder = files("dibao.publish") / "assets"
    for name in ASSETS:
        yield Page(path=f"assets/{name}", body=(folder / name).read_bytes())
