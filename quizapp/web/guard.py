"""Who may talk to the served app: only the browser window that was opened with the token printed in the terminal.

textual-serve itself asks nobody for a name and takes any Origin and any Host, so that a page open in the same browser could type into
the app. Three things stand before it: the Host is ours (against DNS rebinding), the Origin is ours (against foreign pages), and a
cookie that was handed out once, for a token that works once.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

HOST: Final = "127.0.0.1"
_COOKIE: Final = "quizapp_{port}"
_SAFE: Final = frozenset({"GET", "HEAD"})


@dataclass
class Guard:
    """Made for one port and one run of the server. `middleware` goes into the aiohttp application."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _session: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _spent: bool = False

    @property
    def origin(self) -> str:
        """The only one there is."""
        return f"http://{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """What the learner opens, once."""
        return f"{self.origin}/?token={self.token}"

    @property
    def middleware(self) -> Middleware:
        """Stands before every route."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            response: web.StreamResponse = self._refused(request) or self._let_in(request) or await handler(request)
            if not response.prepared:
                response.headers.update(self._headers())
            return response

        return guarded

    def _refused(self, request: web.Request) -> web.Response | None:
        """Host and Origin first: a foreign page learns not even whether the token is still good."""
        if request.headers.getall("Host", []) != [f"{HOST}:{self.port}"]:
            return _no(421, f"只在 {self.origin} 提供。")
        if request.method not in _SAFE:
            return _no(405, "只读取，不接受提交。")
        origins = request.headers.getall("Origin", [])
        if (origins or _is_websocket(request)) and origins != [self.origin]:
            return _no(403, "别的网页不能连接这里。")
        return None

    def _let_in(self, request: web.Request) -> web.Response | None:
        """None for a known window; a cookie for the token, once; otherwise no."""
        if _same(request.cookies.get(_COOKIE.format(port=self.port), ""), self._session):
            return None
        if self._spent or request.path != "/" or not _same(request.query.get("token", ""), self.token):
            return _no(403, "这个地址已经用过，或口令不对：回到终端，重新运行 quizapp serve 并打开它打印的地址。")
        self._spent = True
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(_COOKIE.format(port=self.port), self._session, httponly=True, samesite="Strict", path="/")
        return response

    def _headers(self) -> dict[str, str]:
        """Not to be framed, not to be kept, and nothing loaded from elsewhere."""
        policy = {
            "default-src": "'none'",
            "script-src": "'self' 'unsafe-inline'",
            "style-src": "'self' 'unsafe-inline'",
            "font-src": "'self' data:",
            "img-src": "'self' data: blob:",
            "connect-src": f"'self' ws://{HOST}:{self.port}",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
            "form-action": "'none'",
        }
        return {
            "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
            "X-Frame-Options": "DENY",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
        }


def _is_websocket(request: web.Request) -> bool:
    return request.path == "/ws" or "upgrade" in request.headers.get("Connection", "").lower()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _no(status: int, sentence: str) -> web.Response:
    return web.Response(status=status, text=sentence, content_type="text/plain", charset="utf-8")
