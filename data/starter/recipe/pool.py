# SPDX-License-Identifier: GPL-3.0-or-later
"""A pool of encoded pictures: drawing and encoding them once is cheaper than in every step of a training."""

import glob
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from .autoencoder import Autoencoder
from .captions import SEED, load_tokenizer, to_ids, train_tokenizer
from .pictures import Pictures
from .train_autoencoder import load_autoencoder

BATCH = 64
TOKENIZER = "tokenizer.json"
STATISTICS = "statistics.npz"


def get_tokenizer(data: Path, work: Path) -> Tokenizer:
    """The tokenizer of the work folder, trained if it is not there yet."""
    path = work / TOKENIZER
    if not path.exists():
        train_tokenizer(Pictures(data, work, SEED)).save(str(path))
    return load_tokenizer(path)


@torch.no_grad()
def encode(model: Autoencoder, pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Latents in f16, [n, 8, 16, 16]."""
    batch = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).bfloat16().div(127.5).sub(1)
    latent = model.encoder(batch.contiguous(memory_format=torch.channels_last))
    return latent.float().numpy().astype(np.float16)


def save_statistics(latents: np.ndarray, path: Path) -> None:
    """Mean and deviation of each latent channel: the generator sees latents of unit variance."""
    values = latents.astype(np.float32)
    np.savez(path, mean=values.mean((0, 2, 3)), std=values.std((0, 2, 3)))


def load_statistics(path: Path) -> tuple[Tensor, Tensor]:
    """(mean, deviation), each [1, 8, 1, 1]."""
    arrays = np.load(path)
    return tuple(torch.from_numpy(arrays[key])[None, :, None, None] for key in ("mean", "std"))


def build_pool(data: Path, work: Path, name: str, count: int, seed: int) -> None:
    """Draws and encodes pictures into NAME.npz. The first pool's statistics are the model's."""
    tokenizer = get_tokenizer(data, work)
    pictures = Pictures(data, work, seed)
    model = load_autoencoder(work).bfloat16()
    latents, masks, texts, began = [], [], [], time.monotonic()
    while len(texts) < count:
        drawn, covers, said = zip(*(pictures.draw_masked() for _ in range(BATCH)))
        latents.append(encode(model, drawn))
        masks += covers
        texts += said
        if len(texts) % (50 * BATCH) == 0:
            print(f"{len(texts)} pictures {time.monotonic() - began:.0f} s", flush=True)
    pool = np.concatenate(latents)
    if not (work / STATISTICS).exists():
        save_statistics(pool, work / STATISTICS)
    unfinished = work / f"{name}.tmp.npz"
    np.savez(unfinished, z=pool, mask=np.stack(masks), ids=to_ids(tokenizer, texts))
    unfinished.replace(work / f"{name}.npz")  # a training that goes on beside this sees whole pools only


def pool_paths(pattern: str) -> list[str]:
    return sorted(path for path in glob.glob(pattern) if not path.endswith(".tmp.npz"))


def load_pools(pattern: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(latents, ids, masks) of all pools that match."""
    paths = pool_paths(pattern)
    if not paths:
        raise FileNotFoundError(f"{pattern}: no pools there; run the command pool first")
    pools = [np.load(path) for path in paths]
    return tuple(np.concatenate([pool[key] for pool in pools]) for key in ("z", "ids", "mask"))
