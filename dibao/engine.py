"""The walk on one machine.

    agenda ─▶ fetcher ─▶ workers ─▶ settle ─▶ outcomes

The agenda hands out visits as they fall due; the fetcher asks, each host politely and all hosts at
once; workers read the answers in processes that can be killed; `settle` judges and keeps them, and
what it finds (new articles to visit) is on the agenda at once. The walk ends when nothing is due and
nothing is under way. An answer is settled whole or, if we are killed before, asked or replayed again.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from dibao import urls
from dibao.decide import failed
from dibao.errors import DibaoError
from dibao.fetch.sites import site_of
from dibao.model import Capture, Outcome, Reading, Visit
from dibao.pipeline import judge
from dibao.ports import Answer, Clock, Fetcher, Judge, Known, WalkedArchive
from dibao.text import printable
from dibao.workers import Workers

# Visits under way, or handed out at once: to ask for more at every answer costs more than it brings.
ENOUGH = 64
PER_HOST = 4  # visits of one host under way: two being asked, two being read
PER_SITE = 16  # of the hosts of one site, which take turns: the others must find room


class Agenda:
    """Visits as they fall due, a few per host; ends when nothing is due and nothing is under way.

    Iterated in the fetching thread, told what is settled in the walking one. `patience` is how long
    it waits for a visit that falls due soon: an hourly cron job must not miss a source by seconds; None
    waits for ever. `goes_on` is asked before visits are handed out, and while there are none.
    """

    def __init__(
        self,
        archive: WalkedArchive,
        clock: Clock,
        *,
        patience: timedelta | None = timedelta(),
        only: int | None = None,
        goes_on: Callable[[], bool] = lambda: True,
        waiting: Callable[[int], None] = lambda seconds: None,
    ) -> None:
        self.archive, self.clock, self.only = archive, clock, only
        self.until = None if patience is None else clock.now() + patience
        self.goes_on, self.waiting = goes_on, waiting
        self._claimed: dict[int, str] = {}  # visit id -> host
        self._hosts: Counter[str] = Counter()
        self._sites: Counter[str] = Counter()
        self._news = threading.Condition()
        self._stopped = False

    def __iter__(self) -> Iterator[Visit]:
        while not self._stopped:
            visits = self._take()
            yield from visits
            if (not visits or self._is_busy()) and not self._wait():
                return

    def _take(self) -> list[Visit]:
        if not self.goes_on():
            self.stop()
            return []
        with self._news:
            busy = [host for host, count in self._hosts.items() if count >= PER_HOST]
            busy += [site for site, count in self._sites.items() if count >= PER_SITE]
            claimed = list(self._claimed)
        found = self.archive.due(self.clock.now(), claimed=claimed, busy=busy, only=self.only, limit=ENOUGH)
        with self._news:
            return [visit for visit in found if self._claim(visit)]

    def _is_busy(self) -> bool:
        with self._news:
            return len(self._claimed) >= ENOUGH

    def _claim(self, visit: Visit) -> bool:
        host = urls.host(visit.url)
        site = site_of(host)
        if self._hosts[host] >= PER_HOST or self._sites[site] >= PER_SITE:
            return False
        self._claimed[visit.id] = host
        self._hosts[host] += 1
        self._sites[site] += 1
        return True

    def _wait(self) -> bool:
        """Wait until there may be more to hand out; False when there never will be."""
        with self._news:
            if self._claimed:
                # A second at most: a visit may also fall due by the clock.
                self._news.wait(timeout=1)
                return True
        soonest, now = self.archive.next_due(self.only), self.clock.now()
        if self.until and (soonest is None or soonest > max(self.until, now)):
            return False
        seconds = (soonest - now).total_seconds() if soonest else 1.0
        if seconds > 0:
            self.waiting(round(seconds))
            self.clock.sleep(min(seconds, 1.0))  # another process may make something due
        return not self._stopped

    def settled(self, visits: Iterable[Visit]) -> None:
        """Note that visits are settled, so that their hosts may be asked again."""
        with self._news:
            for visit in visits:
                host = self._claimed.pop(visit.id, None)
                if host is not None:
                    for counts, name in ((self._hosts, host), (self._sites, site_of(host))):
                        counts[name] -= 1
                        if not counts[name]:  # a watch meets many
                            del counts[name]
            self._news.notify_all()

    def stop(self) -> None:
        """Hand out nothing more."""
        self._stopped = True
        with self._news:
            self._news.notify_all()


def run(
    archive: WalkedArchive,
    fetcher: Fetcher,
    workers: Workers,
    clock: Clock,
    agenda: Agenda,
    judge: Judge = judge,
) -> Iterator[Outcome]:
    """Make every visit that is due, and those it brings; settle each answer whole."""
    try:
        for answers in workers.read(fetcher.fetch(agenda)):
            outcomes = settle(archive, answers, clock.now(), judge)
            agenda.settled(visit for visit, _, _ in answers)
            yield from outcomes
    finally:
        agenda.stop()


def recover(archive: WalkedArchive, workers: Workers, judge: Judge = judge) -> Iterator[Outcome]:
    """Settle what an earlier run captured and did not live to settle, as of the time it was captured."""
    for answers in workers.read(archive.unsettled()):
        for answer in answers:
            yield from settle(archive, [answer], answer[1].captured_at, judge)
    archive.recovered()


def settle(
    archive: WalkedArchive, answers: list[Answer], now: datetime, judge: Judge = judge
) -> list[Outcome]:
    """Settle answers, and make even a bug of ours an outcome: one answer never costs the others.

    The bytes that caused it are in the capture, and the visit is made again later.
    """
    try:
        return archive.settle(answers, judge, now)
    except DibaoError:
        raise
    except Exception as error:
        if len(answers) == 1:
            return archive.settle(answers, gives_up(error), now)
    return [outcome for answer in answers for outcome in settle(archive, [answer], now, judge)]


def gives_up(error: Exception) -> Judge:
    """Return a judge that notes what went wrong with an answer, and changes nothing else."""
    why = f"dibao could not keep this answer ({type(error).__name__}: {error}); its bytes are kept"

    def judge(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
        return Outcome(visit=failed(visit, capture, printable(why), now), error=why)

    return judge
