"""`quizapp serve` in a real Chromium, answered in Chinese through an input method. `make browser` runs it.

The browser is driven over its own debugging protocol. What the terminal shows is read from the websocket's frames.
"""

import asyncio
import base64
import contextlib
import os
import re
import shutil
import sys
from pathlib import Path

import aiohttp
import pytest

from quizapp.progress import Progress
from quizapp.progress.store import FILENAME

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or os.environ.get("QUIZAPP_BROWSER") != "1", reason="用 make browser 运行；需要 Chromium"
)
QUESTION = "什么是大模型"
ANSWER = "大模型是参数规模达到百亿级的语言模型，用海量无标注文本自监督预训练，基于 Transformer。"
KEYS = {"Enter": 13, "Escape": 27, "F5": 116, "F3": 114}


class Page:
    """One tab, through the debugging protocol."""

    def __init__(self, socket):
        self._socket = socket
        self._answers = {}
        self._number = 0
        self.frames = ""

    async def listen(self):
        async for message in self._socket:
            told = message.json()
            if "id" in told:
                self._answers[told["id"]].set_result(told["result"] if "result" in told else told["error"])
            elif told["method"] == "Network.webSocketFrameReceived":
                data = told["params"]["response"]["payloadData"]
                with contextlib.suppress(ValueError):
                    self.frames += base64.b64decode(data, validate=True).decode("utf-8", "replace")

    async def call(self, method, **parameters):
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        return await answer

    async def press(self, key):
        for kind in ("rawKeyDown", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "rawKeyDown" else {}
            kind = "keyDown" if text else kind
            await self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=KEYS[key], **text)

    async def control(self, letter):
        for kind in ("rawKeyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent", type=kind, modifiers=2, key=letter, code=f"Key{letter.upper()}",
                windowsVirtualKeyCode=ord(letter.upper()),
            )  # fmt: skip

    async def compose(self, pinyin, words):
        """As an input method does: letters that are underlined, then what they become."""
        for end in range(1, len(pinyin) + 1):
            await self.call("Input.imeSetComposition", text=pinyin[:end], selectionStart=end, selectionEnd=end)
        await self.call("Input.insertText", text=words)

    async def shows(self, words, seconds=30):
        """Wait until the words were drawn; escape sequences may stand between them."""
        pattern = re.compile("(?:\x1b\\[[0-9;?]*[A-Za-z]|\\s)*".join(map(re.escape, words)))
        async with asyncio.timeout(seconds):
            while not pattern.search(self.frames):
                await asyncio.sleep(0.05)

    async def picture(self, path):
        shot = await self.call("Page.captureScreenshot", format="png")
        Path(path).write_bytes(base64.b64decode(shot["data"]))


@contextlib.asynccontextmanager
async def chromium(folder):
    """A headless browser with an empty profile, and its only tab."""
    arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"]
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, *arguments, f"--user-data-dir={folder}", "--window-size=1000,640", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        told = folder / "DevToolsActivePort"
        async with asyncio.timeout(60):
            while not (told.exists() and told.read_text().count("\n")):
                await asyncio.sleep(0.05)
        port = told.read_text().split()[0]
        async with aiohttp.ClientSession() as client:
            async with client.get(f"http://127.0.0.1:{port}/json/list") as tabs:
                (address,) = [tab["webSocketDebuggerUrl"] for tab in await tabs.json() if tab["type"] == "page"]
            async with client.ws_connect(address, max_msg_size=0) as socket:
                page = Page(socket)
                listening = asyncio.create_task(page.listen())
                await page.call("Network.enable")
                await page.call("Page.enable")
                await page.call("Emulation.setFocusEmulationEnabled", enabled=True)
                yield page
                listening.cancel()
    finally:
        process.terminate()
        await process.wait()


@contextlib.asynccontextmanager
async def served(home):
    """`quizapp serve` itself; yields the address it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "quizapp.cli", "serve", "--port", "0", "--no-open",
        stdout=asyncio.subprocess.PIPE, env={**os.environ, "QUIZAPP_HOME": str(home), "QUIZAPP_WORKSPACE": str(home / "ws")},
    )  # fmt: skip
    try:
        yield (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def test_a_question_is_answered_in_chinese(tmp_path):
    home = tmp_path / "home"
    async with served(home) as url, chromium(tmp_path / "profile") as page:
        await page.call("Page.navigate", url=url)
        await page.shows("导览")
        await page.press("Escape")
        await page.control("p")
        await page.shows("输入命令或题目")
        await page.compose("shenmeshidamoxing", QUESTION)
        await page.shows("打开这道题")
        await page.press("Enter")
        await page.shows("请说明什么是大模型")
        await page.compose("damoxing", ANSWER)
        await page.shows("自监督预训练")
        if picture := os.environ.get("QUIZAPP_BROWSER_PICTURE"):
            await asyncio.sleep(0.5)
            await page.picture(picture)
        await page.press("F5")
        await page.shows("把握")
        await page.press("Enter")
        await page.shows("要点")
        await page.press("Enter")
        await asyncio.sleep(0.5)
        await page.press("Enter")

        async with asyncio.timeout(20):
            while not (found := recorded(home)):
                await asyncio.sleep(0.1)
    (answer,) = found
    assert answer.text == ANSWER
    assert answer.points
    assert set(answer.points.values()) & {"命中"}


async def test_a_page_from_elsewhere_cannot_reach_the_app(tmp_path):
    """What a foreign page can try from inside the same browser, which holds the cookie."""
    async with served(tmp_path / "home") as url, chromium(tmp_path / "profile") as page:
        await page.call("Page.navigate", url=url)
        await page.shows("题库")
        port = url.split(":")[2].split("/")[0]
        await page.call("Page.navigate", url="data:text/html,<title>elsewhere</title>")
        for address in (f"127.0.0.1:{port}", f"localhost:{port}"):
            script = (
                f"new Promise(done => {{ const s = new WebSocket('ws://{address}/ws');"
                " s.onopen = () => done('open'); s.onerror = () => done('refused'); })"
            )
            tried = await page.call("Runtime.evaluate", expression=script, awaitPromise=True)
            assert tried["result"]["value"] == "refused"


def recorded(home):
    """The answers in the progress file."""
    if not (home / FILENAME).exists():
        return []
    with Progress.open(home / FILENAME, mode="read") as progress:
        return progress.answers()
