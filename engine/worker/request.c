/* A request as it comes over the wire, made into what the engine takes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/worker/request.h"

/* How a member of LimnGeneration is kept; over the wire, both integers are `x`. */
typedef enum
{
  FIELD_TEXT,
  FIELD_INT,
  FIELD_SEED,
  FIELD_REAL
} FieldKind;

/* A line a setting; app/request.c has the same keys. */
static const struct
{
  const char *key;
  FieldKind   kind;
  gsize       offset;
  gboolean    told; /* the result's settings have it */
} fields[] = {
  { "prompt", FIELD_TEXT, G_STRUCT_OFFSET (LimnGeneration, prompt), FALSE },
  { "negative_prompt", FIELD_TEXT, G_STRUCT_OFFSET (LimnGeneration, negative), FALSE },
  { "seed", FIELD_SEED, G_STRUCT_OFFSET (LimnGeneration, seed), TRUE },
  { "steps", FIELD_INT, G_STRUCT_OFFSET (LimnGeneration, steps), TRUE },
  { "sampler", FIELD_TEXT, G_STRUCT_OFFSET (LimnGeneration, sampler), TRUE },
  { "schedule", FIELD_TEXT, G_STRUCT_OFFSET (LimnGeneration, schedule), TRUE },
  { "guidance", FIELD_REAL, G_STRUCT_OFFSET (LimnGeneration, guidance), TRUE },
  { "width", FIELD_INT, G_STRUCT_OFFSET (LimnGeneration, width), TRUE },
  { "height", FIELD_INT, G_STRUCT_OFFSET (LimnGeneration, height), TRUE },
  { "strength", FIELD_REAL, G_STRUCT_OFFSET (LimnGeneration, strength), TRUE },
  { "clip_skip", FIELD_INT, G_STRUCT_OFFSET (LimnGeneration, clip_skip), TRUE },
};

/* The client turns these into what it opens and gives beside the request. */
static const char *const passed_over[] = { "version", "model", "model_hash", "image", "mask", "type", NULL };

static const GVariantType *
type_of (FieldKind kind)
{
  if (kind == FIELD_TEXT)
    return G_VARIANT_TYPE_STRING;
  return kind == FIELD_REAL ? G_VARIANT_TYPE_DOUBLE : G_VARIANT_TYPE_INT64;
}

static gboolean
refuse (GError    **error,
        const char *key)
{
  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT,
               "“%s”: the worker knows no such setting: limn and limn-engine have to be of one version", key);
  return FALSE;
}

static gboolean
read_field (LimnGeneration *generation,
            FieldKind       kind,
            gsize           offset,
            GVariant       *value)
{
  gpointer member = G_STRUCT_MEMBER_P (generation, offset);

  if (!g_variant_is_of_type (value, type_of (kind)))
    return FALSE;
  if (kind == FIELD_INT && ABS (g_variant_get_int64 (value)) > G_MAXINT)
    return FALSE;

  if (kind == FIELD_TEXT)
    *(const char **) member = g_variant_get_string (value, NULL);
  else if (kind == FIELD_INT)
    *(int *) member = (int) g_variant_get_int64 (value);
  else if (kind == FIELD_SEED)
    *(guint64 *) member = (guint64) g_variant_get_int64 (value);
  else
    *(double *) member = g_variant_get_double (value);
  return TRUE;
}

static gboolean
read_member (LimnGeneration *generation,
             const char     *key,
             GVariant       *value,
             GError        **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].key, key))
      return read_field (generation, fields[i].kind, fields[i].offset, value) || refuse (error, key);
  return g_strv_contains (passed_over, key) || refuse (error, key);
}

gboolean
limn_worker_request_read (GVariant       *request,
                          LimnGeneration *generation,
                          GError        **error)
{
  GVariantIter iter;
  const char  *key;
  GVariant    *value;
  gboolean     ok = TRUE;

  *generation = (LimnGeneration){ .guidance = -1, .strength = -1 };
  g_variant_iter_init (&iter, request);
  while (ok && g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      ok = read_member (generation, key, value, error);
      g_variant_unref (value);
    }
  return ok;
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

GVariant *
limn_worker_request_settings (const LimnResult *result)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].told)
      g_variant_builder_add (&builder, "{sv}", fields[i].key, field_value (&result->settings, fields[i].kind, fields[i].offset));
  return g_variant_builder_end (&builder);
}
