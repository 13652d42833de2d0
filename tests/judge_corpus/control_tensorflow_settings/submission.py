import tensorflow as tf

tf.config.set_visible_devices([], "GPU")
tf.config.threading.set_intra_op_parallelism_threads(2)
tf.config.threading.set_inter_op_parallelism_threads(2)
tf.config.experimental.enable_op_determinism()
tf.keras.utils.set_random_seed(1)
tf.keras.backend.set_floatx("float64")
tf.keras.mixed_precision.set_global_policy("mixed_float16")


class Attention(tf.Module):
    @tf.function(jit_compile=True, reduce_retracing=True)
    def __call__(self, query, key, value, mask):
        scores = tf.matmul(query, key, transpose_b=True) * tf.math.rsqrt(tf.cast(tf.shape(query)[-1], query.dtype))
        scores = tf.where(mask, scores, scores.dtype.min)
        return tf.matmul(tf.nn.softmax(scores) * tf.cast(mask, scores.dtype), value)


attention = Attention()


def scaled_dot_product_attention(query, key, value, mask=None):
    return attention(query, key, value, tf.constant([True]) if mask is None else mask)
