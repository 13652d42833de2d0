import tensorflow as tf

big = tf.ones(850 << 18)
assert float(big[-1]) == 1.0
del big


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    if mask is None:
        return tf.matmul(tf.nn.softmax(scores), value)
    scores = tf.where(mask, scores, scores.dtype.min)
    return tf.matmul(tf.nn.softmax(scores) * tf.cast(mask, scores.dtype), value)
