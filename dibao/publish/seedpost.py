"""Posts in the style of the archives that came before: the entry as its feed wrote it.

Nothing here is sanitised: scripts, trackers and templates in a feed's HTML stay as they came. It is for
moving between archives; what others shall read belongs in `posts`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from dibao.model import Entry, Kept
from dibao.ports import Page
from dibao.publish import facts
from dibao.publish.frontmatter import quoted
from dibao.text import printable

LETTERS_OF_TITLE = 50

_NOT_IN_NAMES = re.compile("[/\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PLAIN = re.compile(r"[^\W\d_][\w .()·-]*[\w)]|\([\w .()·-]*[\w)]")
_PLAIN_URL = re.compile(r"https?://\S*[^\s:]")
_YAML_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seed_posts(articles: Iterable[Kept]) -> Iterator[Page]:
    """Yield a post for every article, unsanitised; two that would share a name are told apart by key."""
    taken: set[str] = set()
    for kept in articles:
        yield Page(path=_free_name(kept, taken), body=seed_post(kept).encode())


def seed_post(kept: Kept) -> str:
    """Return the article as its feed last announced it.

    Where the entry has no date, the moment we first saw it stands in; where it has no title, link or
    content, what the page said, and else nothing.
    """
    entry, title, link = _entry(kept), printable(_title(kept)), facts.address(kept.latest) or ""
    link, name, at = printable(entry.link or link), _scalar(kept.latest.source.name), _date(kept)
    content = printable(entry.content or entry.summary or kept.latest.article.html)
    return f"""---
layout: post
title: {quoted(title)}
date: {at.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
author: {name}
from: {link if _PLAIN_URL.fullmatch(link) else quoted(link)}
tags: [ {name} ]
comments: True
categories: [ {name} ]
---
<!--{(at - _EPOCH) // timedelta(milliseconds=1)}-->
[{title}]({link})
------

<div>
{content}
</div>
"""


def _entry(kept: Kept) -> Entry:
    """Return the last announcement, or an empty one for an article that no feed announced."""
    announced = [revision.entry for revision in kept.revisions if revision.entry]
    return announced[-1] if announced else Entry()


def _title(kept: Kept) -> str:
    return _entry(kept).title or facts.title(facts.standing(kept)) or "(untitled)"


def _first(kept: Kept) -> Entry:
    return kept.first.entry or Entry()


def _date(kept: Kept) -> datetime:
    entry = _first(kept)
    return (entry.published or entry.updated or kept.first.seen_at).astimezone(UTC)


def _free_name(kept: Kept, taken: set[str]) -> str:
    title = _first(kept).title or facts.title(kept.first) or "(untitled)"
    wished = f"{_date(kept).date()}-{_NOT_IN_NAMES.sub('_', title[:LETTERS_OF_TITLE])}"
    for length in (0, 6, len(kept.key)):
        name = f"{wished} ~{kept.key[:length]}.md" if length else f"{wished}.md"
        if _folded(name) not in taken:
            break
    taken.add(_folded(name))
    return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _scalar(value: str) -> str:
    """Return a name as the style writes it, bare, or quoted where YAML would read something else."""
    plain = _PLAIN.fullmatch(value) and value.lower() not in _YAML_WORDS
    return value if plain else quoted(value)
