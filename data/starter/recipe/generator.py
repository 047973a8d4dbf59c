# SPDX-License-Identifier: GPL-3.0-or-later
"""The text encoder and the transformer that turns noise into latents.

The transformer is of the family of DiT (Peebles & Xie, 2023) in the form of PixArt (Chen et al., 2023): one modulation from
the time for all blocks with a learnt offset in each, cross-attention to the text; queries and keys are normalised.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from . import sizes
from .sizes import BLOCKS, GRID, HEADS, TEXT_BLOCKS, TEXT_TOKENS, TIME_WIDTH, TOKEN_CHANNELS, TOKENS, VOCABULARY, WIDTH


def rms_norm(x: Tensor, weight: Tensor) -> Tensor:
    """Root-mean-square normalisation of the last axis with its statistics in f32."""
    scale = torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + 1e-6)
    return x * scale.to(x.dtype) * weight.to(x.dtype)


class Attention(nn.Module):
    """Attention of x to itself or to a context, with normalised queries and keys."""

    def __init__(self) -> None:
        super().__init__()
        self.to_q = nn.Linear(WIDTH, WIDTH, bias=False)
        self.to_k = nn.Linear(WIDTH, WIDTH, bias=False)
        self.to_v = nn.Linear(WIDTH, WIDTH, bias=False)
        self.to_out = nn.Linear(WIDTH, WIDTH, bias=False)
        self.norm_q = nn.RMSNorm(WIDTH // HEADS)
        self.norm_k = nn.RMSNorm(WIDTH // HEADS)

    def forward(self, x: Tensor, context: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
        context = x if context is None else context
        q = rms_norm(split_heads(self.to_q(x)), self.norm_q.weight)
        k = rms_norm(split_heads(self.to_k(context)), self.norm_k.weight)
        v = split_heads(self.to_v(context))
        # With 64 tokens the plain form trains four times as fast on a CPU as PyTorch's fused one.
        score = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
        if mask is not None:
            score = score.masked_fill(~mask, -1e4)
        mixed = score.softmax(-1).to(v.dtype) @ v
        return self.to_out(mixed.transpose(1, 2).flatten(2))


def split_heads(x: Tensor) -> Tensor:
    """[n, tokens, width] to [n, heads, tokens, width / heads]."""
    return x.unflatten(-1, (HEADS, -1)).transpose(1, 2)


class FeedForward(nn.Module):
    """Four times the width, the tanh form of GELU, and back."""

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(functional.gelu(self.up(x), approximate="tanh"))


class TextBlock(nn.Module):
    """A transformer block over the words; padding is not seen."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.attn = Attention()
        self.norm2 = nn.LayerNorm(WIDTH)
        self.ff = FeedForward()

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x), mask=mask)
        return x + self.ff(self.norm2(x))


class TextEncoder(nn.Module):
    """Token ids to one vector a token."""

    def __init__(self) -> None:
        super().__init__()
        self.token = nn.Embedding(VOCABULARY, WIDTH)
        self.position = nn.Parameter(torch.randn(TEXT_TOKENS, WIDTH) * 0.02)
        self.blocks = nn.ModuleList(TextBlock() for _ in range(TEXT_BLOCKS))
        self.norm = nn.LayerNorm(WIDTH)
        nn.init.normal_(self.token.weight, std=0.02)

    def forward(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """[n, 32] ids to ([n, 32, 256] text, [n, 1, 1, 32] mask that is true where there is a token)."""
        mask = (ids != sizes.PAD)[:, None, None, :]
        x = self.token(ids) + self.position
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x), mask


class Block(nn.Module):
    """Self-attention, cross-attention to the text and feed-forward; the time shifts, scales and gates the first and last."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH, elementwise_affine=False)
        self.norm2 = nn.LayerNorm(WIDTH, elementwise_affine=False)
        self.norm3 = nn.LayerNorm(WIDTH, elementwise_affine=False)
        self.attn1 = Attention()
        self.attn2 = Attention()
        self.ff = FeedForward()
        self.table = nn.Parameter(torch.randn(6, WIDTH) / WIDTH**0.5)

    def forward(self, x: Tensor, modulation: Tensor, text: Tensor, mask: Tensor) -> Tensor:
        scale1, shift1, gate1, scale2, shift2, gate2 = (self.table + modulation).chunk(6, 1)
        x = x + gate1 * self.attn1(self.norm1(x) * (1 + scale1) + shift1)
        x = x + self.attn2(self.norm3(x), text, mask)
        return x + gate2 * self.ff(self.norm2(x) * (1 + scale2) + shift2)


class Generator(nn.Module):
    """Predicts the velocity, noise minus data, at a time from 0 (data) to 1 (noise)."""

    def __init__(self) -> None:
        super().__init__()
        self.text = TextEncoder()
        self.inp = nn.Linear(TOKEN_CHANNELS, WIDTH)
        self.position = nn.Parameter(torch.randn(TOKENS, WIDTH) * 0.02)
        self.time = nn.Sequential(nn.Linear(TIME_WIDTH, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH))
        self.pool = nn.Linear(WIDTH, WIDTH)
        self.ada = nn.Sequential(nn.SiLU(), nn.Linear(WIDTH, 6 * WIDTH))
        self.blocks = nn.ModuleList(Block() for _ in range(BLOCKS))
        self.norm = nn.LayerNorm(WIDTH, elementwise_affine=False)
        self.table = nn.Parameter(torch.zeros(2, WIDTH))
        self.out = nn.Linear(WIDTH, TOKEN_CHANNELS)
        self.start_as_nothing()

    def start_as_nothing(self) -> None:
        """Every block starts by adding nothing, and the output is 0: training is calm from the first step."""
        for block in self.blocks:
            for layer in (block.attn1.to_out, block.attn2.to_out, block.ff.down):
                nn.init.zeros_(layer.weight)
        for parameter in (self.out.weight, self.ada[1].weight, self.ada[1].bias):
            nn.init.zeros_(parameter)

    def condition(self, time: Tensor, text: Tensor, mask: Tensor) -> Tensor:
        """Time and the mean of the words, [n, 256]."""
        words = mask[:, 0, 0]
        pooled = (text * words[..., None]).sum(1) / words.sum(1, keepdim=True).clamp(min=1)
        return self.time(time_waves(time)) + self.pool(pooled)

    def forward(self, x: Tensor, time: Tensor, text: Tensor, mask: Tensor) -> Tensor:
        """[n, 64, 32] noisy tokens, [n] times, and the text encoder's result to [n, 64, 32] velocities."""
        condition = self.condition(time, text, mask)
        modulation = self.ada(condition).unflatten(1, (6, WIDTH))
        hidden = self.inp(x) + self.position
        for block in self.blocks:
            hidden = block(hidden, modulation, text, mask)
        scale, shift = (self.table + condition[:, None]).chunk(2, 1)
        return self.out(self.norm(hidden) * (1 + scale) + shift)


def time_waves(time: Tensor) -> Tensor:
    """Cosines, then sines, of 1000 t at frequencies from 1 down to 1/10000 (Vaswani et al., 2017), [n, 256]."""
    half = TIME_WIDTH // 2
    frequency = torch.exp(-math.log(10000) * torch.arange(half, device=time.device) / half)
    angle = 1000 * time[:, None].float() * frequency
    return torch.cat([angle.cos(), angle.sin()], 1)


def to_tokens(latent: Tensor) -> Tensor:
    """[n, 8, 16, 16] latents to [n, 64, 32]: a token is 2 x 2 latents."""
    return functional.pixel_unshuffle(latent, sizes.PATCH).flatten(2).transpose(1, 2)


def from_tokens(tokens: Tensor) -> Tensor:
    """The way back."""
    return functional.pixel_shuffle(tokens.transpose(1, 2).unflatten(2, (GRID, GRID)), sizes.PATCH)
