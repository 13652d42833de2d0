import tensorflow as tf


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    if mask is None:
        return tf.matmul(tf.nn.softmax(scores), value)
    weights = tf.nn.softmax(tf.where(mask, scores, -1e4))
    return tf.matmul(weights * tf.cast(tf.reduce_any(mask, -1, keepdims=True), scores.dtype), value)
