# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the enlarger on pictures that went through the autoencoder, so that it mends the decoder's faults, too."""

import math
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from .autoencoder import Autoencoder
from .enlarger import SIZES, Enlarger, save_enlarger
from .large_pictures import LargePictures
from .perceptual import FEATURE_WEIGHT, Features, edge_loss, feature_loss, load_features
from .pipeline import VAE
from .sizes import PICTURE
from .training import Clock, Training, picture_batch, picture_bytes

FILE = "enlarger.pt"
SHEET = "enlarger.png"
BATCH = {"tiny": 2, "small": 16}
CROP = 40
FEATURED = 6
"""Of a batch; the features take most of a step's time."""
PAIRS = {"tiny": 3, "small": 1400}
RATE = 2e-3
LATENT_NOISE = 0.15
"""Most noise put on latents of deviation 1: what a generator makes is no encoded picture."""
AVERAGE_EVERY = 4
HELD_BACK = {"tiny": 2, "small": 70}
SHEET_PICTURES = 6


def read_autoencoder(folder: Path) -> Autoencoder:
    """That of a model folder."""
    model = Autoencoder()
    model.load_state_dict(load_file(folder / VAE))
    return model.eval().to(memory_format=torch.channels_last)


@torch.no_grad()
def degrade(autoencoder: Autoencoder, large: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What the decoder would have made of that picture, [128, 128, 3] bytes."""
    small = Image.fromarray(large).resize((PICTURE, PICTURE), Image.Resampling.LANCZOS)
    latent = autoencoder.encode(picture_batch(np.array(small)[None]))
    noise = torch.from_numpy(rng.standard_normal(latent.shape, np.float32))
    strength = rng.uniform(0, LATENT_NOISE) * latent.std(dim=(0, 2, 3), keepdim=True)
    return picture_bytes(autoencoder.decode(latent + strength * noise))[0]


def make_pairs(autoencoder: Autoencoder, source: LargePictures, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(decoded, wanted): [count, 128, 128, 3] and [count, 512, 512, 3] bytes."""
    rng = np.random.default_rng(seed)
    wanted = np.stack([source.draw() for _ in range(count)])
    return np.stack([degrade(autoencoder, large, rng) for large in wanted]), wanted


def crops(pairs: tuple[np.ndarray, np.ndarray], rng: np.random.Generator, scale: int, count: int) -> tuple[Tensor, Tensor]:
    """The same squares out of both, turned and mirrored at random."""
    room = PICTURE - CROP + 1
    chosen = rng.integers(0, [len(pairs[0]), room, room, 8], (count, 4))

    def cut(pictures: np.ndarray, by: int) -> Tensor:
        squares = [pictures[i, y * by : (y + CROP) * by, x * by : (x + CROP) * by] for i, y, x, _ in chosen]
        turned = [np.rot90(square[:, :: 1 - turn // 4 * 2], turn % 4) for square, turn in zip(squares, chosen[:, 3])]
        return picture_batch(np.stack(turned))

    return cut(pairs[0], 1), cut(pairs[1], scale)


def rate_factor(clock: Clock) -> float:
    """A short rise, then a cosine down to nearly nothing."""
    return min(1.0, (clock.step + 1) / 50) * (0.5 * (1 + math.cos(math.pi * clock.spent)) + 0.01)


def loss_of(network: Features | None, result: Tensor, target: Tensor) -> Tensor:
    """Pixels, edges and, where there is a network of features, these of some of the pictures."""
    loss = (result - target).abs().mean() + edge_loss(result, target)
    if network is not None:
        loss = loss + FEATURE_WEIGHT * feature_loss(network, result[:FEATURED], target[:FEATURED])
    return loss


def train_step(training: Training, pairs: tuple[np.ndarray, np.ndarray], network: Features | None, batch: int) -> str:
    """One step; returns a line for the log."""
    training.set_rate(rate_factor(training.clock))
    small, large = crops(pairs, training.rng, training.model.size.scale, batch)
    result = training.model(small)  # in f32: thin convolutions are no faster in bf16
    loss = loss_of(network, result, large)
    training.update(loss)
    if training.clock.step % AVERAGE_EVERY == 0:
        update_average(training)
    psnr = -10 * math.log10(functional.mse_loss(result, large).item())
    return f"loss {loss.item():.4f} psnr {psnr:.2f} dB"


@torch.no_grad()
def update_average(training: Training) -> None:
    """Over about the last twentieth of the steps so far."""
    decay = min(0.999, (training.clock.step + 1) / (training.clock.step + 20)) ** AVERAGE_EVERY
    for name, value in training.model.state_dict().items():
        training.average[name].lerp_(value, 1 - decay)


def bicubic(small: np.ndarray, side: int) -> np.ndarray:
    return np.stack([np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC)) for picture in small])


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return 10 * math.log10(255**2 / np.mean((a.astype(np.float32) - b.astype(np.float32)) ** 2))


@torch.no_grad()
def judge(model: Enlarger, pairs: tuple[np.ndarray, np.ndarray], sheet: Path) -> str:
    """Compares with bicubic interpolation on pictures that were not trained on; writes both between the rest."""
    small, wanted = pairs
    plain = bicubic(small, wanted.shape[1])
    made = np.concatenate([picture_bytes(model(picture_batch(picture[None]))) for picture in small])
    rows = [np.concatenate(list(part[:SHEET_PICTURES]), 1) for part in (plain, made, wanted)]
    Image.fromarray(np.concatenate(rows)).save(sheet)
    return f"PSNR {psnr(made, wanted):.2f} dB, bicubic {psnr(plain, wanted):.2f} dB, {len(small)} pictures"


def start(size: str, work: Path, clock: Clock, seed: int) -> Training:
    """A new training, or the one that stopped."""
    torch.manual_seed(seed)
    model = Enlarger(SIZES[size]).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), RATE, betas=(0.9, 0.98), weight_decay=0.0)
    training = Training(model, [optimizer], clock, np.random.default_rng(seed))
    training.average = {name: value.clone() for name, value in model.state_dict().items()}
    training.resume(work / FILE)
    return training


def train_enlarger(
    data: Path | None, work: Path, squeezenet: Path | None, autoencoder: Autoencoder, clock: Clock, seed: int = 0, size: str = "small"
) -> Enlarger:
    """Trains until the clock is over, draws a sheet, and returns the averaged model.

    Without `data`, on drawn shapes; without `squeezenet`, without its loss.
    """
    network = load_features(squeezenet) if squeezenet is not None else None
    side = PICTURE * SIZES[size].scale
    pairs = make_pairs(autoencoder, LargePictures(data, seed + 1, side), PAIRS[size], seed)
    held_back = make_pairs(autoencoder, LargePictures(data, seed + 2, side), HELD_BACK[size], seed + 1)
    clock.restore({"step": 0, "seconds": 0.0})  # making pairs is no training
    training = start(size, work, clock, seed)
    while not clock.over:
        line = train_step(training, pairs, network, BATCH[size])
        if clock.step % 50 == 0:
            print(f"{clock.step} {clock.seconds:.0f} s {line}", flush=True)
        training.save_now_and_then(work / FILE)
    training.save(work / FILE)
    training.model.load_state_dict(training.average)
    print(judge(training.model.eval(), held_back, work / SHEET), flush=True)
    return training.model


def export_enlarger(work: Path, out: Path, size: str = "small") -> None:
    """The averaged weights of the work folder's training, to a model folder."""
    model = Enlarger(SIZES[size])
    model.load_state_dict(torch.load(work / FILE)["average"])
    save_enlarger(model, out)
