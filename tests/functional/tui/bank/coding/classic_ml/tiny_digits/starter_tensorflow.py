def build_model():
    """返回模型。"""
    raise NotImplementedError  # TODO
