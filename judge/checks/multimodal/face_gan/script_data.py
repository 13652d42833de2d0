"""What a plain script is served by `load_faces()`: the training faces, never a held-out one."""

from judge.checks.multimodal.face_gan.faces_data import split


def training_data():
    """float32 (280,28,28,1) in [-1,1], whatever the framework: a script puts the channel where it wants it."""
    return {"faces": split().train[..., None].copy()}
