"""What robots.txt lets us ask (RFC 9309); asked through the same gate as all else."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from dibao.fetch.ask import Answer
from dibao.fetch.gate import Budget, Gate, unasked
from dibao.fetch.limits import Limits
from dibao.fetch.polite import hold_of
from dibao.fetch.redirects import destination, is_redirect
from dibao.model import HOLD_AT_MOST, Failure, Rules, Trouble
from dibao.ports import RulesShelf

AGE = timedelta(hours=24)
AGE_OF_TROUBLE = timedelta(minutes=10)  # a site that can't say now is asked again soon; then later and later
AGE_AT_MOST = timedelta(days=7)  # for so long good rules hold while the site can't say what they are now
SIZE = 500 * 1024  # RFC 9309 §2.5: what comes after need not be read
REDIRECTS = 5
AT_HAND = 4 * 2**20  # bytes of rules that are in memory too: parsed, they take twenty times as much
EMPTY = 2**10  # what a site takes that says nothing
_FATAL = (Trouble.BLOCKED, Trouble.DNS)  # true of the page as well, and the better reason


@dataclass(slots=True)
class _Site:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | None = None
    parser: Protego | None = None  # None: all is allowed, or nothing is

    def learn(self, rules: Rules) -> None:
        if self.rules is None or rules.body != self.rules.body:
            said = None if rules.body is None else rules.body.decode("utf-8", "replace")
            self.parser = None if said is None else Protego.parse(said)
        self.rules = rules

    @property
    def size(self) -> int:
        return EMPTY + len((self.rules and self.rules.body) or b"")


class Robots:
    """Remembers the rules of each site for a day; `shelf` remembers them longer than we live."""

    def __init__(
        self,
        gate: Gate,
        user_agent: str,
        limits: Limits,
        now: Callable[[], datetime],
        shelf: RulesShelf | None = None,
    ) -> None:
        self.gate, self.now, self.headers = gate, now, {"User-Agent": user_agent}
        self.shelf = shelf
        self.agent = user_agent.partition("/")[0]
        self.limits = replace(limits, wire_bytes=SIZE, decoded_bytes=SIZE)
        self._sites: dict[str, _Site] = {}

    async def refusal(self, url: str) -> tuple[Answer | None, list[Answer]]:
        """Return what stands for the answer of a page that may not be asked, or None; and those it took."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        site = self._sites[origin] = self._sites.pop(origin, _Site())  # the latest stand last
        answers: list[Answer] = []
        async with site.lock:  # the first visit asks, the others wait for what it learns
            if site.rules is None and self.shelf and (known := self.shelf.rules(origin)):
                site.learn(known)
                self._forget_others()
            if site.rules is None or not holds(site.rules, self.now()):
                answers = await self._ask(f"{origin}/robots.txt")
                failure = answers[-1].failure
                if failure and failure.trouble is Trouble.OFFLINE:  # which says nothing of the site
                    return replace(answers[-1], url=url), answers[:-1]
                site.learn(_kept(site.rules, _rules(origin, answers[-1], self.now(), site.rules)))
                if answers[-1].status:  # else whatever is in the way may be gone for who begins anew
                    self._remember(site)
        return self._judge(site, url), answers

    def _remember(self, site: _Site) -> None:
        if self.shelf and site.rules:
            self.shelf.keep_rules(site.rules)
            self._forget_others()

    def _forget_others(self) -> None:
        """Leave the rules of sites to the shelf that were not wanted for long, where there are many."""
        size = sum(site.size for site in self._sites.values())
        for origin, site in list(self._sites.items()):
            if size <= AT_HAND:
                break
            if not site.lock.locked():  # else they are just being learnt
                size -= site.size
                del self._sites[origin]

    async def _ask(self, url: str) -> list[Answer]:
        budget = Budget(self.limits.total_seconds)
        answers = [await self.gate.ask(url, self.headers, budget, self.limits)]
        while is_redirect(answers[-1]) and len(answers) <= REDIRECTS:
            onward = destination(answers[-1])
            if onward is None:
                break
            answers.append(await self.gate.ask(onward, self.headers, budget, self.limits))
        return answers

    def _judge(self, site: _Site, url: str) -> Answer | None:
        rules, now = site.rules, self.now()
        if rules and rules.failure:
            is_waiting = rules.failure.trouble is Trouble.UNASKED
            return unasked(url, rules.failure, now, rules.until if is_waiting else None)
        if site.parser is None or site.parser.can_fetch(url, self.agent):
            return None
        why = Failure(trouble=Trouble.ROBOTS, detail="the site asks programs to leave this page alone")
        return unasked(url, why, now)


def holds(rules: Rules, now: datetime) -> bool:
    """Say whether rules need not be asked again; those that a clock noted which ran ahead do."""
    return rules.since <= now < rules.until <= now + HOLD_AT_MOST


def _kept(before: Rules | None, fresh: Rules) -> Rules:
    """Return the rules that hold: the last good ones for a while, where there are none now (§2.4)."""
    if before is None or before.failure or not fresh.failure or fresh.since - before.since > AGE_AT_MOST:
        return fresh
    return replace(before, until=fresh.until, tries=fresh.tries)


def _rules(origin: str, answer: Answer, now: datetime, before: Rules | None) -> Rules:
    failure, status = answer.failure, answer.status or 0
    if failure and failure.trouble is Trouble.SIZE:
        failure = None  # what came is enough
    tries = 1 + (before.tries if before else 0)
    wait = min(AGE_OF_TROUBLE * 2 ** min(tries - 1, 10), AGE)
    until = now + max(wait, hold_of(answer.status, answer.headers, now))
    if failure and failure.trouble in _FATAL:
        return Rules(origin=origin, since=now, until=until, failure=failure, tries=tries)
    if failure or status >= 500 or status == 429:
        why = str(failure) if failure else f"it answered {status}"
        detail = f"the site can't say now what robots may ask ({why}); its pages wait"
        failure = Failure(trouble=Trouble.UNASKED, detail=detail)
        return Rules(origin=origin, since=now, until=until, failure=failure, tries=tries)
    body = answer.body[:SIZE] if 200 <= status < 300 else None
    return Rules(origin=origin, since=now, until=now + AGE, body=body)
