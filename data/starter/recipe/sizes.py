# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers that fix the model's shapes. Changing one makes another model.

How large the generator is and how long each part of the recipe takes is one table; LIMN_SIZE, or --size, names a row.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """The generator's shape, then how much the command `all` does: captions, pictures and steps."""

    width: int
    heads: int
    blocks: int
    text_blocks: int
    captions: int
    autoencoder_pictures: int
    autoencoder_steps: int
    pool: int
    steps: int
    enlarger: str
    enlarger_steps: int


TABLE = {
    "tiny": Size(64, 2, 2, 1, 300, 24, 2, 64, 4, "tiny", 2),
    "small": Size(256, 4, 8, 3, 60_000, 6000, 2000, 60_000, 20_000, "small", 2000),
    "large": Size(640, 10, 14, 4, 60_000, 6000, 4000, 400_000, 60_000, "small", 4000),
}
SIZE = TABLE[os.environ.get("LIMN_SIZE", "small")]

PICTURE = 128
"""Side of a picture in pixels."""

LATENT_CHANNELS = 8
LATENT_SIDE = 16
ENCODER_WIDTH = 32
DECODER_WIDTH = 48

PATCH = 2
GRID = LATENT_SIDE // PATCH
"""Side of the square of tokens that the transformer sees."""
TOKENS = GRID * GRID
TOKEN_CHANNELS = LATENT_CHANNELS * PATCH * PATCH

WIDTH = SIZE.width
HEADS = SIZE.heads
BLOCKS = SIZE.blocks
TEXT_BLOCKS = SIZE.text_blocks
TIME_WIDTH = 256

VOCABULARY = 8192
TEXT_TOKENS = 32
PAD = 0
END = 1

STEPS = 20
GUIDANCE = 4.0
GUIDANCE_BELOW = 0.95
"""Above this time the picture is nearly noise and guidance only saturates it."""
