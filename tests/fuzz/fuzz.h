/* Hostile files: what a fuzz target is, and what targets share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/weights.h"

G_BEGIN_DECLS

/**
 * FuzzSeed:
 * @name: of the file that it is written to
 * @text: what a target takes
 * @size: bytes; 0: up to the first zero
 *
 * A small file that the program reads without an error: what libFuzzer begins to change.
 */
typedef struct
{
  const char *name, *text;
  gsize       size;
} FuzzSeed;

/**
 * FuzzTarget:
 * @name: of its program, and of its folder of cases
 * @seeds: ends at one without a name
 * @run: reads @size bytes as a file and touches all that comes out. Returns whether they were read without an error
 *
 * A source file defines one: fuzz_target. libfuzzer.c or replay.c calls it.
 */
typedef struct
{
  const char     *name;
  const FuzzSeed *seeds;
  gboolean (*run) (const guint8 *data,
                   gsize         size);
} FuzzTarget;

extern const FuzzTarget fuzz_target;

/**
 * fuzz_weights_bytes:
 *
 * The length before the header of a .safetensors file would stop most changes: so what begins with a brace is the header, up to the first zero
 * or the end, and gets its length here. What begins with "@" is a line a tensor, "NAME DIM DIM…", of which a sound F16 file is made; a line
 * ">NAME" stands before the names that follow. Anything else is the file as it is.
 *
 * Returns: (transfer full): a file of weights
 */
GBytes *fuzz_weights_bytes (const guint8 *data,
                            gsize         size);

/* Touches everything that @weights say they have: the first and the last numbers of each tensor. */
void fuzz_use_weights (const LimnWeights *weights);

/**
 * fuzz_unpack:
 *
 * Makes a folder out of @data, which is files one after the other, each begun by a line "=== NAME" or "=== FOLDER/NAME". Weights are taken
 * as fuzz_weights_bytes() takes them.
 *
 * Returns: (transfer full): its path; fuzz_remove() removes it and frees @path
 */
char *fuzz_unpack (const guint8 *data,
                   gsize         size);
void  fuzz_remove (char *path);

/* Checks that there is an error if and only if something @failed, and that it is one line of sound text. */
void fuzz_check_error (gboolean       failed,
                       GError *const *error);

G_END_DECLS
