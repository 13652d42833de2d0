"""`quizapp serve`: the same app in a browser, for this machine only."""

from __future__ import annotations

import webbrowser
from importlib.util import find_spec

import click

from quizapp.commands_cli.shared import Command, say
from quizapp.problems import UsageProblem


@click.command(cls=Command)
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="端口；0 表示自动选。")
@click.option("--open/--no-open", "open_browser", default=True, show_default=True, help="直接打开浏览器。")
def serve(port: int, open_browser: bool) -> None:
    """在浏览器里打开应用。只监听 127.0.0.1；打印的地址带一次性口令，打开一次后失效。"""
    if find_spec("textual_serve") is None:
        raise UsageProblem("没有安装网页版：运行 pip install 'quizapp[web]'")
    from quizapp.web.guard import Guard
    from quizapp.web.server import GuardedServer, app_command, free_port

    guard = Guard(free_port(port))

    def ready() -> None:
        click.echo(guard.url)
        say("在浏览器里打开上面的地址（只能用一次；之后同一窗口可以刷新）。按 Ctrl+C 停止。")
        if open_browser:
            webbrowser.open(guard.url)

    GuardedServer(guard, app_command(), ready=ready).serve()
