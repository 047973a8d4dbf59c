# SPDX-License-Identifier: GPL-3.0-or-later
"""The training pictures: things on grounds, now and then an artwork, each with a caption. Drawn on the fly from a seed.

What the words do not tell is nearly always the same - the middle, one size, a light ground, the best style - so that a small
model does not spend itself on guessing. The order of the random draws is part of the recipe.
"""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from .artworks import Artworks
from .grounds import COLOURS, SCENES, draw_ground
from .scenes import Scene, caption, draw_scene
from .sizes import LATENT_SIDE
from .split import is_held_back
from .sprites import Sprites
from .techniques import TECHNIQUES, WEATHER

ENGLISH = 0.67
LANGUAGES = ["zh", "zh", "ja", "ko", "de", "fr", "es", "pt", "it", "ru", "hi"]
ARTWORKS = 0.06
STYLE_NAMED = 0.3
KINDS = {"one": 0.70, "several": 0.11, "pair": 0.08, "size": 0.03, "technique": 0.05, "weather": 0.03}
PLAIN_GROUND = 0.45
"""How often no ground is named; of the rest half are colours, half are scenes."""


class Pictures:
    """An endless source of pictures and captions; held-back combinations are never among them.

    `data` is the folder of training pictures, `work` keeps the cache of sprites.
    """

    def __init__(self, data: Path, work: Path, seed: int) -> None:
        self.rng = random.Random(seed)
        self.sprites = Sprites(data, work)
        self.artworks = Artworks(data)

    def draw(self) -> tuple[np.ndarray, str]:
        """A picture, [128, 128, 3] bytes, and its caption."""
        picture, _, text = self.draw_masked()
        return picture, text

    def draw_masked(self) -> tuple[np.ndarray, np.ndarray, str]:
        """Also how much of each latent cell the things cover, [16, 16] bytes."""
        if self.rng.random() < ARTWORKS:
            pixels, text = self.artworks.draw(self.rng)
            mask = np.full((LATENT_SIDE, LATENT_SIDE), 128, np.uint8)
            return np.clip(pixels, 0, 255).round().astype(np.uint8), mask, text
        return self.show(self.scene())

    def show(self, scene: Scene) -> tuple[np.ndarray, np.ndarray, str]:
        """The picture, mask and a caption of a given scene."""
        picture, mask, ground = draw_scene(self.sprites, scene, self.rng)
        return picture, mask, caption(self.sprites, scene, ground, self.rng)

    def words(self) -> str:
        """The caption of a scene that is not drawn."""
        scene = self.scene()
        return caption(self.sprites, scene, draw_ground(self.rng, scene.ground), self.rng)

    def stack(self, count: int) -> np.ndarray:
        """Pictures without captions, [count, 128, 128, 3] bytes."""
        return np.stack([self.draw()[0] for _ in range(count)])

    def ground(self) -> str:
        if self.rng.random() < PLAIN_GROUND:
            return ""
        return self.rng.choice(list(COLOURS) if self.rng.random() < 0.5 else SCENES)

    def scene(self) -> Scene:
        """A scene of the training part."""
        while True:
            scene = self.any_scene()
            if not is_held_back(scene.code, scene.style, scene.ground):
                return scene

    def any_scene(self) -> Scene:
        rng = self.rng
        code, named = self.sprites.draw(rng), rng.random() < STYLE_NAMED
        plain = Scene(code, self.sprites.draw_style(rng, code, named), self.ground(), style_named=named)
        language = "en" if rng.random() < ENGLISH else rng.choice(LANGUAGES)
        if language != "en" and self.sprites.speaks(code, language):
            return replace(plain, language=language)
        return self.change(plain, rng.choices(list(KINDS), list(KINDS.values()))[0])

    def change(self, scene: Scene, kind: str) -> Scene:
        """Makes it one of its kind."""
        rng = self.rng
        if kind == "several":
            return replace(scene, count=rng.choice([2, 3]))
        if kind == "pair":
            relation = rng.choice(["and", "left", "left", "above", "bigger"])
            return replace(scene, other=self.sprites.draw(rng), relation=relation)
        if kind == "size":
            return replace(scene, size=rng.choice(["big", "small"]))
        if kind == "technique":
            return replace(scene, filter=rng.choice(list(TECHNIQUES)), style_named=False)
        return replace(scene, filter=rng.choice(list(WEATHER))) if kind == "weather" else scene


def save_sheet(pictures: np.ndarray, path: Path, columns: int = 8) -> None:
    """Writes [n, h, w, 3] bytes as rows of `columns` pictures; a last row that is not full is left out."""
    rows = [np.concatenate(list(pictures[i : i + columns]), 1) for i in range(0, len(pictures) - columns + 1, columns)]
    Image.fromarray(np.concatenate(rows)).save(path)
