"""The published site over HTTP."""

from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
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


def site_app(folder: Path) -> Starlette:
    """Return the application that serves a published folder."""
    files = StaticFiles(directory=folder, html=True)
    return Starlette(routes=[Mount("/", files)], middleware=[Middleware(SecurityHeaders)])


def serve_folder(folder: Path, host: str, port: int) -> None:
    """Serve a published folder until stopped; ConfigError when the port is taken."""
    config = uvicorn.Config(site_app(folder), host=host, port=port, log_level="warning")
    server = uvicorn.Server(config)
    try:
        server.run()
    except SystemExit as error:  # uvicorn's way of saying that it can't listen
        raise ConfigError(f"Can't listen on {host}:{port}. Is it taken? Choose another port.") from error
