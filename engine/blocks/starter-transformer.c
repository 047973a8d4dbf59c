/* The generator of the starter model: a flow transformer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/starter-transformer.h"

#include "engine/blocks/starter-text.h"

#define TIME_CHANNELS 256
#define TIME_SCALE 1000

/* The six parts of a block's modulation, in the order they are stored. */
enum
{
  SCALE_ATTENTION,
  SHIFT_ATTENTION,
  GATE_ATTENTION,
  SCALE_FEED_FORWARD,
  SHIFT_FEED_FORWARD,
  GATE_FEED_FORWARD,
  N_MODULATIONS
};

typedef struct
{
  const LimnStarterTransformerConfig *config;
  LimnTensor                         *condition; /* [n, 1, 1, 6 · width] */
  LimnTensor                         *text, *lengths;
} Transformer;

static LimnTensor *
part (const LimnScope *scope,
      LimnTensor      *modulation,
      int              index)
{
  int width = modulation->shape.c / N_MODULATIONS;

  return limn_slice (scope->graph, modulation, index * width, width);
}

static LimnTensor *
modulated_norm (const LimnScope   *scope,
                const Transformer *transformer,
                LimnTensor        *x,
                LimnTensor        *modulation,
                int                scale,
                int                shift)
{
  LimnTensor *h = limn_layer_norm (scope->graph, x, NULL, NULL, transformer->config->epsilon);

  return limn_modulate (scope->graph, h, part (scope, modulation, scale),
                        part (scope, modulation, shift));
}

static LimnTensor *
gated_add (const LimnScope *scope,
           LimnTensor      *x,
           LimnTensor      *h,
           LimnTensor      *modulation,
           int              gate)
{
  return limn_add (scope->graph,
                   limn_multiply (scope->graph, h, part (scope, modulation, gate)), x);
}

static LimnTensor *
block (const LimnScope   *scope,
       const Transformer *transformer,
       LimnTensor        *x)
{
  int         heads = transformer->config->heads;
  LimnScope   self = limn_scope_child (scope, "attn1");
  LimnScope   cross = limn_scope_child (scope, "attn2");
  LimnScope   feed_forward = limn_scope_child (scope, "ff");
  LimnTensor *modulation = limn_add (scope->graph, transformer->condition,
                                     limn_scope_constant (scope, "table", TRUE));
  LimnTensor *h;

  h = modulated_norm (scope, transformer, x, modulation, SCALE_ATTENTION, SHIFT_ATTENTION);
  h = limn_starter_attention (&self, h, h, NULL, heads);
  x = gated_add (scope, x, h, modulation, GATE_ATTENTION);

  h = limn_layer_norm (scope->graph, x, NULL, NULL, transformer->config->epsilon);
  x = limn_add (
      scope->graph,
      limn_starter_attention (&cross, h, transformer->text, transformer->lengths, heads), x);

  h = modulated_norm (scope, transformer, x, modulation, SCALE_FEED_FORWARD, SHIFT_FEED_FORWARD);
  return gated_add (scope, x, limn_starter_feed_forward (&feed_forward, h), modulation,
                    GATE_FEED_FORWARD);
}

/* Time, in f32 until it is embedded, and the mean of the text's tokens. */
static LimnTensor *
embedding (const LimnScope *scope,
           LimnTensor      *time,
           LimnTensor      *text,
           LimnTensor      *lengths)
{
  LimnGraph  *graph = scope->graph;
  LimnTensor *h = limn_timestep (graph, time, TIME_CHANNELS, TIME_SCALE);
  LimnTensor *pooled = limn_scope_linear (scope, "pool", limn_token_mean (graph, text, lengths));

  h = limn_scope_linear (scope, "time.2",
                         limn_silu (graph, limn_scope_linear (scope, "time.0", h)));
  return limn_add (graph, pooled, limn_cast (graph, h, limn_graph_type (graph)));
}

static LimnTensor *
final_layer (const LimnScope                    *scope,
             const LimnStarterTransformerConfig *config,
             LimnTensor                         *x,
             LimnTensor                         *embedded)
{
  LimnGraph  *graph = scope->graph;
  LimnTensor *table = limn_scope_constant (scope, "table", TRUE);
  LimnTensor *scale = limn_add (graph, embedded, limn_slice (graph, table, 0, config->width));
  LimnTensor *shift = limn_add (graph, embedded, limn_slice (graph, table, config->width, config->width));

  x = limn_layer_norm (graph, x, NULL, NULL, config->epsilon);
  return limn_scope_linear (scope, "out", limn_modulate (graph, x, scale, shift));
}

LimnTensor *
limn_starter_transformer (const LimnScope                    *scope,
                          const LimnStarterTransformerConfig *config,
                          LimnTensor                         *x,
                          LimnTensor                         *time,
                          LimnTensor                         *text,
                          LimnTensor                         *lengths)
{
  LimnGraph  *graph = scope->graph;
  LimnTensor *embedded = embedding (scope, time, text, lengths);
  Transformer transformer = { .config = config, .text = text, .lengths = lengths };

  transformer.condition = limn_scope_linear (scope, "ada.1", limn_silu (graph, embedded));
  x = limn_scope_linear (scope, "inp", limn_patchify (graph, x, config->patch));
  x = limn_add (graph, x, limn_scope_constant (scope, "position", FALSE));

  for (int i = 0; i < config->layers; i++)
    {
      LimnScope child = limn_scope_child (scope, "blocks.%d", i);

      x = block (&child, &transformer, x);
    }
  return limn_unpatchify (graph, final_layer (scope, config, x, embedded), config->patch);
}
