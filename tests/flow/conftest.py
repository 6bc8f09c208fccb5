"""Archives that flow tests start from."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp.connector
import pytest

from dibao.clock import SteppingClock
from dibao.wiring import Opened, opened
from dibao.workers import Workers
from tests.contract.test_archive import Shelf
from tests.flow.desk import Desk, desk_for
from tests.flow.hub import Hub, make_certificate, running_hub
from tests.flow.loopback import make_archive
from tests.flow.servers import Site

START = datetime(2026, 3, 4, 8, tzinfo=UTC)


@pytest.fixture
def it(tmp_path: Path, site: Site) -> Iterator[Opened]:
    """Give an archive that may ask the test's server, on a clock that the test steps."""
    with opened(make_archive(tmp_path / "archive", site.port), clock=SteppingClock(START)) as made:
        yield made


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """Give an archive without network, to which a test hands the answers."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    made = Shelf(folder)
    yield made
    made.archive.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a certificate of this machine that is trusted as long as the tests run."""
    made = make_certificate(tmp_path_factory.mktemp("tls"))
    aiohttp.connector._SSL_CONTEXT_VERIFIED.load_verify_locations(made)
    return made


@pytest.fixture
def hub(certificate: Path) -> Iterator[Hub]:
    """Give a real WebSub hub."""
    with running_hub(certificate) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, site: Site, hub: Hub, workers: Workers) -> Iterator[Desk]:
    """Give an archive that the hub can reach."""
    with desk_for(tmp_path / "archive", site, hub, workers, SteppingClock(START)) as made:
        yield made
