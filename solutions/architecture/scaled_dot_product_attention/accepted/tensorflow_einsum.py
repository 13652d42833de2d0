import tensorflow as tf
from tensorflow import keras


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = tf.einsum("...le,...se->...ls", query, key)
    scores = scores * query.shape[-1] ** -0.5
    if mask is None:
        return tf.einsum("...ls,...sv->...lv", keras.activations.softmax(scores), value)
    sees_any = tf.reduce_any(mask, axis=-1, keepdims=True)
    scores = tf.where(mask, scores, tf.constant(float("-inf"), scores.dtype))
    # All -inf would be 0/0 forward and backward: such a row gets harmless scores first and no weight afterwards.
    scores = tf.where(sees_any, scores, tf.zeros_like(scores))
    weights = tf.where(sees_any, tf.nn.softmax(scores), tf.zeros_like(scores))
    return tf.einsum("...ls,...sv->...lv", weights, value)
