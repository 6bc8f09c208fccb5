"""Telling hubs what we want pushed, beside the walk: it costs no poll and stops none.

    a poll's answer names a hub ─▶ asked here ─▶ it asks back at our callback (dibao.web.hubs) ─▶ it pushes

That a hub is asked is written down before it is: it may ask back at once, and we may be killed.
"""

import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from dibao import urls
from dibao.archive import vault
from dibao.config import Config
from dibao.decide.schedule import hold_after
from dibao.errors import DibaoError
from dibao.fetch import websub
from dibao.model import Lease, Letter
from dibao.ports import Network, Telling
from dibao.wiring import Opened

KEY = "hubs"  # in the vault, beside the placeholders: no address can hold it
AT_ONCE = 32  # hubs asked in one go, and at the end of a walk
SECONDS = 5.0  # between two looks at what is due


def callbacks(config: Config) -> str:
    """Return the address below which hubs reach us; empty where they don't."""
    public = config.web.public_url
    return f"{public.rstrip('/')}/hub/" if public else ""


def with_secret(folder: Path, lease: Lease) -> Lease:
    """Return a lease with the secret that goes with its callback."""
    return replace(lease, secret=websub.secret_for(vault.read(folder).get(KEY, ""), lease.callback))


def make_key(folder: Path) -> None:
    """Make the key of all secrets, where there is none yet."""
    if not vault.read(folder).get(KEY):
        vault.remember(folder, {KEY: secrets.token_hex(32)})


@contextmanager
def subscribing(it: Opened, network: Network) -> Iterator[None]:
    """Ask hubs while a block runs, and once more when it ends well; nothing where hubs can't reach us."""
    if not callbacks(it.config):
        it.hubs.release(it.clock.now())
        yield
        return
    make_key(it.folder)
    subscriber = Subscriber(it, network)
    thread = threading.Thread(target=subscriber.go_on, name="dibao-hubs", daemon=True)
    thread.start()
    try:
        yield
        subscriber.finish()
    finally:
        subscriber.stop()
        thread.join()


class Subscriber:
    """Asks hubs, some at a time."""

    def __init__(self, it: Opened, network: Network) -> None:
        self.it, self.network = it, network
        self._ended, self._asking = threading.Event(), threading.Lock()
        self._telling: Telling | None = None

    def go_on(self) -> None:
        """Ask what is due, again and again, until told to stop."""
        while not self._ended.wait(SECONDS):
            with suppress(DibaoError):  # of the archive: where it lasts, the walk stops with it, and says why
                self.ask()

    def finish(self) -> None:
        """Ask what the walk brought last; no more than a few, so that a sync ends."""
        self.ask()

    def stop(self) -> None:
        """Give up what is under way: it is asked again by the next walk."""
        self._ended.set()
        telling = self._telling
        if telling:
            telling.close()

    def ask(self) -> None:
        """Ask the hubs that are due, and note what they answer."""
        with self._asking:
            self.it.hubs.align(
                callbacks(self.it.config), partial(secrets.token_urlsafe, 24), self.it.clock.now()
            )
            leases = self._free()
            if leases:
                self._tell(leases)

    def _free(self) -> Sequence[Lease]:
        """Return the leases that are due now; those of hosts that want to be left alone wait."""
        now, free = self.it.clock.now(), []
        for lease in self.it.hubs.due(now, AT_ONCE):
            until = self.it.archive.held(urls.host(lease.hub), now)
            if until:
                self.it.hubs.put(replace(lease, due=until))
            else:
                free.append(lease)
        return free

    def _tell(self, leases: Sequence[Lease]) -> None:
        with self.network.telling() as telling:
            self._telling = telling
            if self._ended.is_set():
                return
            for letter, capture in telling.over(self._letters(leases)):
                now = self.it.clock.now()
                self.it.archive.heed(capture, hold_after, now)
                self.it.hubs.told(letter.id, partial(websub.answered, capture=capture, now=now))

    def _letters(self, leases: Sequence[Lease]) -> Iterator[Letter]:
        for lease in leases:
            letter, asked = websub.request(with_secret(self.it.folder, lease), self.it.clock.now())
            self.it.hubs.put(asked)
            yield letter
