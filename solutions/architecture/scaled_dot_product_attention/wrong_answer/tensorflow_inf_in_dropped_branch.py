import tensorflow as tf


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    if mask is None:
        return tf.matmul(tf.nn.softmax(scores), value)
    visible = tf.where(mask, scores, scores.dtype.min)
    largest = tf.stop_gradient(tf.reduce_max(visible, axis=-1, keepdims=True))
    largest = tf.where(tf.reduce_any(mask, -1, keepdims=True), largest, tf.reduce_max(scores, -1, keepdims=True))
    exponentials = tf.where(mask, tf.exp(scores - largest), tf.zeros_like(scores))
    return tf.matmul(tf.math.divide_no_nan(exponentials, tf.reduce_sum(exponentials, -1, keepdims=True)), value)
