/* The golden tool: repeats recorded reference numbers with the engine and says how far it is from them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "engine/engine.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

/**
 * GoldenCase:
 * @name: the folder's last component: first word of each line printed
 * @folder: path of the case
 * @json: case.json (golden.json of the starter)
 * @tensors: golden.safetensors
 * @engine: computes on $LIMN_DEVICE in $LIMN_TYPE, else f32
 * @type: "f32", "bf16", "int8" or "f16": what that comes to
 * @prefix: (nullable): goes before the tensor's name in what is printed ("single:"), never into look-ups
 * @compared: lines printed so far
 * @bad: how many of them were BAD
 */
typedef struct
{
  const char  *name;
  const char  *folder;
  JsonObject  *json;
  LimnWeights *tensors;
  LimnEngine  *engine;
  const char  *type;
  const char  *prefix;
  int          compared;
  int          bad;
} GoldenCase;

/**
 * golden_read_json:
 *
 * Returns: (transfer full) (nullable): what the file holds; Python's Infinity and NaN, which JSON does not have, read as null
 */
JsonNode *golden_read_json (const char *path,
                            GError    **error);

/**
 * golden_tensor:
 * @dims: (out) (optional) (array fixed-size=8): its dimensions, slowest first
 * @n_dims: (out) (optional)
 *
 * Returns: (transfer full) (nullable): all elements of the recorded tensor @name as floats (exact for ids below 2^24), freed with
 * g_free(); %NULL if it is not in golden.safetensors
 */
float *golden_tensor (GoldenCase *golden,
                      const char *name,
                      gint64     *dims,
                      int        *n_dims);

/* Returns: how many elements the recorded tensor has, 0 if there is none. */
gsize golden_tensor_size (GoldenCase *golden,
                          const char *name);

/**
 * golden_nmse:
 *
 * Returns: Σ (got - want)² / Σ want², or Σ got² where everything wanted is zero
 */
double golden_nmse (const float *got,
                    const float *want,
                    gsize        n);

/**
 * golden_compare:
 * @got: @n numbers, in the order of the recorded tensor
 * @limit: the largest NMSE that is ok; 0 asks for equality
 *
 * Prints `CASE TENSOR NMSE LIMIT ok|BAD`. A tensor that was not recorded, another length and NaN are BAD.
 */
void golden_compare (GoldenCase  *golden,
                     const char  *tensor,
                     const float *got,
                     gsize        n,
                     double       limit);

/* The same with numbers to compare with that are not (or are only a part of) a recorded tensor; @tensor only names the line. */
void golden_compare_with (GoldenCase  *golden,
                          const char  *tensor,
                          const float *got,
                          const float *want,
                          gsize        n,
                          double       limit);

/* Prints `CASE TENSOR nan LIMIT BAD` and, on standard error, why nothing could be compared. */
void golden_fail (GoldenCase *golden,
                  const char *tensor,
                  double      limit,
                  const char *reason);

/**
 * golden_limit:
 * @run: whether the number is the end of a whole sampling run rather than of one call
 *
 * Returns: the limit of the type computed in: suggested_nmse of the case's JSON, else 1e-9 a call and 1e-8 a run in f32, 1e-3 in f16, 1e-2 in bf16
 */
double golden_limit (GoldenCase *golden,
                     gboolean    run);

/* One a kind of case, chosen by what the JSON holds; each compares everything it knows how to compute. */
void golden_run_samplers (GoldenCase *golden);
void golden_run_random (GoldenCase *golden);
void golden_run_tokenizers (GoldenCase *golden);
void golden_run_sd15 (GoldenCase *golden);
void golden_run_controlnet (GoldenCase *golden);
void golden_run_starter (GoldenCase *golden);
void golden_run_lora (GoldenCase *golden);
void golden_run_embedding (GoldenCase *golden);
void golden_run_gguf (GoldenCase *golden);
void golden_run_taesd (GoldenCase *golden);
void golden_run_upscalers (GoldenCase *golden);

G_END_DECLS
