import tensorflow as tf


def attention_weights(query, key, mask):
    scores = tf.matmul(query, key) / tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    return tf.nn.softmax(tf.where(mask, scores, scores.dtype.min))


@tf.function
def attend(query, key, value, mask):
    return tf.matmul(attention_weights(query, key, mask), value)


def scaled_dot_product_attention(query, key, value, mask=None):
    return attend(query, key, value, tf.constant([True]) if mask is None else mask)
