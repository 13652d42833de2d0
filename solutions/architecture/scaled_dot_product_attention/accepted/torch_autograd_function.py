import torch
class SDPA(torch.autograd.Function):
    @staticmethod
    def forward(ctx, q, k, v, mask):
        s = torch.einsum('...le,...se->...ls', q, k) / q.shape[-1] ** .5
        if mask is not None:
            s = s.masked_fill(~mask, float('-inf'))
        m = s.amax(-1, keepdim=True)
        m = torch.where(torch.isinf(m), torch.zeros_like(m), m)
        e = torch.exp(s - m)
        z = e.sum(-1, keepdim=True)
        p = e / torch.where(z == 0, torch.ones_like(z), z)
        ctx.save_for_backward(q, k, v, p)
        return p @ v
    @staticmethod
    def backward(ctx, g):
        q, k, v, p = ctx.saved_tensors
        dv = p.transpose(-1, -2) @ g
        dp = g @ v.transpose(-1, -2)
        ds = p * (dp - (dp * p).sum(-1, keepdim=True)) / q.shape[-1] ** .5
        return ds @ k, ds.transpose(-1, -2) @ q, dv, None
def scaled_dot_product_attention(query, key, value, mask=None):
    return SDPA.apply(query, key, value, mask)
