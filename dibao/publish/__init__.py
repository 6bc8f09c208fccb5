"""Kept articles into pages: posts, site and feed, and the folders they are written to.

Everything but `write` and `git` is pure: the same articles give the same bytes.
"""
