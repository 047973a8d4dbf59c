# SPDX-License-Identifier: GPL-3.0-or-later
"""What scores are made with: pictures and captions of combinations that are held back from training, and plain prompts."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from .pictures import Pictures
from .prompts import plain_prompts, with_article
from .scenes import Scene, draw_scene
from .score import Examples
from .split import is_held_back
from .sprites import STYLES

TURNS = 4000
"""Draws after which looking for a combination is given up."""


def held_back(scene: Scene) -> bool:
    return is_held_back(scene.code, scene.style, scene.ground)


class Part(Pictures):
    """Pictures of one part of the split only, with captions in English; no artworks."""

    def __init__(self, data: Path, work: Path, seed: int, wanted: Callable[[Scene], bool]) -> None:
        super().__init__(data, work, seed)
        self.wanted = wanted

    def scene(self) -> Scene:
        for _ in range(TURNS):
            scene = replace(self.any_scene(), language="en")
            if self.wanted(scene):
                return scene
        raise RuntimeError(f"no picture of the wanted part in {TURNS} draws")

    def example(self) -> tuple[np.ndarray, str]:
        """A picture, [128, 128, 3] bytes, and its caption."""
        picture, _, text = self.show(self.scene())
        return picture, text

    def full_example(self) -> tuple[np.ndarray, str]:
        """One thing with a caption in English that names concept, style and ground."""
        found = self.scene()
        scene = Scene(found.code, found.style, found.ground, style_named=True)
        picture, _, ground = draw_scene(self.sprites, scene, self.rng)
        text = f"{with_article(self.sprites.label(scene.code))} {ground.english}, {STYLES[scene.style][0]}"
        return picture, text


def training_part(data: Path, work: Path, seed: int) -> Part:
    return Part(data, work, seed, lambda scene: not held_back(scene))


def held_back_examples(data: Path, work: Path, seed: int, count: int) -> Examples:
    """Different captions of held-back combinations with a picture each, and the plain prompts."""
    part = Part(data, work, seed, held_back)
    pictures: dict[str, np.ndarray] = {}
    while len(pictures) < count:
        picture, text = part.full_example()
        pictures.setdefault(text, picture)
    return Examples(list(pictures), np.stack(list(pictures.values())), plain_prompts())
