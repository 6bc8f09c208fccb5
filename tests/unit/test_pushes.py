"""What `status` says of a source's hub."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dibao.cli.pushes import push_facts, push_line
from dibao.model import Lease

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAMED = Lease(
    hub="https://hub.test/", topic="https://a.test/feed", callback="https://us.test/hub/tok", secret="s3"
)
ASKED = replace(NAMED, asked_at=NOW - HOUR / 2, due=NOW + HOUR / 2, failures=1)
HELD = replace(NAMED, until=NOW + 24 * HOUR, length=30 * HOUR, due=NOW + HOUR)


@pytest.mark.parametrize(
    ("lease", "said"),
    [
        (NAMED, "no pushes yet: hub.test is not asked yet."),
        (replace(NAMED, due=NOW + 24 * HOUR), "no pushes yet: hub.test is asked again in 1 d."),
        (ASKED, "no pushes yet: hub.test was asked 30 min ago and has not asked back."),
        (
            replace(ASKED, failures=2),
            "has not asked back. Does the world reach `dibao serve` at web.public_url?",
        ),
        (
            replace(ASKED, error="the hub answered 500"),
            "no pushes from hub.test: the hub answered 500. It is asked again in 30 min.",
        ),
        (replace(HELD, until=NOW), "no pushes yet: hub.test is asked again in 1 h."),
        (HELD, ", none came yet."),
        (replace(HELD, pushed_at=NOW - 2 * HOUR), ", the last 2 h ago."),
        (
            replace(HELD, error="a push came that was not signed"),
            "none came yet. a push came that was not signed.",
        ),
    ],
)
def test_each_standing_is_said_in_a_line(lease: Lease, said: str) -> None:
    assert push_line(lease, NOW).endswith(said)
    assert push_line(lease, NOW).startswith("pushes from hub.test until 2026-03-0" if lease is HELD else "")


@pytest.mark.parametrize("lease", [NAMED, ASKED, HELD])
def test_neither_secret_nor_callback_is_told(lease: Lease) -> None:
    told = repr(push_facts(lease, NOW))
    assert "s3" not in told
    assert "tok" not in told
    assert push_facts(lease, NOW)["on"] is (lease is HELD)
