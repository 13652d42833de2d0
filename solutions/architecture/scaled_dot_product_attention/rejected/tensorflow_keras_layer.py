import tensorflow as tf


def scaled_dot_product_attention(query, key, value, mask=None):
    query = query / query.shape[-1] ** 0.5
    return tf.keras.layers.Attention()([query, value, key])
