"""torch_swin_index.py FILE WINDOW: Swin's relative position index as its recipe computes it in torch, saved by numpy."""
import sys
import numpy as np
import torch

path, window = sys.argv[1], int(sys.argv[2])
coords = torch.stack(torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij")).flatten(1)
relative = (coords[:, :, None] - coords[:, None, :]).permute(1, 2, 0).contiguous() + (window - 1)
relative[:, :, 0] *= 2 * window - 1
np.save(path, relative.sum(-1).numpy())
