# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores models and, as the ceiling, the real pictures; writes what was made of the plain prompts, to look at."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from .examples import held_back_examples
from .matching import FILE, Matcher, load_matcher
from .perceptual import Features
from .pictures import save_sheet
from .pipeline import TEXT, TRANSFORMER, VAE, load_pipeline
from .score import Examples, Score, describe, score_model, score_pictures

REPORT = "score.json"


def ceiling(data: Path, work: Path, matcher: Matcher, examples: Examples, seed: int) -> Score:
    """What real pictures reach: captions of their own, and the distance of as many others to them."""
    others = held_back_examples(data, work, seed + 1, len(examples.captions))
    own = score_pictures(matcher, examples, examples.pictures, None, None, seed)
    far = score_pictures(matcher, others, others.pictures, None, examples.pictures, seed)
    return Score(own.caption, None, far.distance)


def fingerprint(folder: Path, examples: Examples, seed: int) -> str:
    """Of all that decides what a model draws: weights, captions and prompts, seed."""
    weights = b"".join((folder / part).read_bytes() for part in (TEXT, TRANSFORMER, VAE))
    words = repr((examples.captions, examples.prompts, seed)).encode()
    return hashlib.sha256(weights + words).hexdigest()[:16]


def report(data: Path, work: Path, network: Features, folders: Sequence[Path], count: int, seed: int) -> dict[str, Score]:
    """Prints a line for the real pictures and for each model folder, and keeps them in score.json."""
    matcher = load_matcher(work / FILE, network)
    examples = held_back_examples(data, work, seed, count)
    scores = {"real pictures": ceiling(data, work, matcher, examples, seed)}
    print(describe("real pictures", scores["real pictures"], examples), flush=True)
    for number, folder in enumerate(folders):
        keep = work / "drawn" / fingerprint(folder, examples, seed)
        scores[str(folder)], plain = score_model(matcher, examples, load_pipeline(folder), seed, keep)
        print(describe(str(folder), scores[str(folder)], examples), flush=True)
        save_sheet(np.ascontiguousarray(plain), work / f"score-{number}.png", columns=10)
    lines = {name: asdict(score) for name, score in scores.items()} | {"pictures": count}
    (work / REPORT).write_text(json.dumps(lines, indent=1), encoding="utf-8")
    return scores
