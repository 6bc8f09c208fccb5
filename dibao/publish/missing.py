"""Between which times articles of an outlet may be missing, as its page says it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from dibao.model import Gap

NEAR = timedelta(hours=1)  # gaps no further apart are told as one
MOST = 5  # spans that a page tells; the latest

Span = tuple[datetime, datetime]


def spans(gaps: Iterable[Gap]) -> list[Span]:
    """Return the spans of time in which gaps lie, the latest first; those that nearly touch are one."""
    found: list[Span] = []
    for since, until in sorted((gap.since, gap.until) for gap in gaps if not gap.filled_at):
        if found and since - found[-1][1] <= NEAR:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found[::-1]
