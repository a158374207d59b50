"""torch_sinusoid.py FILE LENGTH DIM: the Transformer's table as the usual torch module computes it, saved by numpy."""
import math
import sys
import numpy as np
import torch

path, length, dim = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
position = torch.arange(length, dtype=torch.float32).unsqueeze(1)
frequency = torch.exp(torch.arange(0, dim, 2, dtype=torch.float32) * (-math.log(10000.0) / dim))
table = torch.zeros(length, dim)
table[:, 0::2] = torch.sin(position * frequency)
table[:, 1::2] = torch.cos(position * frequency)
np.save(path, table.numpy())
