"""Read and judge: the two pure steps between a capture and what is kept."""

from dataclasses import replace

from dibao import bitmaps
from dibao.decide import (
    echo,
    fingerprint,
    is_older_page,
    judge,
    names,
    recent,
    says_something,
    stands_alone,
    why_not,
)
from dibao.errors import ExtractError, FeedError
from dibao.extract import better, from_entry, is_elsewhere, read_page
from dibao.extract.rules import NO_BOOK, NO_RULES, Book, Rule, RulesAt
from dibao.feeds import is_sitemap, parse_feed, read_list_page, read_rules, read_sitemap
from dibao.model import (
    KEPT_PAGES,
    POLLS,
    Article,
    Basis,
    Brought,
    Capture,
    Entry,
    Feed,
    Kind,
    Reading,
    Source,
    Visit,
)
from dibao.saved import without_local_copies

__all__ = ["judge", "needs_reading", "read", "read_without_page"]


def needs_reading(visit: Visit, capture: Capture) -> bool:
    """Say whether there is anything in an answer to read."""
    return capture.has_page or visit.entry is not None


def read(visit: Visit, capture: Capture, book: Book = NO_BOOK) -> Reading:
    """Say what a capture says, by the rules of a book. Pure and heavy: workers and clusters map this."""
    reading = read_anything(visit, capture, RulesAt(book, capture.captured_at))
    mentioned = names(visit, reading)
    return replace(reading, names=mentioned) if mentioned else reading


def read_anything(visit: Visit, capture: Capture, rules: RulesAt) -> Reading:
    """Return what a feed, a page, or the lack of one says."""
    if visit.kind in POLLS:
        return read_feed(visit, capture, rules)
    if visit.kind is Kind.MEDIA:
        return read_picture(capture)
    if not capture.has_page:
        return read_without_page(visit, why_not(capture, asked_conditionally=True), rules)
    return read_article(visit, capture, rules)


def read_picture(capture: Capture) -> Reading:
    """Return what a picture is by its bytes, whatever it is called; every pixel of it was read."""
    if not capture.has_page:
        return Reading()
    try:
        found = bitmaps.measure(capture.body)
    except bitmaps.PictureError as error:
        return Reading(error=str(error))
    return Reading(media_type=found.type, size=(found.width, found.height))


def read_feed(visit: Visit, capture: Capture, rules: RulesAt = NO_RULES) -> Reading:
    """Return the feed in a capture, with the entries that are articles by themselves."""
    if capture.failure or capture.status != 200:
        return Reading()
    if visit.filling and visit.url.endswith("/robots.txt"):
        return Reading(feed=read_rules(capture.body, url=capture.final_url))
    try:
        whole = feed_in(capture, as_it_answers(visit, capture))
    except FeedError as error:
        return Reading(error=error.why)
    # What was cut off comes whole with the next poll: half an entry would look like an edit then.
    entries = tuple(entry for entry in whole.entries if not entry.cut)
    wanted = entries if is_older_page(visit) else recent(entries, visit.source)
    language = visit.source.language or whole.language
    read_as = replace(visit, source=replace(visit.source, language=language))
    told = echo.marks(visit, wanted, language)
    echoes = echo.echoes(visit, wanted, told)
    heard = list(zip(wanted, echoes or ((),) * len(wanted), strict=True))
    light = tuple(echo.slim(entry) if keys else entry for entry, keys in heard)
    alone = (entry for entry, keys in heard if not keys and stands_alone(entry, read_as.source))
    return Reading(
        feed=replace(whole, entries=light),
        left_out=len(entries) - len(wanted),
        marks=told,
        echoes=echoes,
        articles=tuple((entry, of_entry(entry, read_as, rules)) for entry in alone),
    )


def as_it_answers(visit: Visit, capture: Capture) -> Source:
    """Return the source of a visit, as a sitemap where an older page of it is one."""
    is_map = is_older_page(visit) and is_sitemap(capture.body)
    return replace(visit.source, kind="sitemap") if is_map else visit.source


def feed_in(capture: Capture, source: Source) -> Feed:
    """Return what a source answers, read as what it is: feed, sitemap or page; FeedError if it is none."""
    body, url, content_type = capture.body, capture.final_url, capture.header("Content-Type")
    if source.kind == "sitemap":
        return read_sitemap(body, url=url, content_type=content_type)
    if source.kind == "page":
        return read_list_page(
            body, url=url, content_type=content_type, selector=source.selector, timezone=source.timezone
        )
    try:
        return parse_feed(body, url=url, content_type=content_type)
    except FeedError as error:
        if is_sitemap(body):
            raise FeedError(url, "this is a sitemap: add it with --kind sitemap") from error
        raise


def read_article(visit: Visit, capture: Capture, rules: RulesAt = NO_RULES) -> Reading:
    """Return the better of what the page and what the feed say of an article.

    Of a page that was seen before and that rules are about, it is also told how the others read it: what is
    kept may have been read by one of them, or by none, and to be read better is no edit.
    """
    rule = rules.about(capture.final_url)
    reading = read_by(rule, visit, capture, rules)
    known = rules.ever_about(capture.final_url) if visit.looks else ()
    if not known or reading.article is None:
        return reading
    others = (read_by(other, visit, capture, rules).article for other in (None, *known) if other != rule)
    otherwise = ((article.rule, fingerprint(article)) for article in others if article)
    return replace(reading, otherwise=tuple(otherwise))


def read_by(rule: Rule | None, visit: Visit, capture: Capture, rules: RulesAt = NO_RULES) -> Reading:
    """Return the better of what the page, read by a rule, and what the feed say of an article."""
    source = visit.source
    is_saved = capture.brought is Brought.SAVED
    try:
        page = read_page(
            without_local_copies(capture.body) if is_saved else capture.body,
            url=capture.final_url,
            content_type=capture.header("Content-Type"),
            outlet=source.name if source.kind != KEPT_PAGES.kind else None,
            language=source.language,
            timezone=source.timezone,
            seen_at=capture.captured_at,
            rule=rule,
        )
    except ExtractError as error:
        return read_without_page(visit, error.why, rules)
    page = replace(page, brought=capture.brought)
    claims = tuple(url for url in (capture.final_url, claimed(page, capture.final_url)) if url)
    if visit.entry is None:
        return Reading(article=page, claims=claims)
    feed = of_entry(visit.entry, visit, rules)
    article = better(page, feed)
    if article.basis is Basis.FEED and len(page.text) >= len(feed.text) and is_elsewhere(page, feed):
        return Reading(article=article, error="the page is about something else than was announced")
    return Reading(article=article, claims=claims)


def claimed(page: Article, url: str) -> str | None:
    """Return the canonical link of a page where it can name one article: not a front page."""
    link = (page.canonical_url or "").partition("#")[0]
    return link if link.rstrip("/").count("/") > 2 and link != url else None


def read_without_page(visit: Visit, why: str | None, rules: RulesAt = NO_RULES) -> Reading:
    """Return what the feed alone says of an article, and why there is no more."""
    if visit.entry is None or not says_something(visit.entry):
        return Reading(error=why)
    return Reading(article=of_entry(visit.entry, visit, rules), error=why)


def of_entry(entry: Entry, visit: Visit, rules: RulesAt = NO_RULES) -> Article:
    """Return the article that an entry is by itself."""
    source = visit.source
    return from_entry(
        entry,
        url=entry.link or visit.url,
        outlet=source.name,
        language=source.language,
        timezone=source.timezone,
        rule=rules.about(entry.link or visit.url, source.url),
    )
