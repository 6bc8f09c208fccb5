"""What a rule finds said of an article, over what the page says of it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dibao.dates import own_date
from dibao.extract.meta import Meta
from dibao.extract.rules.applying import Said
from dibao.people import people


def over(
    meta: Meta, said: Said, *, outlets: Iterable[str | None] = (), language: str | None, timezone: str | None
) -> Meta:
    """Return what a page says of its article, as a rule for its site knows it better.

    A date that can't be read and a byline without people change nothing: the page's own stand.
    """
    told: dict[str, Any] = {}
    if said.title:
        told["title"] = said.title
    if said.byline:
        told |= {
            "byline": ", ".join(said.byline)[:300],
            "authors": people(said.byline, outlets) or meta.authors,
        }
    published = own_date(said.date, language=language, timezone=timezone) if said.date else None
    if published:
        told |= {"published_at": published, "published_raw": said.date}
    return replace(meta, **told)
