/* Names that the upscalers' releases have had, under those of Real-ESRGAN.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/name-map.h"

/* Checkpoints of their trainers wrap the network; "" is the network by itself. */
#define PREFIXES                         \
  {                                      \
    "", "params_ema", "params", "module" \
  }

#define MAX_UPSAMPLINGS 3

static const LimnNameRule as_is[] = {
  { .from = "", .to = "" },
  { 0 },
};

/* The first release of ESRGAN is one sequence: the first convolution, the blocks, three places for each enlargement, of which the
 * second has the convolution, then convolutions with an activation between them. */
static void
measure_sequence (const LimnWeights *weights,
                  LimnTopology      *topology)
{
  while (topology->levels < MAX_UPSAMPLINGS)
    {
      g_autofree char *last = g_strdup_printf ("model.%d.weight", 4 + 3 * topology->levels);

      if (limn_weights_find (weights, last) != NULL)
        return;
      topology->levels++;
    }
}

static gboolean
is_enlargement (const LimnTopology *topology,
                const int          *in,
                int                *out)
{
  out[0] = in[0] / 3;
  return in[0] % 3 == 0 && out[0] >= 1 && out[0] <= topology->levels;
}

static gboolean
is_before_last (const LimnTopology *topology,
                const int          *in,
                int                *out)
{
  return in[0] == 2 + 3 * topology->levels;
}

static gboolean
is_last (const LimnTopology *topology,
         const int          *in,
         int                *out)
{
  return in[0] == 4 + 3 * topology->levels;
}

static const LimnNameRule sequence[] = {
  { .from = "model.0.", .to = "conv_first." },
  { .from = "model.1.sub.#.RDB#.conv#.0.", .to = "body.#.rdb#.conv#." },
  { .from = "model.1.sub.#.", .to = "conv_body." },
  { .from = "model.#.", .to = "conv_up#.", .renumber = is_enlargement },
  { .from = "model.#.", .to = "conv_hr.", .renumber = is_before_last },
  { .from = "model.#.", .to = "conv_last.", .renumber = is_last },
  { 0 },
};

/* The second release of ESRGAN; BSRGAN. */
static const LimnNameRule trunk[] = {
  { .from = "RRDB_trunk.#.RDB#.conv#.", .to = "body.#.rdb#.conv#." },
  { .from = "trunk_conv.", .to = "conv_body." },
  { .from = "upconv#.", .to = "conv_up#." },
  { .from = "HRconv.", .to = "conv_hr." },
  { .from = "", .to = "" },
  { 0 },
};

static const LimnNamePart parts[] = {
  { .part = "rrdb", .prefixes = PREFIXES, .probe = "body.0.rdb1.conv1.weight", .rules = as_is },
  { .part = "rrdb", .prefixes = PREFIXES, .probe = "RRDB_trunk.0.RDB1.conv1.weight", .rules = trunk },
  { .part = "rrdb",
    .prefixes = PREFIXES,
    .probe = "model.1.sub.0.RDB1.conv1.0.weight",
    .measure = measure_sequence,
    .rules = sequence },
  { .part = "srvgg", .prefixes = PREFIXES, .probe = "body.0.weight", .rules = as_is },
  { 0 },
};

const LimnNameMap limn_names_upscalers = {
  .name = "upscalers",
  .parts = parts,
};
