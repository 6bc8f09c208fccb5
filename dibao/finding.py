"""From an address or a name to what can be subscribed, with as few questions to its server as can be.

A feed is asked once, a page once and its feed once, and where the address says where the feed is, the
page is not asked at all.
"""

from dataclasses import dataclass, replace
from typing import Any

from dibao import pipeline, urls
from dibao.addresses import storable
from dibao.errors import ConfigError, FeedError
from dibao.feeds import catalogue, is_sitemap
from dibao.feeds.catalogue import Listed, Outlet
from dibao.feeds.discover import discover, rule_feeds, rule_for, well_known
from dibao.model import Capture, Entry, Feed, Kind, Source, Trouble, Visit
from dibao.ports import Fetcher
from dibao.wiring import Opened, fetching

# What means that the address itself is wrong, or that nobody can say now: not that a server has a bad day.
WRONG_ADDRESS = {Trouble.URL, Trouble.DNS, Trouble.BLOCKED, Trouble.CONNECT, Trouble.TLS, Trouble.OFFLINE}
_BEGIN = 1000  # bytes in which a feed says that it is one
MOST_TRIED = 3  # of the feeds a page leads to


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What stands at an address."""

    url: str
    capture: Capture
    kind: str = "feed"
    feed: Feed | None = None
    others: tuple[str, ...] = ()
    outlet: Outlet | None = None
    taken: tuple[Entry, ...] = ()  # what of its entries is recent enough

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the first three headlines; the address where an entry has none."""
        return tuple(entry.title or entry.link or "(untitled)" for entry in self.taken[:3])


# --- from the catalogue ---------------------------------------------------------------------------


def choose(words: str) -> tuple[Outlet, Listed] | None:
    """Return what ``cna``, ``中央社`` or ``cna:政治`` is in the catalogue, or None where it is an address."""
    name, _, which = words.strip().partition(":")
    outlet = None if "/" in which or "@" in which else catalogue.named(name)
    if outlet is None and not any(sign in words for sign in ".:/"):
        raise ConfigError(
            f"{words!r} is not a web address, and no outlet of the catalogue is called that. Say for "
            f"example https://example.org/feed.xml, or look with `dibao sources find {words.strip()}`."
        )
    if outlet is None:
        return None
    listed = outlet.feed(which)
    if listed:
        return outlet, listed
    if not outlet.feeds:
        raise ConfigError(f"{outlet.name}: {outlet.note} `dibao add {outlet.home}` looks whether it has one.")
    raise ConfigError(f"{outlet.name} has no feed {which!r} in the catalogue, but {choices(outlet)}.")


def choices(outlet: Outlet, besides: Listed | None = None) -> str:
    """Return the words by which the feeds of an outlet are added."""
    return ", ".join(outlet.choice(feed) for feed in outlet.feeds if feed is not besides)


def listed_fields(outlet: Outlet, listed: Listed) -> dict[str, Any]:
    """Return what the catalogue says of a source, as fields of it."""
    return {
        "name": " ".join(filter(None, (outlet.name, listed.name))),
        "region": outlet.region,
        "timezone": outlet.timezone,
        "language": listed.language or outlet.language,
        "category": listed.category,
        "kind": listed.kind,
    }


def ask_listed(it: Opened, outlet: Outlet, listed: Listed) -> Answer:
    """Return what a feed of the catalogue answers; ConfigError if that is no feed: nobody wants it dead."""
    with fetching(it) as network:
        capture = answer(network, listed.url)
    feed = feed_in(capture, listed.kind)
    if feed:
        return Answer(url=listed.url, capture=capture, kind=listed.kind, feed=feed, outlet=outlet)
    why = trouble(capture) or "what it answers is no feed"
    raise ConfigError(f"{outlet.name} can't be read at {listed.url}: {why}. {out_of_date(outlet, listed)}")


def out_of_date(outlet: Outlet, listed: Listed) -> str:
    """Return the words for an entry of the catalogue that does not lead to a feed."""
    checked = f"was last checked on {outlet.checked}" if outlet.checked else "was never checked"
    others = choices(outlet, listed)
    return (
        f"The catalogue's entry is of {outlet.made} and {checked}: it may be out of date. Nothing was added. "
        f"Try {others + ' or ' if others else ''}`dibao add {outlet.home}`; --unchecked adds it all the same."
    )


# --- from an address ------------------------------------------------------------------------------


def find_feed(it: Opened, url: str, wished: dict[str, Any], *, guess: bool = False) -> Answer:
    """Return what stands at an address, or the feed that follows from it, or that of the page there.

    Where a kind is wished for, it is read as that.
    """
    kind, rule = wished["kind"], rule_for(url)
    if rule and not rule.feeds and kind != "page":
        raise ConfigError(f"{url} can't be subscribed: {rule.advice}")
    with fetching(it) as network:  # one for all questions, so that its pauses count
        implied = [storable(it, link) for link, _ in rule_feeds(url)] if kind in (None, "feed") else []
        found = first_feed(network, implied[:1])
        if found:
            return replace(found, others=tuple(implied[1:]))
        capture = answer(network, url)
        found = read_at(url, capture, wished)
        if found or capture.failure or (trouble(capture) and not guess):
            refuse_wrong(url, capture)
            return found or Answer(url=url, capture=capture, kind=kind or "feed")
        return feed_of_page(it, network, url, capture, asked=implied[:1], guess=guess)


def read_at(url: str, capture: Capture, wished: dict[str, Any]) -> Answer | None:
    """Return what an answer is by itself, or None for a page that may lead to a feed."""
    kind = wished["kind"]
    if trouble(capture):
        return None
    if kind in ("sitemap", "page"):
        return Answer(url=url, capture=capture, kind=kind, feed=read_as(capture, kind, wished))
    for each in ("feed", "sitemap") if kind is None else ("feed",):
        feed = feed_in(capture, each)
        if feed:
            return Answer(url=url, capture=capture, kind=each, feed=feed)
    if is_sitemap(capture.body):
        raise ConfigError(f"{url} is a sitemap: add it with --kind sitemap.")
    return None


def feed_of_page(
    it: Opened, network: Fetcher, url: str, page: Capture, *, asked: list[str], guess: bool
) -> Answer:
    """Return the first feed that a page leads to; ConfigError if it leads to none."""
    before = {url, page.final_url, *asked}
    links = [link for link in (storable(it, link) for link in linked(page)) if link not in before]
    found = first_feed(network, links[:MOST_TRIED])
    if found:
        return replace(found, others=tuple(link for link in links if link != found.url))
    before.update(links[:MOST_TRIED])
    places = [place for place in well_known(page.final_url) if place not in before] if guess else []
    found = guessed(network, places)
    if found:
        return found
    raise ConfigError(broken(page) or no_feed(url, links, places))


def linked(page: Capture) -> list[str]:
    """Return the feeds that a page leads to, the likeliest first; none where the page did not come."""
    if trouble(page):
        return []
    found = discover(page.body, url=page.final_url, content_type=page.header("Content-Type"))
    return [address for address, _ in found]


def broken(page: Capture) -> str | None:
    """Return the words for an answer that means to be a feed and can't be read as one, else None."""
    begin = page.body[:_BEGIN].lstrip().lower()
    if trouble(page) or not any(root in begin for root in (b"<rss", b"<feed", b"<rdf:rdf", b"jsonfeed.org")):
        return None
    try:
        pipeline.feed_in(page, Source(name="", url=page.url))
    except FeedError as error:
        return f"{page.url} is a feed, but can't be read: {error.why}."
    return None


def no_feed(url: str, links: list[str], places: list[str]) -> str:
    """Return the words for a page that leads to no feed, and what else can be done."""
    if places:
        return f"No feed was found: neither does {url} name one, nor is one where feeds often stand."
    if links:
        return (
            f"{url} links to {links[0]} as its feed, but that is none. If it is a page of feeds, add that: "
            f"`dibao add {links[0]}`."
        )
    rule = rule_for(url)
    advice = (rule.advice if rule else None) or (
        "Look for its RSS address, or let dibao try where feeds often stand: --guess. "
        f"`dibao add {url} --kind page` reads the headlines that the page links to."
    )
    return f"{url} is neither a feed nor a page that names its feed. {advice}"


def first_feed(network: Fetcher, places: list[str]) -> Answer | None:
    """Return the first of these that is a feed; else the first whose server only has a bad day; else None."""
    waiting = None
    for place in places:
        capture = answer(network, place)
        feed = feed_in(capture)
        if feed:
            return Answer(url=place, capture=capture, feed=feed)
        if trouble(capture) and not is_wrong(capture):
            waiting = waiting or Answer(url=place, capture=capture)
    return waiting


def guessed(network: Fetcher, places: list[str]) -> Answer | None:
    """Return the first of these that is a feed, tried one by one until the host no longer answers well."""
    for place in places:
        capture = answer(network, place)
        feed = feed_in(capture)
        if feed:
            return Answer(url=place, capture=capture, feed=feed)
        if capture.failure or capture.status in (429, 503):
            return None
    return None


def answer(network: Fetcher, url: str) -> Capture:
    """Return what an address answers."""
    ((_, capture),) = network.fetch([Visit(url=url, kind=Kind.FEED, source=Source(name=url, url=url))])
    return capture


def is_wrong(capture: Capture) -> bool:
    """Say whether an answer means that the address is wrong, not that its server has a bad day."""
    return bool(capture.failure and capture.failure.trouble in WRONG_ADDRESS) or capture.status in (404, 410)


def refuse_wrong(url: str, capture: Capture) -> None:
    """Raise ConfigError when the address itself is wrong."""
    failure = capture.failure
    if failure and failure.trouble is Trouble.BLOCKED:
        place = f'allow_private = ["{urls.host(capture.final_url)}"]'
        raise ConfigError(
            f"{url} can't be asked: {failure.detail}. If it is yours, write {place} "
            "below [fetch] in dibao.toml."
        )
    if failure and failure.trouble is Trouble.OFFLINE:
        raise ConfigError(
            f"{url} can't be asked now: {failure.detail}. With --unchecked it is subscribed all the same."
        )
    if is_wrong(capture):
        why = failure.detail if failure else trouble(capture)
        raise ConfigError(
            f"{url} can't be asked: {why}. Is the address right? "
            "With --unchecked it is subscribed all the same."
        )


def read_as(capture: Capture, kind: str, wished: dict[str, Any]) -> Feed:
    """Return what an answer says, read as a person wishes; ConfigError where it can't be."""
    source = Source(
        name="", url=capture.url, kind=kind, selector=wished.get("selector"), timezone=wished.get("timezone")
    )
    try:
        return pipeline.feed_in(capture, source)
    except FeedError as error:
        raise ConfigError(f"{capture.url} can't be read as a {kind}: {error.why}.") from error


def feed_in(capture: Capture, kind: str = "feed") -> Feed | None:
    """Return the feed or sitemap in an answer, or None."""
    if trouble(capture):
        return None
    try:
        return pipeline.feed_in(capture, Source(name="", url=capture.url, kind=kind))
    except FeedError:
        return None


def trouble(capture: Capture) -> str | None:
    """Return why an answer can't be read, or None when it came well."""
    if capture.failure:
        return str(capture.failure)
    return None if capture.status == 200 else f"the server answered {capture.status}"
