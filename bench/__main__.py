"""Run every benchmark that this machine has the data for: ``python -m bench [NAME …]``."""

import sys

from bench import backfill, demo, feeds, sync

ALL = {"backfill": backfill.main, "demo": demo.main, "feeds": feeds.main, "sync": sync.main}


def main() -> None:
    names = sys.argv[1:] or list(ALL)
    unknown = [name for name in names if name not in ALL]
    if unknown:
        sys.exit(f"no benchmark {unknown[0]!r}; there are {', '.join(ALL)}")
    for name in names:
        ALL[name]()


if __name__ == "__main__":
    main()
