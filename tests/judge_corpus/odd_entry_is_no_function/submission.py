import torch

scaled_dot_product_attention = torch.zeros(3)
