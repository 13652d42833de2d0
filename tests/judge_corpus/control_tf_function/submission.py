import tensorflow as tf


@tf.function
def attend(query, key, value, mask):
    scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    scores = tf.where(mask, scores, scores.dtype.min)
    return tf.matmul(tf.nn.softmax(scores) * tf.cast(mask, scores.dtype), value)


def scaled_dot_product_attention(query, key, value, mask=None):
    return attend(query, key, value, tf.constant([True]) if mask is None else mask)
