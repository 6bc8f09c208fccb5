"""Run every benchmark that this machine has the data for: ``python -m bench [NAME …]``."""

import sys

from bench import backfill, demo, extract, feeds, freshness, poll, sync

ALL = {
    "backfill": backfill.main,
    "demo": demo.main,
    "extract": extract.main,
    "feeds": feeds.main,
    "poll": poll.main,
    "sync": sync.main,
}
LONG = {"freshness": freshness.main}  # run only where they are named


def main() -> None:
    names = sys.argv[1:] or list(ALL)
    known = ALL | LONG
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no benchmark {unknown[0]!r}; there are {', '.join(known)}")
    for name in names:
        known[name]()


if __name__ == "__main__":
    main()
