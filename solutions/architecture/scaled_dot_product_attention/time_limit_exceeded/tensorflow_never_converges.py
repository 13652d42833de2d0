import tensorflow as tf


def scaled_dot_product_attention(query, key, value, mask=None):
    weights = tf.nn.softmax(tf.matmul(query, key, transpose_b=True))
    while not tf.reduce_all(weights == 0.5 * weights):
        weights = weights / tf.reduce_sum(weights, -1, keepdims=True)
    return tf.matmul(weights, value)
