"""Rules of many sites: the memory holds those that were wanted last, and the shelf the others."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from dibao.fetch.ask import Answer
from dibao.fetch.limits import Limits
from dibao.fetch.robots import AT_HAND, Robots
from dibao.model import Failure, Rules, Trouble

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
BODY = b"User-agent: *\nDisallow: /intern/\n" + b"# " + b"x" * 400_000


class Gate:
    """Answers each robots.txt, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def ask(self, url: str, *_: object) -> Answer:
        self.asked.append(url)
        return Answer(url=url, at=NOW, status=200, body=BODY)


class Shelf:
    """Keeps rules as an archive does."""

    def __init__(self) -> None:
        self.kept: dict[str, Rules] = {}

    def rules(self, origin: str) -> Rules | None:
        return self.kept.get(origin)

    def keep_rules(self, rules: Rules) -> None:
        self.kept[rules.origin] = rules


def test_a_watch_of_many_sites_forgets_none_and_holds_few() -> None:
    gate: Any = Gate()
    robots = Robots(gate, "dibao/1", Limits(), lambda: NOW, Shelf())

    async def ask_all() -> None:
        for n in range(40):
            assert (await robots.refusal(f"http://s{n}.test/a"))[0] is None
            assert (await robots.refusal(f"http://s{n}.test/intern/a"))[0] is not None
        for n in range(40):
            assert (await robots.refusal(f"http://s{n}.test/intern/b"))[0] is not None

    asyncio.run(ask_all())
    assert gate.asked == [f"http://s{n}.test/robots.txt" for n in range(40)]
    assert sum(site.size for site in robots._sites.values()) <= AT_HAND


def test_what_only_stood_in_our_way_is_not_remembered_for_who_begins_anew() -> None:
    gate: Any = Gate()
    shelf = Shelf()

    async def refuse(url: str, *_: object) -> Answer:
        why = Failure(trouble=Trouble.BLOCKED, detail="127.0.0.2 is this machine")
        return Answer(url=url, at=NOW, failure=why)

    gate.ask = refuse
    first = Robots(gate, "dibao/1", Limits(), lambda: NOW, shelf)
    assert asyncio.run(first.refusal("http://s.test/a"))[0] is not None
    assert shelf.kept == {}
