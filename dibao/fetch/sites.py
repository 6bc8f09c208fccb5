"""Which hosts share a server, as far as their names tell."""

from functools import lru_cache

from tld import get_fld


@lru_cache(maxsize=2**16)
def site_of(host: str) -> str:
    """Return the registrable domain that a host belongs to: the hosts of one take turns together.

    Blogs of one service (``*.github.io``, ``*.wordpress.com``) are one site here: they have owners of their
    own, but share servers. An address by number stays as it is, with its port, and so does a name below no
    public suffix, as those of a private network are.
    """
    name = host.partition(":")[0].rstrip(".")
    if host.count(":") > 1 or name.rpartition(".")[2].isdecimal():
        return host
    found = get_fld(f"http://{name}/", fail_silently=True, search_private=False)
    return found or host
