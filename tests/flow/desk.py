"""An archive that a real hub can reach, for tests of WebSub."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn

from dibao import engine
from dibao.archive.folder import create
from dibao.clock import SteppingClock
from dibao.hubs import subscribing
from dibao.model import Lease, Outcome, Source
from dibao.ports import Network
from dibao.web import listening, site_app
from dibao.web.hubs import hub_route
from dibao.wiring import Opened, fetching, opened
from dibao.workers import Workers
from tests.flow.hub import Hub
from tests.flow.servers import Answer, Site, article


@contextmanager
def served(folder: Path, listener: object, clock: SteppingClock) -> Iterator[None]:
    """Serve an archive's callbacks as `dibao serve` does, on a connection of its own to the database."""
    (folder / "site").mkdir()
    with opened(folder, clock=clock) as it:
        app = site_app(folder / "site", [hub_route(it)])
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join()


@dataclass
class Desk:
    """An archive that a hub can reach."""

    it: Opened
    site: Site
    hub: Hub
    workers: Workers
    items: int = 1
    source: Source | None = None

    def publish(self, *, hub: str | None = None, more: str = "") -> None:
        """Let the outlet's feed name a hub and hold so many articles."""
        self.site.pages["/feed"] = feed(self.site, self.items, self.hub.url if hub is None else hub, more)
        for n in range(self.items):
            self.site.pages[f"/{n}"] = article(f"渡輪第{n}班", f"第{n}班渡輪今晨啟航。")

    def subscribe(self) -> None:
        self.publish()
        self.source, _ = self.it.sources.add(
            Source(name="青楓社", url=f"{self.site.url}/feed"), self.it.clock.now()
        )

    def sync(self) -> list[Outcome]:
        with fetching(self.it, keep=self.it.archive.keep) as network, subscribing(self.it, network):
            return self.walk(network)

    def walk(self, network: Network) -> list[Outcome]:
        agenda = engine.Agenda(self.it.archive, self.it.clock)
        return list(engine.run(self.it.archive, network, self.workers, self.it.clock, agenda))

    def agree(self) -> dict[str, str]:
        """Subscribe, and let the hub ask back."""
        self.subscribe()
        self.sync()
        form = self.hub.forms[-1]
        assert self.hub.ask_back(form) == (200, "a+b/c=港")
        return form

    def pass_time(self, wait: timedelta) -> None:
        assert isinstance(self.it.clock, SteppingClock)
        self.it.clock.sleep(wait.total_seconds())

    @property
    def lease(self) -> Lease:
        (lease,) = self.it.hubs.all().values()
        return lease

    @property
    def due(self) -> datetime:
        (poll,) = self.it.library.polls().values()
        assert poll.due is not None
        return poll.due

    def polls(self) -> int:
        return self.site.count("/feed")


def feed(site: Site, items: int, hub: str, more: str = "") -> Answer:
    told = f'<atom:link rel="hub" href="{hub}"/>' if hub else ""
    own = f'<atom:link rel="self" href="{site.url}/feed?canonical=1&amp;x=港"/>'
    entries = "".join(
        f"<item><title>渡輪第{n}班</title><link>{site.url}/{n}</link><guid>g{n}</guid></item>"
        for n in range(items)
    )
    head = '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>青楓社</title>'
    return 200, "application/rss+xml", f"{head}{told}{own}{more}{entries}</channel></rss>".encode()


class Through(Hub):
    """A hub seen through a proxy that takes a prefix away from our callbacks."""

    def __init__(self, hub: Hub) -> None:
        self.__dict__ = hub.__dict__

    def ask_back(self, form: dict[str, str], **said: str) -> tuple[int, str]:
        return super().ask_back(inner(form), **said)

    def push(self, form: dict[str, str], body: bytes = b"<feed/>", *, signature: str | None = None) -> int:
        return super().push(inner(form), body, signature=signature)


def inner(form: dict[str, str]) -> dict[str, str]:
    return form | {"hub.callback": form["hub.callback"].replace("/news/", "/")}


@contextmanager
def desk_for(folder: Path, site: Site, hub: Hub, workers: Workers, clock: SteppingClock) -> Iterator[Desk]:
    """Make an archive whose callbacks are served; the proxy before it takes the /news of its address away."""
    listener = listening("127.0.0.1", 0)
    public = f"http://127.0.0.1:{listener.getsockname()[1]}/news"
    allowed = f'["127.0.0.1:{site.port}", "127.0.0.1:{hub.port}"]'
    fetch = f"[fetch]\npause = 0\ntimeout = 5\nallow_private = {allowed}\n"
    create(folder, f'{fetch}[web]\npublic_url = "{public}"')
    with opened(folder, clock=clock) as it, served(folder, listener, clock):
        yield Desk(it, site, Through(hub), workers)
