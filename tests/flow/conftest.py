"""Archives that flow tests start from."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dibao.clock import SteppingClock
from dibao.wiring import Opened, opened
from tests.contract.test_archive import Shelf
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
