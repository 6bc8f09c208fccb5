"""What `status` tells of the hubs that push a source's news."""

from datetime import datetime
from typing import Any

from dibao import urls
from dibao.cli.printing import ago, local
from dibao.model import Lease


def push_facts(lease: Lease, now: datetime) -> dict[str, Any]:
    """Return what is told of one lease; its callback and secret are nobody's business."""
    return {
        "hub": lease.hub,
        "on": lease.is_held(now),
        "until": lease.until,
        "pushed_at": lease.pushed_at,
        "asked_at": lease.asked_at,
        "next": lease.due,
        "error": lease.error,
        "told": push_line(lease, now),
    }


def push_line(lease: Lease, now: datetime) -> str:
    """Return in one line whether a hub pushes, until when, and what is wrong."""
    hub, again = urls.host(lease.hub), f"asked again {ago(lease.due, now)}" if lease.due else "not asked yet"
    why = f" {lease.error}." if lease.error else ""
    if lease.is_held(now) and lease.until:
        last = f", the last {ago(lease.pushed_at, now)}" if lease.pushed_at else ", none came yet"
        return f"pushes from {hub} until {local(lease.until)}{last}.{why}"
    if lease.error:
        return f"no pushes from {hub}:{why} It is {again}."
    if lease.asked_at:
        advice = " Does the world reach `dibao serve` at web.public_url?" if lease.failures > 1 else ""
        return f"no pushes yet: {hub} was asked {ago(lease.asked_at, now)} and has not asked back.{advice}"
    return f"no pushes yet: {hub} is {again}."
