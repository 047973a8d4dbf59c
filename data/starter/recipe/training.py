# SPDX-License-Identifier: GPL-3.0-or-later
"""What all trainings share: how long they last, and how they go on after a stop."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


class Clock:
    """Counts the work done, in steps and in seconds, stops not counted.

    A training lasts a number of minutes or, to be repeatable to the bit, a number of steps.
    """

    def __init__(self, minutes: float | None = None, steps: int | None = None) -> None:
        if (minutes is None) == (steps is None):
            raise ValueError("a training lasts either minutes or steps: give one of them")
        self.minutes, self.steps = minutes, steps
        self.step = 0
        self.earlier = 0.0
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds of work, those of earlier starts included."""
        return self.earlier + time.monotonic() - self.began

    @property
    def spent(self) -> float:
        """How much of the training is over, 0..1."""
        if self.steps is not None:
            return self.step / self.steps
        return self.seconds / 60 / self.minutes

    @property
    def over(self) -> bool:
        return self.spent >= 1

    def state(self) -> dict[str, float]:
        return {"step": self.step, "seconds": self.seconds}

    def restore(self, state: dict[str, float]) -> None:
        self.step, self.earlier, self.began = int(state["step"]), state["seconds"], time.monotonic()


@dataclass
class Training:
    """A training with all that it needs to go on as if it had not stopped."""

    model: nn.Module
    optimizers: list[torch.optim.Optimizer]
    clock: Clock
    rng: np.random.Generator
    average: dict[str, Tensor] | None = None
    save_every: float = 60.0
    saved: float = field(default_factory=time.monotonic)
    peaks: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.peaks = [group["lr"] for group in self.groups()]

    def groups(self) -> list[dict[str, Any]]:
        return [group for optimizer in self.optimizers for group in optimizer.param_groups]

    def set_rate(self, factor: float) -> None:
        """Sets every learning rate to a part of its peak."""
        for group, peak in zip(self.groups(), self.peaks):
            group["lr"] = peak * factor

    def update(self, loss: Tensor) -> None:
        """One step down the gradient, whose norm is clipped to 1."""
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
        self.clock.step += 1

    def save(self, path: Path) -> None:
        """Writes everything; a stop while writing leaves the file as it was."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "clock": self.clock.state(),
            "torch": torch.get_rng_state(),
            "numpy": self.rng.bit_generator.state,
        }
        unfinished = path.with_suffix(".tmp")
        torch.save(state, unfinished)
        os.replace(unfinished, path)
        self.saved = time.monotonic()

    def save_now_and_then(self, path: Path) -> None:
        if time.monotonic() - self.saved > self.save_every:
            self.save(path)

    def resume(self, path: Path) -> bool:
        """Goes on from a file, if there is one."""
        if not path.exists():
            return False
        state = torch.load(path)
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        for optimizer, saved in zip(self.optimizers, state["optimizers"]):
            optimizer.load_state_dict(saved)
        self.clock.restore(state["clock"])
        torch.set_rng_state(state["torch"])
        self.rng.bit_generator.state = state["numpy"]
        return True


def picture_batch(pictures: np.ndarray) -> Tensor:
    """[n, h, w, 3] bytes to [n, 3, h, w] floats in 0..1, channels last in memory, which convolves faster."""
    batch = torch.from_numpy(pictures).permute(0, 3, 1, 2).float().div(255)
    return batch.contiguous(memory_format=torch.channels_last)


def picture_bytes(pictures: Tensor) -> np.ndarray:
    """The way back, clamped."""
    return (pictures.clamp(0, 1).permute(0, 2, 3, 1) * 255).byte().numpy()
