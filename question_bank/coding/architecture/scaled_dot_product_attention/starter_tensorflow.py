def scaled_dot_product_attention(query, key, value, mask=None):
    """query (..., L, E)，key (..., S, E)，value (..., S, Ev)，mask 布尔、True 为可见；返回 (..., L, Ev)。"""
    # TODO
    # 1. 分数：query 与 key 的点积，除以 √E
    # 2. 掩码：mask 为 False 的位置不可见
    # 3. softmax，再对 value 加权求和；整行都不可见时输出 0
    raise NotImplementedError("在这里写你的实现")
