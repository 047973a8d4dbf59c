# SPDX-License-Identifier: GPL-3.0-or-later
"""A run in f32 from the stored weights with every stage recorded: what an engine's results are compared with."""

import torch
from torch import Tensor

from .pipeline import Pipeline, draw_noise, flow
from .sizes import GUIDANCE, STEPS

PROMPT = "a red apple on a blue background, 3d render"
SEED = 7


@torch.no_grad()
def run(pipeline: Pipeline) -> dict[str, Tensor]:
    """The stages by name."""
    ids = pipeline.ids([PROMPT, ""])
    text, mask = pipeline.generator.text(ids)
    noise = draw_noise(1, SEED)
    halfway = torch.full((2,), 0.5)
    velocity = pipeline.generator(torch.cat([noise, noise]), halfway, text, mask)
    latent = pipeline.latent(flow(pipeline.generator, noise, text, mask))
    image = pipeline.autoencoder.decode(latent).clamp(0, 1)
    stages = {
        "tokens": ids.int(),
        "text": text,
        "noise": noise,
        "velocity-0.5": velocity,
        "latent": latent,
        "image": image,
        "encoded": pipeline.autoencoder.encode(image),
    }
    return {name: tensor.contiguous() for name, tensor in stages.items()}


def describe(stages: dict[str, Tensor]) -> dict[str, object]:
    """What golden.json says about them."""
    noise = "torch.randn([1, 64, 32]), CPU generator, seed 7 (tokens in raster order, channels as pixel_unshuffle(2) makes them)"
    return {
        "prompt": PROMPT,
        "negative": "",
        "steps": STEPS,
        "guidance": GUIDANCE,
        "noise": noise,
        "tensors": {name: list(tensor.shape) for name, tensor in stages.items()},
    }
