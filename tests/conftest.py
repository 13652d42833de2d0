"""For every test: a judge service of this run's own, gone when it ends."""

import asyncio
import os
import shutil
import tempfile

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_judge_service():
    """Where a service started by a test listens. A short path: Unix sockets take a hundred characters."""
    folder = tempfile.mkdtemp(prefix="qa-")
    os.environ["QUIZAPP_RUNTIME"] = folder
    yield
    from judge.client import stop_service

    asyncio.run(stop_service())
    shutil.rmtree(folder, ignore_errors=True)
