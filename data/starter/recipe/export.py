# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a trained model as a folder: f16 safetensors, configurations with every number an engine needs, the tokenizer."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from . import golden, sizes
from .enlarger import CONFIG as ENLARGER
from .enlarger import load_enlarger
from .pipeline import TEXT, TOKENIZER, TRANSFORMER, VAE, VAE_CONFIG, load_pipeline
from .latent_colours import LATENTS, fit_colours
from .pool import STATISTICS, load_pools, load_statistics
from .pool import TOKENIZER as TRAINED_TOKENIZER
from .train_autoencoder import load_autoencoder
from .train_generator import FILE

TEXT_PREFIX = "text."

INDEX = {
    "_class_name": "LimnStarterPipeline",
    "tokenizer": ["limn", "BPE"],
    "text_encoder": ["limn", "TextEncoder"],
    "transformer": ["limn", "Generator"],
    "vae": ["limn", "AE"],
    "enlarger": ["limn", "Enlarger"],
    "scheduler": ["limn", "FlowMatchEuler"],
}
TEXT_CONFIG = {
    "hidden_size": sizes.WIDTH,
    "num_hidden_layers": sizes.TEXT_BLOCKS,
    "num_attention_heads": sizes.HEADS,
    "vocab_size": sizes.VOCABULARY,
    "max_length": sizes.TEXT_TOKENS,
    "pad_id": sizes.PAD,
    "end_id": sizes.END,
    "lowercase": True,
}
TRANSFORMER_CONFIG = {
    "hidden_size": sizes.WIDTH,
    "num_layers": sizes.BLOCKS,
    "num_attention_heads": sizes.HEADS,
    "patch_size": sizes.PATCH,
    "in_channels": sizes.LATENT_CHANNELS,
    "sample_size": sizes.LATENT_SIDE,
    "qk_norm": "rms, epsilon 1e-6",
    "norm_epsilon": 1e-5,
    "activation": "gelu-tanh",
}
SCHEDULER_CONFIG = {
    "prediction": "velocity = noise - data, x_t = (1-t) data + t noise, t from 1 to 0 in equal steps",
    "steps": sizes.STEPS,
    "guidance": sizes.GUIDANCE,
    "guidance_from_t_below": sizes.GUIDANCE_BELOW,
}


def vae_config(work: Path) -> dict[str, Any]:
    arrays = np.load(work / STATISTICS)
    means, deviations = load_statistics(work / STATISTICS)
    latents = torch.from_numpy(load_pools(str(work / "pool-*.npz"))[0][:LATENTS]).float()
    return {
        "latent_channels": sizes.LATENT_CHANNELS,
        "downscale": sizes.PICTURE // sizes.LATENT_SIDE,
        "encoder_width": sizes.ENCODER_WIDTH,
        "decoder_width": sizes.DECODER_WIDTH,
        "latents_mean": arrays["mean"].round(5).tolist(),
        "latents_std": arrays["std"].round(5).tolist(),
        "latent_colours": fit_colours(load_autoencoder(work), (latents - means) / deviations, deviations, means),
        "pixel_range": "encoder takes 2x-1, decoder gives y with x = y/2 + 1/2",
    }


def write_json(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")


def write_weights(path: Path, state: dict[str, Tensor]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.half().contiguous() for name, tensor in state.items()}, path)


def write_configurations(work: Path, out: Path) -> None:
    write_json(out / "model_index.json", INDEX)
    write_json(out / "text_encoder/config.json", TEXT_CONFIG)
    write_json(out / "transformer/config.json", TRANSFORMER_CONFIG)
    write_json(out / VAE_CONFIG, vae_config(work))
    write_json(out / "scheduler/scheduler_config.json", SCHEDULER_CONFIG)


def export(work: Path, out: Path) -> None:
    """The averaged weights of the work folder's training, to a model folder."""
    average = torch.load(work / FILE)["average"]
    text = {name.removeprefix(TEXT_PREFIX): tensor for name, tensor in average.items() if name.startswith(TEXT_PREFIX)}
    body = {name: tensor for name, tensor in average.items() if not name.startswith(TEXT_PREFIX)}
    write_configurations(work, out)
    write_weights(out / TEXT, text)
    write_weights(out / TRANSFORMER, body)
    write_weights(out / VAE, load_autoencoder(work).state_dict())
    (out / TOKENIZER).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(work / TRAINED_TOKENIZER, out / TOKENIZER)


def write_golden(model: Path, out: Path) -> None:
    """golden.safetensors and golden.json of a model folder."""
    stages = golden.run(load_pipeline(model))
    if (model / ENLARGER).exists():
        with torch.no_grad():
            stages["enlarged"] = load_enlarger(model)(stages["image"]).contiguous()
    out.mkdir(parents=True, exist_ok=True)
    save_file(stages, out / "golden.safetensors")
    write_json(out / "golden.json", golden.describe(stages))
