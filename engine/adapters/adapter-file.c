/* Adapter files: tensors sorted into layers by the ends of their names.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/adapters/adapter.h"
#include "engine/weights/weights-private.h"

#include <stdarg.h>

typedef struct
{
  const char     *suffix;
  LimnAdapterRole role;
  gboolean        peft;
} Suffix;

/* kohya's, diffusers' (three generations), PEFT's and LyCORIS'; a longer one before its own end. */
static const Suffix suffixes[] = {
  { ".lora_up.weight", LIMN_ADAPTER_UP, FALSE },
  { ".lora_down.weight", LIMN_ADAPTER_DOWN, FALSE },
  { ".lora_mid.weight", LIMN_ADAPTER_MID, FALSE },
  { ".alpha", LIMN_ADAPTER_ALPHA, FALSE },
  { ".lora_linear_layer.up.weight", LIMN_ADAPTER_UP, FALSE },
  { ".lora_linear_layer.down.weight", LIMN_ADAPTER_DOWN, FALSE },
  { ".lora.up.weight", LIMN_ADAPTER_UP, FALSE },
  { ".lora.down.weight", LIMN_ADAPTER_DOWN, FALSE },
  { "_lora.up.weight", LIMN_ADAPTER_UP, FALSE },
  { "_lora.down.weight", LIMN_ADAPTER_DOWN, FALSE },
  { ".lora_B.weight", LIMN_ADAPTER_UP, TRUE },
  { ".lora_A.weight", LIMN_ADAPTER_DOWN, TRUE },
  { ".lora_B.default.weight", LIMN_ADAPTER_UP, TRUE },
  { ".lora_A.default.weight", LIMN_ADAPTER_DOWN, TRUE },
  { ".lora_B.bias", LIMN_ADAPTER_BIAS_UP, TRUE },
  { ".lora_magnitude_vector", LIMN_ADAPTER_MAGNITUDE, TRUE },
  { ".lora_magnitude_vector.weight", LIMN_ADAPTER_MAGNITUDE, TRUE },
  { ".dora_scale", LIMN_ADAPTER_DORA_SCALE, FALSE },
  { ".hada_w1_a", LIMN_ADAPTER_HADA_W1_A, FALSE },
  { ".hada_w1_b", LIMN_ADAPTER_HADA_W1_B, FALSE },
  { ".hada_t1", LIMN_ADAPTER_HADA_T1, FALSE },
  { ".hada_w2_a", LIMN_ADAPTER_HADA_W2_A, FALSE },
  { ".hada_w2_b", LIMN_ADAPTER_HADA_W2_B, FALSE },
  { ".hada_t2", LIMN_ADAPTER_HADA_T2, FALSE },
  { ".lokr_w1", LIMN_ADAPTER_LOKR_W1, FALSE },
  { ".lokr_w1_a", LIMN_ADAPTER_LOKR_W1_A, FALSE },
  { ".lokr_w1_b", LIMN_ADAPTER_LOKR_W1_B, FALSE },
  { ".lokr_t1", LIMN_ADAPTER_LOKR_T1, FALSE },
  { ".lokr_w2", LIMN_ADAPTER_LOKR_W2, FALSE },
  { ".lokr_w2_a", LIMN_ADAPTER_LOKR_W2_A, FALSE },
  { ".lokr_w2_b", LIMN_ADAPTER_LOKR_W2_B, FALSE },
  { ".lokr_t2", LIMN_ADAPTER_LOKR_T2, FALSE },
  { ".diff", LIMN_ADAPTER_DIFF, FALSE },
  { ".diff_b", LIMN_ADAPTER_BIAS_DIFF, FALSE },
  { ".w_norm", LIMN_ADAPTER_DIFF, FALSE },
  { ".b_norm", LIMN_ADAPTER_BIAS_DIFF, FALSE },
};

static void
layer_free (LimnAdapterLayer *layer)
{
  g_free (layer->name);
  g_free (layer);
}

void
limn_adapter_file_free (LimnAdapterFile *file)
{
  if (file == NULL)
    return;
  g_clear_pointer (&file->weights, limn_weights_unref);
  g_clear_pointer (&file->config, json_object_unref);
  g_ptr_array_unref (file->layers);
  g_free (file->path);
  g_free (file);
}

gboolean
limn_adapter_error (GError               **error,
                    const LimnAdapterFile *file,
                    int                    code,
                    const char            *format,
                    ...)
{
  g_autofree char *what = NULL, *where = limn_printable (file->path);
  va_list          args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, LIMN_ENGINE_ERROR, code, "%s: %s", where, what);
  return FALSE;
}

static const Suffix *
suffix_of (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (name, suffixes[i].suffix) && strlen (name) > strlen (suffixes[i].suffix))
      return &suffixes[i];
  return NULL;
}

static LimnAdapterLayer *
take_layer (LimnAdapterFile *file,
            GHashTable      *by_name,
            const char      *name,
            gsize            length)
{
  g_autofree char  *key = g_strndup (name, length);
  LimnAdapterLayer *layer = g_hash_table_lookup (by_name, key);

  if (layer != NULL)
    return layer;
  layer = g_new0 (LimnAdapterLayer, 1);
  layer->name = g_steal_pointer (&key);
  g_ptr_array_add (file->layers, layer);
  g_hash_table_insert (by_name, layer->name, layer);
  return layer;
}

static void
unknown (LimnAdapterFile  *file,
         const LimnWeight *weight)
{
  if (file->unknown++ == 0)
    file->first_unknown = weight->name;
}

/* A layer that has a tensor twice, in two spellings, keeps the first. */
static void
sort_into_layers (LimnAdapterFile *file)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < limn_weights_count (file->weights); i++)
    {
      const LimnWeight *weight = limn_weights_get (file->weights, i);
      const Suffix     *suffix = suffix_of (weight->name);
      LimnAdapterLayer *layer;

      if (suffix == NULL)
        {
          unknown (file, weight);
          continue;
        }
      layer = take_layer (file, by_name, weight->name, strlen (weight->name) - strlen (suffix->suffix));
      layer->peft |= suffix->peft;
      if (layer->tensors[suffix->role] == NULL)
        layer->tensors[suffix->role] = weight;
      else
        unknown (file, weight);
    }
}

LimnAdapterFile *
limn_adapter_file_open (const char *path,
                        GError    **error)
{
  g_autoptr (LimnAdapterFile) file = g_new0 (LimnAdapterFile, 1);

  file->path = g_strdup (path);
  file->layers = g_ptr_array_new_with_free_func ((GDestroyNotify) layer_free);
  file->weights = limn_weights_open (path, error);
  if (file->weights == NULL)
    return NULL;
  sort_into_layers (file);
  if (file->layers->len == 0)
    {
      limn_adapter_error (error, file, LIMN_ENGINE_ERROR_UNSUPPORTED, "is no LoRA: none of its tensors changes a layer; choose another file");
      return NULL;
    }
  return limn_adapter_file_read_config (file, error) ? g_steal_pointer (&file) : NULL;
}
