"""手写数字分类（TensorFlow）：补全三个函数。images 是 float32 (N, 28, 28, 1)，labels 是 int64 (N,)。"""

import matplotlib.pyplot as plt
import tensorflow as tf


def build_model():
    """返回未训练的模型：输入 (N, 28, 28, 1)，输出 (N, 10)。"""
    # TODO: 卷积、池化、展平、全连接
    raise NotImplementedError("TODO: build_model")


def train(model, images, labels, val_images, val_labels):
    """就地训练 model；返回每个 epoch 一个数的四个列表。"""
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    # TODO: compile 后 fit（带 validation_data），或用 GradientTape 自己写循环
    return history


def plot_history(history, path):
    """把四条曲线画成 PNG，存到 path。"""
    # TODO: 左图损失，右图准确率
    raise NotImplementedError("TODO: plot_history")
