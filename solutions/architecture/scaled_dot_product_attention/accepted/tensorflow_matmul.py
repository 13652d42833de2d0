import tensorflow as tf


def scaled_dot_product_attention(query, key, value, mask=None):
    width = tf.cast(tf.shape(query)[-1], query.dtype)
    scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(width)
    if mask is None:
        return tf.matmul(tf.nn.softmax(scores, axis=-1), value)
    scores = tf.where(mask, scores, scores.dtype.min)
    weights = tf.nn.softmax(scores, axis=-1) * tf.cast(mask, scores.dtype)
    return tf.matmul(weights, value)
