# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains text encoder and transformer together by flow matching, with an average of the weights to sample from."""

import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from .captions import load_tokenizer
from .generator import Generator, to_tokens
from .pictures import save_sheet
from .pipeline import Pipeline, sample
from .pool import STATISTICS, TOKENIZER, load_pools, load_statistics
from .sizes import END, PAD
from .train_autoencoder import load_autoencoder
from .training import Clock, Training, picture_bytes

FILE = "generator.pt"
BATCH = 64
EMPTY = 0.1
"""How often a caption is left out, so that the model also learns pictures without words (for guidance)."""
WARM_UP = 150
AVERAGE_EVERY = 4
SHEET_EVERY = 900.0

PROMPTS = [
    "a red apple on a blue background",
    "cat face",
    "an elephant on a meadow, cartoon",
    "a rocket at night, 3d render",
    "a sailboat at the sea, flat icon",
    "a house in the snow",
    "pizza, clip art, on a yellow background",
    "a fox on a green background, 3d render",
    "a penguin in the snow",
    "two strawberries on a white background",
    "hamburger",
    "一只猫，蓝色背景",
    "una rosa",
    "ein Auto, on a red background",
    "botanical watercolour of apple",
    "painting, landscape with trees",
    "a dragon at sunset",
    "a tropical fish in the sky",
    "smiling face with sunglasses",
    "banana on the left and grapes on the right, on a white background",
    "a bicycle on a purple background",
    "a cactus in the desert, flat icon",
    "a penguin on a pink background, minimal drawing",
    "an octopus, 3d icon",
]


def split_parameters(model: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """(the blocks' matrices, for Muon; all else, for AdamW)."""
    matrices, rest = [], []
    for name, parameter in model.named_parameters():
        is_matrix = parameter.ndim == 2 and "blocks." in name and "table" not in name
        (matrices if is_matrix else rest).append(parameter)
    return matrices, rest


def make_optimizers(model: nn.Module) -> list[torch.optim.Optimizer]:
    matrices, rest = split_parameters(model)
    return [
        torch.optim.Muon(matrices, lr=0.02, weight_decay=0.01, momentum=0.95),
        torch.optim.AdamW(rest, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]


def rate_factor(clock: Clock) -> float:
    """A short rise, level for half of the time, then a cosine down to a fiftieth."""
    rise = min(1.0, (clock.step + 1) / WARM_UP)
    if clock.spent <= 0.5:
        return rise
    fall = 0.5 * (1 + math.cos(math.pi * (clock.spent - 0.5) / 0.5))
    return rise * min(1.0, max(0.02, fall))


class Batches:
    """Random latents and captions out of the pools, latents as tokens of unit variance."""

    def __init__(self, pattern: str, statistics: tuple[Tensor, Tensor]) -> None:
        self.latents, self.ids = load_pools(pattern)
        self.mean, self.std = statistics

    def draw(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        pick = rng.integers(0, len(self.latents), BATCH)
        latents = torch.from_numpy(self.latents[pick].astype(np.float32))
        ids = torch.from_numpy(self.ids[pick].astype(np.int64))
        return to_tokens((latents - self.mean) / self.std), ids


def leave_out(ids: Tensor) -> Tensor:
    """Some captions become the empty one."""
    left_out = torch.rand(len(ids)) < EMPTY
    ids[left_out] = PAD
    ids[left_out, 0] = END
    return ids


def velocity_loss(model: nn.Module, text_encoder: nn.Module, data: Tensor, ids: Tensor) -> Tensor:
    """Mean squared error of the predicted velocity at times drawn from a logit-normal (Esser et al., 2024)."""
    ids = leave_out(ids)
    time_ = torch.sigmoid(torch.randn(len(data)) + 0.2)
    noise = torch.randn_like(data)
    mix = time_[:, None, None]
    with torch.autocast("cpu", torch.bfloat16):
        velocity = model((1 - mix) * data + mix * noise, time_, *text_encoder(ids))
    return functional.mse_loss(velocity.float(), noise - data)


@torch.no_grad()
def update_average(average: dict[str, Tensor], model: nn.Module, step: int) -> None:
    """An exponential average over about the last tenth of the steps so far."""
    decay = min(0.999, (step + 1) / (step + 10)) ** AVERAGE_EVERY
    for name, value in model.state_dict().items():
        average[name].lerp_(value, 1 - decay)


def draw_sheet(training: Training, work: Path) -> None:
    """What the averaged weights make of the prompts above; drawing does not disturb the training's random numbers."""
    with torch.random.fork_rng(devices=[]):
        generator = Generator()
        autoencoder = load_autoencoder(work)
    generator.load_state_dict(training.average)
    tokenizer, statistics = load_tokenizer(work / TOKENIZER), load_statistics(work / STATISTICS)
    pipeline = Pipeline(tokenizer, generator.eval(), autoencoder, *statistics)
    save_sheet(picture_bytes(sample(pipeline, PROMPTS)), work / f"sheet-{training.clock.step:06d}.png")


def start(work: Path, clock: Clock, seed: int) -> Training:
    """A new training, or the one that stopped."""
    torch.manual_seed(seed)
    model = Generator()
    training = Training(model, make_optimizers(model), clock, np.random.default_rng(seed), save_every=300.0)
    training.average = {name: value.clone() for name, value in model.state_dict().items()}
    training.resume(work / FILE)
    return training


def train_step(training: Training, model: nn.Module, batches: Batches) -> float:
    """One step of `model`, which is training.model or its compiled twin; returns the loss."""
    training.set_rate(rate_factor(training.clock))
    loss = velocity_loss(model, training.model.text, *batches.draw(training.rng))
    training.update(loss)
    if training.clock.step % AVERAGE_EVERY == 0:
        update_average(training.average, training.model, training.clock.step)
    return loss.item()


def train_generator(work: Path, pools: str, clock: Clock, seed: int, compiled: bool) -> None:
    """Trains until the clock is over; start it again with more minutes to go on."""
    batches = Batches(pools, load_statistics(work / STATISTICS))
    training = start(work, clock, seed)
    model = torch.compile(training.model) if compiled else training.model
    millions = sum(p.numel() for p in training.model.parameters()) / 1e6
    print(f"{millions:.1f} M parameters, {len(batches.latents)} pictures, from step {clock.step}", flush=True)
    losses, drawn = [], time.monotonic()
    while not clock.over:
        losses.append(train_step(training, model, batches))
        if clock.step % 50 == 0:
            rate = clock.step * BATCH / clock.seconds
            print(f"{clock.step} {clock.seconds:.0f} s loss {np.mean(losses[-50:]):.4f} {rate:.0f} samples/s", flush=True)
        training.save_now_and_then(work / FILE)
        if time.monotonic() - drawn > SHEET_EVERY:
            draw_sheet(training, work)
            drawn = time.monotonic()
    training.save(work / FILE)
    draw_sheet(training, work)
