"""What the machine has that we run on."""

import os


def cores() -> int:
    """Return how many processors we may use, one at least."""
    if hasattr(os, "sched_getaffinity"):  # not everywhere: a container or `taskset` may leave us fewer
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
