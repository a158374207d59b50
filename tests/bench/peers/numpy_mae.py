"""numpy_mae.py FILE DIM GRID: the 2-D sincos table as MAE's recipe computes it in numpy, saved as float32."""
import sys
import numpy as np


def mae_table(dim, grid):
    omega = 1.0 / 10000 ** (np.arange(dim // 4, dtype=np.float64) / (dim / 4.0))
    w, h = np.meshgrid(np.arange(grid, dtype=np.float32), np.arange(grid, dtype=np.float32))
    blocks = []
    for axis in (w, h):
        angle = np.einsum("m,d->md", axis.reshape(-1), omega)
        blocks.append(np.concatenate([np.sin(angle), np.cos(angle)], axis=1))
    return np.concatenate(blocks, axis=1).astype(np.float32)


if __name__ == "__main__":
    np.save(sys.argv[1], mae_table(int(sys.argv[2]), int(sys.argv[3])))
