"""The published site over HTTP."""

import socket
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dibao.errors import ConfigError

# The pages carry the same policy in a meta tag; frame-ancestors works only as a header.
SECURITY = (
    (b"content-security-policy", b"frame-ancestors 'none'; object-src 'none'; base-uri 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class SecurityHeaders:
    """Add the headers that keep a page from being framed or sniffed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add to its answer."""

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *SECURITY]
            await send(message)

        await self.app(scope, receive, add)


def site_app(folder: Path, more: Sequence[BaseRoute] = ()) -> Starlette:
    """Return the application that serves a published folder, and more besides."""
    files = StaticFiles(directory=folder, html=True)
    return Starlette(routes=[*more, Mount("/", files)], middleware=[Middleware(SecurityHeaders)])


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; ConfigError when that can't be, with what to do."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else "a port is a number from 0 to 65535"
        raise ConfigError(f"Can't listen on {host}:{port}: {why}. Choose another port.") from error


def serve_folder(folder: Path, listener: socket.socket, more: Sequence[BaseRoute] = ()) -> None:
    """Serve a published folder, and more besides, until stopped."""
    server = uvicorn.Server(uvicorn.Config(site_app(folder, more), log_level="warning"))
    with listener:
        server.run(sockets=[listener])
