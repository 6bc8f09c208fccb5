"""Kept articles as Markdown posts that Jekyll and Hugo build without being told anything."""

from collections.abc import Iterable, Iterator

from dibao.model import Kept, Revision
from dibao.ports import Page
from dibao.publish import facts, names
from dibao.publish.escape import destination, escape, line_start
from dibao.publish.frontmatter import front_matter
from dibao.publish.markdown import emphasised, markdown, picture
from dibao.publish.words import spoken, words
from dibao.text import digest, squeeze

LONGEST_NAME = 120  # bytes; far below what any disk takes


def posts(articles: Iterable[Kept]) -> Iterator[Page]:
    """Yield a post for every article."""
    return map(post, articles)


def post(kept: Kept) -> Page:
    """Return an article as it stands now, at a path that its first revision fixed for ever."""
    name = file_name(kept)
    text = front_matter(fields(kept)) + "\n" + "\n\n".join(body(kept)) + "\n"
    return Page(path=f"{name[:4]}/{name}.md", body=text.encode())


def file_name(kept: Kept) -> str:
    """Return ``YYYY-MM-DD-slug-KEY``: unique also where case and Unicode form don't count."""
    day, key = facts.appeared(kept).date().isoformat(), _short(kept.key)
    room = LONGEST_NAME - len(f"{day}--{key}.md")
    return "-".join(filter(None, (day, names.slug(facts.title(kept.first), room), key)))


def _short(key: str) -> str:
    plain = key.isascii() and key.isalnum() and key == key.lower() and len(key) >= 10
    return key[:10] if plain else digest(key)[:10]


def fields(kept: Kept) -> dict[str, str | tuple[str, ...] | None]:
    """Return the front matter's fields; people and outlet apart."""
    now = facts.standing(kept)
    lead = now.article.media[0] if now.article.media else None
    return {
        "layout": "post",
        "title": facts.title(now) or words(facts.language(now))["untitled"],
        "date": facts.appeared(kept).isoformat(),
        "updated": kept.latest.seen_at.isoformat() if kept.latest.number > 1 else None,
        "author": facts.people(now),
        "from": facts.address(now),
        "id": f"{kept.key}@{kept.latest.number}",
        "categories": tuple(filter(None, map(squeeze, (now.source.name, now.source.category or "")))),
        "tags": facts.keywords(now),
        "lang": facts.language(now),
        "description": facts.summary(now),
        "image": destination(lead.url) if lead and lead.kind == "image" else None,
        "slug": file_name(kept)[len("YYYY-MM-DD-") :],
    }


def body(kept: Kept) -> Iterator[str]:
    """Yield the post's blocks: what a reader must know first, the picture, the text, and its source."""
    now = facts.standing(kept)
    yield from notices(kept)
    yield from _lead(now)
    text = markdown(now.article.html)
    if text:
        yield text
    yield from _source(now)


def notices(kept: Kept) -> Iterator[str]:
    """Yield what makes this less than the whole article as it stands at its source."""
    now, gone = facts.standing(kept), facts.gone_since(kept)
    language = facts.language(now)
    say = words(language)
    if gone:
        yield emphasised(say["gone"].format(when=spoken(gone, language)))
    if now.why:
        yield emphasised(f"{say['partial']} ({squeeze(now.why)})")
    if now.article.brought:
        yield emphasised(say[f"brought_{now.article.brought}"])


def _lead(now: Revision) -> Iterator[str]:
    media = facts.lead(now)
    if media is None:
        return
    said = [squeeze(part) for part in (media.caption, media.credit) if part and squeeze(part)]
    yield picture(media.url, said[0] if said else "")
    caption = " ".join(dict.fromkeys(said))
    if caption:
        yield emphasised(caption)


def _source(now: Revision) -> Iterator[str]:
    url, outlet = facts.address(now), escape(squeeze(now.source.name))
    target = destination(url)
    line = escape(words(facts.language(now))["source_line"]) + " "
    if target:
        yield f"{line}[{outlet}]({target})"
    elif outlet:
        yield line_start(line + outlet)
