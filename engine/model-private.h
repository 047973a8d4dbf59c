/* What the files behind engine.h share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/side-models.h"
#include "engine/adapters.h"
#include "engine/core/plan.h"
#include "engine/cpu/cpu.h"
#include "engine/engine.h"
#include "engine/models/family.h"
#include "engine/prompt/chunks.h"
#include "engine/tokenizers/tokenizer.h"
#include "engine/vulkan/device.h"

G_BEGIN_DECLS

/**
 * LimnEngine:
 * @vulkan: (nullable): the graphics card that is used
 * @backend: that of @vulkan, else of @cpu
 * @type: of activations
 * @quantised: whether generators multiply in 8 bits where the processor can
 * @automatic, @automatic_type: whether the device or the type was left to the engine, so that it may change its mind
 * @reason: (nullable): why no graphics card was taken
 */
struct _LimnEngine
{
  LimnCpu     *cpu;
  LimnVulkan  *vulkan;
  LimnBackend *backend;
  LimnType     type;
  gboolean     quantised;
  guint64      memory; /* 0: what the system has left */
  gboolean     automatic, automatic_type;
  char        *reason;
};

/* Returns: the type of activations that auto takes on @card, or on the processor if it is %NULL */
LimnType limn_engine_best_type (const LimnEngine     *engine,
                                const LimnVulkanInfo *card);

/**
 * limn_engine_recover:
 * @backend, @type: (inout): what something was computed with that failed
 * @error: (inout): why; cleared and told as a warning if it can be tried again
 *
 * Changes the way something is computed, where that was left to the engine: after numbers that are not finite, all is f32; when the
 * graphics card is too small or fails, the processor goes on. Plans made before are of no use then.
 *
 * Returns: whether what failed should be tried again
 */
gboolean limn_engine_recover (const LimnEngine *engine,
                              LimnBackend     **backend,
                              LimnType         *type,
                              GError          **error);

/* What a plan was made for. */
typedef struct
{
  int      n, height, width, clip_skip, text_tokens;
  gboolean controlled;
} LimnPlanKey;

typedef struct
{
  LimnPlanKey key;
  LimnPlan   *plan; /* nullable: a free place */
  guint64     used; /* counts up: the plan used longest ago makes place */
} LimnCachedPlan;

/* One sample a branch, and both of classifier-free guidance together. */
#define LIMN_CACHED_PLANS 2

/* Bytes of weights and intermediate results up to which a plan is kept beside another of the same part. */
#define LIMN_CACHED_BYTES ((gsize) 256 << 20)

/* Texts that are kept encoded: pictures are often made in series. */
#define LIMN_CACHED_TEXTS 8

struct _LimnModel
{
  LimnEngine       *engine;
  LimnBackend      *backend; /* of its plans, and the type of their activations: the engine's, until limn_model_recover() */
  LimnType          type;
  LimnModelFolder  *folder;
  LimnModelFolder  *configs; /* nullable: settings from elsewhere */
  const LimnFamily *family;
  gpointer          settings; /* the family's own */
  LimnFacts         facts;
  LimnModelInfo     info;
  char             *path;
  LimnTokenizer    *tokenizer; /* nullable: not opened yet */
  LimnCachedPlan    plans[LIMN_N_PARTS][LIMN_CACHED_PLANS];
  guint64           uses;
  GPtrArray        *notes; /* sentences about how it was done */
  LimnAdapters     *adapters;
  GHashTable       *texts; /* "clip skip, prompt" → LimnText */
  LimnTinyVae      *tiny;  /* nullable: decodes in the autoencoder's place */
};

/**
 * limn_model_plan:
 * @key: shape of the latent (of the picture for the encoder and the enlarger); clip_skip for the text encoder only, controlled and
 *   text_tokens (0: as many as the facts say) for the generator
 *
 * Returns: (transfer none): the plan of @part for that shape, from the cache or made now; valid until the next call. %NULL with an error
 *   that names the part if the model does not have it
 */
LimnPlan *limn_model_plan (LimnModel         *model,
                           LimnPart           part,
                           const LimnPlanKey *key,
                           GError           **error);

/* Returns: (transfer full): what @part computes for that shape, or %NULL with an error */
LimnGraph *limn_model_graph (LimnModel         *model,
                             LimnPart           part,
                             const LimnPlanKey *key,
                             GError           **error);

/* Returns: whether there is a plan of @part for that shape already */
gboolean limn_model_has_plan (LimnModel         *model,
                              LimnPart           part,
                              const LimnPlanKey *key);

/**
 * limn_model_make_room:
 *
 * Frees plans of other parts if the intermediates of a plan would not fit into the memory that may be taken.
 *
 * Returns: whether they fit now
 */
gboolean limn_model_make_room (LimnModel         *model,
                               LimnPart           part,
                               const LimnPlanKey *key);

/* Keeps a sentence to tell beside the result, if it is not there yet. */
void limn_model_note (LimnModel  *model,
                      const char *format,
                      ...) G_GNUC_PRINTF (2, 3);

/* Returns: bytes that may be taken now; at least 1 */
gsize limn_engine_room (const LimnEngine *engine);

/* Returns: bytes that programs may take without others being swapped out (devices.c) */
guint64 limn_available_memory (void);

/* "4G" → bytes */
gboolean limn_parse_memory (const char *text,
                            guint64    *bytes,
                            GError    **error);

/* Frees the plans of @part that take more than @bytes; limn_model_drop_plans(): all of them. */
void limn_model_drop_large (LimnModel *model,
                            LimnPart   part,
                            gsize      bytes);
void limn_model_drop_plans (LimnModel *model,
                            LimnPart   part);

/* limn_engine_recover() for a model: its plans are dropped if it is to be computed in another way. */
gboolean limn_model_recover (LimnModel *model,
                             GError   **error);

/* Fills @model->info from files and facts; frees what it filled. */
void limn_model_fill_info (LimnModel *model);
void limn_model_clear_info (LimnModel *model);

/* How many numbers @weights hold; returns the type that most of them have. */
LimnType limn_count_parameters (const LimnWeights *weights,
                                guint64           *parameters);

/* Whether the model can make pictures of that size; the message names the nearest it can make. */
gboolean limn_model_check_size (LimnModel *model,
                                int        width,
                                int        height,
                                GError   **error);

/* Whether a latent has that many channels. */
gboolean limn_check_latent (const LimnArray *latent,
                            int              channels,
                            GError         **error);

/* Half floats overflow where a model's activations are large; f32 does not. */
gboolean limn_check_finite (const LimnArray *array,
                            const char      *what,
                            GError         **error);

/* Returns: (transfer full): @segments as rows of tokens for that encoder (tokenize.c) */
LimnChunks *limn_model_chunks (LimnModel       *model,
                               const GPtrArray *segments,
                               int              encoder,
                               GError         **error);

/* limn_model_encode_tokens() with a weight a token. */
LimnText *limn_model_encode_weighted (LimnModel       *model,
                                      const LimnArray *tokens,
                                      const float     *weights,
                                      int              clip_skip,
                                      GError         **error);

/* Returns: what a plan's key says of the tokens of @text */
int limn_model_text_tokens (const LimnModel *model,
                            const LimnText  *text);

/* Sets LIMN_ENGINE_ERROR_ARGUMENT and returns FALSE. */
gboolean limn_argument_error (GError    **error,
                              const char *format,
                              ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
