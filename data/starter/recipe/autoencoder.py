# SPDX-License-Identifier: GPL-3.0-or-later
"""The autoencoder: 128 x 128 pixels to 16 x 16 latents and back. Its shape is that of TAESD (O. B. Bohan, 2023)."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from .sizes import DECODER_WIDTH, ENCODER_WIDTH, LATENT_CHANNELS


class Residual(nn.Module):
    """Three convolutions beside a straight line."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            same(width, width), nn.ReLU(), same(width, width), nn.ReLU(), same(width, width)
        )

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.conv(x) + x)


class SoftClamp(nn.Module):
    """Keeps latents within -3..3, so that a generator's outliers cannot burn the picture."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(x / 3) * 3


def same(channels: int, out: int) -> nn.Conv2d:
    """A 3 x 3 convolution that keeps the size."""
    return nn.Conv2d(channels, out, 3, padding=1)


def halve(width: int) -> nn.Conv2d:
    """A 3 x 3 convolution to half the size."""
    return nn.Conv2d(width, width, 3, padding=1, stride=2, bias=False)


def double(width: int) -> list[nn.Module]:
    """Twice the size by repeating pixels, then a convolution."""
    return [nn.Upsample(scale_factor=2), nn.Conv2d(width, width, 3, padding=1, bias=False)]


def make_encoder(width: int = ENCODER_WIDTH) -> nn.Sequential:
    """Pixels in -1..1, [n, 3, h, w], to latents, [n, 8, h / 8, w / 8]."""
    return nn.Sequential(
        same(3, width),
        halve(width),
        Residual(width),
        halve(width),
        Residual(width),
        Residual(width),
        halve(width),
        Residual(width),
        Residual(width),
        same(width, LATENT_CHANNELS),
    )


def make_decoder(width: int = DECODER_WIDTH) -> nn.Sequential:
    """Latents to pixels in about -1..1."""
    return nn.Sequential(
        SoftClamp(),
        same(LATENT_CHANNELS, width),
        nn.ReLU(),
        Residual(width),
        Residual(width),
        Residual(width),
        *double(width),
        Residual(width),
        Residual(width),
        *double(width),
        Residual(width),
        *double(width),
        same(width, width),
        nn.ReLU(),
        same(width, 3),
    )


class Autoencoder(nn.Module):
    """Both halves; all pictures outside of it are in 0..1."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = make_encoder()
        self.decoder = make_decoder()

    def encode(self, picture: Tensor) -> Tensor:
        """[n, 3, h, w] in 0..1 to latents."""
        return self.encoder(picture * 2 - 1)

    def decode(self, latent: Tensor) -> Tensor:
        """Latents to [n, 3, h, w] around 0..1, not clamped."""
        return self.decoder(latent) * 0.5 + 0.5
