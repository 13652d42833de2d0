import torch


def scaled_dot_product_attention(query, key, value, mask=None):
	scores = query
        return scores
