import tensorflow as tf


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    exponentials = tf.exp(scores)
    if mask is None:
        return tf.matmul(exponentials / tf.reduce_sum(exponentials, -1, keepdims=True), value)
    exponentials *= tf.cast(mask, scores.dtype)
    return tf.matmul(tf.math.divide_no_nan(exponentials, tf.reduce_sum(exponentials, -1, keepdims=True)), value)
