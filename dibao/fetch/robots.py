"""What robots.txt lets us ask (RFC 9309); asked through the same gate as all else."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from dibao.fetch.ask import Answer
from dibao.fetch.gate import Budget, Gate
from dibao.fetch.limits import Limits
from dibao.fetch.redirects import destination, is_redirect
from dibao.model import Failure, Trouble

AGE = timedelta(hours=24)
AGE_OF_TROUBLE = timedelta(minutes=10)  # a site that can't say now is asked again soon
AGE_AT_MOST = timedelta(days=7)  # for so long good rules hold while the site can't say what they are now
SIZE = 500 * 1024  # RFC 9309 §2.5: what comes after need not be read
REDIRECTS = 5
_FATAL = (Trouble.BLOCKED, Trouble.DNS)  # true of the page as well, and the better reason


@dataclass(frozen=True, slots=True)
class _Rules:
    until: datetime
    since: datetime  # when they were read
    parser: Protego | None = None  # None: all is allowed
    failure: Failure | None = None  # nothing is


@dataclass(slots=True)
class _Site:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: _Rules | None = None


class Robots:
    """Remembers the rules of each site for a day."""

    def __init__(self, gate: Gate, user_agent: str, limits: Limits, now: Callable[[], datetime]) -> None:
        self.gate, self.now, self.headers = gate, now, {"User-Agent": user_agent}
        self.agent = user_agent.partition("/")[0]
        self.limits = replace(limits, wire_bytes=SIZE, decoded_bytes=SIZE)
        self._sites: dict[str, _Site] = {}

    async def refusal(self, url: str) -> tuple[Failure | None, list[Answer]]:
        """Return why a page may not be asked, or None; and the answers it took to know."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        site = self._sites.setdefault(origin, _Site())
        answers: list[Answer] = []
        async with site.lock:  # the first visit asks, the others wait for what it learns
            if site.rules is None or site.rules.until <= self.now():
                answers = await self._ask(f"{origin}/robots.txt")
                site.rules = _kept(site.rules, _rules(answers[-1], self.now()))
        return self._judge(site.rules, url), answers

    async def _ask(self, url: str) -> list[Answer]:
        budget = Budget(self.limits.total_seconds)
        answers = [await self.gate.ask(url, self.headers, budget, self.limits)]
        while is_redirect(answers[-1]) and len(answers) <= REDIRECTS:
            onward = destination(answers[-1])
            if onward is None:
                break
            answers.append(await self.gate.ask(onward, self.headers, budget, self.limits))
        return answers

    def _judge(self, rules: _Rules, url: str) -> Failure | None:
        if rules.failure or rules.parser is None or rules.parser.can_fetch(url, self.agent):
            return rules.failure
        return Failure(trouble=Trouble.ROBOTS, detail="the site asks programs to leave this page alone")


def _kept(before: _Rules | None, fresh: _Rules) -> _Rules:
    """Return the rules that hold: the last good ones for a while, where there are none now (§2.4)."""
    if before is None or before.failure or not fresh.failure or fresh.since - before.since > AGE_AT_MOST:
        return fresh
    return replace(before, until=fresh.until)


def _rules(answer: Answer, now: datetime) -> _Rules:
    failure, status = answer.failure, answer.status or 0
    if failure and failure.trouble is Trouble.SIZE:
        failure = None  # what came is enough
    if failure and failure.trouble in _FATAL:
        return _Rules(now + AGE_OF_TROUBLE, now, failure=failure)
    if failure or status >= 500 or status == 429:
        why = str(failure) if failure else f"it answered {status}"
        detail = f"the site can't say now what robots may ask ({why}); its pages wait"
        return _Rules(now + AGE_OF_TROUBLE, now, failure=Failure(trouble=Trouble.UNASKED, detail=detail))
    if not 200 <= status < 300:
        return _Rules(now + AGE, now)
    return _Rules(now + AGE, now, parser=Protego.parse(answer.body[:SIZE].decode("utf-8", "replace")))
