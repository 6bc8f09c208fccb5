"""The command that tells how an archive is doing: status."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dibao import health as checkup
from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.checkup import excerpt_advice, hold_facts, source_facts, survey_facts
from dibao.cli.printing import ago, count, local, not_a_folder, plain, print_json, print_table, say
from dibao.cli.pushes import push_line
from dibao.decide.health import ORDER, worst
from dibao.errors import ConfigError
from dibao.model import KEPT_PAGES, Finding, Health, Level, Signs, State, Survey
from dibao.publish.report import MOST_EXCERPTS, report, summary
from dibao.wiring import opened

MOST = 20  # sources that are shown without being asked for
COLOURS = {Level.BAD: "red", Level.WATCH: "yellow", Level.GOOD: "green"}
ELSEWHERE = {"held", "offline", "repaired"}  # findings that stand below, or in the record of the source


@app.command()
def status(
    source: Annotated[
        str | None,
        typer.Argument(metavar="[SOURCE]", help="Show all about one: its number, address or name."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every source, however many there are.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 if a source is bad.")] = False,
    report_to: Annotated[
        str | None,
        typer.Option("--report", metavar="FILE", help="Write a report in Markdown; - for stdout alone."),
    ] = None,
    archive: ArchiveOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Show how the archive and its sources are doing, and what to do where something is wrong.

    A source is good, to watch (it may mend by itself) or bad (it needs somebody). Of more than 20 sources
    the worst 20 are shown.

    Example:  dibao status --check --report -    # from cron: a mail a day, and exit code 1 when one is bad
    """
    with opened(archive) as it:
        now = it.clock.now()
        chosen = it.sources.find(source) if source else None
        excerpts, few = (None, None) if as_json else (MOST_EXCERPTS, None if every else MOST)
        found = checkup.survey(it, excerpts=excerpts, only=chosen, few=few)
    if report_to:
        write_report(found, report_to)
    if as_json and report_to != "-":
        print_json(source_facts(found, *found.sources[0]) if chosen else survey_facts(found))
    elif chosen and report_to != "-":
        show_record(*found.sources[0], now)
    elif report_to is None:
        show_survey(found, every=every)
    if check and found.levels[Level.BAD]:
        raise typer.Exit(1)


def write_report(survey: Survey, where: str) -> None:
    """Write the report to a file or to stdout; ConfigError where it can't be written."""
    text = report(survey)
    if where == "-":
        sys.stdout.write(text)
        return
    try:
        not_a_folder(Path(where), "report.md").write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{where} can't be written: {error.strerror}.") from error


def show_survey(survey: Survey, *, every: bool) -> None:
    """Print a summary, the sources in trouble with what to do, hosts left alone, and excerpts."""
    totals = survey.totals
    if survey.watched:
        say("[green]A watch is running:[/] each source is asked as it falls due.")
    say(
        f"[bold]{count(totals['articles'], 'article')}[/], {count(totals['revisions'], 'revision')}: "
        f"{count(totals['edits'], 'edit')}, {totals['gone']} gone, {totals['partial']} only as an excerpt"
        + (f", {totals['brought']} from pages that a person brought" if totals["brought"] else "")
    )
    if not survey.size:
        say("No sources yet: dibao add https://example.org/feed.xml")
        return
    say(f"[bold]{count(survey.size, 'source')}[/]: {summary(survey)}")
    if survey.idle_since:
        say(f"[yellow]Nothing was asked since {local(survey.idle_since)}:[/] does cron run `dibao sync`?")
    if survey.offline:
        many = count(survey.offline, "source")
        say(f"[yellow]This machine seemed to be offline[/] when {many} fell due.")
    whole = every or survey.size <= MOST
    if whole:
        print_table(COLUMNS, (row_of(signs, health, survey.at) for signs, health in survey.sources))
    in_trouble = [each for each in worst_first(survey) if each[1].level is not Level.GOOD]
    for signs, health in in_trouble if every else in_trouble[:MOST]:
        say(trouble_line(signs, health, survey.at))
    if not every and len(in_trouble) > MOST:
        say(f"… and {len(in_trouble) - MOST} more: dibao status --all, --json, or --report FILE")
    if whole:
        show_mild(survey)
    show_rest(survey)


COLUMNS = ("#", "source", "health", "#articles", "#waiting", "answered", "next poll")


def row_of(signs: Signs, health: Health, now: datetime) -> tuple[object, ...]:
    """Return a source as a row of the table."""
    source, counts = signs.source, signs.counts
    state: str = health.level if source.state is State.ACTIVE else source.state
    poll, answered = next_poll(signs, now), ago(signs.last_ok, now)
    if source.kind == KEPT_PAGES.kind:  # nobody is asked for it, and nobody can fail to answer
        state, answered = "—", "—"
    return source.id, source.name, state, counts.articles, counts.waiting, answered, poll


def worst_first(survey: Survey) -> list[tuple[Signs, Health]]:
    """Return the sources, the worst first; those alike in the order they were added."""
    return sorted(survey.sources, key=lambda each: ORDER.index(each[1].level))


def trouble_line(signs: Signs, health: Health, now: datetime) -> str:
    """Return a source in trouble in one line: what it is, since when, and what to do."""
    finding = worst(health.findings)
    assert finding is not None
    others = sum(each.level is not Level.GOOD for each in health.findings) - 1
    more = f" (and {others} more: dibao status {signs.source.id})" if others else ""
    name = f"{signs.source.id} {plain(signs.source.name)}"
    return f"{coloured(health.level)} {name}: {words(finding, now)}{more}"


def words(finding: Finding, now: datetime) -> str:
    """Return a finding in words: its class, what is found, since when, and what to do."""
    since = f" Since {local(finding.since)} ({ago(finding.since, now)})." if finding.since else ""
    return f"[bold]{finding.kind}[/] {plain(finding.says)}{since} {plain(finding.advice)}".rstrip()


def coloured(level: Level) -> str:
    """Return a level as it is printed."""
    return f"[{COLOURS[level]}]{level}[/]"


def next_poll(signs: Signs, now: datetime) -> str:
    """Return when a poll comes, as people say it."""
    due = signs.poll.due if signs.poll and signs.source.state is State.ACTIVE else None
    if due is None:
        return "—"
    return "due" if due <= now else ago(due, now)


def show_mild(survey: Survey) -> None:
    """Print what is worth knowing of sources, and no trouble."""
    for signs, health in survey.sources:
        for finding in mild(health):
            said = f"{plain(finding.says)} {plain(finding.advice)}".rstrip()
            say(f"  {signs.source.id} {plain(signs.source.name)}: {said}")
        if signs.lease:
            say(f"  {signs.source.id} {plain(signs.source.name)}: {plain(push_line(signs.lease, survey.at))}")


def mild(health: Health) -> Iterator[Finding]:
    """Yield what is worth knowing of a source and told nowhere else."""
    for finding in health.findings:
        if finding.level is Level.GOOD and finding.kind not in ELSEWHERE:
            yield finding


def show_rest(survey: Survey) -> None:
    """Print which hosts are left alone, and why articles are kept as excerpts only."""
    for hold in survey.holds[:MOST]:
        say(f"[yellow]left alone[/] {plain(hold.host)}: {plain(hold_facts(survey, hold)['why'])}")
    if len(survey.holds) > MOST:
        say(f"… and {len(survey.holds) - MOST} more hosts: dibao status --json")
    for line, why in survey.partial[:MOST_EXCERPTS]:
        say(f"[yellow]excerpt[/] {line.key} {plain(line.title)} — {plain(why)}.")
        say(f"        {excerpt_advice(why)}")
    if survey.totals["partial"] > len(survey.partial):
        more = survey.totals["partial"] - len(survey.partial)
        say(f"… and {more} more excerpts: dibao status --json")


def show_record(signs: Signs, health: Health, now: datetime) -> None:
    """Print all that is known of how one source is doing."""
    source = signs.source
    say(f"[bold]{source.id} {plain(source.name)}[/] {plain(source.url)}")
    for name, said in record(signs, health, now):
        say(f"  {name}: {said}")
    for finding in health.findings:
        say(f"{coloured(finding.level)} {words(finding, now)}")


def record(signs: Signs, health: Health, now: datetime) -> Sequence[tuple[str, str]]:
    """Return the facts of one source, each with its name; those that are not known are left out."""
    source, counts, pulse = signs.source, signs.counts, signs.pulse
    rhythm = signs.poll.rhythm if signs.poll else None
    weeks = ", ".join(f"{week.entries} ({week.monday})" for week in pulse.weeks)
    facts = (
        ("health", f"{coloured(health.level)}, {source.state}"),
        ("last answer", ago(signs.last_ok, now)),
        ("next poll", next_poll(signs, now)),
        ("articles", f"{counts.articles}, {counts.waiting} waiting for their page, {counts.failing} failing"),
        ("newest entry", local(rhythm.newest) if rhythm and rhythm.newest else ""),
        ("last brought something", ago(pulse.fresh_at, now) if pulse.fresh_at else ""),
        ("new entries by week", weeks),
        ("redirects to", plain(pulse.led_to or "")),
        ("pushes", plain(push_line(signs.lease, now)) if signs.lease else ""),
        ("certificate until", local(pulse.certified_until) if pulse.certified_until else ""),
    )
    return tuple((name, said) for name, said in facts if said)
