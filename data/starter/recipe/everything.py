# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole recipe in one go, from pictures to a model folder, as long as the row of sizes says."""

from pathlib import Path

from . import sizes
from .export import export, write_golden
from .made_up import write_data
from .pool import build_pool
from .train_autoencoder import train_whole
from .train_enlarger import export_enlarger, read_autoencoder, train_enlarger
from .train_generator import train_generator
from .training import Clock

MADE_UP = "made-up"
POOL = "pool-0"


def everything(data: Path | None, work: Path, squeezenet: Path | None, folder: Path, seed: int) -> None:
    """Without `data` it learns from drawn shapes, without `squeezenet` from pixels and edges alone."""
    size = sizes.SIZE
    pictures = data or write_data(work / MADE_UP)
    train_whole(pictures, work, squeezenet, Clock(steps=size.autoencoder_steps), seed)
    build_pool(pictures, work, POOL, size.pool, seed + 1)
    compiled = size is not sizes.TABLE["tiny"]
    train_generator(work, str(work / f"{POOL}.npz"), Clock(steps=size.steps), seed, compiled, finish=True)
    export(work, folder)
    train_enlarger(data, work, squeezenet, read_autoencoder(folder), Clock(steps=size.enlarger_steps), seed, size.enlarger)
    export_enlarger(work, folder, size.enlarger)
    write_golden(folder, folder)
