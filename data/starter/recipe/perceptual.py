# SPDX-License-Identifier: GPL-3.0-or-later
"""How different two pictures look: pixels, edges, and the features of a small classifier (Johnson et al., 2016)."""

import importlib.util
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

FEATURE_WEIGHT = 0.12
FEATURE_LAYERS = 3


class Features(Protocol):
    """The network's activations, from fine to coarse."""

    def features(self, x: Tensor) -> list[Tensor]: ...


def load_features(folder: Path) -> Features:
    """SqueezeNet (Iandola et al., 2016) from a folder with squeezenet.py and its weights; used in training only, never shipped."""
    source = folder / "squeezenet.py"
    if not source.exists():
        raise FileNotFoundError(f"{source}: not there; point --squeezenet or LIMN_SQUEEZENET at its folder")
    spec = importlib.util.spec_from_file_location("squeezenet", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SqueezeNet(dtype=torch.bfloat16)


def edges(x: Tensor) -> tuple[Tensor, Tensor]:
    """Differences of neighbours, across and down."""
    return x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]


def edge_loss(result: Tensor, target: Tensor) -> Tensor:
    return sum((a - b).abs().mean() for a, b in zip(edges(result), edges(target)))


def feature_loss(network: Features, result: Tensor, target: Tensor) -> Tensor:
    """Relative difference of the first layers' features."""
    with torch.no_grad():
        wanted = network.features(target.bfloat16())[:FEATURE_LAYERS]
    got = network.features(result.clamp(-0.1, 1.1).bfloat16())[:FEATURE_LAYERS]
    return sum((a - b).float().abs().mean() / (a.float().abs().mean() + 1e-3) for a, b in zip(wanted, got))


def picture_loss(network: Features | None, result: Tensor, target: Tensor) -> Tensor:
    """The sum of all three, or of the first two where there is no network; both pictures in 0..1."""
    pixels = (result - target).abs().mean()
    seen = FEATURE_WEIGHT * feature_loss(network, result, target) if network is not None else 0.0
    return pixels + edge_loss(result, target) + seen
