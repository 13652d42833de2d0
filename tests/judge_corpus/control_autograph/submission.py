import tensorflow as tf


@tf.function
def attend(query, key, value, mask):
    weights = tf.zeros_like(tf.matmul(query, key, transpose_b=True))
    scale = tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    for step in tf.range(2):
        if step == 0:
            weights = tf.where(mask, tf.matmul(query, key, transpose_b=True) / scale, weights.dtype.min)
        else:
            weights = tf.nn.softmax(weights) * tf.cast(mask, weights.dtype)
    return tf.matmul(weights, value)


def scaled_dot_product_attention(query, key, value, mask=None):
    return attend(query, key, value, tf.constant([True]) if mask is None else mask)
