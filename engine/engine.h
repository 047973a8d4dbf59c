/* The engine's public face: open a model, make pictures, look inside.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/error.h"
#include "engine/core/tensor.h"
#include "engine/prompt/prompt.h"
#include "engine/samplers/sampler.h"
#include "engine/samplers/noise.h"

G_BEGIN_DECLS

typedef struct _LimnEngine LimnEngine;
typedef struct _LimnModel  LimnModel;

/**
 * LimnEngineOptions:
 * @threads: 0: one a physical core
 * @type: "auto" (f16 on graphics cards that store it, bf16 where the processor multiplies it natively, else f32), "f32", "bf16" (the
 *   processor), "int8" (the processor: auto's type, with the generator's linear layers in 8 bits: faster, a little less exact) or "f16" (graphics
 *   cards); %NULL: $LIMN_TYPE, else auto
 * @memory: bytes that may be taken, as "4G"; %NULL: $LIMN_MEMORY, else what the system has left. Where that is little, plans are made that
 *   take longer; LimnResult.notes tells it
 * @device: "auto" (the fastest graphics card, else the processor), "cpu", "vulkan" or "vulkan:N"; %NULL: $LIMN_DEVICE, else auto
 */
typedef struct
{
  int         threads;
  const char *type;
  const char *device;
  const char *memory;
} LimnEngineOptions;

/**
 * limn_engine_new:
 * @options: (nullable): all defaults
 *
 * Returns: (transfer full): an engine; all calls on it and its models come from one thread at a time
 */
LimnEngine *limn_engine_new (const LimnEngineOptions *options,
                             GError                 **error);
void        limn_engine_free (LimnEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnEngine, limn_engine_free)

/**
 * LimnDeviceInfo:
 * @id: what LIMN_DEVICE takes
 * @kind: "cpu", "discrete", "integrated", "virtual" or "software" (a graphics card that the processor plays)
 * @driver: (nullable): of a graphics card, with its version and Vulkan's
 * @type: (nullable): "f32", "bf16" or "f16": what auto computes in; %NULL where the device cannot be used
 * @reason: why auto takes it, or why it does not; one sentence without an end
 * @features: (array zero-terminated=1): as the processor or driver reports them
 * @threads: 0 for graphics cards
 * @memory, @budget: bytes there are, and bytes that this process may use now; 0 where nobody tells
 * @chosen: whether auto takes it
 * @used: whether the engine asked computes on it
 */
typedef struct
{
  char    *id, *name, *kind, *driver, *type, *reason;
  char   **features;
  int      threads;
  guint64  memory, budget;
  gboolean chosen, used;
} LimnDeviceInfo;

/**
 * limn_engine_devices:
 *
 * Returns: (transfer full) (element-type LimnDeviceInfo): what there is: the processor, then graphics cards in the order of their ids.
 *   Exactly one has chosen set, exactly one used.
 */
GPtrArray *limn_engine_devices (LimnEngine *engine);

/* Returns: (transfer full): the id of the device that it computes on */
char *limn_engine_device (const LimnEngine *engine);

/**
 * limn_model_open:
 * @path: a diffusers folder or a single .safetensors or GGUF file
 * @configs: (nullable): a diffusers folder whose configs replace the family's published ones (head and group counts of a
 *   single file are in no tensor)
 *
 * Recognises the family by contents and checks every file's header. Weights are read when a part is first used.
 *
 * Returns: (transfer full): a model, or %NULL with an error that says what to do
 */
LimnModel *limn_model_open (LimnEngine *engine,
                            const char *path,
                            const char *configs,
                            GError    **error);
void       limn_model_free (LimnModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnModel, limn_model_free)

/**
 * limn_model_set_part:
 * @part: "vae", "text_encoder", "text_encoder_2", "unet"; "tiny_vae": one that decodes in the place of "vae"
 * @path: a file or folder that has this part, alone or among others
 *
 * Takes a part from elsewhere: an autoencoder of its own, or what a file with a generator alone lacks. After a failure the model is of no
 * more use.
 */
gboolean limn_model_set_part (LimnModel  *model,
                              const char *part,
                              const char *path,
                              GError    **error);

/* Returns: whether the model has that part */
gboolean limn_model_has_part (LimnModel  *model,
                              const char *part);

/**
 * LimnModelInfo:
 * @family: id of the family ("starter", "sd15", "sdxl")
 * @parts: (array zero-terminated=1): "unet 859.5 M f16" a line
 * @width, @height: size in pixels if none is asked for; @size_step: sizes are multiples of it
 * @native: side of the squares that the generator draws, if it draws only these; larger squares are made by the model's enlarger. 0: any size
 *
 * Facts of a model and the settings it is used with when nothing is asked for. Owned by the model.
 */
typedef struct
{
  const char *path, *family, *label;
  char      **parts;
  guint64     parameters;
  int         width, height, size_step, max_size, native;
  int         steps;
  double      guidance;
  const char *sampler, *schedule;
  int         latent_channels, latent_factor;
  const char *licence; /* nullable */
} LimnModelInfo;

const LimnModelInfo *limn_model_info (LimnModel *model);

/* Returns: width or height that the generator draws where pictures of @size pixels are asked for; the latent has that size. */
static inline int
limn_model_drawn_size (const LimnModelInfo *info,
                       int                  size)
{
  return info->native > 0 ? info->native : size;
}

/**
 * LimnAdapter:
 * @path: a .safetensors file of kohya's sd-scripts, LyCORIS, diffusers or PEFT: LoRA, LoCon, LoHa, LoKr, full differences, DoRA
 * @weight: how much of it for the generator; negative turns it round
 * @text_weight: the same for the text encoders
 */
typedef struct
{
  const char *path;
  double      weight, text_weight;
} LimnAdapter;

/**
 * limn_model_set_adapters:
 * @adapters: (array length=n): in the order they are added; none takes all off
 *
 * Sets exactly these. The model's files stay mapped and untouched; plans of parts that change are made anew when they are next needed. Files
 * stay open, so that setting them again, with other weights or after they were taken off, reads nothing. Where tensors of a file change
 * nothing here (it was made with a part that this model lacks), a note says so, and limn_model_adapter_info().
 *
 * Returns: %FALSE with an error, everything as it was: %LIMN_ENGINE_ERROR_FILE, %LIMN_ENGINE_ERROR_UNSUPPORTED if a file is no adapter or one
 *   for another kind of model, %LIMN_ENGINE_ERROR_ARGUMENT for weights out of range
 */
gboolean limn_model_set_adapters (LimnModel         *model,
                                  const LimnAdapter *adapters,
                                  gsize              n,
                                  GError           **error);

/**
 * LimnAdapterInfo:
 * @used: weights of the model that it changes
 * @unused: its tensors that change nothing, @first_unused: (nullable): the name of one
 *
 * What is set; texts belong to the model and are valid until the next limn_model_set_adapters().
 */
typedef struct
{
  const char *path;
  double      weight, text_weight;
  guint       used, unused;
  const char *first_unused;
} LimnAdapterInfo;

/* Returns: whether so many adapters are set */
gboolean limn_model_adapter_info (LimnModel       *model,
                                  gsize            index,
                                  LimnAdapterInfo *info);

/**
 * limn_model_set_embeddings:
 * @names: (array length=n): what they are called in prompts
 * @paths: (array length=n): .safetensors files of textual inversion: `emb_params`, `string_to_param.*`, `clip_l` and `clip_g`, or one tensor
 *
 * Sets exactly these new words. Each vector takes an id, from the size of the vocabulary up.
 *
 * Returns: %FALSE with an error, everything as it was
 */
gboolean limn_model_set_embeddings (LimnModel         *model,
                                    const char *const *names,
                                    const char *const *paths,
                                    gsize              n,
                                    GError           **error);

/**
 * limn_model_embedding_ids:
 * @first: (out): its first id, for each text encoder, @count: (out): how many there are
 *
 * Returns: %FALSE if no embedding of that name is set
 */
gboolean limn_model_embedding_ids (LimnModel  *model,
                                   const char *name,
                                   int        *first,
                                   int        *count);

/**
 * LimnText:
 * @tokens: [1, e, t, 1] ids as floats, a row for each of the model's e text encoders
 * @embedding: [1, 1, t, c], all encoders' one after the other
 * @pooled: (nullable): [1, 1, 1, c]
 * @conditions: (nullable): [1, 1, 1, k] what the generator is told beside the text, where it is (Podell et al., 2023): height and width of
 *   the original, top and left of the crop, then height and width wanted (SDXL) or a score of beauty (its refiner)
 * @length: tokens that are not padding
 */
typedef struct
{
  LimnArray *tokens, *embedding, *pooled, *conditions;
  int        length;
} LimnText;

void limn_text_free (LimnText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnText, limn_text_free)

/**
 * limn_model_set_tokenizer:
 * @folder: with the tokenizer's files: vocab.json and merges.txt, or tokenizer.json
 *
 * Takes the tokenizer from there: single files carry none. Without this call it is looked for in the model's folder, beside a single file,
 * and in $XDG_DATA_HOME/limn/tokenizers.
 */
gboolean limn_model_set_tokenizer (LimnModel  *model,
                                   const char *folder,
                                   GError    **error);

/**
 * limn_model_tokenize:
 *
 * Returns: (transfer full): ids [1, e, t, 1], a row for each of the model's text encoders, padded as it takes them
 */
LimnArray *limn_model_tokenize (LimnModel  *model,
                                const char *prompt,
                                GError    **error);

/**
 * limn_model_encode_tokens:
 * @clip_skip: 1: the last block's output, 2: the one before it, …
 *
 * Returns: (transfer full): what the generator is conditioned on
 */
LimnText *limn_model_encode_tokens (LimnModel       *model,
                                    const LimnArray *tokens,
                                    int              clip_skip,
                                    GError         **error);

/**
 * limn_model_predict:
 * @latent: [n, h, w, c], as the network takes it (with mask and masked picture behind the latent for inpainting models)
 * @time: 0…1000 for diffusion models, 0…1 for flow models
 * @texts: n of them
 *
 * One call of the generator.
 *
 * Returns: (transfer full): its output: noise, velocity, as the family's prediction is
 */
LimnArray *limn_model_predict (LimnModel       *model,
                               const LimnArray *latent,
                               double           time,
                               const LimnText **texts,
                               GError         **error);

/**
 * LimnResiduals:
 * @arrays: what a ControlNet adds to the generator's results: those on its way down in order, then that of the middle; [n, h, w, c] each
 * @count: of @arrays
 */
typedef struct
{
  LimnArray **arrays;
  int         count;
} LimnResiduals;

void limn_residuals_free (LimnResiduals *residuals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnResiduals, limn_residuals_free)

/**
 * limn_model_control:
 * @control: a model of the family "controlnet"
 * @latent, @time, @texts: as the generator is given them
 * @hint: [1, 8 h, 8 w, 3], 0…1: lines, depth, poses
 * @scale: multiplies each result
 *
 * One call of a ControlNet (Zhang et al., 2023).
 *
 * Returns: (transfer full): what it adds
 */
LimnResiduals *limn_model_control (LimnModel       *control,
                                   const LimnArray *latent,
                                   double           time,
                                   const LimnText **texts,
                                   const LimnArray *hint,
                                   double           scale,
                                   GError         **error);

/* Adds @more, which is of the same sizes, to @residuals. */
gboolean limn_residuals_add (LimnResiduals       *residuals,
                             const LimnResiduals *more,
                             GError             **error);

/* limn_model_predict(), with what ControlNets add: (nullable). */
LimnArray *limn_model_predict_with (LimnModel           *model,
                                    const LimnArray     *latent,
                                    double               time,
                                    const LimnText     **texts,
                                    const LimnResiduals *residuals,
                                    GError             **error);

/**
 * limn_model_decode:
 * @latent: [n, h, w, c], scaled as the sampler leaves it
 *
 * Returns: (transfer full): [n, H, W, 3], values around 0…1, not clamped
 */
LimnArray *limn_model_decode (LimnModel       *model,
                              const LimnArray *latent,
                              GError         **error);

/**
 * limn_model_encode:
 * @picture: [n, H, W, 3], 0…1
 * @deviation: (out) (optional) (transfer full): standard deviation of the posterior, unscaled; %NULL set where the autoencoder has none
 *
 * Returns: (transfer full): mean of the posterior, as the autoencoder gives it, before the family's latent scale
 */
LimnArray *limn_model_encode (LimnModel       *model,
                              const LimnArray *picture,
                              LimnArray      **deviation,
                              GError         **error);

/**
 * limn_model_enlarge:
 * @picture: [n, H, W, 3], 0…1
 *
 * Returns: (transfer full): as the model's enlarger shows it, values around 0…1, not clamped; %NULL with %LIMN_ENGINE_ERROR_ARGUMENT if the
 *   model has none
 */
LimnArray *limn_model_enlarge (LimnModel       *model,
                               const LimnArray *picture,
                               GError         **error);

/**
 * limn_model_preview:
 * @latent: [n, h, w, c], scaled as the sampler has it
 *
 * Returns: (transfer full) (nullable): [n, h, w, 3], 0…1: about what it will be decoded to, a pixel a place; %NULL if that is not known for
 *   this model. May be called from within a progress function.
 */
LimnArray *limn_model_preview (LimnModel       *model,
                               const LimnArray *latent);

/* Between the autoencoder's latent and the sampler's: scale and shift (one number or one a channel) of the family. In place. */
void limn_model_scale_latent (LimnModel *model, LimnArray *latent);
void limn_model_unscale_latent (LimnModel *model, LimnArray *latent);

/**
 * limn_model_noise:
 * @width, @height: of the picture, multiples of the model's size step
 *
 * Returns: (transfer full): the noise that a generation with @seed starts from, [1, h, w, c]: what PyTorch's CPU generator draws, in the
 *   order that the family's reference draws it
 */
LimnArray *limn_model_noise (LimnModel *model,
                             int        width,
                             int        height,
                             guint64    seed);

/* Where a generation stands between two steps. */
typedef struct _LimnStanding LimnStanding;

/**
 * LimnProgress:
 * @stage: "load", "encode", "sample" or "decode"; "enlarge" of an upscaler, whose steps are tiles
 * @seconds_left: negative while unknown
 * @standing: (nullable): for limn_progress_save(); %NULL unless a step was just done
 * @denoised: (nullable): after a step, what the generator sees in the latent, [1, h, w, c]: for limn_model_preview()
 */
typedef struct
{
  const char         *stage;
  int                 picture, pictures;
  int                 step, steps;
  double              seconds_left;
  const LimnStanding *standing;
  const LimnArray    *denoised;
} LimnProgress;

/**
 * LimnSaved:
 * @step: of @steps were done
 * @draws: of noise, since the first
 * @remembered: earlier results that the sampler goes on from
 * @latents: [@remembered + 2, h, w, c]
 *
 * A generation between two steps. With the same settings, model and device it goes on to the very same picture.
 */
typedef struct
{
  int        step, steps, draws, remembered;
  LimnArray *latents;
} LimnSaved;

void limn_saved_free (LimnSaved *saved);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnSaved, limn_saved_free)

/* Returns: (transfer full) (nullable): to be called within the progress function; %NULL where no step was just done */
LimnSaved *limn_progress_save (const LimnProgress *progress);

/* Returns: (transfer full): for a file or a database */
GBytes *limn_saved_to_bytes (const LimnSaved *saved);

/* Returns: (transfer full): what limn_saved_to_bytes() wrote, or %NULL with %LIMN_ENGINE_ERROR_ARGUMENT */
LimnSaved *limn_saved_from_bytes (GBytes  *bytes,
                                  GError **error);

/* Returns %FALSE to stop between two steps. */
typedef gboolean (*LimnProgressFunc) (const LimnProgress *progress,
                                      gpointer            data);

/**
 * LimnGenerationParts:
 * @text, @negative: in place of the encoded prompts
 * @levels: in place of the sampler's steps, schedule and strength
 * @source: latent of the picture, in place of the encoded one, [1, h, w, c], scaled for the sampler
 * @masked: the same of the picture without what the mask covers, for inpainting models
 * @latent_only: stop before decoding: the result has no image, its dump has the latent
 * @resume: go on from there, instead of from noise; refused if it is of another size or number of steps
 *
 * Intermediate results made elsewhere, each nullable: for comparisons with other programs, and for what is made by hand.
 */
typedef struct
{
  const LimnText   *text, *negative;
  const LimnLevels *levels;
  const LimnArray  *source, *masked;
  gboolean          latent_only;
  const LimnSaved  *resume;
} LimnGenerationParts;

/**
 * LimnControl:
 * @model: of the family "controlnet"
 * @hint: [1, H, W, 3], 0…1, of the picture's size: lines, depth, poses, as the ControlNet was trained on
 * @weight: how much it steers: 1 as trained
 * @begin, @end: share of the steps from which and up to which it does, 0…1
 */
typedef struct
{
  LimnModel       *model;
  const LimnArray *hint;
  double           weight, begin, end;
} LimnControl;

/**
 * LimnGeneration:
 *
 * Everything that influences the pixels of one picture. %NULL takes the model's default, as 0 does in @width, @height, @steps and
 * @clip_skip, and any negative number in @guidance and @strength.
 * @picture: (nullable): [1, H, W, 3], 0…1: start from it (picture to picture)
 * @prompt, @negative: in the language of engine/prompt/prompt.h, as far as the family's text encoders go along
 * @wildcards: (nullable): reads the files that prompts choose lines from, with @wildcards_data
 * @strength: 0…1: how far from @picture: the share of the steps that is run
 * @mask: (nullable): [1, H, W, 1]: 1 where to repaint @picture
 * @guidance_rescale: 0…1: how far the deviation that guidance blows up is brought back to that without it (Lin et al., 2023, section 3.4)
 * @guidance_begin, @guidance_end: share of the steps from which and up to which guidance holds, 0…1 (Kynkäänniemi et al., 2024, who give it in
 *   levels of noise); an end of 0 is 1
 * @variation: 0…1: how far the initial noise goes from the seed's to that of @variation_seed, on the great circle between them, as
 *   AUTOMATIC1111 does it
 * @hires: a second pass in a size so many times as large: up to 4; 0 and 1: none
 * @hires_steps: of the second pass; 0: as many
 * @hires_strength: how far the second pass goes from the first's picture; negative: default
 * @hires_upscaler: (nullable): how it is made larger: "latent" (between the latent's places), or a file for limn_upscaler_open(); %NULL: Lanczos' filter
 * @noise: (nullable): the initial noise, [1, h, w, c], in place of the seed's
 * @controls: (array length=n_controls): ControlNets that steer it
 * @parts: (nullable): see #LimnGenerationParts
 */
typedef struct
{
  const char                *prompt, *negative;
  LimnWildcardFunc           wildcards;
  gpointer                   wildcards_data;
  int                        width, height, steps;
  double                     guidance; /* < 0: default */
  double                     guidance_rescale, guidance_begin, guidance_end;
  guint64                    seed, variation_seed;
  double                     variation;
  const char                *sampler, *schedule;
  int                        clip_skip;
  double                     strength;
  double                     hires, hires_strength;
  int                        hires_steps;
  const char                *hires_upscaler;
  const LimnArray           *picture, *mask, *noise;
  const LimnControl         *controls;
  int                        n_controls;
  const LimnGenerationParts *parts;
} LimnGeneration;

/**
 * LimnResult:
 * @image: [1, H, W, 3], 0…1
 * @settings: the generation with all defaults filled in and all choices of its prompts made; what it points to is the caller's, but for
 *   sampler and schedule, which are constants, and the prompts
 * @prompt, @negative: those of @settings
 * @notes: (array zero-terminated=1): sentences about what was done otherwise than usual, and why
 * @dump: (nullable): name → LimnArray of intermediate tensors, if asked for
 * @encode_seconds, @step_seconds, @decode_seconds: measured; the second is the mean of a step, the third has the enlarger's in it
 */
typedef struct
{
  LimnArray     *image;
  LimnGeneration settings;
  char          *prompt, *negative;
  GHashTable    *dump;
  char         **notes;
  double         load_seconds, encode_seconds, step_seconds, decode_seconds;
} LimnResult;

void limn_result_free (LimnResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnResult, limn_result_free)

/**
 * limn_generate:
 * @dump: keep `tokens`, `text` (a row for the prompt, a row for the negative one if it was used), `latent-0` (as sampling begins),
 *   `denoised-K` (the picture seen in step K), `latent` (as sampling ends), `times` (told to the network, in order), `decoded` (the picture as it
 *   was drawn, if it is enlarged after) and `image` in the result
 * @progress: (nullable)
 *
 * Text → latent → picture. A result with NaN or of one colour is an error.
 *
 * Returns: (transfer full): the picture, or %NULL: %LIMN_ENGINE_ERROR_ARGUMENT (sizes, steps, unknown names),
 * %LIMN_ENGINE_ERROR_CANCELLED, %LIMN_ENGINE_ERROR_MEMORY, %LIMN_ENGINE_ERROR_RESULT or a file's error
 */
LimnResult *limn_generate (LimnModel            *model,
                           const LimnGeneration *generation,
                           gboolean              dump,
                           LimnProgressFunc      progress,
                           gpointer              data,
                           GError              **error);

/**
 * LimnModelCost:
 *
 * What a generation will take, known before it runs: for `bench`, `info` and the queue. Bytes and arithmetic operations; @enlarge_operations is 0
 * where nothing is enlarged.
 */
typedef struct
{
  double step_operations, decode_operations, enlarge_operations;
  double step_bytes, decode_bytes;
  gsize  memory;
} LimnModelCost;

gboolean limn_model_cost (LimnModel     *model,
                          int            width,
                          int            height,
                          LimnModelCost *cost,
                          GError       **error);

G_END_DECLS

#include "engine/side-models.h"
