"""The learner's own language model: where it is, and one request to it. Used only when asked for.

`settings.toml` names `remote_url` and `remote_model`; `QUIZAPP_REMOTE_URL` and `QUIZAPP_REMOTE_MODEL` go before them. The key comes
from `QUIZAPP_REMOTE_KEY` only: settings get printed, copied and backed up.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import socket
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from quizapp.problems import UsageProblem
from quizapp.settings import Settings

TIMEOUT_S: Final = 60.0
_LONGEST: Final = 1 << 20
"""Bytes of a reply."""


class Unreachable(Exception):
    """The endpoint gave no reply. `str()` says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible service. The key is never printed."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A redirect would carry the key elsewhere."""


def endpoint_of(settings: Settings) -> Endpoint:
    """The learner's endpoint. Raises `UsageProblem` when none is set, or one that would give the key away."""
    url = os.environ.get("QUIZAPP_REMOTE_URL") or settings.remote_url
    model = os.environ.get("QUIZAPP_REMOTE_MODEL") or settings.remote_model
    key = os.environ.get("QUIZAPP_REMOTE_KEY")
    if not url or not model:
        raise UsageProblem(
            "没有设置模型服务：用 quizapp config 设 remote_url 与 remote_model（例如 http://localhost:11434/v1 与 qwen3），"
            "密钥放在环境变量 QUIZAPP_REMOTE_KEY 里"
        )
    try:
        parts = urlsplit(url)
        port_is_sound = parts.port != 0
    except ValueError:
        raise UsageProblem(f"模型服务的地址 {url} 不对：写成 https://主机/v1") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_sound:
        raise UsageProblem(f"模型服务的地址 {url} 不对：写成 https://主机/v1")
    if key and parts.scheme == "http" and not _is_here(parts.hostname):
        raise UsageProblem(f"不用明文把密钥发给 {parts.hostname}：改用 https，或去掉密钥")
    if key and not key.isascii():
        raise UsageProblem("模型服务的密钥里有非英文字符：重新复制一遍")
    return Endpoint(url.rstrip("/"), model, key)


def ask(endpoint: Endpoint, body: dict[str, Any], *, timeout_s: float = TIMEOUT_S) -> bytes:
    """The reply to one chat completion. Raises `Unreachable`."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {})}
    data = json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(f"{endpoint.url}/chat/completions", data, headers)  # noqa: S310 - the scheme is checked
    own = [urllib.request.ProxyHandler({})] if _is_here(urlsplit(endpoint.url).hostname or "") else []
    try:
        with urllib.request.build_opener(_NoRedirect, *own).open(request, timeout=timeout_s) as response:
            content: bytes = response.read(_LONGEST + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise Unreachable(f"服务答复 HTTP {error.code}{_HINTS.get(error.code, '')}") from None
    except TimeoutError:
        raise Unreachable(f"{timeout_s:.0f} 秒内没有答复") from None
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(_why(getattr(error, "reason", error))) from None
    if len(content) > _LONGEST:
        raise Unreachable("答复太长")
    return content


_CAUSES: Final = {
    TimeoutError: "没有按时答复",
    ConnectionRefusedError: "连不上：那里没有服务在运行",
    socket.gaierror: "连不上：找不到主机",
    ssl.SSLError: "连不上：证书不可信",
}
_HINTS: Final = {
    401: "（密钥不对）",
    402: "（余额不足）",
    403: "（没有权限）",
    404: "（地址或模型名不对）",
    429: "（请求太频繁）",
}


def _why(cause: object) -> str:
    for kind, words in _CAUSES.items():
        if isinstance(cause, kind):
            return words
    return f"连不上：{cause}"


def _is_here(host: str) -> bool:
    """Whether a host is this very machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
