# SPDX-License-Identifier: GPL-3.0-or-later
"""The tokenizer of the captions: byte-level BPE, lower case, trained on the captions themselves."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from .pictures import Pictures
from .sizes import END, SIZE, TEXT_TOKENS, VOCABULARY

SEED = 99


def corpus(pictures: Pictures) -> Iterator[str]:
    """Captions of made scenes, every name in every language, titles and artists."""
    for _ in range(SIZE.captions):
        yield pictures.words()
    for concept in pictures.sprites.concepts.values():
        yield concept["label"]
        yield from concept.get("tags", [])
        for words in concept.get("i18n", {}).values():
            yield from words
    for work in pictures.artworks.paintings.values():
        yield f"{work.get('title', '')} {work.get('artist', '')}"
    for fruit in pictures.artworks.watercolours.values():
        yield str(fruit.get("subjects", ""))


def train_tokenizer(pictures: Pictures) -> Tokenizer:
    """Learns the vocabulary; the same pictures give the same one."""
    tokenizer = Tokenizer(models.BPE(unk_token=None))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<pad>", "<end>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(corpus(pictures), trainer)
    return tokenizer


def load_tokenizer(path: Path) -> Tokenizer:
    """Reads tokenizer.json."""
    return Tokenizer.from_file(str(path))


def to_ids(tokenizer: Any, texts: Sequence[str]) -> np.ndarray:
    """Captions to [n, 32] ids: cut to 31, the end token, padding."""
    ids = np.zeros((len(texts), TEXT_TOKENS), np.int16)
    for row, encoding in zip(ids, tokenizer.encode_batch(list(texts))):
        kept = encoding.ids[: TEXT_TOKENS - 1] + [END]
        row[: len(kept)] = kept
    return ids
