/* Models beside the one that makes pictures: upscalers, the tiny autoencoder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

typedef struct _LimnUpscaler LimnUpscaler;

/**
 * LimnUpscalerInfo:
 * @kind: "rrdb" or "srvgg"
 * @scale: pixels of the result along a side for one of the picture: 1, 2, 4 …
 * @parameters: numbers of the network
 * @type: that most of them have in the file: "f16"
 */
typedef struct
{
  const char *kind, *type;
  int         scale;
  guint64     parameters;
} LimnUpscalerInfo;

/**
 * limn_upscaler_open:
 * @path: a .safetensors file, or a folder with one
 *
 * Recognises the network by its tensors: RRDBNet (ESRGAN, Real-ESRGAN, BSRGAN; under the names of any of them) or SRVGGNetCompact
 * (Real-ESRGAN's small ones). Weights are read when it is first run.
 *
 * Returns: (transfer full): an upscaler, which its engine outlives; %NULL with %LIMN_ENGINE_ERROR_FILE or %LIMN_ENGINE_ERROR_UNSUPPORTED
 */
LimnUpscaler *limn_upscaler_open (LimnEngine *engine,
                                  const char *path,
                                  GError    **error);
void          limn_upscaler_free (LimnUpscaler *upscaler);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnUpscaler, limn_upscaler_free)

const LimnUpscalerInfo *limn_upscaler_info (const LimnUpscaler *upscaler);

/* Returns: the scale of its info */
int limn_upscaler_scale (const LimnUpscaler *upscaler);

/**
 * limn_upscaler_run:
 * @picture: [1, h, w, 3], 0…1, of any size
 * @progress: (nullable): told before each tile and after the last, stage "enlarge"
 *
 * Works in overlapping tiles of bounded size. Where a network sees at most 64 pixels around one, tiles change nothing; else they pass into
 * each other.
 *
 * Returns: (transfer full): [1, h · scale, w · scale, 3], values around 0…1, not clamped; %NULL with %LIMN_ENGINE_ERROR_ARGUMENT,
 * %LIMN_ENGINE_ERROR_CANCELLED, %LIMN_ENGINE_ERROR_MEMORY, %LIMN_ENGINE_ERROR_RESULT or a file's error
 */
LimnArray *limn_upscaler_run (LimnUpscaler    *upscaler,
                              const LimnArray *picture,
                              LimnProgressFunc progress,
                              gpointer         data,
                              GError         **error);

typedef struct _LimnTinyVae LimnTinyVae;

/**
 * LimnTinyVaeInfo:
 * @latent_channels: of the latents it is for: 4 for SD 1.x, 2.x and SDXL (each its own), 16 for later families
 * @latent_factor: pixels along a side for one place of the latent
 * @encodes, @decodes: which halves are there
 * @parameters: numbers of them
 * @type: that most of them have in the file: "f16"
 */
typedef struct
{
  int         latent_channels, latent_factor;
  gboolean    encodes, decodes;
  guint64     parameters;
  const char *type;
} LimnTinyVaeInfo;

/**
 * limn_tiny_vae_open:
 * @path: a .safetensors file with one half or both, or a folder: diffusers' or one with the authors' two files
 *
 * Recognises TAESD (a tiny autoencoder for previews and fast decoding) by its tensors. Weights are read when a half is first used.
 *
 * Returns: (transfer full): an autoencoder, which its engine outlives; %NULL with %LIMN_ENGINE_ERROR_FILE or %LIMN_ENGINE_ERROR_UNSUPPORTED
 */
LimnTinyVae *limn_tiny_vae_open (LimnEngine *engine,
                                 const char *path,
                                 GError    **error);
void         limn_tiny_vae_free (LimnTinyVae *vae);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnTinyVae, limn_tiny_vae_free)

const LimnTinyVaeInfo *limn_tiny_vae_info (const LimnTinyVae *vae);

/**
 * limn_tiny_vae_encode:
 * @picture: [n, H, W, 3], 0…1
 *
 * Returns: (transfer full): [n, H / factor, W / factor, c], rounded up: scaled as the sampler has it
 */
LimnArray *limn_tiny_vae_encode (LimnTinyVae     *vae,
                                 const LimnArray *picture,
                                 GError         **error);

/**
 * limn_tiny_vae_decode:
 * @latent: [n, h, w, c], scaled as the sampler leaves it
 *
 * Returns: (transfer full): [n, h · factor, w · factor, 3], values around 0…1, not clamped
 */
LimnArray *limn_tiny_vae_decode (LimnTinyVae     *vae,
                                 const LimnArray *latent,
                                 GError         **error);

G_END_DECLS
