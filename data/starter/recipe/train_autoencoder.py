# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the autoencoder, or its decoder alone."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .autoencoder import Autoencoder
from .perceptual import Features, load_features, picture_loss
from .pictures import Pictures, save_sheet
from .sizes import PICTURE, SIZE
from .training import Clock, Training, picture_batch, picture_bytes

CROP = 64
LATENT_NOISE = 0.08
"""Noise on latents in training: a generator's latents are never exact either."""
LATENT_WEIGHT = 1e-4
WHOLE = "autoencoder.pt"
DECODER = "decoder.pt"


@dataclass(frozen=True)
class Plan:
    """The numbers in which the two trainings differ."""

    file: str
    pictures: int
    batch: int
    rate: float
    warm_up: int
    last_rate: float
    picture_seed: int
    crop_seed: int


WHOLE_PLAN = Plan(WHOLE, pictures=SIZE.autoencoder_pictures, batch=32, rate=2e-3, warm_up=100, last_rate=0.01, picture_seed=7, crop_seed=0)
DECODER_PLAN = Plan(DECODER, pictures=1200, batch=16, rate=5e-4, warm_up=20, last_rate=0.02, picture_seed=77, crop_seed=1)


def load_autoencoder(work: Path) -> Autoencoder:
    """The trained one; with the newer decoder where that was trained again."""
    path = work / DECODER if (work / DECODER).exists() else work / WHOLE
    if not path.exists():
        raise FileNotFoundError(f"{path}: not there; run the command autoencoder first")
    model = Autoencoder()
    model.load_state_dict(torch.load(path)["model"])
    return model.to(memory_format=torch.channels_last)


def random_crops(pool: np.ndarray, rng: np.random.Generator, count: int) -> Tensor:
    """Squares out of random pictures, [count, 3, 64, 64] in 0..1."""
    ids = rng.integers(0, len(pool), count)
    corners = rng.integers(0, PICTURE - CROP + 1, (count, 2))
    return picture_batch(np.stack([pool[i, y : y + CROP, x : x + CROP] for i, (y, x) in zip(ids, corners)]))


def forward(model: Autoencoder, x: Tensor) -> tuple[Tensor, Tensor]:
    """(what comes back, latents)."""
    with torch.autocast("cpu", torch.bfloat16):
        latent = model.encode(x)
        result = model.decode(latent + LATENT_NOISE * torch.randn_like(latent))
    return result.float(), latent.float()


def rate_factor(plan: Plan, clock: Clock) -> float:
    """A short rise, then a cosine down to nearly nothing."""
    rise = min(1.0, (clock.step + 1) / plan.warm_up)
    return rise * (0.5 * (1 + math.cos(math.pi * clock.spent)) + plan.last_rate)


def train_step(training: Training, plan: Plan, pool: np.ndarray, network: Features | None) -> str:
    """One step; returns a line for the log."""
    training.set_rate(rate_factor(plan, training.clock))
    x = random_crops(pool, training.rng, plan.batch)
    result, latent = forward(training.model, x)
    loss = picture_loss(network, result, x) + LATENT_WEIGHT * latent.pow(2).mean()
    training.update(loss)
    psnr = -10 * math.log10(functional.mse_loss(result, x).item())
    return f"loss {loss.item():.4f} psnr {psnr:.1f} dB, latents' deviation {latent.std().item():.2f}"


@torch.no_grad()
def draw_sheet(model: Autoencoder, pool: np.ndarray, path: Path) -> None:
    """24 pictures, each row above what comes back."""
    x = picture_batch(pool[:24])
    back = picture_bytes(model.decode(model.encode(x)))
    rows = [part[i : i + 12] for i in (0, 12) for part in (pool, back)]
    save_sheet(np.concatenate(rows), path, columns=12)


def run(plan: Plan, model: Autoencoder, data: Path, work: Path, squeezenet: Path | None, clock: Clock, seed: int) -> None:
    torch.manual_seed(seed)
    network = load_features(squeezenet) if squeezenet else None
    pool = Pictures(data, work, plan.picture_seed).stack(plan.pictures)
    learnt = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learnt, plan.rate, betas=(0.9, 0.98), weight_decay=0.0)
    training = Training(model, [optimizer], clock, np.random.default_rng(plan.crop_seed))
    training.resume(work / plan.file)
    while not clock.over:
        line = train_step(training, plan, pool, network)
        if clock.step % 100 == 0:
            print(f"{clock.step} {clock.seconds:.0f} s {line}", flush=True)
        training.save_now_and_then(work / plan.file)
    training.save(work / plan.file)
    draw_sheet(model, pool, work / f"{Path(plan.file).stem}.png")


def train_whole(data: Path, work: Path, squeezenet: Path | None, clock: Clock, seed: int) -> None:
    """Encoder and decoder, from nothing or from where it stopped."""
    torch.manual_seed(seed)
    model = Autoencoder().to(memory_format=torch.channels_last)
    run(WHOLE_PLAN, model, data, work, squeezenet, clock, seed)


def train_decoder(data: Path, work: Path, squeezenet: Path | None, clock: Clock, seed: int) -> None:
    """The decoder alone: latents, and with them a trained generator, stay valid."""
    model = load_autoencoder(work)
    model.encoder.requires_grad_(False)
    run(DECODER_PLAN, model, data, work, squeezenet, clock, seed)
