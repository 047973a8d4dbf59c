# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers that fix the model's shapes. Changing one makes another model."""

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

WIDTH = 256
HEADS = 4
BLOCKS = 8
TEXT_BLOCKS = 3
TIME_WIDTH = 256

VOCABULARY = 8192
TEXT_TOKENS = 32
PAD = 0
END = 1

STEPS = 20
GUIDANCE = 4.0
GUIDANCE_BELOW = 0.95
"""Above this time the picture is nearly noise and guidance only saturates it."""
