import tensorflow as tf


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    if mask is not None:
        scores = scores * tf.cast(mask, scores.dtype)
    return tf.matmul(scores, value)
