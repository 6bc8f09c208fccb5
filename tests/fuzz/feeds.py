"""Any bytes -> Feed or FeedError, looked for by a fuzzer that is guided by coverage.

``pip install atheris``, then ``python -m tests.fuzz.feeds [SECONDS]`` (default: 600). The first inputs are
the feeds of the tests and, where DIBAO_TEST_DATA is set, the small ones of other parsers' suites. Anything
but a Feed or a FeedError, an input that takes over 5 seconds, or a request for more than 256 MB of memory
ends the run, with the input in a file of its own.
"""

import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dibao"]):
    from dibao.errors import FeedError
    from dibao.feeds import parse_feed
    from dibao.model import Feed

SMALL = 4096  # bytes


def read(body: bytes) -> None:
    try:
        feed = parse_feed(body, url="https://outlet.test/feed.xml", fallback=False)
    except FeedError:
        return
    assert isinstance(feed, Feed)
    repr(feed).encode("utf-8")


def seeds() -> list[bytes]:
    from tests.unit.test_feeds_wild import CASES

    told = Path(os.environ.get("DIBAO_TEST_DATA", "/nowhere")) / "feeds" / "dev"
    others = (path.read_bytes() for path in sorted(told.rglob("*")) if path.is_file() and _is_small(path))
    return [*(body for body, _, _ in CASES.values()), *others]


def _is_small(path: Path) -> bool:
    return path.stat().st_size <= SMALL and path.suffix in (".xml", ".json", ".rss", ".atom", ".rdf")


def main() -> None:
    seconds = sys.argv[1] if len(sys.argv) > 1 else "600"
    with tempfile.TemporaryDirectory() as corpus:
        for number, body in enumerate(seeds()):
            (Path(corpus) / str(number)).write_bytes(body)
        limits = [
            f"-max_total_time={seconds}",
            "-timeout=5",
            "-rss_limit_mb=1024",
            "-malloc_limit_mb=256",
            "-max_len=8192",
        ]
        atheris.Setup([sys.argv[0], corpus, *limits], read)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
