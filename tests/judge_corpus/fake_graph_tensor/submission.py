import tensorflow as tf

tf.compat.v1.disable_eager_execution()


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    return tf.matmul(tf.nn.softmax(scores), value)
