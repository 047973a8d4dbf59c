/* The table of model families, and what other files look like.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/family.h"

#define MAX_DIM (1 << 20)

static const LimnFamily *const families[] = {
  &limn_family_starter, &limn_family_controlnet, /* it has half a U-Net, under the same names */
  &limn_family_sd15, &limn_family_sd2, &limn_family_sdxl, &limn_family_sdxl_refiner
};

/* Files that are often taken for a model: a piece of a tensor's name, and what to say. The first that fits counts. */
static const struct
{
  const char *piece;
  const char *what;
} lookalikes[] = {
  { "lora_", "a LoRA: it changes a model and is none; name the model it was made for" },
  { ".lora.", "a LoRA: it changes a model and is none; name the model it was made for" },
  { "hada_w1_a", "a LoHa: it changes a model and is none; name the model it was made for" },
  { "lokr_w1", "a LoKr: it changes a model and is none; name the model it was made for" },
  { "emb_params", "a textual inversion: a word for a model, not a model" },
  { "joint_blocks.", "Stable Diffusion 3, a family that this version does not know" },
  { "double_blocks.", "FLUX, a family that this version does not know" },
  { "single_transformer_blocks.", "FLUX, a family that this version does not know" },
  { "cap_embedder.", "Z-Image, a family that this version does not know" },
  { "down_blocks.0.attentions.0.transformer_blocks.", "a U-Net of another family, or one part of a model: name the folder that has model_index.json" },
  { "text_model.encoder.", "a text encoder alone: name the folder that has model_index.json, or a file with the whole model" },
  { "post_quant_conv.", "an autoencoder alone: name the folder that has model_index.json, or a file with the whole model" },
};

static const char *
looks_like (const LimnWeights *weights)
{
  for (guint k = 0; k < G_N_ELEMENTS (lookalikes); k++)
    for (gsize i = 0; i < limn_weights_count (weights); i++)
      if (strstr (limn_weights_get (weights, i)->name, lookalikes[k].piece) != NULL)
        return lookalikes[k].what;
  return NULL;
}

static const char *
folder_looks_like (LimnModelFolder *folder)
{
  static const char *const parts[] = { "unet", "transformer" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (LimnWeights) weights = NULL;

      if (!limn_model_folder_has (folder, parts[i]))
        continue;
      weights = limn_model_folder_weights (folder, parts[i], NULL);
      if (weights != NULL)
        return looks_like (weights);
    }
  return NULL;
}

/* A part that is there but cannot be read is a better explanation than an unknown family. */
static gboolean
generator_is_readable (LimnModelFolder  *folder,
                       const LimnFamily *family,
                       GError          **error)
{
  const char *part = family->part_names[LIMN_PART_GENERATOR];
  g_autoptr (LimnWeights) weights = NULL;

  if (part == NULL || !limn_model_folder_has (folder, part))
    return TRUE;
  weights = limn_model_folder_weights (folder, part, error);
  return weights != NULL;
}

const LimnFamily *
limn_family_find (LimnModelFolder *folder,
                  GError         **error)
{
  const LimnWeights *single = limn_model_folder_single (folder);
  const char *class = limn_model_folder_class (folder);
  const char *what;

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      if (class != NULL && !g_strv_contains (families[i]->classes, class))
        continue;
      if (!generator_is_readable (folder, families[i], error))
        return NULL;
      if (families[i]->recognise (folder))
        return families[i];
    }

  what = single != NULL ? looks_like (single) : folder_looks_like (folder);
  if (what != NULL)
    g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED,
                 "%s: this looks like %s", limn_model_folder_path (folder), what);
  else
    g_set_error (error,
                 LIMN_ENGINE_ERROR,
                 LIMN_ENGINE_ERROR_UNSUPPORTED,
                 "%s: no known family of models has such %s; Limn knows Stable Diffusion 1, 2 and XL and its own starter",
                 limn_model_folder_path (folder),
                 class != NULL ? "a model_index.json and tensors" : "tensors");
  return NULL;
}

gboolean
limn_family_error (GError    **error,
                   const char *format,
                   ...)
{
  g_autofree char *message = NULL;
  va_list          args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE, message);
  return FALSE;
}

gboolean
limn_model_files_config (const LimnModelFiles *files,
                         const char           *part,
                         JsonObject          **config,
                         GError              **error)
{
  *config = NULL;
  if (files->configs == NULL || !limn_model_folder_has (files->configs, part))
    return TRUE;

  *config = limn_model_folder_config (files->configs, part, error);
  return *config != NULL;
}

int
limn_weights_dim (const LimnWeights *weights,
                  const char        *name,
                  int                index)
{
  const LimnWeight *weight = limn_weights_find (weights, name);

  if (weight == NULL || index >= weight->n_dims || weight->dims[index] > MAX_DIM)
    return 0;
  return (int) weight->dims[index];
}

int
limn_weights_count_numbered (const LimnWeights *weights,
                             const char        *format,
                             int                limit)
{
  g_auto (GStrv) halves = g_strsplit (format, "%d", 2);
  int n = 0;

  while (n < limit)
    {
      g_autofree char *name = g_strdup_printf ("%s%d%s", halves[0], n, halves[1]);

      if (limn_weights_find (weights, name) == NULL)
        break;
      n++;
    }
  return n;
}
