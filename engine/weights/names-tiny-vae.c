/* Names that the tiny autoencoder's halves have had, as "layers.N": the sequence diffusers writes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/name-map.h"

/* The original decoder counts the clamp before its first convolution. */
static gboolean
without_clamp (const LimnTopology *topology,
               const int          *in,
               int                *out)
{
  out[0] = in[0] - 1;
  return in[0] > 0;
}

static const LimnNameRule as_is[] = {
  { .from = "", .to = "layers." },
  { 0 },
};

static const LimnNameRule clamped[] = {
  { .from = "#.", .to = "layers.#.", .renumber = without_clamp },
  { 0 },
};

/* The originals are a file each; programs that put both into one say which is which. */
static const LimnNamePart parts[] = {
  { .part = "encoder", .prefixes = { "", "encoder.layers", "encoder", "taesd_encoder" }, .probe = "1.conv.0.weight", .rules = as_is },
  { .part = "decoder", .prefixes = { "decoder.layers" }, .probe = "0.weight", .rules = as_is },
  { .part = "decoder", .prefixes = { "", "decoder", "taesd_decoder" }, .probe = "1.weight", .rules = clamped },
  { 0 },
};

const LimnNameMap limn_names_tiny_vae = {
  .name = "tiny autoencoders",
  .parts = parts,
};
