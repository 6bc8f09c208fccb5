"""How an archive is doing, as Markdown: for a mail from cron, or a page beside the site.

The same archive at the same time gives the same bytes. Whatever a source says of itself is escaped; what
to do is always our own word, so that commands can be copied from the plain text.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from dibao.model import Finding, Headline, Health, Hold, Level, Signs, State, Survey
from dibao.publish.escape import destination, escape
from dibao.text import clip, count, one_line

TITLES = {Level.BAD: "Bad", Level.WATCH: "To watch"}
MOST_EXCERPTS = 20
LONGEST = 300  # letters of what a source says


def report(survey: Survey) -> str:
    """Return the report: a summary, every source in trouble with what to do, hosts and excerpts."""
    lines = [*opening(survey), *troubles(survey), *alone(survey.holds), *excerpts(survey)]
    return "\n".join(lines) + "\n"


def opening(survey: Survey) -> Iterator[str]:
    """Yield the summary."""
    totals = survey.totals
    yield "# How the archive is doing"
    yield ""
    yield f"{stamp(survey.at)} · {said(survey.archive)}"
    yield ""
    yield f"{count(survey.size, 'source')}: {summary(survey)}."
    yield (
        f"{count(totals['articles'], 'article')}, {count(totals['revisions'], 'revision')}: "
        f"{count(totals['edits'], 'edit')}, {totals['gone']} gone, {totals['partial']} only as an excerpt."
    )
    if survey.idle_since:
        yield f"Nothing was asked since {stamp(survey.idle_since)}: does cron run `dibao sync`?"


def summary(survey: Survey) -> str:
    """Return how many sources are at each level, in words."""
    bad, watch, good = (survey.levels[level] for level in (Level.BAD, Level.WATCH, Level.GOOD))
    return f"{bad} bad, {watch} to watch, {good} good"


def troubles(survey: Survey) -> Iterator[str]:
    """Yield every source in trouble, the bad ones first, with all that is to be said of it."""
    for level, title in TITLES.items():
        found = [(signs, health) for signs, health in survey.sources if health.level is level]
        yield from section(title, (line for each in found for line in one(*each)))


def section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines below a heading, and nothing where there are none."""
    lines = list(lines)
    if lines:
        yield from ("", f"## {title}", "", *lines)


def one(signs: Signs, health: Health) -> Iterator[str]:
    """Yield a source as an item of a list: who it is, when it answered, and what is found."""
    source = signs.source
    yield f"- **{source.id} {said(source.name) or 'without a name'}** · {link(source.url)}"
    yield f"  Last answer: {stamp(signs.last_ok)}. Next poll: {next_poll(signs)}."
    yield from items(health.findings)


def items(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield findings as items of a list below another."""
    for finding in findings:
        since = f", since {stamp(finding.since)}" if finding.since else ""
        yield f"  - `{finding.kind}`{since}: {said(finding.says)}"
        if finding.advice:
            yield f"    What to do: {finding.advice}"


def next_poll(signs: Signs) -> str:
    """Return when a source is asked next."""
    poll, active = signs.poll, signs.source.state is State.ACTIVE
    return stamp(poll.due if poll and active else None)


def alone(holds: Iterable[Hold]) -> Iterator[str]:
    """Yield the hosts that asked to be left alone."""
    lines = (
        f"- {said(hold.host)} answered {hold.status} ({stamp(hold.since)}): not before {stamp(hold.until)}"
        for hold in holds
    )
    yield from section("Left alone", lines)


def excerpts(survey: Survey) -> Iterator[str]:
    """Yield some of the articles of which only the feed's text is kept."""
    shown = survey.partial[:MOST_EXCERPTS]
    lines = [excerpt(line, why) for line, why in shown]
    more = survey.totals["partial"] - len(shown)
    yield from section("Only as an excerpt", [*lines, *([f"- … and {more} more"] if more > 0 else [])])


def excerpt(line: Headline, why: str) -> str:
    """Return an article of which only the feed's text is kept, and why."""
    return f"- {line.key} {said(line.title)}: {said(why)}"


def said(text: str) -> str:
    """Return what a source says, on one line, as Markdown that shows it as it is."""
    return escape(clip(one_line(text), LONGEST))


def link(url: str) -> str:
    """Return an address as a link, or as text where it is none that a reader should follow."""
    safe = destination(url)
    return f"<{safe}>" if safe else said(url)


def stamp(at: datetime | None) -> str:
    """Return a time to the minute, in UTC."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"
