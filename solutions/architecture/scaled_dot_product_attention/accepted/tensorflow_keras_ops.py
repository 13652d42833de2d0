import keras
from keras import ops
def scaled_dot_product_attention(query, key, value, mask=None):
    scores = ops.einsum('...ld,...sd->...ls', query, key)
    scores = scores / ops.sqrt(ops.cast(ops.shape(query)[-1], scores.dtype))
    if mask is not None:
        scores = ops.where(mask, scores, -1e30)
    w = ops.softmax(scores, axis=-1)
    if mask is not None:
        w = w * ops.cast(ops.any(mask, axis=-1, keepdims=True), w.dtype)
    return ops.matmul(w, value)
