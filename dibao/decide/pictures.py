"""The pictures of articles: which to ask for, and what an answer means."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from html import unescape

from dibao import urls
from dibao.decide.schedule import failed, remembered, why_not
from dibao.model import Article, Capture, Kind, Outcome, Picture, Reading, Revision, Verdict, Visit
from dibao.ports import Known

PICTURE_TRIES = 6  # unlike sources and articles, a picture that is not there is given up, and said so
PICTURES_AT_MOST = 30  # of one article: a gallery may be larger than all its news
_SHOWN = re.compile(r"<img [^>]*?src=\"([^\"]+)\"")  # in clean HTML, which quotes so


def judge_picture(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say what an answer to a picture's address changes; a picture that is kept is not asked again."""
    why = why_not(capture, asked_conditionally=False) or reading.error
    if why or reading.media_type is None or capture.ref is None:
        why = why or "it is not a picture"
        after = failed(visit, capture, why, now)
        answered = capture.status is not None and capture.status not in (429, 503)
        tried = answered and after.failures >= PICTURE_TRIES
        return Outcome(visit=replace(after, due=None) if tried else after, error=why)
    picture = Picture(url=visit.url, digest=capture.digest, type=reading.media_type, ref=capture.ref)
    return Outcome(visit=remembered(visit, capture, None), picture=picture)


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
