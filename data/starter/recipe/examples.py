# SPDX-License-Identifier: GPL-3.0-or-later
"""What scores are made with: pictures and captions of combinations that are held back from training, and plain prompts."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from .pictures import Pictures, Subject
from .score import Examples

HELD_BACK = 16
"""One combination of concept, drawing style and ground in this many."""
TURNS = 400
"""Draws after which looking for a combination is given up: a thing with few styles may have none."""
PLAIN = [
    "apple", "banana", "strawberry", "lemon", "pineapple", "watermelon", "tomato", "carrot", "mushroom", "pizza",
    "hamburger", "doughnut", "bread", "cookie", "cupcake", "cat", "dog", "rabbit", "fox", "bear",
    "panda", "penguin", "owl", "fish", "whale", "octopus", "turtle", "frog", "snail", "butterfly",
    "horse", "cow", "pig", "elephant", "lion", "rose", "tulip", "sunflower", "cactus", "rainbow",
    "house", "castle", "rocket", "bicycle", "bus", "tractor", "train", "sailboat", "balloon", "guitar",
    "violin", "camera", "key", "bell", "crown", "umbrella", "candle", "book", "basketball", "snowman",
]  # fmt: skip
"""Nouns of the plain prompts, chosen before the training that they judge."""


def combination(pictures: Pictures, subject: Subject) -> str:
    """What of a subject is held back together: a concept in a drawing style on a ground."""
    sprites = pictures.sprites
    return f"{sprites.codes[subject.sprite]} {sprites.styles[subject.sprite]} {subject.ground.english}"


def is_held_back(what: str) -> bool:
    """By a hash, so that it is the same in every run and needs no list."""
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:4], "big") % HELD_BACK == 0


class Part(Pictures):
    """Pictures whose first subject is of one part of the split only, with captions in English; no artworks."""

    def __init__(self, data: Path, work: Path, seed: int, wanted: Callable[[str], bool], focus: Sequence[str] = ()) -> None:
        super().__init__(data, work, seed, focus)
        self.wanted = wanted

    def subject(self) -> Subject:
        for _ in range(TURNS):
            subject = super().subject()
            if self.wanted(combination(self, subject)):
                return replace(subject, language="en", name=self.sprites.call(self.rng, subject.sprite, "en"))
        raise RuntimeError(f"no picture of the wanted part in {TURNS} draws")

    def example(self) -> tuple[np.ndarray, str]:
        """A picture, [128, 128, 3] bytes, and its caption."""
        pixels, text = self.scene()
        return np.clip(pixels, 0, 255).round().astype(np.uint8), text

    def full_example(self) -> tuple[np.ndarray, str]:
        """One thing with a caption in English that names concept, style and ground."""
        subject = self.subject()
        self.one(subject)
        text = f"{self.sprites.label(subject.sprite)} {subject.ground.english}, {subject.style}"
        return np.clip(subject.ground.pixels, 0, 255).round().astype(np.uint8), text


def training_part(data: Path, work: Path, seed: int) -> Part:
    return Part(data, work, seed, lambda what: not is_held_back(what))


def held_back_examples(data: Path, work: Path, seed: int, count: int) -> Examples:
    """Different captions of held-back combinations with a picture each, and the plain prompts."""
    part = Part(data, work, seed, is_held_back)
    pictures: dict[str, np.ndarray] = {}
    while len(pictures) < count:
        picture, text = part.full_example()
        pictures.setdefault(text, picture)
    return Examples(list(pictures), np.stack(list(pictures.values())), plain_prompts())


def plain_prompts() -> list[tuple[str, str]]:
    """(prompt, noun)"""
    return [(f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}", noun) for noun in PLAIN]
