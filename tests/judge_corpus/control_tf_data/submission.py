import tensorflow as tf

pipeline = tf.data.Dataset.range(100).map(lambda x: x * 2, num_parallel_calls=tf.data.AUTOTUNE).shuffle(10).batch(7).prefetch(2)
total = sum(int(tf.reduce_sum(batch)) for batch in pipeline)
assert total == 9900, total


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(tf.cast(tf.shape(query)[-1], query.dtype))
    if mask is None:
        return tf.matmul(tf.nn.softmax(scores), value)
    scores = tf.where(mask, scores, scores.dtype.min)
    return tf.matmul(tf.nn.softmax(scores) * tf.cast(mask, scores.dtype), value)
