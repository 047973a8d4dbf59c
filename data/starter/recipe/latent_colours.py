# SPDX-License-Identifier: GPL-3.0-or-later
"""What colour a place of the latent has, as a linear function of its channels: cheap previews while a picture is made."""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from . import sizes
from .autoencoder import Autoencoder

LATENTS = 512
"""Enough: there are 256 places in each, and 27 numbers to find."""


def fit_colours(model: Autoencoder, latents: Tensor, deviations: Tensor, means: Tensor) -> list[list[float]]:
    """Least squares over normalised latents [n, c, h, w]: a row a channel, the last one the constant; red, green, blue in -1…1."""
    with torch.no_grad():
        pictures = torch.cat([model.decode(part * deviations + means) * 2 - 1 for part in latents.split(32)])
    side = sizes.PICTURE // sizes.LATENT_SIDE
    wanted = avg_pool2d(pictures.float(), side).permute(0, 2, 3, 1).reshape(-1, 3).numpy()
    given = latents.permute(0, 2, 3, 1).reshape(-1, sizes.LATENT_CHANNELS).numpy()
    given = np.concatenate([given, np.ones_like(given[:, :1])], axis=1)
    return np.linalg.lstsq(given, wanted, rcond=None)[0].astype(float).round(4).tolist()
