"""An article in one line, for lists."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dibao import text
from dibao.model import Headline, Revision, Verdict


def local_day(moment: datetime, timezone: str | None) -> str:
    """Return the day a moment falls on in an IANA time zone; an unknown zone counts as UTC."""
    try:
        zone = ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    return moment.astimezone(zone).date().isoformat()


def headline(before: Headline | None, revision: Revision) -> Headline:
    """Return an article's line after a revision; its date and day never move."""
    article, source = revision.article, revision.source
    at = before.at if before else (article.published_at or revision.seen_at).astimezone(UTC)
    edit = revision.verdict is Verdict.CHANGED
    return Headline(
        key=revision.key,
        title=article.title or "(untitled)",
        at=at,
        day=before.day if before else local_day(at, source.timezone),
        seen_at=revision.seen_at,
        source=source.name,
        source_id=source.id,
        category=source.category,
        section=article.section,
        authors=article.authors,
        keywords=tuple(dict.fromkeys((*article.keywords, *source.tags))),
        language=article.language or source.language,
        summary=text.clip(text.squeeze(article.dek or article.text), 160),
        image=next((media.url for media in article.media if media.kind == "image"), None),
        url=revision.url,
        number=revision.number,
        edits=(before.edits if before else 0) + edit,
        gone=revision.verdict is Verdict.GONE,
        partial=revision.why is not None,
        brought=article.brought is not None,
    )
