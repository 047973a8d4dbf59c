/* What the files of a generation share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/model-private.h"
#include "engine/texts.h"

G_BEGIN_DECLS

/**
 * LimnInpaint:
 * @source: (nullable): the picture's latent, scaled for the sampler
 * @mask: (nullable): [1, h, w, 1], 1 where to repaint, else 0
 * @masked: (nullable): latent of the picture without what the mask covers, for models that take it beside the noisy latent
 */
typedef struct
{
  LimnArray *source, *mask, *masked;
} LimnInpaint;

/**
 * limn_generation_guides:
 * @progress: share of the steps that are done
 * @time: as the network is told
 *
 * Returns: whether guidance holds now
 */
gboolean limn_generation_guides (const LimnGeneration *settings,
                                 const LimnFacts      *facts,
                                 double                progress,
                                 double                time);

/**
 * limn_guidance_rescale:
 * @share: 0: changes nothing, 1: all the way
 * @positive: what was predicted with the prompt alone
 * @guided: (inout): with guidance
 *
 * Brings the deviation of @guided towards that of @positive (Lin et al., 2023).
 */
void limn_guidance_rescale (double       share,
                            const float *positive,
                            float       *guided,
                            gsize        n);

/**
 * limn_draw_variation:
 * @latent: (inout): [1, h, w, c], noise
 * @other: of the same size
 *
 * Goes @share of the way to @other, on the great circle between the columns of each channel; noises that hardly differ stay as they are.
 */
void limn_draw_variation (LimnArray       *latent,
                          const LimnArray *other,
                          double           share);

/* Fills @settings from what was asked and the model's defaults, and checks all of it. */
gboolean limn_generation_resolve (LimnModel            *model,
                                  const LimnGeneration *asked,
                                  LimnGeneration       *settings,
                                  GError              **error);

/**
 * limn_text_with_conditions:
 * @negative: whether it is the text of the negative prompt
 *
 * Returns: (transfer full): a copy of @text with what this generation tells the generator beside it
 */
LimnText *limn_text_with_conditions (LimnModel            *model,
                                     const LimnText       *text,
                                     const LimnGeneration *settings,
                                     gboolean              negative);

/* Makes it what a generator was trained to take for no text at all. */
void limn_text_zero (LimnText *text);

/* Makes what the picture and the mask of @settings, or its parts, ask for. */
gboolean limn_inpaint_prepare (LimnModel            *model,
                               const LimnGeneration *settings,
                               LimnInpaint          *inpaint,
                               GError              **error);
void     limn_inpaint_clear (LimnInpaint *inpaint);

/**
 * limn_inpaint_fill_input:
 * @x: [1, h, w, channels], already scaled
 * @input: [n, h, w, channels] of each branch the same, or with mask and masked latent behind
 */
void limn_inpaint_fill_input (const LimnInpaint *inpaint,
                              const float       *x,
                              int                channels,
                              LimnArray         *input);

/* Puts @known, [1, h, w, channels], where the mask is 0. */
void limn_inpaint_blend (const LimnInpaint *inpaint,
                         const float       *known,
                         int                channels,
                         float             *x);

/**
 * limn_draw_latent:
 *
 * Fills [1, h, w, c] with the next numbers of @noise, in the order that the family's reference draws them.
 */
void limn_draw_latent (LimnNoise       *noise,
                       const LimnFacts *facts,
                       LimnShape        shape,
                       float           *latent);

/**
 * limn_array_average:
 * @array: [n, h, w, c]
 * @height, @width: at most h and w
 *
 * Returns: (transfer full): [n, height, width, c]: means over what each place covers
 */
LimnArray *limn_array_average (const LimnArray *array,
                               int              height,
                               int              width);

/* Returns: (transfer full) (nullable): @array, if there is one, at the size that the generator draws. */
LimnArray *limn_array_to_drawn_size (LimnModel       *model,
                                     const LimnArray *array);

/**
 * limn_enlarge_to_size:
 * @drawn: (transfer full): [1, h, w, 3], 0…1, as decoded
 *
 * Brings the picture to the size of @settings. Where it is enlarged, and only a part was repainted, the rest is that of the picture given.
 *
 * Returns: (transfer full): [1, height, width, 3], 0…1
 */
LimnArray *limn_enlarge_to_size (LimnModel            *model,
                                 const LimnGeneration *settings,
                                 LimnArray            *drawn,
                                 GError              **error);

/* The texts of n samples into the inputs of a plan (parts.c). */
gboolean limn_plan_write_texts (LimnPlan        *plan,
                                const LimnText **texts,
                                int              n,
                                GError         **error);

/**
 * limn_generation_control:
 * @progress: share of the steps that are done, 0…1
 * @input: of the generator
 * @channels: of the latent in it
 * @residuals: (out) (nullable) (transfer full): what all ControlNets of @settings add; %NULL if there are none
 */
gboolean limn_generation_control (const LimnGeneration *settings,
                                  double                progress,
                                  const LimnArray      *input,
                                  int                   channels,
                                  double                time,
                                  const LimnText      **texts,
                                  LimnResiduals       **residuals,
                                  GError              **error);

/* Whether the second pass that @settings ask for can be made. */
gboolean limn_hires_check (LimnModel            *model,
                           const LimnGeneration *settings,
                           GError              **error);

/* What the second pass is asked for; its controls are still those of the first. */
gboolean limn_hires_settings (LimnModel            *model,
                              const LimnGeneration *first,
                              LimnGeneration       *second,
                              GError              **error);

/* Returns: (transfer full): the first pass's @latent in the size of the second, scaled for the sampler */
LimnArray *limn_hires_source (LimnModel            *model,
                              const LimnGeneration *first,
                              const LimnGeneration *second,
                              const LimnArray      *latent,
                              GError              **error);

/* Returns: (transfer full): the ControlNets of @second with pictures of its size; for limn_hires_controls_free() */
LimnControl *limn_hires_controls (const LimnGeneration *second);
void         limn_hires_controls_free (LimnControl *controls,
                                       int          n);

/* The process that the model was trained on. */
LimnProcess *limn_model_process (LimnModel *model);

/* What limn_progress_save() saves from. */
struct _LimnStanding
{
  const LimnSamplerStep *step;
  LimnShape              shape;
  int                    draws;
};

/* Returns: whether @saved is of a run of @steps steps with latents of @shape */
gboolean limn_saved_check (const LimnSaved *saved,
                           LimnShape        shape,
                           int              steps,
                           GError         **error);

/**
 * LimnSampling:
 * @x: (inout): noise, then the latent
 * @dump: (nullable)
 * @before, @after: steps of other passes, told with this one's
 */
typedef struct
{
  LimnModel            *model;
  const LimnGeneration *settings;
  const LimnTexts      *texts;
  const LimnInpaint    *inpaint;
  LimnNoise            *noise;
  LimnArray            *x;
  GHashTable           *dump;
  LimnProgressFunc      progress;
  gpointer              data;
  double                step_seconds; /* (out) */
  int                   before, after;
} LimnSampling;

/* From noise to a latent: all steps of the sampler. */
gboolean limn_sampling_run (LimnSampling *sampling,
                            GError      **error);

G_END_DECLS
