import math

import tensorflow as tf


def one_head(query, key, value, mask):
    """(L, E), (S, E), (S, Ev), (L, S) -> (L, Ev), one row of queries after another."""
    rows = []
    for i in range(query.shape[0]):
        seen = tf.where(mask[i])[:, 0]
        if tf.size(seen) == 0:
            rows.append(tf.zeros([value.shape[-1]], value.dtype))
            continue
        scores = tf.linalg.matvec(tf.gather(key, seen), query[i]) / math.sqrt(query.shape[-1])
        rows.append(tf.linalg.matvec(tf.gather(value, seen), tf.nn.softmax(scores), transpose_a=True))
    return tf.stack(rows)


def scaled_dot_product_attention(query, key, value, mask=None):
    shape = [*query.shape[:-1], key.shape[-2]]
    mask = tf.broadcast_to(True if mask is None else mask, shape)
    flat = [tf.reshape(x, [-1, *x.shape[-2:]]) for x in (query, key, value, mask)]
    heads = [one_head(*(x[i] for x in flat)) for i in range(flat[0].shape[0])]
    return tf.reshape(tf.stack(heads), [*query.shape[:-1], value.shape[-1]])
