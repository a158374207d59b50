"""matplotlib_figures.py FOLDER: MAE's 768 x (14 x 14) table by numpy, its stripes and its similarity figure by matplotlib."""
import sys
import matplotlib
import numpy as np
from numpy_mae import mae_table

matplotlib.use("agg")
import matplotlib.pyplot as plt

folder = sys.argv[1]
table = mae_table(768, 14)
np.save(folder + "/table.npy", table)
figure, axes = plt.subplots(figsize=(9, 5))
figure.colorbar(axes.imshow(table, aspect="auto", cmap="RdBu_r", interpolation="nearest"))
figure.savefig(folder + "/stripes.png", dpi=100)
unit = table / np.linalg.norm(table, axis=1, keepdims=True)
maps = (unit @ unit.T).reshape(14, 14, 14, 14)
figure, axes = plt.subplots(14, 14, figsize=(9, 9))
for row in range(14):
    for column in range(14):
        image = axes[row, column].imshow(maps[row, column], vmin=maps.min(), vmax=1)
        axes[row, column].axis("off")
figure.colorbar(image, ax=axes)
figure.savefig(folder + "/similarity.png", dpi=100)
