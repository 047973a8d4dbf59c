# SPDX-License-Identifier: GPL-3.0-or-later
"""Which combinations of concept, drawing style and ground are held back from training: a score asks for them."""

import hashlib

HELD_BACK = 16
"""One combination in this many."""


def is_held_back(code: str, style: str, ground: str) -> bool:
    """By a hash, so that it is the same in every run and needs no list. Where no ground is named, nothing is."""
    if not ground:
        return False
    what = f"{code} {style} {ground}"
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:4], "big") % HELD_BACK == 0
