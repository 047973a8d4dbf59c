# SPDX-License-Identifier: GPL-3.0-or-later
"""From a prompt to a picture in plain PyTorch: what the engine's numbers and its speed are compared with."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from .autoencoder import Autoencoder
from .captions import load_tokenizer, to_ids
from .generator import Generator, from_tokens
from .sizes import GUIDANCE, GUIDANCE_BELOW, STEPS, TOKEN_CHANNELS, TOKENS

TOKENIZER = "tokenizer/tokenizer.json"
TEXT = "text_encoder/model.safetensors"
TRANSFORMER = "transformer/diffusion_pytorch_model.safetensors"
VAE = "vae/diffusion_pytorch_model.safetensors"
VAE_CONFIG = "vae/config.json"


@dataclass
class Pipeline:
    """A model, ready to run; mean and std are those of the latents, [1, 8, 1, 1]."""

    tokenizer: Any
    generator: Generator
    autoencoder: Autoencoder
    mean: Tensor
    std: Tensor

    def ids(self, prompts: Sequence[str]) -> Tensor:
        return torch.from_numpy(to_ids(self.tokenizer, prompts)).long()

    def latent(self, tokens: Tensor) -> Tensor:
        """The transformer's tokens, of unit variance, to the autoencoder's latents."""
        return from_tokens(tokens) * self.std + self.mean


def load_pipeline(folder: Path) -> Pipeline:
    """Reads a model folder; the f16 weights become f32 parameters."""
    generator, autoencoder = Generator(), Autoencoder()
    weights = {f"text.{name}": tensor for name, tensor in load_file(folder / TEXT).items()}
    weights |= load_file(folder / TRANSFORMER)
    generator.load_state_dict(weights)
    autoencoder.load_state_dict(load_file(folder / VAE))
    config = json.loads((folder / VAE_CONFIG).read_text(encoding="utf-8"))
    mean, std = (torch.tensor(config[key])[None, :, None, None] for key in ("latents_mean", "latents_std"))
    return Pipeline(load_tokenizer(folder / TOKENIZER), generator.eval(), autoencoder.eval(), mean, std)


def draw_noise(count: int, seed: int) -> Tensor:
    return torch.randn((count, TOKENS, TOKEN_CHANNELS), generator=torch.Generator().manual_seed(seed))


def flow(model: Generator, x: Tensor, text: Tensor, mask: Tensor, steps: int = STEPS, guidance: float = GUIDANCE) -> Tensor:
    """Euler steps of equal size from noise at time 1 to data at time 0 (Lipman et al., 2022), [n, 64, 32].

    `text` holds the prompts and then as many empty ones, for classifier-free guidance (Ho & Salimans, 2022).
    """
    times = torch.linspace(1, 0, steps + 1)
    for now, after in zip(times[:-1], times[1:]):
        velocity = model(torch.cat([x, x]), now.expand(len(text)), text, mask).float()
        with_text, without = velocity.chunk(2)
        guided = without + guidance * (with_text - without) if now < GUIDANCE_BELOW else with_text
        x = x + (after - now) * guided
    return x


@torch.no_grad()
def sample(pipeline: Pipeline, prompts: Sequence[str], seed: int = 0, steps: int = STEPS, guidance: float = GUIDANCE) -> Tensor:
    """Pictures in bf16 arithmetic, [n, 3, 128, 128] in 0..1."""
    ids = pipeline.ids([*prompts, *[""] * len(prompts)])
    noise = draw_noise(len(prompts), seed)
    with torch.autocast("cpu", torch.bfloat16):
        text, mask = pipeline.generator.text(ids)
        latent = pipeline.latent(flow(pipeline.generator, noise, text, mask, steps, guidance))
        picture = pipeline.autoencoder.decode(latent.contiguous(memory_format=torch.channels_last))
    return picture.float().clamp(0, 1)
