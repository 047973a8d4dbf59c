# SPDX-License-Identifier: GPL-3.0-or-later
"""The training pictures: sprites composed on grounds, now and then an artwork, each with a caption. Drawn on the fly from a seed.

The order of the random draws is part of the recipe: the same seed has to give the same pictures.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from .artworks import Artworks
from .grounds import Ground, draw_ground
from .sizes import PICTURE
from .sprites import STYLE_NAMES, STYLES, Sprites, paste

ENGLISH = 0.72
LANGUAGES = ["zh", "zh", "ja", "ko", "de", "fr", "es", "pt", "it", "ru", "hi"]
ARTWORKS = 0.12


@dataclass(frozen=True)
class Subject:
    """What a scene shows: a sprite, what it is called, in which language, in which style, where."""

    sprite: int
    name: str
    language: str
    style: str
    ground: Ground


class Pictures:
    """An endless source of pictures and captions.

    `data` is the folder of training pictures, `work` keeps the cache of sprites, `focus` is that of Sprites.
    """

    def __init__(self, data: Path, work: Path, seed: int, focus: Sequence[str] = ()) -> None:
        self.rng = random.Random(seed)
        self.sprites = Sprites(data, work, focus)
        self.artworks = Artworks(data)

    def draw(self) -> tuple[np.ndarray, str]:
        """A picture, [128, 128, 3] bytes, and its caption."""
        pixels, text = self.artworks.draw(self.rng) if self.rng.random() < ARTWORKS else self.scene()
        return np.clip(pixels, 0, 255).round().astype(np.uint8), text

    def stack(self, count: int) -> np.ndarray:
        """Pictures without captions, [count, 128, 128, 3] bytes."""
        return np.stack([self.draw()[0] for _ in range(count)])

    def subject(self) -> Subject:
        rng = self.rng
        sprite = self.sprites.draw(rng)
        style = rng.choice(STYLES[STYLE_NAMES[self.sprites.styles[sprite]]])
        ground = draw_ground(rng)
        language = "en" if rng.random() < ENGLISH else rng.choice(LANGUAGES)
        return Subject(sprite, self.sprites.call(rng, sprite, language), language, style, ground)

    def scene(self) -> tuple[np.ndarray, str]:
        """One sprite, two or three of a kind, or two different ones, as floats, 0..255."""
        subject = self.subject()
        kind = self.rng.random()
        if kind < 0.80 or subject.language != "en":
            text = self.one(subject)
        else:
            text = self.several(subject) if kind < 0.90 else self.pair(subject)
        return subject.ground.pixels, text

    def one(self, subject: Subject) -> str:
        rng = self.rng
        size = int(PICTURE * rng.uniform(0.68, 0.86))
        centre = PICTURE / 2 + rng.uniform(-6, 6), PICTURE / 2 + rng.uniform(-4, 8)
        paste(subject.ground.pixels, self.sprites.pixels[subject.sprite], centre, size, rng.random() < 0.3)
        return rng.choice(captions_of_one(subject))

    def several(self, subject: Subject) -> str:
        count = self.rng.choice([2, 3])
        size = int(PICTURE * (0.46 if count == 2 else 0.36))
        for k in range(count):
            centre = PICTURE * (k + 0.5) / count, PICTURE * 0.53 + self.rng.uniform(-4, 4)
            paste(subject.ground.pixels, self.sprites.pixels[subject.sprite], centre, size)
        return f"{['two', 'three'][count - 2]} {subject.name}s {subject.ground.english}, {subject.style}"

    def pair(self, subject: Subject) -> str:
        other = self.sprites.draw(self.rng)
        size = int(PICTURE * 0.47)
        for sprite, x in ((subject.sprite, 0.26), (other, 0.74)):
            paste(subject.ground.pixels, self.sprites.pixels[sprite], (PICTURE * x, PICTURE * 0.53), size)
        name, where, style = self.sprites.label(other), subject.ground.english, subject.style
        return self.rng.choice(
            [
                f"{subject.name} and {name} {where}, {style}",
                f"{subject.name} on the left and {name} on the right, {where}, {style}",
            ]
        )


def captions_of_one(subject: Subject) -> list[str]:
    """The ways to describe one thing on a ground."""
    what, where, style = subject.name, subject.ground.english, subject.style
    if subject.language == "zh":
        place = subject.ground.chinese
        return [f"{what}，{place}", f"{place}的{what}", what]
    if subject.language != "en":
        return [what, f"{what}, {style}", f"{what}, {where}"]
    article = "an" if what[0].lower() in "aeiou" else "a"
    return [
        f"{article} {what}, {style}, {where}",
        f"{what} {where}, {style}",
        f"{style} of {article} {what} {where}",
        f"{article} {what} {where}",
        f"{style}, {what}",
        what,
    ]


def save_sheet(pictures: np.ndarray, path: Path, columns: int = 8) -> None:
    """Writes [n, h, w, 3] bytes as rows of `columns` pictures; a last row that is not full is left out."""
    rows = [np.concatenate(list(pictures[i : i + columns]), 1) for i in range(0, len(pictures) - columns + 1, columns)]
    Image.fromarray(np.concatenate(rows)).save(path)
