"""What every published form asks of a kept article."""

from datetime import UTC, datetime

from dibao import text, urls
from dibao.model import KEPT_PAGES, Kept, Media, Revision, Verdict


def standing(kept: Kept) -> Revision:
    """Return the last revision that says something: a removal does not."""
    said = [revision for revision in kept.revisions if revision.verdict is not Verdict.GONE]
    return said[-1] if said else kept.latest


def appeared(kept: Kept) -> datetime:
    """Return when the source published it, as said at first sight, else when it was first seen; UTC."""
    first = kept.first
    return (first.article.published_at or first.seen_at).astimezone(UTC)


def gone_since(kept: Kept) -> datetime | None:
    """Return when the article was found gone, or None while it stands."""
    return kept.latest.seen_at if kept.latest.verdict is Verdict.GONE else None


def title(revision: Revision) -> str:
    """Return the title on one line; empty when there is none."""
    said = (revision.article.title, revision.entry.title if revision.entry else None)
    return next(filter(None, map(one_line, filter(None, said))), "")


def one_line(said: str) -> str:
    """Return what can be shown of a text, on one line."""
    return text.squeeze(text.printable(said))


def address(revision: Revision) -> str | None:
    """Return where the article stands at its source, if that is an http(s) URL."""
    link = revision.entry.link if revision.entry else None
    said = (revision.article.canonical_url, revision.url, link)
    return next((url for url in said if url and urls.parse(url)), None)


def stood_at(revision: Revision) -> str:
    """Return what to call the place where it stands: the outlet, or the host of a page kept by itself."""
    if revision.source.kind != KEPT_PAGES.kind:
        return revision.source.name
    return urls.host(address(revision) or "").removeprefix("www.") or revision.source.name


def language(revision: Revision) -> str:
    """Return the article's language as a BCP 47 tag; empty when nobody said."""
    return tag(revision.article.language or revision.source.language)


def tag(language: str | None) -> str:
    """Return what may stand in a ``lang`` attribute: a tag of letters and digits, or nothing."""
    said = language or ""
    return said if said.isascii() and said.replace("-", "").isalnum() else ""


def authors(revision: Revision) -> list[str]:
    """Return the people who wrote it, each on one line."""
    return list(filter(None, map(text.squeeze, revision.article.authors)))


def sections(revision: Revision) -> list[str]:
    """Return the sections it stands in: its source's, and the one the page itself names."""
    said = map(text.squeeze, filter(None, (revision.source.category, revision.article.section)))
    return list(dict.fromkeys(filter(None, said)))


def credits(revision: Revision) -> list[tuple[str, str]]:
    """Return what a wire story says of itself, as pairs of a word of `words` and a text."""
    said = revision.article.credits
    if said is None:
        return []
    pairs = (
        ("agency", said.agency or ""),
        ("place", said.place or ""),
        ("reporters", "、".join(said.reporters)),
        ("editors", "、".join(said.editors)),
        ("translators", "、".join(said.translators)),
    )
    return [(label, value) for label, value in pairs if value]


def people(revision: Revision) -> str:
    """Return the authors on one line, joined as their language does; empty when there are none."""
    comma = "、" if language(revision).startswith("zh") else ", "
    return comma.join(authors(revision))


def lead(revision: Revision) -> Media | None:
    """Return the picture to show above the text, or None when there is none or the text shows it itself."""
    article = revision.article
    first = next((media for media in article.media if media.kind == "image" and urls.parse(media.url)), None)
    if first is None or any(url in article.html for url in _spellings(first)):
        return None
    return first


def _spellings(media: Media) -> set[str]:
    addresses = {media.url, *media.candidates}
    return addresses | {url.replace("&", "&amp;") for url in addresses}


def summary(revision: Revision, limit: int = 160) -> str:
    """Return the dek, else the beginning of the text, on one line."""
    article = revision.article
    return text.clip(text.squeeze(article.dek or article.text), limit)


def keywords(revision: Revision) -> tuple[str, ...]:
    """Return the article's keywords and its source's tags, each once and on one line."""
    said = (*revision.article.keywords, *revision.source.tags)
    return tuple(dict.fromkeys(filter(None, map(text.squeeze, said))))
