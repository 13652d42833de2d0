"""What a run left, as files."""

import base64

from judge.artifacts import keep
from judge.verdict import Artifact


def picture(name, data=b"\x89PNG"):
    return Artifact(name=name, kind="image", media_type="image/png", data=base64.b64encode(data).decode())


def test_pictures_are_decoded_and_texts_kept(tmp_path):
    text = Artifact(name="译文", kind="text", media_type="text/plain", data="他帮助她")
    paths = keep(tmp_path / "new", "mine", [picture("生成的人脸"), text])
    assert [path.name for path in paths] == ["mine-生成的人脸.png", "mine-译文.txt"]
    assert paths[0].read_bytes() == b"\x89PNG"
    assert paths[1].read_text(encoding="utf-8") == "他帮助她"


def test_a_name_chosen_by_a_script_leads_nowhere_else(tmp_path):
    folder = tmp_path / "kept"
    names = ["../../escaped.png", "/etc/passwd", "..", "a\x1b[31m/b\x00.png", ""]
    paths = keep(folder, "mine", [picture(name) for name in names])
    assert all(path.parent == folder and path.is_file() for path in paths)
    assert len(set(paths)) == len(names)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_two_pictures_of_one_name_are_two_files(tmp_path):
    first, second = keep(tmp_path, "mine", [picture("a", b"1"), picture("a", b"2")])
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")
