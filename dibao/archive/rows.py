"""Nouns to rows and back; the only place that knows both."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from dibao import urls
from dibao.model import (
    Article,
    Entry,
    Failure,
    Filling,
    Gap,
    Harvest,
    Headline,
    Hold,
    Kind,
    Lease,
    Mode,
    Picture,
    Pulse,
    Ref,
    Revision,
    Rhythm,
    Rules,
    Source,
    State,
    Verdict,
    Visit,
)

T = TypeVar("T")
Row = sqlite3.Row | Mapping[str, Any]


def stamp(moment: datetime | None) -> str | None:
    """Return a time as fixed-width text, so that the order of text is the order of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None


def moment(stamp: str | None) -> datetime | None:
    """Return the aware UTC time a stamp stands for."""
    return datetime.fromisoformat(stamp).astimezone(UTC) if stamp else None


def to_json(value: object) -> str:
    """Return a value of ours as JSON text."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # a lone surrogate somewhere: it costs itself, not the article
        plain = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        return plain.encode("utf-8", "replace").decode()


def from_json(cls: type[T], text: str) -> T:
    """Return the value that JSON text holds."""
    return msgspec.json.decode(text, type=cls)


def source_row(source: Source) -> dict[str, Any]:
    """Return a source as columns."""
    return {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "kind": source.kind,
        "selector": source.selector,
        "language": source.language,
        "region": source.region,
        "timezone": source.timezone,
        "category": source.category,
        "tags_json": to_json(source.tags),
        "every": source.every,
        "steady": int(source.steady),
        "feed_only": int(source.feed_only),
        "rights": source.rights,
        "since": source.since,
        "state": source.state,
        "note": source.note,
        "extra_json": to_json(source.extra),
    }


def to_source(row: Row, prefix: str = "") -> Source:
    """Return the source in a row, or, with a prefix, the one joined to it."""
    return Source(
        id=row["source"] if prefix else row["id"],
        name=row[prefix + "name"],
        url=row[prefix + "url"],
        kind=row[prefix + "kind"],
        selector=row[prefix + "selector"],
        language=row[prefix + "language"],
        region=row[prefix + "region"],
        timezone=row[prefix + "timezone"],
        category=row[prefix + "category"],
        tags=tuple(from_json(list[str], row[prefix + "tags_json"])),
        every=row[prefix + "every"],
        steady=bool(row[prefix + "steady"]),
        feed_only=bool(row[prefix + "feed_only"]),
        rights=row[prefix + "rights"],
        since=row[prefix + "since"],
        state=State(row[prefix + "state"]),
        note=row[prefix + "note"],
        extra=from_json(tuple[tuple[str, str], ...], row[prefix + "extra_json"]),
    )


def visit_row(visit: Visit) -> dict[str, Any]:
    """Return a visit as columns."""
    return {
        "id": visit.id,
        "kind": visit.kind,
        "source": visit.source.id,
        "url": visit.url,
        "host": urls.host(visit.url),
        "key": visit.key,
        "due": stamp(visit.due),
        "entry_json": to_json(visit.entry) if visit.entry else None,
        "etag": visit.etag,
        "last_modified": visit.last_modified,
        "digest": visit.digest,
        "ref_file": visit.ref.file if visit.ref else None,
        "ref_offset": visit.ref.offset if visit.ref else None,
        "stood": visit.stood,
        "looks": visit.looks,
        "failures": visit.failures,
        "misses": visit.misses,
        "announced": visit.announced,
        "asked_at": stamp(visit.asked_at),
        "hold": stamp(visit.hold),
        "depth": visit.depth,
        "changed": stamp(visit.changed),
        "rhythm_json": to_json(visit.rhythm) if visit.rhythm else None,
        "filling_json": to_json(visit.filling) if visit.filling else None,
        "left_out": visit.left_out,
        "note": visit.note,
        "error": visit.error,
        "error_since": stamp(visit.error_since),
    }


def to_visit(row: Row, source: Source | None = None) -> Visit:
    """Return the visit in a row of the view ``arranged``, or in one without the source it is made for."""
    return Visit(
        id=row["id"],
        kind=Kind(row["kind"]),
        source=source or to_source(row, "s_"),
        url=row["url"],
        key=row["key"],
        due=moment(row["due"]),
        entry=from_json(Entry, row["entry_json"]) if row["entry_json"] else None,
        etag=row["etag"],
        last_modified=row["last_modified"],
        digest=row["digest"],
        ref=Ref(file=row["ref_file"], offset=row["ref_offset"]) if row["ref_file"] else None,
        stood=row["stood"],
        looks=row["looks"],
        failures=row["failures"],
        misses=row["misses"],
        announced=row["announced"],
        asked_at=moment(row["asked_at"]),
        hold=moment(row["hold"]),
        depth=row["depth"],
        changed=moment(row["changed"]),
        rhythm=from_json(Rhythm, row["rhythm_json"]) if row["rhythm_json"] else None,
        filling=from_json(Filling, row["filling_json"]) if row["filling_json"] else None,
        left_out=row["left_out"],
        note=row["note"],
        error=row["error"],
        error_since=moment(row["error_since"]),
    )


def revision_row(revision: Revision) -> dict[str, Any]:
    """Return a revision as columns."""
    return {
        "key": revision.key,
        "number": revision.number,
        "seen_at": stamp(revision.seen_at),
        "verdict": revision.verdict,
        "digest": revision.digest,
        "source": revision.source.id,
        "article_json": to_json(revision.article),
        "entry_json": to_json(revision.entry) if revision.entry else None,
        "refs_json": to_json(revision.refs),
        "made_by": revision.made_by,
        "why": revision.why,
        "url": revision.url,
    }


def to_revision(row: Row, source: Source) -> Revision:
    """Return the revision in a row."""
    seen_at = moment(row["seen_at"])
    assert seen_at is not None
    return Revision(
        key=row["key"],
        number=row["number"],
        seen_at=seen_at,
        verdict=Verdict(row["verdict"]),
        digest=row["digest"],
        source=source,
        article=from_json(Article, row["article_json"]),
        entry=from_json(Entry, row["entry_json"]) if row["entry_json"] else None,
        refs=from_json(tuple[Ref, ...], row["refs_json"]),
        made_by=row["made_by"],
        why=row["why"],
        url=row["url"],
    )


def article_row(headline: Headline) -> dict[str, Any]:
    """Return an article's line as columns."""
    return {
        "key": headline.key,
        "source": headline.source_id,
        "at": stamp(headline.at),
        "latest": headline.number,
        "headline_json": to_json(headline),
    }


def picture_row(picture: Picture) -> dict[str, Any]:
    """Return a picture as columns."""
    return {
        "url": picture.url,
        "digest": picture.digest,
        "type": picture.type,
        "ref_file": picture.ref.file,
        "ref_offset": picture.ref.offset,
        "width": picture.width,
        "height": picture.height,
        "length": picture.length,
        "broken": picture.broken,
    }


def to_picture(row: Row) -> Picture:
    """Return the picture in a row."""
    ref = Ref(file=row["ref_file"], offset=row["ref_offset"])
    return Picture(
        url=row["url"],
        digest=row["digest"],
        type=row["type"],
        ref=ref,
        width=row["width"],
        height=row["height"],
        length=row["length"],
        broken=row["broken"],
    )


def rules_row(rules: Rules) -> dict[str, Any]:
    """Return the rules of a site as columns."""
    return {
        "origin": rules.origin,
        "since": stamp(rules.since),
        "until": stamp(rules.until),
        "body": rules.body,
        "failure_json": to_json(rules.failure) if rules.failure else None,
        "tries": rules.tries,
    }


def to_rules(row: Row) -> Rules:
    """Return the rules in a row."""
    failure, until, since = row["failure_json"], moment(row["until"]), moment(row["since"])
    assert until is not None
    assert since is not None
    return Rules(
        origin=row["origin"],
        since=since,
        until=until,
        body=row["body"],
        failure=from_json(Failure, failure) if failure else None,
        tries=row["tries"],
    )


def lease_row(lease: Lease) -> dict[str, Any]:
    """Return a lease as columns, its secret left out."""
    return {
        "id": lease.id,
        "source": lease.source,
        "hub": lease.hub,
        "topic": lease.topic,
        "named": int(lease.named),
        "callback": lease.callback or None,
        "wanted": lease.wanted,
        "since": stamp(lease.since),
        "asked_at": stamp(lease.asked_at),
        "until": stamp(lease.until),
        "length": round(lease.length.total_seconds()) if lease.length else None,
        "due": stamp(lease.due),
        "failures": lease.failures,
        "refused": int(lease.refused),
        "error": lease.error,
        "pushed_at": stamp(lease.pushed_at),
    }


def to_lease(row: Row) -> Lease:
    """Return the lease in a row, without its secret."""
    return Lease(
        id=row["id"],
        source=row["source"],
        hub=row["hub"],
        topic=row["topic"],
        named=bool(row["named"]),
        callback=row["callback"] or "",
        wanted=Mode(row["wanted"]),
        since=moment(row["since"]),
        asked_at=moment(row["asked_at"]),
        until=moment(row["until"]),
        length=timedelta(seconds=row["length"]) if row["length"] else None,
        due=moment(row["due"]),
        failures=row["failures"],
        refused=bool(row["refused"]),
        error=row["error"],
        pushed_at=moment(row["pushed_at"]),
    )


def hold_row(hold: Hold) -> dict[str, Any]:
    """Return a hold as columns."""
    return {
        "host": hold.host,
        "until": stamp(hold.until),
        "status": hold.status,
        "since": stamp(hold.since),
        "times": hold.times,
    }


def to_hold(row: Row) -> Hold:
    """Return the hold in a row."""
    until, since = moment(row["until"]), moment(row["since"])
    assert until is not None
    assert since is not None
    return Hold(host=row["host"], until=until, status=row["status"], since=since, times=row["times"])


def gap_row(gap: Gap) -> dict[str, Any]:
    """Return a gap as columns."""
    return {
        "id": gap.id,
        "source": gap.source,
        "since": stamp(gap.since),
        "until": stamp(gap.until),
        "seen_at": stamp(gap.seen_at),
        "entries": gap.entries,
        "filled_at": stamp(gap.filled_at),
        "before_json": to_json(gap.before),
        "after_json": to_json(gap.after),
        "looked_for": int(gap.looked_for),
        "tries": gap.tries,
        "why": gap.why,
    }


def to_gap(row: Row) -> Gap:
    """Return the gap in a row."""
    since, until, seen_at = moment(row["since"]), moment(row["until"]), moment(row["seen_at"])
    assert since is not None
    assert until is not None
    assert seen_at is not None
    return Gap(
        id=row["id"],
        source=row["source"],
        since=since,
        until=until,
        seen_at=seen_at,
        entries=row["entries"],
        filled_at=moment(row["filled_at"]),
        before=from_json(tuple[str, ...], row["before_json"]),
        after=from_json(tuple[str, ...], row["after_json"]),
        looked_for=bool(row["looked_for"]),
        tries=row["tries"],
        why=row["why"],
    )


def vitals_row(source: Source, pulse: Pulse, harvest: Harvest) -> dict[str, Any]:
    """Return what is remembered of a source's health as columns."""
    return {"source": source.id, "pulse_json": to_json(pulse), "harvest_json": to_json(harvest)}
