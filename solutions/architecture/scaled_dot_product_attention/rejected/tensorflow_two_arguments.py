import tensorflow as tf


def scaled_dot_product_attention(query, key):
    return tf.nn.softmax(tf.matmul(query, key, transpose_b=True))
