"""What was agreed with hubs: kept by the walk that asks them and by the server that hears them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from dibao.archive import rows
from dibao.archive.database import Database, statements
from dibao.model import Lease, Mode, Offer, State, Visit

SQL = statements("hubs")
Said = TypeVar("Said")
# What to answer, the lease after it, and when its source is to be polled at the latest (None: as it is).
Step = tuple[Said, Lease, datetime | None]

SETTLING = timedelta(days=1)  # before a source's next hub is asked: some feeds name a new one each time
FORGOTTEN = timedelta(weeks=1)  # after a lease is over
FAR = timedelta(days=91)  # no lease is longer


class SqliteHubs:
    """Leases of an archive; two processes may change them at once."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, source: int) -> Lease | None:
        """Return a source's standing with the hub that its feed named last."""
        row = self.database.row(SQL["lease_of"], {"source": source})
        return rows.to_lease(row) if row else None

    def all(self) -> dict[int, Lease]:
        """Return, by source, the lease of each hub that is named."""
        leases = map(rows.to_lease, self.database.rows(SQL["leases"]))
        return {lease.source: lease for lease in leases if lease.named}

    def named(self, source: int, offer: Offer) -> None:
        """Note which hub a source's feed names now, within the transaction that settles its answer."""
        values = {"source": source, "hub": offer.hub, "topic": offer.topic}
        self.database.run(SQL["unname"], values)
        if offer.hub:
            self.database.run(SQL["name"], values)
        self.database.run(SQL["drop_unasked"], values)

    # --- asking -----------------------------------------------------------------------------------

    def align(self, base: str, token: Callable[[], str], now: datetime) -> None:
        """Want what feeds name and people watch, with callbacks below a base address, and nothing else."""
        with self.database.transaction():
            for row in self.database.rows(SQL["called_elsewhere"], {"base": base}):
                self._put(begun(rows.to_lease(row), None))
            for row in self.database.rows(SQL["misaimed"]):
                self._put(turned(rows.to_lease(row), now))
            for row in self.database.rows(SQL["without_callback"]):
                due = now + SETTLING if row["changed"] else now
                lease = begun(rows.to_lease(row), due)
                self._put(replace(lease, callback=base + token(), since=now))
            values = {"now": rows.stamp(now), "far": rows.stamp(now + FAR)}
            for row in self.database.rows(SQL["misdated"], values):
                self._put(replace(rows.to_lease(row), due=now, asked_at=None))
            self.database.run(SQL["drop_over"], {"before": rows.stamp(now - FORGOTTEN)})

    def release(self, now: datetime) -> None:
        """Count on no hub any more: pushes can't reach us. What feeds name stays known."""
        with self.database.transaction():
            for row in self.database.rows(SQL["with_callback"]):
                lease = rows.to_lease(row)
                self._put(begun(lease, None))
                if lease.is_held(now):
                    self._poll(self._feed_of(lease), now)

    def due(self, now: datetime, limit: int) -> list[Lease]:
        """Return the leases whose hubs are to be asked, the longest waiting first."""
        found = self.database.rows(SQL["due_leases"], {"now": rows.stamp(now), "limit": limit})
        return [rows.to_lease(row) for row in found]

    def put(self, lease: Lease) -> None:
        """Keep a lease as it is after its hub was, or before it is, asked."""
        with self.database.transaction():
            self._put(lease)

    def told(self, id: int, step: Callable[[Lease], Lease]) -> None:
        """Keep what a hub's first answer changes, unless the hub has asked back meanwhile."""
        with self.database.transaction():
            row = self.database.row(SQL["lease"], {"id": id})
            if row and row["asked_at"]:
                self.database.run(SQL["told"], rows.lease_row(step(rows.to_lease(row))))

    # --- being told -------------------------------------------------------------------------------

    def at(self, callback: str) -> tuple[Lease, Visit] | None:
        """Return the lease of a callback and the visit to its feed, or None."""
        row = self.database.row(SQL["lease_at"], {"callback": callback})
        lease = rows.to_lease(row) if row else None
        return (lease, self._feed_of(lease)) if lease else None

    def heard(self, callback: str, step: Callable[[Lease, Visit], Step[Said]]) -> Said | None:
        """Change the lease of a callback by what is said there; return the answer, None if there is none."""
        if self.at(callback) is None:  # whoever calls at random does not hold up the walk
            return None
        with self.database.transaction():
            found = self.at(callback)
            if found is None:
                return None
            lease, visit = found
            said, after, due = step(lease, visit)
            if after != lease:
                self._put(after)
            if due and visit.source.state is State.ACTIVE:
                self._poll(visit, due)
            return said

    def _feed_of(self, lease: Lease) -> Visit:
        row = self.database.row(SQL["feed_of"], {"source": lease.source})
        assert row is not None  # a source that was polled has its visit for ever
        return rows.to_visit(row)

    def _poll(self, visit: Visit, due: datetime) -> None:
        self.database.run(SQL["put_poll"], {"id": visit.id, "due": rows.stamp(due)})

    def _put(self, lease: Lease) -> None:
        self.database.run(SQL["put_lease"], rows.lease_row(lease))


def begun(lease: Lease, due: datetime | None) -> Lease:
    """Return a lease as if its hub had never been asked."""
    blank = replace(lease, callback="", asked_at=None, until=None, length=None, pushed_at=None)
    return replace(blank, failures=0, refused=False, error=None, due=due)


def turned(lease: Lease, now: datetime) -> Lease:
    """Return a lease with the other thing wanted of its hub: that it pushes, or that it doesn't."""
    wanted = Mode.UNSUBSCRIBE if lease.wanted is Mode.SUBSCRIBE else Mode.SUBSCRIBE
    is_moot = not lease.callback or (wanted is Mode.UNSUBSCRIBE and lease.until is None)
    anew = replace(lease, asked_at=None, failures=0, refused=False, error=None, since=now)
    return replace(anew, wanted=wanted, due=None if is_moot else now)
