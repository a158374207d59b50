"""torch_rope.py LENGTH DIM: cos and sin of 1-D RoPE in the half layout. Prints the seconds of computing alone."""
import sys
import torch
from alone import seconds_alone

length, dim = int(sys.argv[1]), int(sys.argv[2])


def tables():
    inv_freq = 1.0 / 10000 ** (torch.arange(0, dim, 2, dtype=torch.float32) / dim)
    angles = torch.outer(torch.arange(length, dtype=torch.float32), inv_freq)
    both = torch.cat((angles, angles), dim=-1)
    return both.cos(), both.sin()


print(seconds_alone(tables))
