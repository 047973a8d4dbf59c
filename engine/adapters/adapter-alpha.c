/* Adapters: what a change is scaled by: alpha over rank, from a tensor or from PEFT's settings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/adapters/adapter.h"
#include "engine/weights/weights-private.h"

#include <math.h>

#define PEFT_PREFIX "base_model.model."
#define MAX_ALPHA 1e6

/* diffusers writes them into the file's metadata, with the part's name before each key; PEFT writes them beside the file, without. */
gboolean
limn_adapter_file_read_config (LimnAdapterFile *file,
                               GError         **error)
{
  const char      *text = limn_weights_metadata (file->weights, "lora_adapter_metadata");
  g_autofree char *folder = g_path_get_dirname (file->path);
  g_autofree char *beside = g_build_filename (folder, "adapter_config.json", NULL);

  if (text != NULL)
    return (file->config = limn_config_parse (text, strlen (text), file->path, error)) != NULL;
  if (!g_str_has_prefix (((LimnAdapterLayer *) file->layers->pdata[0])->name, PEFT_PREFIX) || !g_file_test (beside, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  return (file->config = limn_config_load (beside, error)) != NULL;
}

static JsonNode *
member (const LimnAdapterFile *file,
        const char            *prefix,
        const char            *key)
{
  g_autofree char *full = g_strconcat (prefix, key, NULL);

  return json_object_get_member (file->config, full);
}

static gboolean
is_number (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
         && (json_node_get_value_type (node) == G_TYPE_INT64 || json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

/* Patterns are ends of names, whole components. */
static gboolean
fits_pattern (const char *name,
              const char *pattern)
{
  gsize length = strlen (name), end = strlen (pattern);

  return g_str_has_suffix (name, pattern) && (length == end || name[length - end - 1] == '.');
}

static JsonNode *
pattern_alpha (JsonNode   *patterns,
               const char *name)
{
  JsonObjectIter iter;
  const char    *pattern;
  JsonNode      *node;

  if (patterns == NULL || !JSON_NODE_HOLDS_OBJECT (patterns))
    return NULL;
  json_object_iter_init (&iter, json_node_get_object (patterns));
  while (json_object_iter_next (&iter, &pattern, &node))
    if (fits_pattern (name, pattern) && is_number (node))
      return node;
  return NULL;
}

/* Alpha and how the rank counts in it, of PEFT's settings. */
static void
peft_scale (const LimnAdapterFile  *file,
            const LimnAdapterLayer *layer,
            gsize                   rank,
            double                 *scale)
{
  static const char *const prefixes[] = { "unet.", "transformer.", "text_encoder_2.", "text_encoder." };
  const char              *prefix = "";
  JsonNode                *alpha, *rank_stabilised;
  gboolean                 root;

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (layer->name, prefixes[i]))
      prefix = prefixes[i];
  alpha = pattern_alpha (member (file, prefix, "alpha_pattern"), layer->name);
  if (alpha == NULL)
    alpha = member (file, prefix, "lora_alpha");
  rank_stabilised = member (file, prefix, "use_rslora");
  root = rank_stabilised != NULL && JSON_NODE_HOLDS_VALUE (rank_stabilised) && json_node_get_boolean (rank_stabilised);
  if (is_number (alpha))
    *scale = json_node_get_double (alpha) / (root ? sqrt ((double) rank) : (double) rank);
}

gboolean
limn_adapter_scale (const LimnAdapterFile  *file,
                    const LimnAdapterLayer *layer,
                    gsize                   rank,
                    double                 *scale,
                    GError                **error)
{
  const LimnWeight *alpha = layer->tensors[LIMN_ADAPTER_ALPHA];
  float             value = 0;
  g_autofree char  *shown = NULL;

  *scale = 1;
  if (rank == 0)
    return TRUE;
  if (alpha == NULL && layer->peft && file->config != NULL)
    peft_scale (file, layer, rank, scale);
  if (alpha != NULL && alpha->n_elements == 1)
    limn_weight_to_f32 (alpha, &value);
  if (alpha != NULL)
    *scale = alpha->n_elements == 1 ? value / (double) rank : NAN;
  if (fabs (*scale) <= MAX_ALPHA)
    return TRUE;
  shown = limn_printable (layer->name);
  return limn_adapter_error (error, file, LIMN_ENGINE_ERROR_FILE, "the alpha of “%s” is no number that a layer can be scaled by; get the file again", shown);
}
