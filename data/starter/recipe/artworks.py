# SPDX-License-Identifier: GPL-3.0-or-later
"""Watercolours, paintings and photographs, cut to a square, with captions from what is known about them."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from .sizes import PICTURE

LONGEST_CAPTION = 90


def read_facts(path: Path) -> dict[str, dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))


def square(rng: random.Random, picture: Image.Image) -> np.ndarray:
    """The middle of a wide picture, the upper middle of a tall one, [128, 128, 3] floats, 0..255."""
    width, height = picture.size
    edge = min(width, height)
    x = (width - edge) // 2
    y = (height - edge) // 2 if height < width else int((height - edge) * rng.uniform(0.2, 0.5))
    cut = picture.crop((x, y, x + edge, y + edge)).resize((PICTURE, PICTURE), Image.Resampling.LANCZOS)
    return np.asarray(cut).astype(np.float32)


class Artworks:
    """The pictures that are not made of sprites."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.watercolours = read_facts(data / "watercolours.json")
        self.paintings = read_facts(data / "paintings.json")
        self.watercolour_keys = sorted(self.watercolours)
        self.painting_keys = sorted(self.paintings)
        self.photos = sorted((data / "photos").glob("clothing*"))

    def watercolour(self, rng: random.Random) -> tuple[Image.Image, str]:
        """A fruit without the black edge and the handwriting below."""
        key = rng.choice(self.watercolour_keys)
        facts = self.watercolours[key]
        picture = Image.open(self.data / "watercolours" / f"{key}.jpg").convert("RGB")
        width, height = picture.size
        picture = picture.crop((int(width * 0.07), int(height * 0.07), int(width * 0.93), int(height * 0.80)))
        name = (facts.get("subjects") or facts.get("species") or "fruit").split(",")[0].strip()
        return picture, f"botanical watercolour of {name}"

    def painting(self, rng: random.Random) -> tuple[Image.Image, str]:
        key = rng.choice(self.painting_keys)
        facts = self.paintings[key]
        picture = Image.open(self.data / "paintings" / f"{key}.jpg").convert("RGB")
        title = facts.get("title", "")
        artist = str(facts.get("artist") or "").split("(")[0].strip()
        texts = [f"painting, {title}", f"painting by {artist}, {title}", f"oil painting, {title}"]
        return picture, rng.choice(texts)[:LONGEST_CAPTION]

    def photo(self, rng: random.Random) -> tuple[Image.Image, str]:
        path = rng.choice(self.photos)
        return Image.open(path).convert("RGB"), f"photo of {path.stem.split('-')[1]}"

    def draw(self, rng: random.Random) -> tuple[np.ndarray, str]:
        """A picture and its caption: mostly watercolours, the rest paintings."""
        kind = rng.random()
        make = self.watercolour if kind < 0.62 else self.painting
        picture, text = make(rng)
        return square(rng, picture), text
