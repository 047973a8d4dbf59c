/* Upscalers and tiny autoencoders, for the engine's own files and their tests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/upscaler-facts.h"
#include "engine/engine.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

/**
 * limn_upscaler_recognise:
 *
 * Returns: whether @weights are an upscaler that can be run; then @info is filled
 */
gboolean limn_upscaler_recognise (const LimnWeights *weights,
                                  LimnUpscalerInfo  *info);

/**
 * limn_tiny_vae_recognise:
 *
 * The same for a tiny autoencoder, or a half of one.
 */
gboolean limn_tiny_vae_recognise (const LimnWeights *weights,
                                  LimnTinyVaeInfo   *info);

/* What was measured of the network. */
const LimnUpscalerFacts *limn_upscaler_facts (const LimnUpscaler *upscaler);

/**
 * limn_upscaler_run_tiled:
 * @side: pixels of the pieces that the picture is computed in, along a side; raised to what the network needs
 *
 * limn_upscaler_run() in pieces of that size.
 */
LimnArray *limn_upscaler_run_tiled (LimnUpscaler    *upscaler,
                                    const LimnArray *picture,
                                    int              side,
                                    LimnProgressFunc progress,
                                    gpointer         data,
                                    GError         **error);

G_END_DECLS
