# SPDX-License-Identifier: GPL-3.0-or-later
"""The enlarger: pictures of the generator's size to four times their width and height, and without the decoder's faults.

All work is done at the small size; only the last convolution's channels become pixels (Shi et al., 2016). The same network
without residual blocks is known as SRVGGNetCompact (Wang et al., 2021).
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from .autoencoder import same

CONFIG = "enlarger/config.json"
WEIGHTS = "enlarger/diffusion_pytorch_model.safetensors"


@dataclass(frozen=True)
class EnlargerSize:
    """What fixes the shapes of the weights."""

    hidden_size: int = 48
    num_layers: int = 4
    scale: int = 4


SIZES = {"tiny": EnlargerSize(hidden_size=8, num_layers=1), "small": EnlargerSize()}


class Pair(nn.Module):
    """Two convolutions beside a straight line."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = same(width, width)
        self.conv2 = same(width, width)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(functional.relu(self.conv1(x)))


class Enlarger(nn.Module):
    """Adds what is missing to the picture with every pixel repeated."""

    def __init__(self, size: EnlargerSize) -> None:
        super().__init__()
        self.size = size
        self.conv_in = same(3, size.hidden_size)
        self.blocks = nn.ModuleList(Pair(size.hidden_size) for _ in range(size.num_layers))
        self.conv_out = same(size.hidden_size, 3 * size.scale**2)
        nn.init.zeros_(self.conv_out.weight)
        nn.init.zeros_(self.conv_out.bias)

    def forward(self, picture: Tensor) -> Tensor:
        """[n, 3, h, w] in 0..1 to [n, 3, 4 h, 4 w] around 0..1, not clamped."""
        x = picture * 2 - 1
        hidden = functional.relu(self.conv_in(x))
        for block in self.blocks:
            hidden = block(hidden)
        missing = functional.pixel_shuffle(self.conv_out(functional.relu(hidden)), self.size.scale)
        return (functional.interpolate(x, scale_factor=self.size.scale) + missing) * 0.5 + 0.5


def save_enlarger(model: Enlarger, out: Path) -> None:
    """Into a model folder: f16 weights and the configuration."""
    (out / CONFIG).parent.mkdir(parents=True, exist_ok=True)
    config = asdict(model.size) | {"pixel_range": "takes 2x-1, gives y with x = y/2 + 1/2"}
    (out / CONFIG).write_text(json.dumps(config, indent=1), encoding="utf-8")
    save_file({name: tensor.half().contiguous() for name, tensor in model.state_dict().items()}, out / WEIGHTS)


def load_enlarger(folder: Path) -> Enlarger:
    """From a model folder; the f16 weights become f32 parameters."""
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    model = Enlarger(EnlargerSize(config["hidden_size"], config["num_layers"], config["scale"]))
    model.load_state_dict(load_file(folder / WEIGHTS))
    return model.eval().to(memory_format=torch.channels_last)
