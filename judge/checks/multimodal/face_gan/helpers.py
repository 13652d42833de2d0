"""Layouts, networks, and what was returned: small things that several checks need."""

import numpy as np

KEYS = ("g_loss", "d_loss")
BATCH = 100


def in_layout(pictures, framework):
    """(N,28,28) as the framework wants it: (N,1,28,28) for PyTorch, (N,28,28,1) for TensorFlow."""
    return pictures[:, None] if framework == "torch" else pictures[..., None]


def picture_shape(count, framework):
    """The shape of `count` pictures in the framework's layout."""
    return (count, 1, 28, 28) if framework == "torch" else (count, 28, 28, 1)


def noise(rng, count, latent_dim):
    """Standard normal, float32 (count, latent_dim)."""
    return rng.standard_normal((count, latent_dim), dtype=np.float32)


def paint(submission, generator, z, check):
    """The generator's pictures in inference mode, (N,28,28), once they have the agreed shape and are finite."""
    parts = []
    for start in range(0, len(z), BATCH):
        output = submission.forward(generator, z[start : start + BATCH])
        check.shape(output, picture_shape(len(z[start : start + BATCH]), submission.framework), "生成器输出")
        check.dtype(output, "float32", "生成器输出")
        check.finite(output, "生成器输出")
        parts.append(flat(output))
    return np.concatenate(parts)


def score(submission, discriminator, pictures, check):
    """The discriminator's scores in inference mode, (N,1)."""
    parts = []
    for start in range(0, len(pictures), BATCH):
        part = in_layout(pictures[start : start + BATCH], submission.framework)
        output = submission.forward(discriminator, part)
        check.shape(output, (len(part), 1), "判别器输出")
        check.dtype(output, "float32", "判别器输出")
        check.finite(output, "判别器输出")
        parts.append(output)
    return np.concatenate(parts)


def is_numbers(values):
    """A non-empty list of finite numbers (Python's, NumPy's or 0-d tensors)."""
    return (
        isinstance(values, (list, tuple))
        and len(values) > 0
        and all(
            type(v) in (int, float) or (isinstance(v, np.ndarray) and v.ndim == 0 and v.dtype.kind in "iuf") for v in values
        )
        and bool(np.isfinite([float(v) for v in values]).all())
    )


def kind(value):
    """What a returned value is, for a sentence."""
    return getattr(value, "type_name", None) or type(value).__name__


def new_generator(submission, latent_dim, check):
    """A generator, its weights made: Keras makes those of some models only when they meet their first input."""
    network = _model(submission.call("build_generator", latent_dim), "build_generator(latent_dim)", check)
    paint(submission, network, np.zeros((2, latent_dim), np.float32), check)
    return network


def new_discriminator(submission, check):
    """A discriminator, its weights made."""
    network = _model(submission.call("build_discriminator"), "build_discriminator()", check)
    score(submission, network, np.zeros((2, 28, 28), np.float32), check)
    return network


def _model(value, call, check):
    check.returned(getattr(value, "is_model", False), f"{call} 应返回模型，实际返回 {kind(value)}")
    return value


def generated(submission, generator, count, latent_dim, check):
    """`count` pictures as `generate` returns them, once they are known to be such: (count,28,28)."""
    got = submission.call("generate", generator, count, latent_dim)
    check.returned(isinstance(got, np.ndarray), f"generate 应返回张量或数组，实际返回 {kind(got)}")
    if got.shape != picture_shape(count, "torch") or submission.framework != "torch":
        check.shape(got, picture_shape(count, "tensorflow"), "generate 返回的图片")
    check.dtype(got, "float32", "generate 返回的图片")
    check.finite(got, "generate 返回的图片")
    worst = float(np.abs(got).max())
    check.returned(worst <= 1 + 1e-4, f"generate 返回的像素应在 [-1, 1]，实际出现 {worst:.3g}（不要换算成 0 到 255）")
    return flat(got)


def flat(pictures):
    """Either layout to (N,28,28)."""
    return pictures.reshape(len(pictures), 28, 28)


def trainable(submission, network):
    """The tensors an optimiser would move: running means change without one."""
    names = set(submission.trainable(network))
    return {name: value for name, value in submission.state(network).items() if name in names}
