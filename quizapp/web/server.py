"""The server: textual-serve with our guard, our page, and one window at a time."""

from __future__ import annotations

import asyncio
import logging
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from textual_serve.server import Server

from quizapp.problems import UsageProblem, reason
from quizapp.web.guard import HOST, Guard

_PATIENCE_S: Final = 5.0
"""How long an app may take to leave before the next one starts all the same."""


class GuardedServer(Server):
    """Serves the app to the one browser window that has the token. The window opened last has the app.

    A second window would find the progress file taken, and so would a reload that is quicker than the app it replaces: so the app of
    the last window ends before the next one starts.
    """

    def __init__(self, guard: Guard, command: str, *, ready: Callable[[], None] = lambda: None) -> None:
        super().__init__(
            command,
            host=HOST,
            port=guard.port,
            title="quizapp",
            public_url=guard.origin,
            templates_path=Path(__file__).parent,  # app_index.html: in Chinese, and nothing fetched from elsewhere
        )
        self._guard, self._ready = guard, ready
        self._window: asyncio.Task[web.WebSocketResponse] | None = None

    def initialize_logging(self) -> None:
        """Only what went wrong; addresses hold the token and are not written down."""
        logging.basicConfig(level=logging.ERROR, format="%(message)s")
        logging.getLogger("aiohttp.access").disabled = True

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard.middleware)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Say where it is."""
        self._ready()

    async def on_shutdown(self, app: web.Application) -> None:
        """The app of the open window ends with the server."""
        await self._end_window()

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One window: it takes over from the one before."""
        await self._end_window()
        self._window = asyncio.create_task(super().handle_websocket(request))
        return await asyncio.shield(self._window)

    async def _end_window(self) -> None:
        if self._window is not None and not self._window.done():
            self._window.cancel()
            await asyncio.wait({self._window}, timeout=_PATIENCE_S)


def app_command() -> str:
    """The shell command that runs the app, whatever folder it is installed in."""
    words = [sys.executable, "-X", "utf8", "-m", "quizapp.cli"]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def free_port(wanted: int) -> int:
    """`wanted`, or any free one for 0. Raises `UsageProblem` when it is taken."""
    with socket.socket() as probe:
        if sys.platform != "win32":  # there it would mean sharing the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError as error:
            raise UsageProblem(f"端口 {wanted} 用不了（{reason(error)}）：换一个，例如 --port 0 自动选") from None
        port: Any = probe.getsockname()[1]
    return int(port)
