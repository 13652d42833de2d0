import tensorflow as tf


def scaled_dot_product_attention(query, key, value, mask=None):
    turned = tf.reshape(key, [*key.shape[:-2], key.shape[-1], key.shape[-2]])
    scores = tf.matmul(query, turned) / tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    if mask is None:
        return tf.matmul(tf.nn.softmax(scores), value)
    scores = tf.where(mask, scores, scores.dtype.min)
    return tf.matmul(tf.nn.softmax(scores) * tf.cast(mask, scores.dtype), value)
