import tensorflow as tf


class Attention(tf.Module):
    def __call__(self, query, key, value, mask):
        scores = tf.linalg.matmul(query, key, adjoint_b=True) / tf.cast(query.shape[-1], query.dtype) ** 0.5
        visible = tf.broadcast_to(tf.constant(True) if mask is None else mask, tf.shape(scores))
        hidden = tf.fill(tf.shape(scores), tf.constant(scores.dtype.min, scores.dtype))
        scores = tf.where(visible, scores, hidden)
        largest = tf.stop_gradient(tf.reduce_max(scores, axis=-1, keepdims=True))
        exponentials = tf.exp(scores - largest) * tf.cast(visible, scores.dtype)
        total = tf.reduce_sum(exponentials, axis=-1, keepdims=True)
        return tf.linalg.matmul(tf.math.divide_no_nan(exponentials, total), value)


attention = Attention()


def scaled_dot_product_attention(query, key, value, mask=None):
    return attention(query, key, value, mask)
