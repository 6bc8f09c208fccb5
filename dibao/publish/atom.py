"""The Atom feed of the site (RFC 4287): the whole text of the latest articles."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from dibao.model import Kept, Revision
from dibao.ports import Page
from dibao.publish import facts
from dibao.publish.words import words
from dibao.text import digest, printable, squeeze

NAMESPACE = "http://www.w3.org/2005/Atom"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def atom(
    articles: Sequence[Kept], *, title: str, language: str, base_url: str = "", subtitle: str = ""
) -> Page:
    """Return ``feed.xml`` with these articles in this order; relative links without a base URL."""
    updated = max((kept.latest.seen_at for kept in articles), default=_EPOCH)
    lines = (
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<feed {_attributes(xmlns=NAMESPACE, xml__lang=language)}>",
        _tag("title", title),
        *_if(_tag("subtitle", subtitle), subtitle),
        _tag("id", base_url or f"urn:dibao:feed:{digest(title)}"),
        _tag("updated", _time(updated)),
        f"<author>{_tag('name', title)}</author>",
        *_if(f"<link {_attributes(rel='self', href=f'{base_url}feed.xml')}/>", base_url),
        f"<link {_attributes(rel='alternate', type='text/html', href=base_url or 'index.html')}/>",
        '<generator uri="https://github.com/dibao/dibao">dibao</generator>',
        *(line for kept in articles for line in entry(kept, base_url)),
        "</feed>",
        "",
    )
    return Page(path="feed.xml", body=printable("\n".join(lines)).encode())


def entry(kept: Kept, base_url: str = "") -> Iterator[str]:
    """Yield the lines of an article's entry; its id never changes."""
    now = facts.standing(kept)
    url, title = facts.address(now), facts.title(now) or words(facts.language(now))["untitled"]
    yield f"<entry {_attributes(xml__lang=facts.language(now))}>"
    yield _tag("title", title)
    yield _tag("id", f"urn:dibao:{kept.key}")
    yield _tag("published", _time(facts.appeared(kept)))
    yield _tag("updated", _time(kept.latest.seen_at))
    yield f"<link {_attributes(rel='alternate', type='text/html', href=f'{base_url}a/{kept.key}.html')}/>"
    yield from _if(f"<link {_attributes(rel='via', href=url or '')}/>", url)
    yield from (f"<author>{_tag('name', squeeze(name))}</author>" for name in _authors(now))
    yield from (f"<category {_attributes(term=word)}/>" for word in facts.keywords(now))
    yield from _if(_tag("summary", facts.summary(now)), facts.summary(now))
    yield f'<content type="html">{escape(_content(kept, now))}</content>'
    yield from _origin(now)
    yield "</entry>"


def _authors(now: Revision) -> Iterable[str]:
    """Return the people; Atom wants some "person, corporation, or similar entity", so else the outlet."""
    return facts.authors(now) or [now.source.name]


def _content(kept: Kept, now: Revision) -> str:
    language, lead = facts.language(now), facts.lead(now)
    say, gone = words(language), facts.gone_since(kept)
    notice = say["gone"].format(when=gone.date().isoformat()) if gone else say["partial"] if now.why else ""
    picture = f"<p><img src={quoteattr(lead.url)} alt={quoteattr(lead.caption or '')}></p>" if lead else ""
    return (f"<p><em>{escape(notice)}</em></p>" if notice else "") + picture + now.article.html


def _origin(now: Revision) -> Iterator[str]:
    yield "<source>"
    yield _tag("title", squeeze(now.source.name))
    yield _tag("id", now.source.url)
    yield _tag("updated", _time(now.seen_at))
    yield "</source>"


def _if(line: str, wanted: object) -> tuple[str, ...]:
    return (line,) if wanted else ()


def _tag(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>"


def _attributes(**values: str) -> str:
    return " ".join(f"{name.replace('__', ':')}={quoteattr(value)}" for name, value in values.items())


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
