/* Latent diffusion models with a U-Net: their parts as graphs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/unet-model.h"

#include "engine/blocks/control-net.h"

static void
build_text (const LimnPartCall *call,
            int                 encoder)
{
  const LimnUnetModel      *model = call->settings;
  const LimnClipTextConfig *config = &model->text[encoder];
  LimnGraph                *graph = call->scope->graph;
  LimnTensor               *tokens = limn_graph_input (
                    graph, "tokens", (LimnShape){ call->n, 1, config->positions, 1 }, LIMN_I32);
  LimnTensor *last;

  limn_graph_output (graph, "embedding",
                     limn_clip_text (call->scope, config, tokens, call->clip_skip, &last));
  limn_graph_output (graph, "last", last);
}

void
limn_unet_model_build_text (const LimnPartCall *call)
{
  build_text (call, 0);
}

void
limn_unet_model_build_text_2 (const LimnPartCall *call)
{
  build_text (call, 1);
}

/* What U-Nets and ControlNets are given alike. */
static LimnUnetInputs
add_inputs (const LimnPartCall *call)
{
  const LimnUnetModel  *model = call->settings;
  const LimnUnetConfig *unet = &model->unet;
  LimnGraph            *graph = call->scope->graph;
  LimnType              type = limn_graph_type (graph);
  LimnShape             latent = { call->n, call->height, call->width, unet->in_channels };
  int                   tokens = call->text_tokens > 0 ? call->text_tokens : model->text[0].positions;
  LimnShape             context = { call->n, 1, tokens, unet->context };
  LimnUnetInputs        inputs = { 0 };

  inputs.x = limn_graph_input (graph, "latent", latent, type);
  inputs.time = limn_graph_input (graph, "time", (LimnShape){ 1, 1, 1, 1 }, LIMN_F32);
  inputs.text = limn_graph_input (graph, "text", context, type);
  if (unet->conditions > 0)
    {
      int pooled = unet->added - unet->conditions * unet->condition_width;

      inputs.pooled = limn_graph_input (graph, "pooled", (LimnShape){ call->n, 1, 1, pooled }, LIMN_F32);
      inputs.conditions = limn_graph_input (graph, "conditions", (LimnShape){ call->n, 1, 1, unet->conditions }, LIMN_F32);
    }
  return inputs;
}

/* The residuals of a ControlNet come from outside: its weights are its own. */
static LimnTensor *
add_residual (LimnGraph  *graph,
              int         index,
              LimnTensor *x)
{
  char name[32];

  g_snprintf (name, sizeof name, LIMN_RESIDUAL, index);
  return limn_add (graph, x, limn_graph_input (graph, name, x->shape, limn_graph_type (graph)));
}

void
limn_unet_model_build_generator (const LimnPartCall *call)
{
  const LimnUnetModel *model = call->settings;
  LimnGraph           *graph = call->scope->graph;
  LimnUnetInputs       inputs = add_inputs (call);
  LimnUnetWay          way;

  limn_unet_down (call->scope, &model->unet, &inputs, &way);
  if (call->controlled)
    {
      for (int i = 0; i < way.n_skips; i++)
        way.skips[i] = add_residual (graph, i, way.skips[i]);
      way.middle = add_residual (graph, way.n_skips, way.middle);
    }
  limn_graph_output (graph, "prediction", limn_unet_up (call->scope, &model->unet, &inputs, &way));
}

void
limn_unet_model_build_control (const LimnPartCall *call)
{
  const LimnUnetModel *model = call->settings;
  LimnGraph           *graph = call->scope->graph;
  LimnUnetInputs       inputs = add_inputs (call);
  int                  factor = 1 << (model->vae.levels - 1);
  LimnTensor          *picture = limn_graph_input (graph, "picture", (LimnShape){ call->n, call->height * factor, call->width * factor, 3 },
                                                   limn_graph_type (graph));
  LimnUnetWay          way;
  char                 name[32];

  limn_control_net (call->scope, &model->unet, &inputs, picture, &way);
  for (int i = 0; i <= way.n_skips; i++)
    {
      g_snprintf (name, sizeof name, LIMN_RESIDUAL, i);
      limn_graph_output (graph, name, i < way.n_skips ? way.skips[i] : way.middle);
    }
}

void
limn_unet_model_build_decoder (const LimnPartCall *call)
{
  const LimnUnetModel *model = call->settings;
  LimnGraph           *graph = call->scope->graph;
  LimnShape            shape = { call->n, call->height, call->width, model->vae.latent_channels };
  LimnTensor          *latent = limn_graph_input (graph, "latent", shape, limn_graph_type (graph));

  limn_graph_output (graph, "picture", limn_vae_decode (call->scope, &model->vae, latent));
}

void
limn_unet_model_build_encoder (const LimnPartCall *call)
{
  const LimnUnetModel *model = call->settings;
  LimnGraph           *graph = call->scope->graph;
  int                  channels = model->vae.latent_channels;
  LimnTensor          *picture = limn_graph_input (graph, "picture", (LimnShape){ call->n, call->height, call->width, 3 },
                                                   limn_graph_type (graph));
  LimnTensor          *moments = limn_vae_encode (call->scope, &model->vae, picture);

  limn_graph_output (graph, "mean", limn_slice (graph, moments, 0, channels));
  limn_graph_output (graph, "log-variance", limn_slice (graph, moments, channels, channels));
}
