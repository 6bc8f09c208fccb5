"""How much of an answer we take."""

from dataclasses import dataclass, replace
from typing import Self

MIB = 2**20
IN_MEMORY = MIB // 4  # bytes of an answer as sent, and as many decoded; what goes beyond is put on disk
LARGE = MIB  # bytes: of answers that have more, only some are taken in at once, lest they fill the disk
LARGE_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one visit may cost; past it the visit fails and says so."""

    wire_bytes: int = 10 * MIB  # of one answer, as sent
    decoded_bytes: int = 20 * MIB  # of one body, decompressed
    ratio: int = 1000  # decompressed : sent, once past a MiB; honest pages stay far below
    header_bytes: int = MIB // 4
    redirects: int = 10
    total_seconds: float = 60  # redirects included, waiting for a host's turn left out
    connect_seconds: float = 15
    picture_bytes: int = 10 * MIB  # of a picture, where that is less

    @classmethod
    def within(cls, *, max_bytes: int, seconds: float, picture_bytes: int = 10 * MIB) -> Self:
        """Return the limits that let a body of so many bytes through, however little it was packed."""
        return cls(
            wire_bytes=on_the_wire(max_bytes),
            decoded_bytes=max_bytes,
            total_seconds=seconds,
            picture_bytes=picture_bytes,
        )

    def of_a_picture(self) -> Self:
        """Return what a picture may cost."""
        most = min(self.picture_bytes, self.decoded_bytes)
        return replace(self, wire_bytes=min(on_the_wire(most), self.wire_bytes), decoded_bytes=most)


def on_the_wire(size: int) -> int:
    """Return how many bytes may be sent for a body of this size: chunks and heads need some room."""
    return size + size // 8 + MIB // 4
