"""The command that tells how an archive is doing: status."""

from datetime import datetime
from typing import Any

from dibao.archive.rows import moment
from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.printing import ago, count, local, plain, print_json, print_table, say
from dibao.model import Gap, Hold, Source, State, Visit
from dibao.wiring import Opened, opened


@app.command()
def status(archive: ArchiveOption = HERE, as_json: JsonOption = False) -> None:
    """Show how the archive and its sources are doing, and what to do where something is wrong."""
    with opened(archive) as it:
        facts = gather(it)
    if as_json:
        print_json(facts)
        return
    totals = facts["totals"]
    say(
        f"[bold]{count(totals['articles'], 'article')}[/], {count(totals['revisions'], 'revision')}: "
        f"{count(totals['edits'], 'edit')}, {totals['gone']} gone, {totals['partial']} only as an excerpt"
        + (f", {totals['brought']} from pages that a person brought" if totals["brought"] else "")
    )
    if not facts["sources"]:
        say("No sources yet: dibao add https://example.org/feed.xml")
        return
    columns = ("#", "source", "state", "#articles", "#waiting", "answered", "next poll", "trouble")
    print_table(columns, ([row[name] for name in SOURCE_COLUMNS] for row in facts["sources"]))
    for row in facts["sources"]:
        notes = row["notes"][:MOST_NOTES] if row["kind"] != "feed" else ()  # of a feed: what was mended
        for line in filter(None, (row["advice"], missed(row), left_out(row), *notes)):
            say(f"  {row['id']} {plain(row['name'])}: {plain(line)}")
    for row in facts["holds"]:
        say(f"[yellow]left alone[/] {plain(row['host'])}: {plain(row['why'])}")
    for row in facts["partial"][:20]:
        say(f"[yellow]excerpt[/] {row['key']} {plain(row['title'])} — {plain(row['why'])}.")
        say(f"        {plain(row['advice'])}")
    if len(facts["partial"]) > 20:
        say(f"… and {len(facts['partial']) - 20} more excerpts: dibao status --json")


MOST_WHYS = 2  # reasons why gaps of one source are open
MOST_NOTES = 5  # of one source
FLOOR = 15 * 60  # seconds between two polls
GAP_COLUMNS = ("id", "since", "until", "seen_at", "entries", "looked_for", "tries", "why")
SOURCE_COLUMNS = ("id", "name", "state", "articles", "waiting", "answered", "next", "trouble")


def gather(it: Opened) -> dict[str, Any]:
    """Return what `status` tells."""
    polls, counts, answers = it.library.polls(), it.library.counts(), it.library.last_answers()
    notes, now = it.library.notes(), it.clock.now()
    gaps: dict[int, list[Gap]] = {}
    for gap in it.library.gaps():
        gaps.setdefault(gap.source, []).append(gap)
    return {
        "archive": str(it.folder),
        "totals": it.library.totals(),
        "sources": [
            source_facts(it, source, polls.get(source.id), counts.get(source.id, {}), answers.get(source.id))
            | {"notes": notes.get(source.id, []), "gaps": gap_facts(gaps.get(source.id, []))}
            for source in it.sources.all()
        ],
        "holds": [hold_facts(hold, now) for hold in it.library.holds(now)],
        "partial": [
            {"key": line.key, "title": line.title, "url": line.url, "why": why, "advice": excerpt_advice(why)}
            for line, why in it.library.partial()
        ],
    }


def source_facts(
    it: Opened, source: Source, poll: Visit | None, counts: dict[str, int], answered: str | None
) -> dict[str, Any]:
    """Return what `status` tells of one source."""
    now = it.clock.now()
    active = source.state is State.ACTIVE
    error = poll.error if poll else None
    return {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "kind": source.kind,
        "since": source.since,
        "state": source.state,
        "every": source.every,
        "steady": source.steady,
        "articles": counts.get("articles", 0),
        "waiting": counts.get("waiting", 0),
        "failing": counts.get("failing", 0),
        "parts": counts.get("parts", 0),
        "left_out": counts.get("left_out", 0),
        "last_ok": answered,
        "answered": ago(moment(answered), now),
        "next": coming(poll.due if poll and active else None, now),
        "due": poll.due if poll and active else None,
        "failures": poll.failures if poll else 0,
        "error": error,
        "trouble": error or "",
        "advice": source_advice(source, error),
    }


def gap_facts(gaps: list[Gap]) -> list[dict[str, Any]]:
    """Return the spans of time in which a source may have announced what was not seen."""
    return [{name: getattr(gap, name) for name in GAP_COLUMNS} for gap in gaps]


def hold_facts(hold: Hold, now: datetime) -> dict[str, Any]:
    """Return what `status` tells of a host that asked to be left alone."""
    why = (
        f"it answered {hold.status} {ago(hold.since, now)}, and is asked again {ago(hold.until, now)} "
        f"({local(hold.until)}). Nothing hastens that."
    )
    return {"host": hold.host, "status": hold.status, "since": hold.since, "until": hold.until, "why": why}


def missed(row: dict[str, Any]) -> str:
    """Return between which times a source's feed may have dropped entries unseen; empty where it did not."""
    gaps = row["gaps"]
    if not gaps:
        return ""
    first, last = min(gap["since"] for gap in gaps), max(gap["until"] for gap in gaps)
    untried = any(not gap["why"] and not gap["looked_for"] for gap in gaps)  # of an older dibao
    by_hand = f"dibao backfill {row['id']} --since {first:%Y-%m-%d} looks for it."
    return (
        f"{count(len(gaps), 'gap')} between {local(first)} and {local(last)}: what it announced then may "
        f"have left its feed unseen. {by_hand if untried else sought(gaps)} {how_to_see_more(row['every'])}"
    )


def sought(gaps: list[dict[str, Any]]) -> str:
    """Return what was done about gaps, and what came of it."""
    waiting = sum(gap["looked_for"] for gap in gaps)
    whys = dict.fromkeys(gap["why"] for gap in reversed(gaps) if gap["why"])
    reason = f" ({'; '.join(list(whys)[:MOST_WHYS])})" if whys else ""
    if waiting == len(gaps):
        return f"The next syncs look for it{reason}."
    if waiting:
        return f"The next syncs look for what {count(waiting, 'gap')} may hide; the others stay{reason}."
    tried = "It was looked for in vain" if any(gap["tries"] for gap in gaps) else "It can't be looked for"
    return f"{tried}{reason}."


def how_to_see_more(every: int) -> str:
    """Return what else keeps a feed from dropping entries unseen."""
    if every > FLOOR:
        return "Sync runs that are nearer together, or a shorter --every, miss less."
    return "It is asked as often as is polite: a further feed or a sitemap of it may say more."


def left_out(row: dict[str, Any]) -> str:
    """Return how many entries of a source are not taken because they are old; empty where none is."""
    if not row["left_out"]:
        return ""
    return (
        f"{count(row['left_out'], 'entry', 'entries')} last changed before {row['since']} and left out: "
        f"dibao sources edit {row['id']} --since 2020-01-01 takes more."
    )


def coming(due: datetime | None, now: datetime) -> str:
    """Return when a poll comes, as people say it."""
    if due is None:
        return "—"
    return "due" if due <= now else ago(due, now)


# What a source's trouble begins with, and what a person can do about it.
ADVICE = {
    "this is a sitemap": "dibao sources edit {id} --kind sitemap reads it.",
    "give a css selector": "Say which links are its headlines: dibao sources edit {id} --select CSS.",
    "the selector": "Has the page changed? dibao sources edit {id} --select CSS; without it they are learnt.",
    "size: ": "If it is meant to be so large: raise fetch.max_bytes (dibao.toml).",
    "dns": "Is the address right? If it moved: dibao sources edit {id} --url NEW.",
    "blocked": "It is a private address. If it is yours, list it in fetch.allow_private (dibao.toml).",
    "timeout": "The site is slow or down.",
    "not a feed": "Its address answers with something else: dibao sources edit {id} --url NEW.",
}
AGAIN = "It is asked again, later and later."


def source_advice(source: Source, error: str | None) -> str:
    """Return what a person can do about a source in trouble; empty when there is nothing."""
    if source.state is State.STOPPED:
        return f"{source.note}. If it has a new address: dibao sources edit {source.id} --url NEW"
    if source.state is State.PAUSED:
        return f"Not asked while paused: `dibao sources resume {source.id}` goes on with it."
    if not error:
        return ""
    known = (advice.format(id=source.id) for sign, advice in ADVICE.items() if sign in error.lower())
    return f"{next(known, '')} {AGAIN}".strip()


def excerpt_advice(why: str) -> str:
    """Return what a person can do about an article of which only the feed's text is kept."""
    if why.startswith("robots"):
        return "The site asks programs to stay out of this page; it is tried again weekly."
    if why.startswith("blocked"):
        return "If the address is in your own network, list it in fetch.allow_private (dibao.toml)."
    if any(refusal in why for refusal in ("401", "402", "403")):
        return "The site refuses programs or wants a subscription. " + AGAIN
    return AGAIN
