"""For every test: a judge service of this run's own, gone when it ends; and which tests may run side by side."""

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


_WITH_BOXES = (
    "article",
    "boxes",
    "calibrate",
    "cli",
    "collected_checks",
    "judge_batch",
    "judge_cli",
    "judge_corpus",
    "public_tests",
    "sandbox",
    "service",
)


def pytest_collection_modifyitems(items):
    """What runs boxes stays in one process, one after another, and the rest goes on beside it (`make test` uses two)."""
    files = {f"test_{name}.py" for name in _WITH_BOXES}
    for item in items:
        if "functional" in item.path.parts and item.path.name in files:
            item.add_marker(pytest.mark.xdist_group("boxes"))
