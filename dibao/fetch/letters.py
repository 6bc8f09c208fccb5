"""Letters to hubs: forms that are posted, through the one gate as all that is asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from dibao.fetch.ask import Answer
from dibao.fetch.gate import Budget, Gate
from dibao.fetch.limits import Limits
from dibao.fetch.redirects import destination
from dibao.model import Capture, Failure, Letter, Trouble

SECONDS = 20.0  # for a hub's answer: it owes us a word, not a page
REDIRECTS = 3
LIMITS = Limits(wire_bytes=2**16, decoded_bytes=2**18, total_seconds=SECONDS)
_ONWARD = (307, 308)  # those after which a form is posted again (§5.1.2)


class Letters:
    """Posts letters; a failure is a Capture, never an exception."""

    def __init__(self, gate: Gate, user_agent: str, now: Callable[[], datetime]) -> None:
        self.gate, self.user_agent, self.now = gate, user_agent, now

    async def post(self, letter: Letter) -> Capture:
        """Return what a hub answers: its head alone, since its words may repeat our secret."""
        answer = await self._post(letter)
        return Capture(
            url=letter.url,
            final_url=answer.url,
            captured_at=answer.at,
            status=answer.status,
            headers=answer.headers,
            failure=answer.failure,
        )

    async def _post(self, letter: Letter) -> Answer:
        headers = {"User-Agent": self.user_agent, "Content-Type": "application/x-www-form-urlencoded"}
        url, budget = letter.url, Budget(SECONDS)
        for _ in range(REDIRECTS + 1):
            answer = await self.gate.ask(url, headers, budget, LIMITS, letter.form)
            if answer.status not in _ONWARD or answer.failure:
                return answer
            onward = destination(answer)
            if onward is None or not onward.startswith("https:"):  # nobody else hears a secret
                break
            url = onward
        return replace(answer, failure=_ASTRAY)


_ASTRAY = Failure(
    trouble=Trouble.REDIRECT, detail="the hub sends us on, but not to a hub we can tell a secret"
)
