"""torch_swin_index.py WINDOW: Swin's relative position index as its recipe computes it in torch. Prints the seconds of computing alone."""
import sys
import torch
from alone import seconds_alone

window = int(sys.argv[1])


def index():
    coords = torch.stack(torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij")).flatten(1)
    relative = (coords[:, :, None] - coords[:, None, :]).permute(1, 2, 0).contiguous() + (window - 1)
    relative[:, :, 0] *= 2 * window - 1
    return relative.sum(-1)


print(seconds_alone(index))
