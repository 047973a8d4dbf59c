# SPDX-License-Identifier: GPL-3.0-or-later
"""A network that tells which words a picture shows, to score generators with. It never teaches one.

Two encoders into one space, trained by contrast (CLIP: Radford et al., 2021). The picture's side reads the features of a
classifier that stays as it is, so that minutes of training do.
"""

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from .captions import to_ids
from .perceptual import Features
from .sizes import PAD, TEXT_TOKENS
from .training import Clock, Training, picture_batch

FILE = "matching.pt"
GRID = 4
"""Side of the square of places that a picture's features are averaged over."""
FINE = 2
"""A place's own colours, FINE x FINE of them: the classifier is nearly blind to colour."""
LAYERS = (2, 3)
FEATURES = 256 + 512 + 3 * FINE * FINE
RATE = 1e-3
FEATURE_BATCH = 64

Draw = Callable[[], tuple[np.ndarray, str]]
"""Gives a training picture, [128, 128, 3] bytes, and its caption."""


@dataclass(frozen=True)
class MatchingSize:
    """Widths, depths, and how many pictures are trained on, at a time and in all."""

    width: int = 256
    heads: int = 4
    layers: int = 2
    pictures: int = 24_000
    batch: int = 256


SIZES = {"tiny": MatchingSize(width=32, heads=2, layers=1, pictures=64, batch=32), "small": MatchingSize()}


@torch.no_grad()
def see(network: Features, pictures: np.ndarray) -> np.ndarray:
    """[n, h, w, 3] bytes to [n, 16, 780] features in f16: the classifier's by place, and colours."""
    seen = []
    for first in range(0, len(pictures), FEATURE_BATCH):
        batch = picture_batch(pictures[first : first + FEATURE_BATCH])
        layers = network.features(batch.bfloat16())
        parts = [functional.adaptive_avg_pool2d(layers[layer].float(), GRID) for layer in LAYERS]
        colours = functional.adaptive_avg_pool2d(batch, GRID * FINE)
        parts.append(functional.pixel_unshuffle(colours, FINE))
        seen.append(torch.cat(parts, 1).flatten(2).transpose(1, 2).half().numpy())
    return np.concatenate(seen)


def encoder(size: MatchingSize) -> nn.TransformerEncoder:
    block = nn.TransformerEncoderLayer(
        size.width, size.heads, 4 * size.width, dropout=0.1, activation="gelu", batch_first=True, norm_first=True
    )
    return nn.TransformerEncoder(block, size.layers, enable_nested_tensor=False)


class Matching(nn.Module):
    """Both encoders; their results have length 1, so that products of them are cosines."""

    def __init__(self, size: MatchingSize, vocabulary: int) -> None:
        super().__init__()
        self.size = size
        self.token = nn.Embedding(vocabulary, size.width)
        self.word_place = nn.Parameter(torch.randn(TEXT_TOKENS, size.width) * 0.02)
        self.words = encoder(size)
        self.even = nn.LayerNorm(FEATURES)
        self.look = nn.Linear(FEATURES, size.width)
        self.picture_place = nn.Parameter(torch.randn(GRID * GRID, size.width) * 0.02)
        self.places = encoder(size)
        self.text_out = nn.Linear(size.width, size.width, bias=False)
        self.picture_out = nn.Linear(size.width, size.width, bias=False)
        self.sharpness = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        nn.init.normal_(self.token.weight, std=0.02)

    def text(self, ids: Tensor) -> Tensor:
        """[n, 32] ids to [n, width]."""
        ids = ids[:, : int((ids != PAD).sum(1).max())]  # captions are short: no work for padding
        padding = ids == PAD
        hidden = self.words(self.token(ids) + self.word_place[: ids.shape[1]], src_key_padding_mask=padding)
        kept = (~padding)[..., None]
        return functional.normalize(self.text_out((hidden * kept).sum(1) / kept.sum(1).clamp(min=1)), dim=-1)

    def picture(self, seen: Tensor) -> Tensor:
        """[n, 16, 780] features to [n, width]."""
        hidden = self.places(self.look(self.even(seen)) + self.picture_place)
        return functional.normalize(self.picture_out(hidden.mean(1)), dim=-1)


class Matcher:
    """The trained network with its tokenizer and its classifier."""

    def __init__(self, model: Matching, tokenizer: Any, network: Features) -> None:
        self.model, self.tokenizer, self.network = model.eval(), tokenizer, network

    @torch.no_grad()
    def texts(self, texts: Sequence[str]) -> Tensor:
        return self.model.text(torch.from_numpy(to_ids(self.tokenizer, texts)).long())

    @torch.no_grad()
    def pictures(self, pictures: np.ndarray) -> Tensor:
        return self.model.picture(torch.from_numpy(see(self.network, pictures)).float())


def load_matcher(path: Path, network: Features) -> Matcher:
    """From the file of a training."""
    state = torch.load(path, weights_only=False)
    model = Matching(state["size"], state["vocabulary"])
    model.load_state_dict(state["model"])
    return Matcher(model, Tokenizer.from_str(state["tokenizer"]), network)


def draw_examples(draw: Draw, network: Features, tokenizer: Any, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(features, ids) of `count` pictures."""
    seen, texts = [], []
    while len(texts) < count:
        batch = [draw() for _ in range(min(FEATURE_BATCH, count - len(texts)))]
        seen.append(see(network, np.stack([picture for picture, _ in batch])))
        texts += [text for _, text in batch]
    return np.concatenate(seen), to_ids(tokenizer, texts)


def contrast(model: Matching, seen: Tensor, ids: Tensor) -> tuple[Tensor, Tensor]:
    """(loss, share of the pictures whose caption is the nearest). Equal captions in a batch are not held against each other."""
    likeness = model.picture(seen) @ model.text(ids).T * model.sharpness.exp().clamp(max=100)
    alike = (ids[:, None] == ids[None]).all(-1) & ~torch.eye(len(ids), dtype=torch.bool)
    likeness = likeness.masked_fill(alike, float("-inf"))
    right = torch.arange(len(ids))
    loss = functional.cross_entropy(likeness, right) + functional.cross_entropy(likeness.T, right)
    return loss / 2, (likeness.argmax(1) == right).float().mean()


def rate_factor(clock: Clock) -> float:
    """A short rise, then a cosine down."""
    return min(1.0, (clock.step + 1) / 100) * (0.5 * (1 + math.cos(math.pi * clock.spent)) + 0.01)


def train_matching(draw: Draw, work: Path, network: Features, tokenizer: Any, clock: Clock, seed: int = 0, size: str = "small") -> Matcher:
    """Trains on pictures that `draw` gives, all of the training split, until the clock is over."""
    torch.manual_seed(seed)
    shape, vocabulary = SIZES[size], tokenizer.get_vocab_size()
    seen, ids = draw_examples(draw, network, tokenizer, shape.pictures)
    model = Matching(shape, vocabulary)
    optimizer = torch.optim.AdamW(model.parameters(), RATE, betas=(0.9, 0.98), weight_decay=0.05)
    clock.restore({"step": 0, "seconds": 0.0})  # looking at pictures is no training
    training = Training(model, [optimizer], clock, np.random.default_rng(seed))
    while not clock.over:
        pick = training.rng.choice(len(ids), min(shape.batch, len(ids)), replace=False)
        training.set_rate(rate_factor(clock))
        loss, right = contrast(model, torch.from_numpy(seen[pick]).float(), torch.from_numpy(ids[pick].astype(np.int64)))
        training.update(loss)
        if clock.step % 100 == 0:
            print(f"{clock.step} {clock.seconds:.0f} s loss {loss.item():.3f}, {right.item():.0%} of {len(pick)}", flush=True)
    state = {"size": shape, "vocabulary": vocabulary, "tokenizer": tokenizer.to_str(), "model": model.state_dict()}
    save(state, work / FILE)
    return Matcher(model, tokenizer, network)


def save(state: dict[str, Any], path: Path) -> None:
    """Whole or not at all."""
    whole = io.BytesIO()
    torch.save(state, whole)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_bytes(whole.getvalue())
    unfinished.replace(path)
