/* Golden: GGUF files: what each type decodes to, and a U-Net in place of another model's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/latent.h"

#define DECODE_LIMIT 1e-12

/* "t.Q8_0" of types.gguf is "value.Q8_0". */
static void
compare_type (GoldenCase        *golden,
              const LimnWeights *types,
              const char        *name)
{
  g_autofree char  *stored = g_strconcat ("t.", name + strlen ("value."), NULL);
  const LimnWeight *weight = limn_weights_find (types, stored);
  g_autofree float *values = NULL;

  if (weight == NULL)
    {
      golden_fail (golden, name, DECODE_LIMIT, "types.gguf has no such tensor");
      return;
    }
  values = g_new (float, weight->n_elements);
  limn_weight_to_f32 (weight, values);
  golden_compare (golden, name, values, weight->n_elements, DECODE_LIMIT);
}

static void
compare_types (GoldenCase *golden)
{
  g_autofree char *path = g_build_filename (golden->folder, "types.gguf", NULL);
  GError          *error = NULL;
  g_autoptr (LimnWeights) types = limn_weights_open (path, &error);
  g_autoptr (GPtrArray) names = golden_names (golden, "value.", "");

  if (types == NULL)
    {
      golden_fail_error (golden, "types", DECODE_LIMIT, error);
      return;
    }
  for (guint i = 0; i < names->len; i++)
    compare_type (golden, types, names->pdata[i]);
}

/* "../sd15 (same variant); …" → the folder of that case */
static char *
base_folder (GoldenCase *golden)
{
  JsonNode        *node = json_object_get_member (golden->json, "base_model");
  const char      *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  g_autofree char *name = text != NULL ? g_strndup (text, strcspn (text, " ;")) : NULL;

  return name != NULL ? g_build_filename (golden->folder, name, NULL) : NULL;
}

/* One call of @model with what the base case recorded. */
static LimnArray *
predict (GoldenCase *base,
         LimnModel  *text_model,
         LimnModel  *model,
         double      time,
         GError    **error)
{
  g_autoptr (LimnArray) latent = golden_array (base, "latent.initial");
  g_autoptr (LimnArray) ids = golden_array (base, "text.prompt.ids");
  g_autoptr (LimnText) text = NULL;

  if (latent == NULL || ids == NULL)
    return NULL;
  ids->shape = (LimnShape){ 1, 1, ids->shape.c, 1 };
  text = limn_model_encode_tokens (text_model, ids, 1, error);
  if (text == NULL)
    return NULL;
  return limn_model_predict (model, latent, time, (const LimnText *[]){ text }, error);
}

/* @got: (transfer full) (nullable): @error says why. Returns whether there was anything. */
static gboolean
compare_prediction (GoldenCase *golden,
                    const char *name,
                    LimnArray  *got,
                    GError     *error)
{
  double limit = golden_limit (golden, FALSE);

  if (got == NULL)
    {
      golden_fail_error (golden, name, limit, error);
      return FALSE;
    }
  golden_compare_planar (golden, name, got, limit);
  limn_array_free (got);
  return TRUE;
}

/* The file as the U-Net of the base model, and opened by itself. */
static void
compare_unet (GoldenCase *golden,
              GoldenCase *base,
              const char *name)
{
  const char      *at = g_strrstr (name, ".t");
  g_autofree char *file = g_strdup_printf ("%.*s.gguf", (int) (at - name), name);
  g_autofree char *path = g_build_filename (golden->folder, file, NULL);
  g_autofree char *folder = g_build_filename (base->folder, "model", NULL);
  double           time = g_ascii_strtod (at + strlen (".t"), NULL);
  GError          *error = NULL;
  g_autoptr (LimnModel) model = limn_model_open (golden->engine, folder, NULL, &error);
  g_autoptr (LimnModel) alone = NULL;
  LimnArray *got = NULL;

  if (model != NULL && limn_model_set_part (model, "unet", path, &error))
    got = predict (base, model, model, time, &error);
  if (!compare_prediction (golden, name, got, error))
    return;

  golden->prefix = "alone:";
  alone = limn_model_open (golden->engine, path, folder, &error);
  compare_prediction (golden, name, alone != NULL ? predict (base, model, alone, time, &error) : NULL, error);
  golden->prefix = NULL;
}

void
golden_run_gguf (GoldenCase *golden)
{
  g_autofree char *folder = base_folder (golden);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, "golden.safetensors", NULL) : NULL;
  g_autoptr (GPtrArray) names = golden_names (golden, "", "");
  g_autoptr (LimnWeights) tensors = path != NULL ? limn_weights_open (path, NULL) : NULL;
  GoldenCase base = *golden;

  base.folder = folder;
  base.tensors = tensors;
  compare_types (golden);
  for (guint i = 0; i < names->len; i++)
    if (g_str_has_prefix (names->pdata[i], "value.") || g_strrstr (names->pdata[i], ".t") == NULL)
      continue;
    else if (tensors == NULL)
      golden_fail (golden, names->pdata[i], golden_limit (golden, FALSE), "the base model of the case is not there");
    else
      compare_unet (golden, &base, names->pdata[i]);
}
