import tensorflow as tf


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = tf.matmul(query, key, transpose_b=True) / query.shape[-1]
    if mask is None:
        return tf.matmul(tf.nn.softmax(scores), value)
    scores = tf.where(mask, scores, scores.dtype.min)
    return tf.matmul(tf.nn.softmax(scores) * tf.cast(mask, scores.dtype), value)
