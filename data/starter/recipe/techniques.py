# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawing techniques and weather as filters on a finished picture, [128, 128, 3] floats, 0..255."""

import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from .sizes import PICTURE

Filter = Callable[[np.ndarray, random.Random], np.ndarray]
PAPER = np.array((250, 246, 238), np.float32)
DARK = np.array((14, 12, 28), np.float32)


def image(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def array(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB")).astype(np.float32)


def lines(pixels: np.ndarray, width: float) -> np.ndarray:
    """Where something ends, 0..1, [128, 128, 1]: the difference of two blurs, in the channel where it is greatest."""
    near, far = (array(image(pixels).filter(ImageFilter.GaussianBlur(radius))) for radius in (width, 2.2 * width))
    return np.clip(np.abs(near - far).max(-1, keepdims=True) / 22, 0, 1)


def grey(pixels: np.ndarray) -> np.ndarray:
    return pixels @ np.array((0.3, 0.59, 0.11), np.float32)[:, None]


def pencil(pixels: np.ndarray, rng: random.Random) -> np.ndarray:
    shade = 0.45 + 0.55 * np.clip(grey(pixels) / 190, 0, 1)
    return PAPER * shade * (1 - 0.75 * lines(pixels, 0.7))


def ink(pixels: np.ndarray, rng: random.Random) -> np.ndarray:
    dark = np.maximum(lines(pixels, 0.8) > 0.4, grey(pixels) < 70)
    return PAPER * (1 - 0.92 * array(image(np.repeat(dark * 255.0, 3, -1)).filter(ImageFilter.GaussianBlur(0.5))) / 255)


def watercolour(pixels: np.ndarray, rng: random.Random) -> np.ndarray:
    soft = array(image(pixels).filter(ImageFilter.ModeFilter(5)).filter(ImageFilter.GaussianBlur(1.4)))
    edge = lines(soft, 1.2)
    return (PAPER * 0.35 + soft * 0.65) * (1 - 0.22 * edge)


def oil(pixels: np.ndarray, rng: random.Random) -> np.ndarray:
    strokes = array(image(pixels).filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.ModeFilter(9)))
    return np.clip((strokes - 128) * 1.12 + 118, 0, 255) * np.array((1.03, 0.98, 0.88), np.float32)


def pixel(pixels: np.ndarray, rng: random.Random) -> np.ndarray:
    small = image(pixels).resize((PICTURE // 8 * 2, PICTURE // 8 * 2), Image.Resampling.BOX)
    few = (np.asarray(small).astype(np.float32) / 32).round() * 32
    return array(image(few).resize((PICTURE, PICTURE), Image.Resampling.NEAREST))


def neon(pixels: np.ndarray, rng: random.Random) -> np.ndarray:
    edge = lines(pixels, 0.9)
    bright = pixels / np.maximum(pixels.max(-1, keepdims=True), 60) * 255
    glow = array(image(bright * edge).filter(ImageFilter.GaussianBlur(3)))
    return np.clip(DARK + bright * edge + 1.1 * glow, 0, 255)


def paper_cut(pixels: np.ndarray, rng: random.Random) -> np.ndarray:
    flat = (array(image(pixels).filter(ImageFilter.ModeFilter(7))) / 64).round() * 60 + 12
    return np.clip(flat, 0, 255) * (1 - 0.45 * np.roll(lines(flat, 1.0), (2, 1), (0, 1)))


def rain(pixels: np.ndarray, rng: random.Random) -> np.ndarray:
    wet = pixels * np.array((0.68, 0.74, 0.84), np.float32)
    for _ in range(60):
        x, y = rng.randrange(4, PICTURE), rng.randrange(PICTURE - 10)
        for step in range(9):
            wet[y + step, x - step // 3] += 55
    return wet


def fog(pixels: np.ndarray, rng: random.Random) -> np.ndarray:
    return pixels * 0.42 + np.array((222, 226, 230), np.float32) * 0.58


def snowfall(pixels: np.ndarray, rng: random.Random) -> np.ndarray:
    white = pixels * 0.9
    for _ in range(45):
        x, y = rng.randrange(1, PICTURE - 2), rng.randrange(1, PICTURE - 2)
        white[y : y + 2, x : x + 2] = 252
    return white


def evening(pixels: np.ndarray, rng: random.Random) -> np.ndarray:
    return pixels * np.array((1.0, 0.78, 0.55), np.float32) + np.array((14, 4, 0), np.float32)


TECHNIQUES: dict[str, tuple[Filter, list[str]]] = {
    "pencil": (pencil, ["pencil drawing", "pencil sketch"]),
    "ink": (ink, ["ink drawing", "black and white ink"]),
    "watercolour": (watercolour, ["watercolour", "watercolor painting"]),
    "oil": (oil, ["oil painting", "oil on canvas"]),
    "pixel": (pixel, ["pixel art"]),
    "neon": (neon, ["neon", "neon light"]),
    "paper": (paper_cut, ["paper cut", "paper art"]),
}
WEATHER: dict[str, tuple[Filter, list[str]]] = {
    "rain": (rain, ["in the rain"]),
    "fog": (fog, ["in the fog"]),
    "snowfall": (snowfall, ["in falling snow"]),
    "evening": (evening, ["in evening light", "at golden hour"]),
}
FILTERS = {name: what[0] for name, what in (TECHNIQUES | WEATHER).items()}
