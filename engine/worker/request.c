/* A request as it comes over the wire, made into what the engine takes: the one place where a setting gets its meaning.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/worker/request.h"

#include <math.h>
#include <string.h>

/* How a member of LimnGeneration is kept. Over the wire whole numbers are `x`; real ones may come as such. */
typedef enum
{
  FIELD_TEXT,
  FIELD_INT,
  FIELD_SEED,
  FIELD_REAL
} FieldKind;

/* When the result's settings have it. */
typedef enum
{
  TOLD,
  ASKED, /* never: it stays as it was asked for */
  TOLD_OVER_ZERO,
  TOLD_OVER_ONE,
  TOLD_WITH_VARIATION,
  TOLD_WITH_HIRES,
  TOLD_WITH_PICTURE
} FieldTold;

/* A line a setting; app/request.c has the same keys. */
static const struct
{
  const char *key;
  FieldKind   kind;
  gsize       offset;
  FieldTold   told;
} fields[] = {
  { "prompt", FIELD_TEXT, G_STRUCT_OFFSET (LimnGeneration, prompt), TOLD },
  { "negative_prompt", FIELD_TEXT, G_STRUCT_OFFSET (LimnGeneration, negative), TOLD },
  { "seed", FIELD_SEED, G_STRUCT_OFFSET (LimnGeneration, seed), TOLD },
  { "steps", FIELD_INT, G_STRUCT_OFFSET (LimnGeneration, steps), TOLD },
  { "sampler", FIELD_TEXT, G_STRUCT_OFFSET (LimnGeneration, sampler), TOLD },
  { "schedule", FIELD_TEXT, G_STRUCT_OFFSET (LimnGeneration, schedule), TOLD },
  { "guidance", FIELD_REAL, G_STRUCT_OFFSET (LimnGeneration, guidance), TOLD },
  { "guidance_rescale", FIELD_REAL, G_STRUCT_OFFSET (LimnGeneration, guidance_rescale), TOLD_OVER_ZERO },
  { "guidance_begin", FIELD_REAL, G_STRUCT_OFFSET (LimnGeneration, guidance_begin), TOLD_OVER_ZERO },
  { "guidance_end", FIELD_REAL, G_STRUCT_OFFSET (LimnGeneration, guidance_end), TOLD_OVER_ZERO },
  { "variation", FIELD_REAL, G_STRUCT_OFFSET (LimnGeneration, variation), TOLD_OVER_ZERO },
  { "variation_seed", FIELD_SEED, G_STRUCT_OFFSET (LimnGeneration, variation_seed), TOLD_WITH_VARIATION },
  { "width", FIELD_INT, G_STRUCT_OFFSET (LimnGeneration, width), TOLD },
  { "height", FIELD_INT, G_STRUCT_OFFSET (LimnGeneration, height), TOLD },
  { "hires", FIELD_REAL, G_STRUCT_OFFSET (LimnGeneration, hires), TOLD_OVER_ZERO },
  { "hires_strength", FIELD_REAL, G_STRUCT_OFFSET (LimnGeneration, hires_strength), TOLD_WITH_HIRES },
  { "hires_steps", FIELD_INT, G_STRUCT_OFFSET (LimnGeneration, hires_steps), TOLD_OVER_ZERO },
  { "hires_upscaler", FIELD_TEXT, G_STRUCT_OFFSET (LimnGeneration, hires_upscaler), ASKED },
  { "strength", FIELD_REAL, G_STRUCT_OFFSET (LimnGeneration, strength), TOLD_WITH_PICTURE },
  { "clip_skip", FIELD_INT, G_STRUCT_OFFSET (LimnGeneration, clip_skip), TOLD_OVER_ONE },
};

typedef gboolean (*ReadFunc) (LimnWorkerRequest *request,
                              GVariant          *value);

static gboolean read_loras (LimnWorkerRequest *request,
                            GVariant          *value);
static gboolean read_embeddings (LimnWorkerRequest *request,
                                 GVariant          *value);
static gboolean read_controls (LimnWorkerRequest *request,
                               GVariant          *value);

/* A line a setting that is more than one number or text. */
static const struct
{
  const char *key;
  ReadFunc    read;
} lists[] = {
  { "loras", read_loras },
  { "embeddings", read_embeddings },
  { "controls", read_controls },
};

/* The client turns these into what it opens and gives beside the request. */
static const char *const passed_over[] = { "version", "model", "model_hash", "image", "mask", "mask_feather", "mask_area", "expand", "type", "parts", NULL };

static gboolean
refuse (GError    **error,
        const char *key,
        const char *why)
{
  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT, "“%s”: %s: limn and limn-engine have to be of one version", key, why);
  return FALSE;
}

/* JSON does not tell 7 from 7.0. */
static gboolean
read_real (GVariant *value,
           double   *real)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    *real = g_variant_get_double (value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    *real = (double) g_variant_get_int64 (value);
  else
    return FALSE;
  return isfinite (*real);
}

static gboolean
read_int (GVariant *value,
          int      *number)
{
  gint64 wide = g_variant_is_of_type (value, G_VARIANT_TYPE_INT64) ? g_variant_get_int64 (value) : -1;

  *number = (int) wide;
  return wide >= 0 && wide <= G_MAXINT;
}

static gboolean
read_seed (GVariant *value,
           guint64  *seed)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return FALSE;
  *seed = (guint64) g_variant_get_int64 (value);
  return TRUE;
}

static gboolean
read_text (GVariant    *value,
           const char **text)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return FALSE;
  *text = g_variant_get_string (value, NULL);
  return TRUE;
}

static gboolean
read_field (LimnGeneration *generation,
            FieldKind       kind,
            gsize           offset,
            GVariant       *value)
{
  gpointer member = G_STRUCT_MEMBER_P (generation, offset);

  if (kind == FIELD_TEXT)
    return read_text (value, member);
  if (kind == FIELD_INT)
    return read_int (value, member);
  return kind == FIELD_SEED ? read_seed (value, member) : read_real (value, member);
}

/* Absent: @real stays as it is. */
static gboolean
read_real_of (GVariant   *object,
              const char *key,
              double     *real)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (object, key, NULL);

  return value == NULL || read_real (value, real);
}

/* [{"name": path, "weight": number}, …] */
static gboolean
read_loras (LimnWorkerRequest *request,
            GVariant          *value)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("av")))
    return FALSE;

  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (value, i);
      g_autoptr (GVariant) lora = g_variant_get_variant (boxed);
      LimnAdapter adapter = { .weight = 1 };

      if (!g_variant_is_of_type (lora, G_VARIANT_TYPE_VARDICT) || !g_variant_lookup (lora, "name", "&s", &adapter.path))
        return FALSE;
      if (!read_real_of (lora, "weight", &adapter.weight))
        return FALSE;
      adapter.text_weight = adapter.weight;
      if (!read_real_of (lora, "text_weight", &adapter.text_weight))
        return FALSE;
      g_array_append_val (request->adapters, adapter);
    }
  return TRUE;
}

/* [path, …]: a new word is what its file is called. */
static gboolean
read_embeddings (LimnWorkerRequest *request,
                 GVariant          *value)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("av")))
    return FALSE;

  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (value, i);
      g_autoptr (GVariant) path = g_variant_get_variant (boxed);
      g_autofree char *base = NULL;
      char            *ending;

      if (!g_variant_is_of_type (path, G_VARIANT_TYPE_STRING))
        return FALSE;
      base = g_path_get_basename (g_variant_get_string (path, NULL));
      ending = strrchr (base, '.');
      g_ptr_array_add (request->words, ending != NULL && ending != base ? g_strndup (base, ending - base) : g_strdup (base));
      g_ptr_array_add (request->embeddings, g_variant_dup_string (path, NULL));
    }
  return TRUE;
}

/* [{"model": path, "weight": number, "begin": number, "end": number}, …]: the pictures come beside the request. */
static gboolean
read_controls (LimnWorkerRequest *request,
               GVariant          *value)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("av")))
    return FALSE;

  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (value, i);
      g_autoptr (GVariant) object = g_variant_get_variant (boxed);
      LimnControl control = { .weight = 1, .end = 1 };
      char       *path;

      if (!g_variant_is_of_type (object, G_VARIANT_TYPE_VARDICT) || !g_variant_lookup (object, "model", "s", &path))
        return FALSE;
      g_ptr_array_add (request->control_paths, path);
      if (!read_real_of (object, "weight", &control.weight) || !read_real_of (object, "begin", &control.begin) || !read_real_of (object, "end", &control.end))
        return FALSE;
      g_array_append_val (request->controls, control);
    }
  return TRUE;
}

static gboolean
read_member (LimnWorkerRequest *request,
             const char        *key,
             GVariant          *value,
             GError           **error)
{
  static const char wrong[] = "has a value of the wrong kind";

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].key, key))
      return read_field (&request->generation, fields[i].kind, fields[i].offset, value) || refuse (error, key, wrong);
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    if (g_str_equal (lists[i].key, key))
      return lists[i].read (request, value) || refuse (error, key, wrong);
  return g_strv_contains (passed_over, key) || refuse (error, key, "the worker knows no such setting");
}

void
limn_worker_request_free (LimnWorkerRequest *request)
{
  g_array_unref (request->adapters);
  g_ptr_array_unref (request->words);
  g_ptr_array_unref (request->embeddings);
  g_array_unref (request->controls);
  g_ptr_array_unref (request->control_paths);
  g_free (request);
}

LimnWorkerRequest *
limn_worker_request_read (GVariant *values,
                          GError  **error)
{
  g_autoptr (LimnWorkerRequest) request = g_new0 (LimnWorkerRequest, 1);
  GVariantIter iter;
  const char  *key;
  GVariant    *value;
  gboolean     ok = TRUE;

  request->generation = (LimnGeneration){ .guidance = -1, .strength = -1, .hires_strength = -1 };
  request->adapters = g_array_new (FALSE, FALSE, sizeof (LimnAdapter));
  request->words = g_ptr_array_new_with_free_func (g_free);
  request->embeddings = g_ptr_array_new_with_free_func (g_free);
  request->controls = g_array_new (FALSE, FALSE, sizeof (LimnControl));
  request->control_paths = g_ptr_array_new_with_free_func (g_free);
  g_variant_iter_init (&iter, values);
  while (ok && g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      ok = read_member (request, key, value, error);
      g_variant_unref (value); /* what was taken of it lives in @values */
    }
  return ok ? g_steal_pointer (&request) : NULL;
}

static GVariant *
field_value (const LimnGeneration *settings,
             FieldKind             kind,
             gsize                 offset)
{
  gconstpointer member = G_STRUCT_MEMBER_P ((gpointer) settings, offset);

  if (kind == FIELD_TEXT)
    return g_variant_new_string (*(const char *const *) member);
  if (kind == FIELD_INT)
    return g_variant_new_int64 (*(const int *) member);
  if (kind == FIELD_SEED)
    return g_variant_new_int64 ((gint64) * (const guint64 *) member);
  return g_variant_new_double (*(const double *) member);
}

static gboolean
is_told (const LimnGeneration *settings,
         gsize                 i)
{
  gconstpointer member = G_STRUCT_MEMBER_P ((gpointer) settings, fields[i].offset);

  if (fields[i].kind == FIELD_TEXT && fields[i].told == TOLD)
    return *(const char *const *) member != NULL && **(const char *const *) member != '\0';
  if (fields[i].kind == FIELD_REAL && *(const double *) member < 0)
    return FALSE;
  switch (fields[i].told)
    {
    case ASKED:
      return FALSE;
    case TOLD_OVER_ZERO:
      return fields[i].kind == FIELD_REAL ? *(const double *) member > 0 : *(const int *) member > 0;
    case TOLD_OVER_ONE:
      return *(const int *) member > 1;
    case TOLD_WITH_VARIATION:
      return settings->variation > 0;
    case TOLD_WITH_HIRES:
      return settings->hires > 1;
    case TOLD_WITH_PICTURE:
      return settings->picture != NULL;
    case TOLD:
    default:
      return TRUE;
    }
}

GVariant *
limn_worker_request_settings (const LimnResult *result)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (is_told (&result->settings, i))
      g_variant_builder_add (&builder, "{sv}", fields[i].key, field_value (&result->settings, fields[i].kind, fields[i].offset));
  return g_variant_builder_end (&builder);
}
