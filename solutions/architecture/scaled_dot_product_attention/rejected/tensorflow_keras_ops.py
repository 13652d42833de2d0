from keras import ops


def scaled_dot_product_attention(query, key, value, mask=None):
    function = ops.dot_product_attention
    heads = function(query[..., None, :], key[..., None, :], value[..., None, :])
    return heads[..., 0, :]
