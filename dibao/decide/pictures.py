"""The pictures of articles: which to ask for, and what an answer means."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from html import unescape

from dibao import urls
from dibao.decide.schedule import failed, remembered, why_not
from dibao.model import (
    Article,
    Capture,
    Kind,
    Media,
    Outcome,
    Picture,
    Reading,
    Revision,
    Trouble,
    Verdict,
    Visit,
)
from dibao.ports import Known

PICTURE_TRIES = 6  # unlike sources and articles, a picture that is not there is given up, and said so
PICTURES_AT_MOST = 30  # of one article: a gallery may be larger than all its news
CANDIDATES_AT_MOST = 4  # of one picture
PATIENCE = 2  # failures after which another candidate is asked, where waiting may help too
HELPLESS = (  # what waiting won't mend
    Trouble.URL,
    Trouble.BLOCKED,
    Trouble.ROBOTS,
    Trouble.REDIRECT,
    Trouble.SIZE,
    Trouble.ENCODING,
)
_SHOWN = re.compile(r"<img [^>]*?src=\"([^\"]+)\"")  # in clean HTML, which quotes so


def judge_picture(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say what an answer to a picture's address changes; a picture that is kept is not asked again."""
    why = why_not(capture, asked_conditionally=False) or reading.error
    if why or reading.media_type is None or capture.ref is None:
        return without_picture(visit, capture, why or "it is not a picture", known, now)
    width, height = reading.size or (None, None)
    picture = Picture(
        url=visit.url,
        digest=capture.digest,
        type=reading.media_type,
        ref=capture.ref,
        width=width,
        height=height,
        length=len(capture.body),
    )
    others = [media.url for media in shown_by(visit, known) if media.url != visit.url]
    # What stands in for an address that failed stays; for one that was yet to be asked it came too early.
    own = (picture,) if visit.url not in known.pictures or not visit.failures else ()
    pictures = (*own, *stood_in(picture, others, known))
    return Outcome(visit=remembered(visit, capture, None), pictures=pictures)


def without_picture(visit: Visit, capture: Capture, why: str, known: Known, now: datetime) -> Outcome:
    """Return what it changes that an address gave no picture: another candidate may give it."""
    after = failed(visit, capture, why, now)
    final = is_final(capture)
    onward = next_candidates(visit, known) if final or after.failures == PATIENCE else {}
    kept = tuple(
        picture
        for url, places in onward.items()
        if url in known.pictures
        for picture in stood_in(known.pictures[url], places, known)
    )
    found = tuple(
        Visit(url=url, kind=Kind.MEDIA, source=visit.source, key=visit.key, due=now)
        for url in onward
        if url not in known.pictures
    )
    answered = capture.status is not None and capture.status not in (429, 503)
    is_replaced = visit.url in known.pictures or kept or (final and found)
    given_up = is_replaced or (answered and after.failures >= PICTURE_TRIES)
    after = replace(after, due=None) if given_up else after
    return Outcome(visit=after, found=found, pictures=kept, error=why)


def is_final(capture: Capture) -> bool:
    """Say whether asking the same address again is of little use: it said no, or what came is no picture."""
    if capture.failure:
        return capture.failure.trouble in HELPLESS
    return capture.status is not None and capture.status < 500 and capture.status not in (408, 425, 429)


def shown_by(visit: Visit, known: Known) -> Iterator[Media]:
    """Yield the pictures of the visit's article that its address may stand for."""
    revision = known.revisions.get(visit.key or "")
    for media in revision.article.media if revision else ():
        if media.kind == "image" and visit.url in media.addresses[:CANDIDATES_AT_MOST]:
            yield media


def next_candidates(visit: Visit, known: Known) -> dict[str, list[str]]:
    """Return the addresses to ask after this one, each with those at which articles show the picture."""
    found: dict[str, list[str]] = {}
    for media in shown_by(visit, known):
        offered = [url for url in media.addresses[:CANDIDATES_AT_MOST] if urls.parse(url) or url == visit.url]
        for url in offered[offered.index(visit.url) + 1 :][:1]:
            if media.url not in known.pictures:
                found.setdefault(url, []).append(media.url)
    return found


def stood_in(picture: Picture, places: Iterable[str], known: Known) -> tuple[Picture, ...]:
    """Return the picture under each address that articles show it at and where none is kept."""
    return tuple(replace(picture, url=url) for url in dict.fromkeys(places) if url not in known.pictures)


def pictures_due(revision: Revision, now: datetime) -> Iterator[Visit]:
    """Yield a visit for every picture of a revision; a feed-only source asks for nothing but its feed."""
    if revision.source.feed_only or revision.verdict in (Verdict.GONE, Verdict.SAME):
        return
    for url in pictures_of(revision.article):
        yield Visit(url=url, kind=Kind.MEDIA, source=revision.source, key=revision.key, due=now)


def pictures_of(article: Article) -> tuple[str, ...]:
    """Return the addresses of the pictures an article shows, the lead first, each once."""
    lead = (media.url for media in article.media if media.kind == "image")
    shown = (unescape(found) for found in _SHOWN.findall(article.html))
    usable = (url for url in (*lead, *shown) if urls.parse(url))
    return tuple(dict.fromkeys(usable))[:PICTURES_AT_MOST]
