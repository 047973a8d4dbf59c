# SPDX-License-Identifier: GPL-3.0-or-later
"""How good a model is, in numbers that looking cannot bend: what of the prompts the matching network finds in its pictures,
and how far these are from the real ones. The real pictures themselves are the ceiling.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .matching import Matcher
from .perceptual import Features
from .pipeline import Pipeline, sample
from .training import picture_batch, picture_bytes

CHOICES = 100
NOUN_CHOICES = 20
ROUNDS = 2
"""Pictures of each plain prompt."""
BATCH = 32
FEATURE_BATCH = 64


@dataclass(frozen=True)
class Examples:
    """What is asked for: captions of combinations that no model has seen, their pictures, and plain prompts with their nouns."""

    captions: list[str]
    pictures: np.ndarray
    prompts: list[tuple[str, str]]


@dataclass(frozen=True)
class Score:
    """`caption`, `noun`: shares, 0..1; `distance`: Fréchet's, in features of SqueezeNet. None where there is nothing to judge."""

    caption: float
    noun: float | None
    distance: float | None


def draw_all(pipeline: Pipeline, prompts: Sequence[str], seed: int, keep: Path | None = None) -> np.ndarray:
    """A picture a prompt, [n, 128, 128, 3] bytes; every batch has its own noise.

    With `keep`, a file, what is there is not drawn again, and what is drawn is kept after every batch.
    """
    parts = [np.load(keep)] if keep is not None and keep.exists() else []
    for first in range(sum(map(len, parts)), len(prompts), BATCH):
        parts.append(picture_bytes(sample(pipeline, prompts[first : first + BATCH], seed + first)))
        if keep is not None:
            np.save(keep, np.concatenate(parts))
        print(f"{first + len(parts[-1])} of {len(prompts)} pictures", flush=True)
    return np.concatenate(parts)


def choices(answers: Sequence[str], right: int, count: int, rng: random.Random) -> list[str]:
    """The right answer first, then others that differ from it and from each other."""
    others = sorted(set(answers) - {answers[right]})
    return [answers[right], *rng.sample(others, min(count - 1, len(others)))]


def share_found(matcher: Matcher, pictures: np.ndarray, answers: Sequence[str], count: int, seed: int) -> float:
    """How often the right one of `count` answers is the nearest to its picture; chance is 1 / count."""
    rng = random.Random(seed)
    seen = matcher.pictures(pictures)
    known = sorted(set(answers))
    place = {answer: index for index, answer in enumerate(known)}
    texts = matcher.texts(known)
    found = 0
    for right, look in enumerate(seen):
        offered = choices(answers, right, count, rng)
        found += int((texts[[place[answer] for answer in offered]] @ look).argmax()) == 0
    return found / len(pictures)


def share_of_nouns(matcher: Matcher, pictures: np.ndarray, prompts: Sequence[tuple[str, str]], seed: int) -> float:
    """How often the noun is found among twenty; pictures follow the prompts, round after round."""
    nouns = [prompts[index % len(prompts)][1] for index in range(len(pictures))]
    return share_found(matcher, pictures, nouns, NOUN_CHOICES, seed)


@torch.no_grad()
def pooled(network: Features, pictures: np.ndarray) -> Tensor:
    """The last features' means over the picture, [n, 512], in f64."""
    parts = []
    for first in range(0, len(pictures), FEATURE_BATCH):
        last = network.features(picture_batch(pictures[first : first + FEATURE_BATCH]).bfloat16())[-1]
        parts.append(functional.adaptive_avg_pool2d(last.float(), 1).flatten(1).double())
    return torch.cat(parts)


def root(matrix: Tensor) -> Tensor:
    """The square root of a symmetric matrix without negative eigenvalues but for rounding."""
    values, vectors = torch.linalg.eigh(matrix)
    return vectors * values.clamp(min=0).sqrt() @ vectors.T


def distance(a: Tensor, b: Tensor) -> float:
    """Fréchet's distance of two normal distributions with the means and covariances of the rows (Heusel et al., 2017)."""
    half = root(torch.cov(a.T))
    both = torch.linalg.eigvalsh(half @ torch.cov(b.T) @ half).clamp(min=0).sqrt().sum()
    spread = torch.cov(a.T).trace() + torch.cov(b.T).trace() - 2 * both
    return ((a.mean(0) - b.mean(0)).pow(2).sum() + spread).item()


def score_pictures(
    matcher: Matcher, examples: Examples, pictures: np.ndarray, plain: np.ndarray | None, reference: np.ndarray | None, seed: int
) -> Score:
    """`pictures` follow the captions, `plain` the prompts; `reference` are real pictures of the same captions."""
    noun = share_of_nouns(matcher, plain, examples.prompts, seed) if plain is not None else None
    far = distance(pooled(matcher.network, pictures), pooled(matcher.network, reference)) if reference is not None else None
    return Score(share_found(matcher, pictures, examples.captions, CHOICES, seed), noun, far)


def score_model(matcher: Matcher, examples: Examples, pipeline: Pipeline, seed: int, keep: Path) -> tuple[Score, np.ndarray]:
    """(the score, its pictures of the plain prompts): every caption once, every plain prompt twice.

    `keep` is a folder for the pictures of this model, these captions and this seed.
    """
    keep.mkdir(parents=True, exist_ok=True)
    made = draw_all(pipeline, examples.captions, seed, keep / "captions.npy")
    prompts = [prompt for prompt, _ in examples.prompts] * ROUNDS
    plain = draw_all(pipeline, prompts, seed + len(examples.captions), keep / "plain.npy")
    return score_pictures(matcher, examples, made, plain, examples.pictures, seed), plain


def describe(name: str, score: Score, examples: Examples) -> str:
    """A line of the report."""
    parts = [f"caption among {CHOICES}: {score.caption:.1%}"]
    if score.noun is not None:
        parts.append(f"noun among {NOUN_CHOICES}: {score.noun:.1%}")
    if score.distance is not None:
        parts.append(f"distance {score.distance:.1f} (n = {len(examples.captions)})")
    return f"{name}: {', '.join(parts)}"
