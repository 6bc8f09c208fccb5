"""dibao: a news archive that people own."""

from dibao.version import VERSION as __version__

__all__ = ["__version__"]
