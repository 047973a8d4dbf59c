# SPDX-License-Identifier: GPL-3.0-or-later
"""The prompts that judge a starter, fixed before the training that they judge: change none of them afterwards."""

SHEET = [
    # plain English nouns
    "a fox", "a red apple", "a cat", "a house", "a rocket", "a strawberry", "a penguin", "a sunflower",
    # colours of the ground
    "a banana on a blue background", "a frog on a pink background", "a pizza on a green background",
    "a guitar on a yellow background", "an owl on a purple background", "a bicycle on a white background",
    "a snail on a black background", "a crown on a red background",
    # places
    "a sailboat at the sea", "a balloon in the sky", "a cactus in the desert", "a bear in the forest",
    "a horse on a meadow", "a snowman in the snow", "a castle at sunset", "a bus in the street",
    # counts, pairs, places in the picture, sizes
    "two strawberries on a plate", "three carrots", "two cats", "three tulips on a blue background",
    "an apple and a banana", "a dog on the left and a ball on the right", "a bird above a tree", "a big mushroom next to a small one",
    # drawing styles
    "a lion, 3d render", "a lion, flat icon", "a lion, cartoon", "a lion, minimal drawing",
    "a camera, clip art", "a hamburger, sticker", "an elephant, vector art", "a turtle, soft cartoon",
    # techniques
    "a rose, watercolour", "a rabbit, pencil drawing", "a lighthouse, ink drawing", "a pineapple, oil painting",
    "a robot, pixel art", "a guitar, neon", "a whale, paper cut", "botanical watercolour of apple",
    # weather, light, and things together that no training picture shows
    "a house in the rain", "a car in the fog", "a penguin in the desert", "a fish in the sky",
    # the ten other languages: fox, house on a meadow, cat, tree, car, red apple, bicycle, flower, dog, moon
    "一只狐狸", "草原の家", "고양이", "ein Baum", "une voiture", "una manzana roja", "uma bicicleta", "un fiore", "собака", "चाँद",
    # longer ones
    "a yellow duck on a light blue background, 3d render", "painting, landscape with trees",
]  # fmt: skip
"""The contact sheet: 64 prompts, in rows of eight."""

NOUNS = [
    "apple", "banana", "strawberry", "lemon", "pineapple", "watermelon", "tomato", "carrot", "mushroom", "pizza",
    "hamburger", "doughnut", "bread", "cookie", "cupcake", "cat", "dog", "rabbit", "fox", "bear",
    "panda", "penguin", "owl", "fish", "whale", "octopus", "turtle", "frog", "snail", "butterfly",
    "horse", "cow", "pig", "elephant", "lion", "rose", "tulip", "sunflower", "cactus", "rainbow",
    "house", "castle", "rocket", "bicycle", "bus", "tractor", "train", "sailboat", "balloon", "guitar",
    "violin", "camera", "key", "bell", "crown", "umbrella", "candle", "book", "basketball", "snowman",
]  # fmt: skip
"""Nouns of the sixty plain prompts."""


def with_article(noun: str) -> str:
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"


def plain_prompts() -> list[tuple[str, str]]:
    """(prompt, noun), sixty of them."""
    return [(with_article(noun), noun) for noun in NOUNS]
