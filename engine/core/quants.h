/* Decoders of block-quantised element types, as GGUF files have them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The most elements that a block of any type has. */
#define LIMN_MAX_BLOCK 256

/**
 * LimnBlockDecoder:
 * @block: the bytes of one block, wherever they lie
 * @to: as many floats as a block of the type has elements
 *
 * The formats are those of ggml (ggml-common.h names the fields): numbers of a few bits, with scales that some of them share. Any thread.
 */
typedef void (*LimnBlockDecoder) (const guint8 *block,
                                  float        *to);

/* Blocks of 32: one half-float scale; _1: and an offset. */
void limn_decode_q8_0 (const guint8 *block, float *to);
void limn_decode_q4_0 (const guint8 *block, float *to);
void limn_decode_q4_1 (const guint8 *block, float *to);
void limn_decode_q5_0 (const guint8 *block, float *to);
void limn_decode_q5_1 (const guint8 *block, float *to);

/* Blocks of 256: groups of 16 or 32 with small scales of their own, under one half-float scale. */
void limn_decode_q2_k (const guint8 *block, float *to);
void limn_decode_q3_k (const guint8 *block, float *to);
void limn_decode_q4_k (const guint8 *block, float *to);
void limn_decode_q5_k (const guint8 *block, float *to);
void limn_decode_q6_k (const guint8 *block, float *to);

/* Four bits that choose from 16 uneven steps. */
void limn_decode_iq4_nl (const guint8 *block, float *to);
void limn_decode_iq4_xs (const guint8 *block, float *to);
void limn_decode_mxfp4 (const guint8 *block, float *to);

/* -1, 0 and 1. */
void limn_decode_tq1_0 (const guint8 *block, float *to);
void limn_decode_tq2_0 (const guint8 *block, float *to);

G_END_DECLS
