"""One visit, from its URL to its capture: every hop asked for leave, guarded and written down."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from dibao import urls
from dibao.fetch.ask import Answer, askable, bare
from dibao.fetch.decode import Trip
from dibao.fetch.gate import Budget, Gate
from dibao.fetch.limits import Limits
from dibao.fetch.redact import redacted
from dibao.fetch.redirects import destination, is_redirect, is_same_place
from dibao.fetch.robots import Robots
from dibao.fetch.secrets import basic, revealed, scrubber, secret_values
from dibao.fetch.walls import wall_in
from dibao.model import POLLS, Capture, Failure, Kind, Trouble, Visit

VALIDATOR_AT_MOST = 1024  # characters: a longer ETag is bait


class Journeys:
    """Makes visits; a failure is a Capture, never an exception."""

    def __init__(
        self,
        gate: Gate,
        robots: Robots | None,
        *,
        limits: Limits,
        user_agent: str,
        now: Callable[[], datetime],
        reveal: Callable[[str], str],
        headers: Mapping[str, Mapping[str, str]],
        stood: Callable[[Visit], str | None],
    ) -> None:
        self.gate, self.robots, self.limits, self.stood = gate, robots, limits, stood
        self.user_agent, self.now, self.reveal, self.headers = user_agent, now, reveal, headers

    async def capture(self, visit: Visit) -> Capture:
        """Return what a visit brings."""
        url = self.reveal(visit.url)
        try:
            askable(url)
        except Trip as trip:
            return captured(visit, [self._unasked(visit.url, trip.failure)], is_moved=False)
        personal = self._personal(url)
        answers = await self._walk(visit, bare(url), personal)
        is_moved = answers[-1].url != bare(url)
        scrub = scrubber(revealed(visit.url, self.reveal), secret_values(personal))
        return captured(visit, [redacted(answer, scrub) for answer in answers], is_moved=is_moved)

    def _personal(self, url: str) -> dict[str, str]:
        """Return the headers that only the visit's own host may see."""
        login = basic(url)
        own = self.headers.get(urls.host(url), {})
        return {**({"Authorization": login} if login else {}), **own}

    async def _walk(self, visit: Visit, start: str, personal: Mapping[str, str]) -> list[Answer]:
        """Return every answer on the way, those of robots.txt too; the last is the visit's."""
        answers: list[Answer] = []
        budget = Budget(self.limits.total_seconds)
        url, been, vouched = start, {start}, self._vouched(visit, start)
        for _ in range(self.limits.redirects + 1):
            if held := self.gate.held(url):
                return [*answers, held]
            refused = await self._refusal(visit, url, answers)
            if refused:
                return [*answers, refused]
            validators = _validators(visit) if url == vouched else {}
            told = personal if is_same_place(start, url) else {}
            limits = self.limits.of_a_picture() if visit.kind is Kind.MEDIA else None
            answer = await self.gate.ask(url, self._merged(validators, told), budget, limits)
            answers.append(judged(answer, is_conditional=bool(validators)))
            if not is_redirect(answer):
                return answers
            onward = destination(answer)
            if onward is None or onward in been:
                return _astray(answers, "it leads nowhere" if onward is None else "it leads in a circle")
            been.add(url := onward)
        return _astray(answers, f"more than {self.limits.redirects}")

    def _vouched(self, visit: Visit, start: str) -> str:
        """Return the address whose answer the visit's validators vouch for: where it came from last time."""
        stood = self.stood(visit) if visit.etag or visit.last_modified else None
        return bare(self.reveal(stood)) if stood and stood != _without_login(visit.url) else start

    async def _refusal(self, visit: Visit, url: str, answers: list[Answer]) -> Answer | None:
        # A feed was asked for by a person; its pages, and what may fill a gap, are our own idea.
        if self.robots is None or (visit.kind in POLLS and not visit.filling):
            return None
        refused, asked = await self.robots.refusal(url)
        answers.extend(asked)
        return refused

    def _unasked(self, url: str, failure: Failure) -> Answer:
        return Answer(url=url, at=self.now(), failure=failure)

    def _merged(self, *parts: Mapping[str, str]) -> dict[str, str]:
        merged = {"user-agent": ("User-Agent", self.user_agent)}
        for part in parts:  # a person's own headers win
            merged |= {name.lower(): (name, value) for name, value in part.items()}
        return dict(merged.values())


def _without_login(url: str) -> str:
    return urls.without_userinfo(url) if urls.parse(url) else url


def _validators(visit: Visit) -> dict[str, str]:
    named = {"If-None-Match": visit.etag, "If-Modified-Since": visit.last_modified}
    return {name: value for name, value in named.items() if value and _is_sane(value)}


def _is_sane(value: str) -> bool:
    return len(value) <= VALIDATOR_AT_MOST and value.isprintable()


def _astray(answers: list[Answer], why: str) -> list[Answer]:
    failure = Failure(trouble=Trouble.REDIRECT, detail=f"the site sends us on, but {why}")
    return [*answers[:-1], replace(answers[-1], failure=failure)]


def judged(answer: Answer, *, is_conditional: bool) -> Answer:
    """Return the answer with a failure where HTTP alone says it can't be meant so."""
    why = None
    if answer.status == 304 and not is_conditional:
        why = "the server says 'not modified', though we hold nothing"
    elif answer.status == 200 and not answer.body:
        why = "the answer is empty"
    elif answer.exchange and not answer.exchange.response.startswith(b"HTTP/1."):
        why = "the answer is not HTTP/1"
    if answer.failure or why:
        broken = Failure(trouble=Trouble.BROKEN, detail=why or "")
        return replace(answer, failure=answer.failure or broken)
    wall = wall_in(answer.headers, answer.body)
    return replace(answer, failure=walled(wall)) if wall else answer


def walled(name: str) -> Failure:
    """Return the failure that a check for browsers is: dibao does not pretend to be one."""
    what_to_do = "open the page in a browser, save it, and `dibao keep` the file"
    detail = f"a check for browsers came instead ({name}); {what_to_do}"
    return Failure(trouble=Trouble.CHALLENGE, detail=detail)


def captured(visit: Visit, answers: list[Answer], *, is_moved: bool) -> Capture:
    """Return the capture that these answers make, the last of them being the visit's."""
    last = answers[-1]
    return Capture(
        url=visit.url,
        final_url=last.url if is_moved else _without_login(visit.url),
        captured_at=last.at,
        status=last.status,
        headers=last.headers,
        body=b"" if last.failure else last.body,
        failure=last.failure,
        exchanges=tuple(answer.exchange for answer in answers if answer.exchange),
        certified_until=last.certified_until,
    )
