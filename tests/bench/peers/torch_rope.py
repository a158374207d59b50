"""torch_rope.py LENGTH DIM: cos and sin of 1-D RoPE in the half layout, computed, not saved."""
import sys
import torch

length, dim = int(sys.argv[1]), int(sys.argv[2])
inv_freq = 1.0 / 10000 ** (torch.arange(0, dim, 2, dtype=torch.float32) / dim)
angles = torch.outer(torch.arange(length, dtype=torch.float32), inv_freq)
both = torch.cat((angles, angles), dim=-1)
cos, sin = both.cos(), both.sin()
