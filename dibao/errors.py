"""Everything dibao raises on purpose.

DibaoError
├── ConfigError      the person running dibao can fix it                    exit 2
├── SourceError      url, why: one source or page; recorded and shown       run goes on
│   ├── FetchError   no usable answer
│   ├── FeedError    not a feed we can read
│   └── ExtractError no article in the page
├── ArchiveError     locked, damaged, full or newer than us                 exit 3
└── PublishError     a target could not be written; the archive is safe     exit 4

Arguments go to ``super().__init__`` unchanged and messages are built in ``__str__``, so that an
error raised in a worker process arrives whole in its parent.
"""


class DibaoError(Exception):
    """Anything dibao raises on purpose."""

    exit_code = 1


class ConfigError(DibaoError):
    """A setting, argument or file that the person running dibao can put right."""

    exit_code = 2


class SourceError(DibaoError):
    """Trouble with one source or page: recorded, shown, and the run goes on."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(url, why)
        self.url, self.why = url, why

    def __str__(self) -> str:
        return f"{self.url}: {self.why}"


class FetchError(SourceError):
    """No usable answer came."""


class FeedError(SourceError):
    """What came is not a feed we can read."""


class ExtractError(SourceError):
    """No article was found in the page."""


class ArchiveError(DibaoError):
    """The archive is locked, damaged, full, or made by a newer dibao."""

    exit_code = 3


class PublishError(DibaoError):
    """A target could not be written; the archive itself is safe."""

    exit_code = 4
