"""人脸 GAN：补全四个函数。题面写明了形状、取值范围与评分方法。"""

import tensorflow as tf
from tensorflow import keras


def build_generator(latent_dim):
    """噪声 (N, latent_dim) 到图片 (N, 28, 28, 1)，取值在 [-1, 1]。"""
    # TODO: 全连接到 7×7，再上采样两次
    raise NotImplementedError("TODO: build_generator")


def build_discriminator():
    """图片 (N, 28, 28, 1) 到 (N, 1) 的 logits 或概率。"""
    # TODO: 步长为 2 的卷积，最后全连接到 1
    raise NotImplementedError("TODO: build_discriminator")


def train(generator, discriminator, faces, latent_dim):
    """就地训练两个网络；faces 为 (N, 28, 28, 1)，取值在 [-1, 1]。"""
    history = {"g_loss": [], "d_loss": []}
    # TODO: 每一步先更新判别器，再更新生成器，并记录损失
    raise NotImplementedError("TODO: train")


def generate(generator, n, latent_dim):
    """返回 n 张图片，形状 (n, 28, 28, 1)，取值在 [-1, 1]。"""
    # TODO: 采样噪声，用推理模式生成
    raise NotImplementedError("TODO: generate")
