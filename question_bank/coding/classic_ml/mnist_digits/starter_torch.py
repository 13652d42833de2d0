"""手写数字分类（PyTorch）：补全三个函数。images 是 float32 (N, 1, 28, 28)，labels 是 int64 (N,)。"""

import matplotlib.pyplot as plt
import torch
from torch import nn


def build_model():
    """返回未训练的模型：输入 (N, 1, 28, 28)，输出 (N, 10)。"""
    # TODO: 卷积、池化、展平、全连接
    raise NotImplementedError("TODO: build_model")


def train(model, images, labels, val_images, val_labels):
    """就地训练 model；返回每个 epoch 一个数的四个列表。"""
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    # TODO: 打乱、分批、前向、损失、清零梯度、反向、更新；每个 epoch 末在验证集上测一次
    return history


def plot_history(history, path):
    """把四条曲线画成 PNG，存到 path。"""
    # TODO: 左图损失，右图准确率
    raise NotImplementedError("TODO: plot_history")
