/* LoRAs and their kin: which algorithm, what rank, and for which family they seem to be.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/file-info-private.h"

#include <string.h>

#define MAX_RANK 1024

/* How names of tensors end, and which of their dimensions is the rank. A convolution's is in the first of the smaller matrix, too. */
static const struct
{
  const char *ending, *algorithm;
  int         rank;
} endings[] = {
  { ".lora_down.weight", "lora", 0 },
  { ".lora_A.weight", "lora", 0 },
  { ".lora.down.weight", "lora", 0 },
  { "_lora.down.weight", "lora", 0 },
  { ".lora_A.default.weight", "lora", 0 },
  { ".hada_w1_b", "loha", 0 },
  { ".lokr_w1", "lokr", -1 },
  { ".lokr_w1_b", "lokr", 0 },
  { ".lokr_w2_b", "lokr", 0 },
};

/* Names of layers that only one family has; the first that is in a name decides. */
static const struct
{
  const char *piece, *family;
} layers[] = {
  { "single_transformer_blocks", "flux" },
  { "double_blocks", "flux" },
  { "single_blocks", "flux" },
  { "joint_blocks", "sd3" },
  { "context_refiner", "z-image" },
  { "noise_refiner", "z-image" },
  { "diffusion_model.layers.", "z-image" },
  { "lora_te2_", "sdxl" },
  { "text_encoder_2.", "sdxl" },
  { "lora_unet_input_blocks_", "sdxl" }, /* kohya writes the original names for it alone */
};

/* XL alone has more than one block an attention in its U-Net; transformers have many blocks, too, but no "attentions". */
static const char *const second_blocks[] = { "transformer_blocks_1_", "transformer_blocks.1." };

/* Width of the text that cross-attention takes. */
static const struct
{
  gint64      width;
  const char *family;
} widths[] = {
  { 768, "sd15" },
  { 1024, "sd2" },
  { 2048, "sdxl" },
  { 1280, "sdxl-refiner" },
};

/* What trainers wrote; only looked at where no tensor tells. */
static const struct
{
  const char *key, *beginning, *family;
} notes[] = {
  { "modelspec.architecture", "stable-diffusion-v1", "sd15" },
  { "modelspec.architecture", "stable-diffusion-v2", "sd2" },
  { "modelspec.architecture", "stable-diffusion-xl-v1", "sdxl" },
  { "modelspec.architecture", "stable-diffusion-3", "sd3" },
  { "modelspec.architecture", "flux-1", "flux" },
  { "modelspec.architecture", "flux-2", "flux2" },
  { "ss_base_model_version", "sd_v1", "sd15" },
  { "ss_base_model_version", "sd_v2", "sd2" },
  { "ss_base_model_version", "sdxl_", "sdxl" },
  { "ss_base_model_version", "sd3", "sd3" },
  { "ss_base_model_version", "flux", "flux" },
};

typedef struct
{
  const char *family, *algorithm;
  const char *guess; /* by layers that more than one family has */
  guint       ranks[MAX_RANK + 1];
  gboolean    found, convolves, decomposes, text_depth;
} Lora;

static void
count_rank (Lora             *lora,
            const LimnWeight *weight,
            int               dim)
{
  if (dim >= 0 && dim < weight->n_dims && weight->dims[dim] > 0 && weight->dims[dim] <= MAX_RANK)
    lora->ranks[weight->dims[dim]]++;
}

static gboolean
read_ending (Lora             *lora,
             const LimnWeight *weight)
{
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      if (!g_str_has_suffix (weight->name, endings[i].ending))
        continue;
      lora->found = TRUE;
      lora->algorithm = endings[i].algorithm;
      lora->convolves |= weight->n_dims == 4 && weight->dims[2] > 1;
      count_rank (lora, weight, endings[i].rank);
      return TRUE;
    }
  lora->decomposes |= g_str_has_suffix (weight->name, ".dora_scale") || g_str_has_suffix (weight->name, ".lora_magnitude_vector");
  return FALSE;
}

/* The smaller matrix of cross-attention is as wide as the text. */
static const char *
family_of_width (const LimnWeight *weight)
{
  gboolean cross = strstr (weight->name, "attn2_to_k") != NULL || strstr (weight->name, "attn2.to_k") != NULL;

  for (guint i = 0; cross && weight->n_dims >= 2 && i < G_N_ELEMENTS (widths); i++)
    if (weight->dims[1] == widths[i].width)
      return widths[i].family;
  return NULL;
}

/* Where widths are not the published ones: U-Nets with attention in their first level are those before XL, with convolutions around it 1.x. */
static const char *
guess_of (const Lora       *lora,
          const LimnWeight *weight)
{
  gboolean projection = strstr (weight->name, "_proj_in.") != NULL || strstr (weight->name, ".proj_in.") != NULL;
  gboolean first = strstr (weight->name, "down_blocks_0_attentions") != NULL || strstr (weight->name, "down_blocks.0.attentions") != NULL;

  /* the others write convolutions as matrices */
  if (projection && weight->n_dims == 2 && strcmp (lora->algorithm, "lora") == 0)
    return "sd2";
  return first ? "sd15" : NULL;
}

static void
read_name (Lora             *lora,
           const LimnWeight *weight)
{
  const char *guess;

  if (lora->family != NULL)
    return;
  guess = guess_of (lora, weight);
  if (lora->guess == NULL || g_strcmp0 (guess, "sd2") == 0)
    lora->guess = guess != NULL ? guess : lora->guess;
  for (guint i = 0; lora->family == NULL && i < G_N_ELEMENTS (layers); i++)
    if (strstr (weight->name, layers[i].piece) != NULL)
      lora->family = layers[i].family;
  for (guint i = 0; lora->family == NULL && i < G_N_ELEMENTS (second_blocks); i++)
    if (strstr (weight->name, second_blocks[i]) != NULL && strstr (weight->name, "attentions") != NULL)
      lora->family = "sdxl";
  if (lora->family == NULL)
    lora->family = family_of_width (weight);
}

static const char *
family_of_notes (const LimnWeights *weights)
{
  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    {
      const char *text = limn_weights_metadata (weights, notes[i].key);

      if (text != NULL && g_str_has_prefix (text, notes[i].beginning))
        return notes[i].family;
    }
  return NULL;
}

static int
commonest_rank (const Lora *lora)
{
  int best = 0;

  for (int rank = 1; rank <= MAX_RANK; rank++)
    if (lora->ranks[rank] > (best > 0 ? lora->ranks[best] : 0))
      best = rank;
  return best;
}

gboolean
limn_file_lora_find (const LimnWeights *weights,
                     LimnFileInfo      *info)
{
  g_autofree Lora *lora = g_new0 (Lora, 1);

  for (gsize i = 0; i < limn_weights_count (weights); i++)
    if (read_ending (lora, limn_weights_get (weights, i)))
      read_name (lora, limn_weights_get (weights, i));
  if (!lora->found)
    return FALSE;

  info->kind = "lora";
  info->algorithm = lora->decomposes ? "dora" : lora->convolves && strcmp (lora->algorithm, "lora") == 0 ? "locon"
                                                                                                         : lora->algorithm;
  info->rank = commonest_rank (lora);
  info->family = lora->family != NULL ? lora->family : family_of_notes (weights);
  if (info->family == NULL)
    info->family = lora->guess;
  return TRUE;
}
