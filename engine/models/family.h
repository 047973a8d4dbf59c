/* Model families: how one is recognised, what it is made of, and its defaults.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"
#include "engine/samplers/level.h"
#include "engine/weights/folder.h"

G_BEGIN_DECLS

#define LIMN_MAX_LATENT_CHANNELS 64
#define LIMN_MAX_TEXT_ENCODERS 2

/* Names of a ControlNet's results, and of the generator's inputs for them, from 0 on. */
#define LIMN_RESIDUAL "residual-%d"

/* What a model computes; a plan each. */
typedef enum
{
  LIMN_PART_TEXT,
  LIMN_PART_TEXT_2, /* follows: LIMN_PART_TEXT + 1 */
  LIMN_PART_GENERATOR,
  LIMN_PART_DECODER,
  LIMN_PART_ENCODER,
  LIMN_PART_ENLARGER,
  LIMN_PART_CONTROL,
  LIMN_N_PARTS
} LimnPart;

/**
 * LimnFacts:
 * @size_step: width and height in pixels are multiples of it
 * @max_size: largest width and height
 * @native: side of the squares that the generator draws, if it draws only these; 0: it draws any size
 * @enlarge: how many times as large as the generator's pictures those of the enlarger are; 1: there is none
 * @text_encoders: how many there are; their results are joined channel by channel, and the last one gives the pooled text
 * @zero_padded: of each encoder: whether prompts are filled up with id 0; else with what the tokenizer says
 * @text_tokens: a prompt is padded to
 * @weighted_prompts: whether prompts are weighed and cut into chunks of @text_tokens (CLIP); else they are taken as they are written
 * @vocabulary: ids are below it
 * @latent_factor: pixels a latent place is wide
 * @generator_channels: of the generator's input: more than @latent_channels in inpainting models
 * @scale, @shift: sampler's latent = (autoencoder's - shift) · scale, a number a channel
 * @guidance_below: classifier-free guidance is used only where time / its maximum is below this
 * @prediction: what the generator's output is
 * @noise_patch: the noise is drawn as tokens of this many latent places squared (pixel unshuffle); 0: as [c, h, w]
 * @pooled_text: whether the text encoder gives one vector for the whole prompt, too
 * @pooled_width: of the pooled text that the generator takes; 0: it takes none
 * @conditions: how many numbers the generator is told beside: 6: height and width of the original, top and left of the crop, height and
 *   width wanted; 5: a score of beauty in place of the last two; 0: none
 * @zero_negative: whether an empty negative prompt is zeros rather than an encoded empty text
 * @zero_snr: whether the process ends in pure noise
 * @has_colours, @colours: what a place of the sampler's latent adds to red, green and blue (-1…1), a row a channel, then the constant: a linear
 *   picture of the latent, for previews
 * @wide_autoencoder: whether the autoencoder's numbers are too large for f16
 * @posterior: whether the autoencoder's encoder gives a distribution
 *
 * What the rest of the engine needs to know of a model; the family fills it from the model's files.
 */
typedef struct
{
  int            width, height, size_step, max_size;
  int            native, enlarge;
  int            steps;
  double         guidance, guidance_below;
  const char    *sampler, *schedule;
  LimnPrediction prediction;
  int            text_encoders;
  gboolean       zero_padded[LIMN_MAX_TEXT_ENCODERS];
  int            text_tokens, vocabulary;
  int            pooled_width, conditions;
  int            latent_channels, latent_factor, generator_channels;
  int            noise_patch;
  gboolean       weighted_prompts;
  gboolean       posterior, pooled_text, zero_negative, zero_snr, wide_autoencoder;
  double         scale[LIMN_MAX_LATENT_CHANNELS], shift[LIMN_MAX_LATENT_CHANNELS];
  gboolean       has_colours;
  float          colours[LIMN_MAX_LATENT_CHANNELS + 1][3];
} LimnFacts;

/**
 * LimnModelFiles:
 * @weights: the model
 * @configs: (nullable): where its settings are read; %NULL: the published ones of the family hold
 */
typedef struct
{
  LimnModelFolder *weights;
  LimnModelFolder *configs;
} LimnModelFiles;

/**
 * LimnPartCall:
 * @scope: root of the part's weights
 * @settings: the family's own, as LimnFamily.configure made them
 * @n: samples
 * @height, @width: of the latent; of the picture for the encoder and the enlarger
 * @clip_skip: for the text encoder: 1 for the last block, …
 * @text_tokens: for the generator: those of its text, if it is told more or less than the facts say; else 0
 * @controlled: for the generator: whether it takes the residuals of a ControlNet, inputs named by %LIMN_RESIDUAL
 */
typedef struct
{
  const LimnScope *scope;
  gconstpointer    settings;
  int              n, height, width, clip_skip, text_tokens;
  gboolean         controlled;
} LimnPartCall;

/**
 * LimnFamily:
 * @part_names: folder of each part's weights; %NULL where the family has no such part
 * @classes: of model_index.json, ends at %NULL
 * @recognise: whether the tensors are this family's; never asks for a file's name
 * @configure: measures tensors and reads settings
 * @build: records a part with inputs and outputs of these names:
 *   text, and the second encoder's: tokens (i32 [n, 1, t, 1]) and, if padding is masked, lengths (i32 [n, 1, 1, 1]) → embedding, and last if there is a pooled text;
 *   generator: latent, time (f32 [1, 1, 1, 1]), text, if padding is masked, lengths, and as the facts say pooled (f32 [n, 1, 1, c]) and
 *   conditions (f32 [n, 1, 1, k]) → prediction; a ControlNet's the same and picture (0…1) → residuals;
 *   decoder: latent → picture (-1…1); encoder: picture (-1…1) → mean and, if the facts say posterior, log-variance;
 *   enlarger: picture (-1…1) → picture (-1…1), larger by the facts' enlarge
 * @tokenizer: (nullable): of the vocabulary that all models of the family share
 * @licence: (nullable): of all weights of the family; NULL where anybody may have trained them
 */
typedef struct
{
  const char        *id, *label;
  const char        *part_names[LIMN_N_PARTS];
  const char *const *classes;
  const char        *tokenizer;
  const char        *licence;
  gboolean (*recognise) (LimnModelFolder *folder);
  gpointer (*configure) (const LimnModelFiles *files,
                         LimnFacts            *facts,
                         GError              **error);
  void (*build[LIMN_N_PARTS]) (const LimnPartCall *call);
} LimnFamily;

/**
 * limn_family_find:
 *
 * Returns: (transfer none): the family that @folder is of, or %NULL with %LIMN_ENGINE_ERROR_UNSUPPORTED that says what the file looks like
 */
const LimnFamily *limn_family_find (LimnModelFolder *folder,
                                    GError         **error);

/* For families: sets LIMN_ENGINE_ERROR_FILE and returns FALSE. */
gboolean limn_family_error (GError    **error,
                            const char *format,
                            ...) G_GNUC_PRINTF (2, 3);

/* For families: the settings of @part, or NULL without an error if the published ones hold. FALSE: they are there, but unreadable. */
gboolean limn_model_files_config (const LimnModelFiles *files,
                                  const char           *part,
                                  JsonObject          **config,
                                  GError              **error);

/**
 * limn_weights_dim:
 *
 * Returns: dimension @index of the tensor @name, 0 if there is no such tensor or dimension, or if no layer is that large
 */
int limn_weights_dim (const LimnWeights *weights,
                      const char        *name,
                      int                index);

/**
 * limn_weights_count_numbered:
 * @format: of a name with one %d
 *
 * Returns: how many of the names with 0, 1, 2, … there are without a gap, at most @limit
 */
int limn_weights_count_numbered (const LimnWeights *weights,
                                 const char        *format,
                                 int                limit);

extern const LimnFamily limn_family_starter;
extern const LimnFamily limn_family_sd15;
extern const LimnFamily limn_family_sd2;
extern const LimnFamily limn_family_sdxl;
extern const LimnFamily limn_family_sdxl_refiner;
extern const LimnFamily limn_family_controlnet;

G_END_DECLS
