"""`quizapp serve`: one browser window of this machine gets in, and no foreign page, name or second finder of the address does."""

import asyncio
import contextlib
import functools
import gc
import sys

import aiohttp
import pytest
from aiohttp import web

from quizapp.problems import UsageProblem
from quizapp.web.guard import Guard
from quizapp.web.server import GuardedServer, app_command, free_port

QUIET_APP = f"{sys.executable} -c \"import os; print('__GANGLION__', flush=True)\nwhile b'quit' not in os.read(0, 9999) or os._exit(0): pass\""
"""As much of an app as textual-serve asks for."""


@contextlib.asynccontextmanager
async def serving(command=QUIET_APP):
    guard = Guard(free_port(0))
    runner = web.AppRunner(await GuardedServer(guard, command)._make_app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", guard.port).start()
    jar = aiohttp.CookieJar(unsafe=True)  # cookies for an address instead of a name, as browsers keep them
    try:
        async with aiohttp.ClientSession(cookie_jar=jar) as client:
            yield guard, client
    finally:
        await runner.cleanup()
        await asyncio.sleep(0.3)  # the loop hears that its children are gone
        gc.collect()  # textual-serve leaves the pipes of its child to the collector, which needs the loop


async def status(client, url, **headers):
    async with client.get(url, headers=headers, allow_redirects=False) as response:
        return response.status


async def upgrade(client, guard, **headers):
    """The status the server gives a websocket."""
    try:
        async with client.ws_connect(f"{guard.origin}/ws", headers=headers) as socket:
            await socket.close()
            return 101
    except aiohttp.WSServerHandshakeError as error:
        return error.status


async def test_the_token_opens_one_window_once():
    async with serving() as (guard, client):
        async with client.get(guard.url) as page:
            assert page.status == 200
            assert "token" not in str(page.url)
            assert page.headers["X-Frame-Options"] == "DENY"
            assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
            text = await page.text()
            assert "http" not in text.replace(guard.origin, ""), "the page fetches nothing from elsewhere"
        assert await status(client, f"{guard.origin}/") == 200, "the same window may reload"
        async with aiohttp.ClientSession() as stranger:
            assert await status(stranger, guard.url) == 403


@pytest.mark.parametrize("path", ["/", "/?token=", "/?token=wrong", "/ws", "/static/js/textual.js", "/download/x"])
async def test_nothing_is_served_without_the_token(path):
    async with serving() as (guard, client):
        assert await status(client, guard.origin + path) == 403
        assert await upgrade(client, guard, Origin=guard.origin) == 403


async def test_a_foreign_page_cannot_connect_even_with_the_cookie():
    async with serving() as (guard, client):
        await status(client, guard.url)
        for origin in ("http://evil.example", "null", "http://127.0.0.1:1", f"http://localhost:{guard.port}", ""):
            assert await upgrade(client, guard, Origin=origin) == 403, origin
        assert await upgrade(client, guard) == 403, "a websocket of a browser always has an Origin"
        assert await status(client, f"{guard.origin}/", Origin="http://evil.example") == 403
        assert await upgrade(client, guard, Origin=guard.origin) == 101


async def test_another_host_name_for_this_address_is_refused():
    async with serving() as (guard, client):
        for host in ("evil.example", f"evil.example:{guard.port}", "127.0.0.1", f"localhost:{guard.port}"):
            assert await status(client, guard.url, Host=host) == 421, host
        assert await status(client, guard.url) == 303, "and none of these tries has spent the token"


async def test_the_cookie_is_kept_from_scripts_and_from_other_sites():
    async with serving() as (guard, client), client.get(guard.url, allow_redirects=False) as response:
        (cookie,) = response.cookies.values()
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        assert guard.token not in cookie.value


async def test_a_second_window_takes_over():
    async with serving() as (guard, client):
        await status(client, guard.url)
        connect = functools.partial(client.ws_connect, f"{guard.origin}/ws", headers={"Origin": guard.origin})
        async with asyncio.timeout(20), connect() as first:
            told = asyncio.create_task(first.receive())  # a browser answers when the server says goodbye
            second = await connect()
            assert (await told).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
            await second.send_json(["ping", "still here"])
            while (await second.receive()).data != '["pong", "still here"]':
                assert not second.closed
            await second.close()


async def test_the_real_app_answers_through_it(tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_HOME", str(tmp_path))
    async with serving(app_command()) as (guard, client):
        await status(client, guard.url)
        url = f"{guard.origin}/ws?width=80&height=24"
        async with client.ws_connect(url, headers={"Origin": guard.origin}) as socket, asyncio.timeout(30):
            shown = b""
            while "题库".encode() not in shown:
                message = await socket.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, message
                shown += message.data


def test_a_taken_port_is_one_sentence():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageProblem, match="--port 0"):
            free_port(taken.getsockname()[1])
