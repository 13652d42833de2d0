"""The measures of a set of pictures, each held against its threshold; `known` is the mistake they show, when it has a name.

Functions and scripts are judged alike.
"""

from judge.checks.multimodal.face_gan import mistakes


def no_copies(check, measures, found):
    """Even the pictures that are nearest to the training set are further from it than copies would be."""
    name = "离训练图最近的一成图的距离，与留出图之比"
    check.at_least(name, measures.closest, mistakes.MIN_CLOSEST, mistakes.copied(found))


def diversity(check, measures, known):
    """As different from each other as held-out faces are."""
    low, high = mistakes.DIVERSITY
    name = "两两距离，与留出图之比"
    check.at_least(name, measures.diversity, low, known or "多样性不够：图片彼此太像，是模式崩溃的开始")
    check.at_most(name, measures.diversity, high, known or "图片之间差得太远，不像同一类东西：更像噪声")


def sharpness(check, measures, known):
    """Neither blurred nor snow."""
    low, high = mistakes.SHARPNESS
    check.at_least(
        "与模糊版之差", measures.sharpness, low, known or "图片是模糊的：没有细节；训练太少，或没有判别器在逼它画清楚"
    )
    check.at_most("与模糊版之差", measures.sharpness, high, known or "图片上满是颗粒或棋盘格：接近噪声")


def right_way_up(check, measures, pictures):
    """Faces stand upright, and are no negatives: a few look more like the mean face turned, photographs too."""
    for stance in mistakes.stances(pictures, measures.novelty):
        if stance.bad or stance.share <= stance.most:
            check.at_most(stance.what, stance.share, stance.most, stance.mistake)


def face(check, measures, known):
    """A classifier sees faces, and they are not far from all that it knows."""
    diagnosis = known or mistakes.low_face(measures)
    check.at_least("是人脸的平均概率", measures.face, mistakes.MIN_FACE, diagnosis)
    check.at_most("到最近的训练图的距离，与留出图之比", measures.novelty, mistakes.MAX_DISTANCE, diagnosis)


def frechet(check, measures, known):
    """Distributed as held-out faces are."""
    diagnosis = known or "生成的图与真实人脸的分布差得远：训练步数太少，或只会画少数几种脸"
    check.at_most("Fréchet 距离", measures.frechet, mistakes.MAX_FRECHET, diagnosis)


def new_faces(check, measures, known):
    """Neither training faces put together anew nor a handful of faces."""
    check.at_least(
        "训练图的线性组合之外的成分",
        measures.beyond,
        mistakes.MIN_BEYOND,
        known or "图片几乎只是训练图片的线性组合（混合、拼接、主成分采样）：不是对抗训练学出来的生成器",
    )
    check.at_least(
        "到最近的训练图的距离，与留出图之比",
        measures.novelty,
        mistakes.MIN_DISTANCE,
        known or "图片离训练图片太近：是训练图片经过缩放、旋转或混合，或背下了训练集",
    )
    check.at_least(
        "最像的训练图折合的张数",
        measures.variety,
        mistakes.MIN_VARIETY,
        known or "只会画少数几种脸：检查每一步是否重新随机取了一批（不是总取前几张），生成器是否部分崩溃",
    )
