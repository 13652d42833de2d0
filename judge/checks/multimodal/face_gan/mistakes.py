"""What a set of pictures is, when it is no set of new faces: every way to fail has its own name."""

from typing import NamedTuple

import numpy as np

from judge.checks.multimodal.face_gan import classifier, oracle
from judge.checks.multimodal.face_gan.faces_data import split
from judge.checks.multimodal.face_gan.helpers import KEYS, is_numbers

MIN_FACE = 0.5  # the mean of 200: GANs 0.57 to 0.97, one of 180 below 0.66; what is no face up to 0.4 mostly, see MAX_DISTANCE
MAX_FRECHET = 16.0  # GANs 1.7 to 8, one of 180 at 12.7; noise 18 and more, faces in [0, 1] 48 to 90
DIVERSITY = (0.6, 1.35)
MIN_CLOSEST = 0.75  # GANs 1.2 to 1.6, photographs 0.77, copies up to 0.05
SHARPNESS = (0.02, 0.1)
MIN_DISTANCE = 1.15  # as novelty: two faces mixed 0.9, a face zoomed and turned 1.05, GANs 1.54 to 1.92
MAX_DISTANCE = 2.1  # GANs up to 1.92; dots on grey, which a classifier of edges took for faces, 2.2, negatives 2.3, noise 2.6
MIN_BEYOND = 0.05  # mixtures and principal components up to 0.04, held-out faces 0.06, GANs 0.08 to 0.19
MIN_VARIETY = 65  # of 280: GANs 88 to 128, those that ever saw three faces only 13 to 50
# Shares of the pictures; a quarter that stands wrongly is about what can be told from the few that only look so.
MAX_ON_HEAD = 0.25  # GANs up to 0.17, photographs 0.07; faces flipped half of the time from 0.36, always 0.7 to 0.93
MAX_ON_SIDE = 0.35  # GANs up to 0.19, moved by 3 pixels over black 0.34; width for height from 0.74, half of the time from 0.4
MAX_NEGATIVE = 0.1  # GANs up to 0.015, photographs 0; inverted a third of the time from 0.14, always 0.94 and more
ALMOST_ALL = 0.6
CLEAR = 0.35  # mean face probability of turned pictures, put right: 0.46 to 0.8; of blobs up to 0.2
LIKE_A_FACE = 0.4  # correlation with the mean face, turned rightly: GANs 0.55 to 0.7 on average, blobs and noise up to 0.26
CONTENT = (0.1, 0.5)  # g_loss, d_loss; with smoothed targets even a perfect discriminator keeps 0.33
COLLAPSE = "模式崩溃：不同的噪声画出几乎相同的图；减小学习率，检查判别器是否太强、生成器里有没有 BatchNorm、训练的噪声是不是 randn（rand 都是正数）"


def named(measures, pictures):
    """The mistake these pictures show, or None when no known one does."""
    if _are_one(measures, pictures):
        return mean_face(measures, pictures) or COLLAPSE
    if measures.closest < MIN_CLOSEST:
        return None  # told by `copied`
    if measures.face < MIN_FACE and (measures.sharpness > SHARPNESS[1] or measures.diversity > DIVERSITY[1]):
        return "生成的是噪声：相邻像素没有关系，看不出脸；生成器没有从判别器那里得到有用的梯度，或根本没有训练"
    if _in_zero_one(pictures):
        return "像素几乎都在 [0, 1]：训练时把 faces 换算到了 [0, 1]，而生成的图按 [-1, 1] 评分；faces 已经缩放好，不要再换算"
    if measures.diversity < DIVERSITY[0]:
        return COLLAPSE
    return next((stance.mistake for stance in stances(pictures, measures.novelty) if stance.bad), None)


def mean_face(measures, pictures):
    """One picture again and again, and it is the average of all."""
    if not _are_one(measures, pictures) or _likeness(pictures.mean(0)) < 0.95:
        return None
    return "平均脸：每次画的都是所有训练图的平均，像是用均方误差训练的，没有对抗"


def _are_one(measures, pictures):
    """Whether they hardly differ. Faces in [0, 1] differ by half as much as those in [-1, 1]."""
    contrast = 2 if _in_zero_one(pictures) and _likeness(pictures.mean(0)) > 0.5 else 1
    return contrast * measures.diversity < 0.3


def _in_zero_one(pictures):
    return float(np.quantile(pictures, 0.01)) > -0.1


class Stance(NamedTuple):
    """A way not to stand upright: how many of the pictures do, how many may, and the mistake it is else."""

    what: str
    share: float
    most: float
    mistake: str
    clear: bool
    """Whether they are faces once they are put right: blobs lie in any way, and are told by `test_face`."""

    @property
    def bad(self):
        """Too many of them to be what it is of a good generator."""
        return self.clear and self.share > self.most


def stances(pictures, novelty):
    """Ways in which a picture, (N,28,28), may be more like the mean face than as it is. `novelty`: what is like no face lies in no way."""
    mean = split().train.mean(0)
    ways = np.stack([mean, mean[::-1], mean.T, mean.T[:, ::-1], -mean])
    likeness = oracle.standard(pictures) @ oracle.standard(ways).T
    way = np.where(likeness.max(1) > LIKE_A_FACE, likeness.argmax(1), 0)
    head = pictures[way == 1, ::-1]
    side = np.concatenate([pictures[way == 2], pictures[way == 3, :, ::-1]]).swapaxes(1, 2)
    is_face = classifier.probabilities(pictures) > 0.5  # it looks at edges, not at which side is dark
    negative = float(((likeness[:, 0] < 0) & is_face).mean())
    on_head, on_side = len(head) / len(pictures), len(side) / len(pictures)
    upside_down = "有的脸上下颠倒：训练时做了上下翻转？人脸只能左右翻转"
    inverted = "黑白颠倒：有的图是底片，检查训练数据或输出是否取了负号"
    return [
        Stance("倒立的图的比例", on_head, MAX_ON_HEAD, upside_down, novelty < MAX_DISTANCE and _are_faces(head)),
        Stance("横躺的图的比例", on_side, MAX_ON_SIDE, _lying(on_side), novelty < MAX_DISTANCE and _are_faces(side)),
        Stance("底片的比例", negative, MAX_NEGATIVE, inverted, True),
    ]


def _are_faces(pictures):
    return len(pictures) > 0 and float(classifier.probabilities(pictures).mean()) > CLEAR


def _lying(share):
    if share < ALMOST_ALL:
        return "有的脸是横躺或歪着的：训练时做了大角度的旋转或转置？人脸只能左右翻转"
    return "脸是横躺的：宽与高对调了；通道换位写 permute(0, 3, 1, 2)，不是 permute(0, 3, 2, 1)"


def not_opposed(history):
    """Both networks are content: told by the learner, so good for a reason only, never for a verdict."""
    if not isinstance(history, dict) or not all(is_numbers(history.get(key)) for key in KEYS):
        return None
    ends = [max(abs(float(v)) for v in history[key][-3:]) for key in KEYS]
    if any(end > content for end, content in zip(ends, CONTENT, strict=True)):
        return None
    return "两个损失都降到了底：两个网络的目标不对立，不是对抗训练；真图目标是 1，假图对判别器是 0，对生成器是 1"


def _likeness(picture):
    """Correlation with the mean training face."""
    mean = split().train.mean(0)
    if np.ptp(picture) < 1e-6:
        return 0.0
    return float(np.corrcoef(picture.ravel(), mean.ravel())[0, 1])


def copied(found):
    """How the training set was copied, from the nearest training face of every picture (`oracle.nearest`)."""
    close = found.change[found.distance <= np.quantile(found.distance, oracle.CLOSEST)]
    blur, mirrored, dy, dx = oracle.CHANGES[int(np.bincount(close).argmax())]
    ways = [
        "平移" if (dy, dx) != (oracle.SHIFT, oracle.SHIFT) else "",
        "翻转" if mirrored else "",
        "模糊" if blur else "",
    ]
    how = "、".join(way for way in ways if way)
    return f"背下了训练集：图片里有训练图片{how + '之后的' if how else '的'}复印件"


def low_face(measures):
    """Why a classifier sees no faces, when nothing more particular is known."""
    if measures.novelty > MAX_DISTANCE:
        return "看不出是脸：画的东西离哪一张脸都远；学习率太大，或两个网络的损失写反了"
    if measures.frechet > MAX_FRECHET:
        return "看不出是脸，像素的分布也差得远：训练步数太少，学习率不合适，或两个网络的目标写反了"
    return "看不出是脸：训练步数太少，或学习率太小"
