# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains text encoder and transformer together by flow matching, with an average of the weights to sample from."""

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from .captions import load_tokenizer
from .generator import Generator, to_tokens
from .pictures import save_sheet
from .pipeline import Pipeline, load_pipeline, sample
from .pool import STATISTICS, TOKENIZER, load_pools, load_statistics, pool_paths
from .prompts import SHEET
from .sizes import END, PAD, PATCH
from .train_autoencoder import load_autoencoder
from .training import Clock, Training, picture_bytes

FILE = "generator.pt"
BATCH = 64
EMPTY = 0.1
"""How often a caption is left out, so that the model also learns pictures without words (for guidance)."""
WARM_UP = 150
AVERAGE_EVERY = 4
SHEET_EVERY = 900.0
EARLY_STEPS = 1500
"""So long the times are near noise, where the words decide most."""
EARLY_SHIFT, LATER_SHIFT = 1.5, 0.3
THING_WEIGHT = 1.5
"""How much more the loss counts where things are than on the ground."""
LOWEST_RATE = 0.02
JUDGED = 256
JUDGED_TIMES = (0.9, 0.75, 0.6, 0.4)


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


@dataclass
class Rate:
    """The learning rate's course: a short rise, then level, so that a training can be prolonged at will.

    With `finish` it comes down from where this start began until the clock is over.
    """

    clock: Clock
    finish: bool
    began: float = 0.0

    def __post_init__(self) -> None:
        self.began = min(self.clock.spent, 1 - 1e-9)

    @property
    def factor(self) -> float:
        rise = min(1.0, (self.clock.step + 1) / WARM_UP)
        if not self.finish:
            return rise
        spent = min(1.0, (self.clock.spent - self.began) / (1 - self.began))
        return rise * max(LOWEST_RATE, 0.5 * (1 + math.cos(math.pi * spent)))


class Batch(NamedTuple):
    """Latents as [n, 64, 32] tokens of unit variance, [n, 32] ids, and the weights [n, 64, 1] of the tokens in the loss."""

    data: Tensor
    ids: Tensor
    weights: Tensor


class Batches:
    """Random latents and captions out of the pools."""

    def __init__(self, pattern: str, statistics: tuple[Tensor, Tensor]) -> None:
        self.pattern, self.paths = pattern, pool_paths(pattern)
        self.latents, self.ids, self.masks = load_pools(pattern)
        self.mean, self.std = statistics

    def refresh(self) -> None:
        """Takes up pools that were built meanwhile."""
        if pool_paths(self.pattern) == self.paths:
            return
        self.paths = pool_paths(self.pattern)
        self.latents, self.ids, self.masks = load_pools(self.pattern)
        print(f"{len(self.latents)} pictures now", flush=True)

    def take(self, pick: np.ndarray) -> Batch:
        latents = torch.from_numpy(self.latents[pick].astype(np.float32))
        masks = torch.from_numpy(self.masks[pick].astype(np.float32))[:, None] / 255
        weights = 1 + THING_WEIGHT * functional.avg_pool2d(masks, PATCH).flatten(1)[..., None]
        ids = torch.from_numpy(self.ids[pick].astype(np.int64))
        return Batch(to_tokens((latents - self.mean) / self.std), ids, weights / weights.mean())

    def draw(self, rng: np.random.Generator) -> Batch:
        return self.take(rng.integers(0, len(self.latents), BATCH))


def leave_out(ids: Tensor) -> Tensor:
    """Some captions become the empty one."""
    left_out = torch.rand(len(ids)) < EMPTY
    ids = ids.clone()
    ids[left_out] = PAD
    ids[left_out, 0] = END
    return ids


def velocity_error(model: nn.Module, text_encoder: nn.Module, batch: Batch, time_: Tensor, noise: Tensor) -> Tensor:
    """Mean squared error of the predicted velocity, where things are counting more."""
    mix = time_[:, None, None]
    with torch.autocast("cpu", torch.bfloat16):
        velocity = model((1 - mix) * batch.data + mix * noise, time_, *text_encoder(batch.ids))
    return ((velocity.float() - (noise - batch.data)).square() * batch.weights).mean()


def velocity_loss(model: nn.Module, text_encoder: nn.Module, batch: Batch, shift: float) -> Tensor:
    """At times drawn from a logit-normal (Esser et al., 2024)."""
    time_ = torch.sigmoid(torch.randn(len(batch.data)) + shift)
    return velocity_error(model, text_encoder, batch._replace(ids=leave_out(batch.ids)), time_, torch.randn_like(batch.data))


@torch.no_grad()
def judge_words(model: Generator, batches: Batches) -> tuple[float, float]:
    """(loss with the right captions, with shuffled ones), same pictures, noise and times: their gap is what the words tell."""
    batch = batches.take(np.linspace(0, len(batches.latents) - 1, JUDGED).astype(int))
    noise = torch.randn(batch.data.shape, generator=torch.Generator().manual_seed(1))
    times = torch.tensor(JUDGED_TIMES).repeat(JUDGED // len(JUDGED_TIMES))
    shuffled = batch._replace(ids=batch.ids.roll(JUDGED // 3, 0))
    return tuple(velocity_error(model, model.text, each, times, noise).item() for each in (batch, shuffled))


@torch.no_grad()
def update_average(average: dict[str, Tensor], model: nn.Module, step: int) -> None:
    """An exponential average over about the last tenth of the steps so far."""
    decay = min(0.999, (step + 1) / (step + 10)) ** AVERAGE_EVERY
    for name, value in model.state_dict().items():
        average[name].lerp_(value, 1 - decay)


def draw_sheet(training: Training, batches: Batches, work: Path) -> None:
    """What the averaged weights make of the fixed prompts; drawing does not disturb the training's random numbers."""
    with torch.random.fork_rng(devices=[]):
        generator = Generator()
        autoencoder = load_autoencoder(work)
    generator.load_state_dict(training.average)
    right, shuffled = judge_words(generator.eval(), batches)
    print(f"sheet {training.clock.step}: loss {right:.4f} with the right captions, {shuffled:.4f} with others'", flush=True)
    pipeline = Pipeline(load_tokenizer(work / TOKENIZER), generator, autoencoder, batches.mean, batches.std)
    save_sheet(picture_bytes(sample(pipeline, SHEET)), work / f"sheet-{training.clock.step:06d}.png")


def start(work: Path, clock: Clock, seed: int, weights: Path | None) -> Training:
    """The training that stopped or a new one, from a model folder's weights if one is given."""
    torch.manual_seed(seed)
    model = load_pipeline(weights).generator.train() if weights else Generator()
    training = Training(model, make_optimizers(model), clock, np.random.default_rng(seed), save_every=300.0)
    training.average = {name: value.clone() for name, value in model.state_dict().items()}
    training.resume(work / FILE)
    return training


def train_step(training: Training, model: nn.Module, batches: Batches, rate: Rate) -> float:
    """One step of `model`, which is training.model or its compiled twin; returns the loss."""
    training.set_rate(rate.factor)
    shift = EARLY_SHIFT if training.clock.step < EARLY_STEPS else LATER_SHIFT
    loss = velocity_loss(model, training.model.text, batches.draw(training.rng), shift)
    training.update(loss)
    if training.clock.step % AVERAGE_EVERY == 0:
        update_average(training.average, training.model, training.clock.step)
    return loss.item()


def train_generator(
    work: Path, pools: str, clock: Clock, seed: int, compiled: bool = True, finish: bool = False, weights: Path | None = None
) -> None:
    """Trains until the clock is over; start it again with more minutes to go on."""
    batches = Batches(pools, load_statistics(work / STATISTICS))
    training = start(work, clock, seed, weights)
    model = torch.compile(training.model) if compiled else training.model
    millions = sum(p.numel() for p in training.model.parameters()) / 1e6
    print(f"{millions:.1f} M parameters, {len(batches.latents)} pictures, from step {clock.step}", flush=True)
    rate, losses, drawn, first, began = Rate(clock, finish), [], time.monotonic(), clock.step, clock.seconds
    while not clock.over:
        losses.append(train_step(training, model, batches, rate))
        if clock.step % 50 == 0:
            speed = (clock.step - first) * BATCH / (clock.seconds - began)
            print(f"{clock.step} {clock.seconds:.0f} s loss {np.mean(losses[-50:]):.4f} {speed:.0f} samples/s", flush=True)
            batches.refresh()
        training.save_now_and_then(work / FILE)
        if time.monotonic() - drawn > SHEET_EVERY:
            draw_sheet(training, batches, work)
            drawn = time.monotonic()
    training.save(work / FILE)
    draw_sheet(training, batches, work)
