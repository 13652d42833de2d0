import tensorflow as tf


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = tf.matmul(query, tf.transpose(key, [0, 2, 1])) / tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    if mask is not None:
        scores = tf.where(mask, scores, scores.dtype.min)
    return tf.matmul(tf.nn.softmax(scores), value)
