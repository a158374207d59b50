"""torch_randn.py COUNT: so many normal numbers of the generator with seed 0. Prints the seconds of computing alone."""
import sys
import torch
from alone import seconds_alone

count = int(sys.argv[1])


def numbers():
    torch.manual_seed(0)
    return torch.randn(count)


print(seconds_alone(numbers))
