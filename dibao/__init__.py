"""dibao: a news archive that people own."""

__version__ = "0.1.0"
