"""What the zygote does between two submissions."""

from judge.worker import zygote


def test_everything_a_submission_wrote_goes(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "file").write_text("x")
    (tmp_path / "link").symlink_to("/etc")

    assert zygote._empty(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_mounted_stays_and_keeps_the_slot(tmp_path, monkeypatch):
    """A project under /tmp is bound into the box's /tmp: it is no leftover."""
    venv = tmp_path / "project" / "venv"
    venv.mkdir(parents=True)
    (venv / "python").write_text("x")
    (tmp_path / "project" / "planted").write_text("x")
    monkeypatch.setattr(zygote, "_mounts", lambda: frozenset({str(venv)}))

    assert zygote._empty(tmp_path)
    assert (venv / "python").exists()
    assert not (tmp_path / "project" / "planted").exists()
