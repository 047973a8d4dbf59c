/* What the worker answers of a picture, made into the client's result.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-result.h"

#include "app/made.h"

void
limn_engine_result_free (LimnEngineResult *result)
{
  if (result == NULL)
    return;
  limn_array_free (result->image);
  limn_request_clear (&result->made);
  g_strfreev (result->notes);
  g_clear_pointer (&result->dump, g_hash_table_unref);
  g_free (result->device);
  g_free (result);
}

static gboolean
not_understood (GError    **error,
                const char *what)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER, "limn-engine answered without %s that can be understood: install one version of both",
               what);
  return FALSE;
}

static LimnArray *
take_array (GVariant    *facts,
            const char  *key,
            LimnCarrier *carrier,
            GUnixFDList *descriptors,
            GError     **error)
{
  g_autoptr (GVariant) carried = g_variant_lookup_value (facts, key, NULL);

  if (carried == NULL)
    {
      not_understood (error, "a picture");
      return NULL;
    }
  return limn_carrier_take_array (carrier, descriptors, carried, error);
}

static gboolean
read_image (LimnEngineResult *result,
            GVariant         *facts,
            LimnCarrier      *carrier,
            GUnixFDList      *descriptors,
            GError          **error)
{
  result->image = take_array (facts, "image", carrier, descriptors, error);
  if (result->image == NULL)
    return FALSE;
  return (result->image->shape.n == 1 && result->image->shape.c == 3) || not_understood (error, "a picture");
}

static gboolean
read_dump (LimnEngineResult *result,
           GVariant         *facts,
           LimnCarrier      *carrier,
           GUnixFDList      *descriptors,
           GError          **error)
{
  g_autoptr (GVariant) dump = g_variant_lookup_value (facts, "dump", G_VARIANT_TYPE_VARDICT);
  GVariantIter iter;
  const char  *name;
  GVariant    *value;

  if (dump == NULL)
    return TRUE;
  result->dump = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) limn_array_free);
  g_variant_iter_init (&iter, dump);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      LimnArray *array = limn_carrier_take_array (carrier, descriptors, value, error);

      g_variant_unref (value);
      if (array == NULL)
        return FALSE;
      g_hash_table_insert (result->dump, g_strdup (name), array);
    }
  return TRUE;
}

static void
read_seconds (LimnEngineResult *result,
              GVariant         *facts)
{
  g_autoptr (GVariant) seconds = g_variant_lookup_value (facts, "seconds", G_VARIANT_TYPE ("a{sd}"));

  if (seconds == NULL)
    return;
  g_variant_lookup (seconds, "load", "d", &result->load_seconds);
  g_variant_lookup (seconds, "encode", "d", &result->encode_seconds);
  g_variant_lookup (seconds, "step", "d", &result->step_seconds);
  g_variant_lookup (seconds, "decode", "d", &result->decode_seconds);
}

static gboolean
read_made (LimnEngineResult  *result,
           GVariant          *facts,
           const LimnRequest *asked,
           const char        *model,
           GError           **error)
{
  g_autoptr (GVariant) settings = g_variant_lookup_value (facts, "settings", G_VARIANT_TYPE_VARDICT);

  if (settings == NULL)
    return not_understood (error, "settings");
  if (!limn_made_describe (&result->made, asked, *model != '\0' ? model : "starter", settings, error))
    return FALSE;
  result->made.width = result->image->shape.w;
  result->made.height = result->image->shape.h;
  return TRUE;
}

LimnEngineResult *
limn_engine_result_read (GVariant          *facts,
                         LimnCarrier       *carrier,
                         GUnixFDList       *descriptors,
                         const LimnRequest *asked,
                         const char        *model,
                         GError           **error)
{
  g_autoptr (LimnEngineResult) result = g_new0 (LimnEngineResult, 1);

  if (!read_image (result, facts, carrier, descriptors, error) || !read_dump (result, facts, carrier, descriptors, error)
      || !read_made (result, facts, asked, model, error))
    return NULL;

  read_seconds (result, facts);
  g_variant_lookup (facts, "device", "s", &result->device);
  if (!g_variant_lookup (facts, "notes", "^as", &result->notes))
    result->notes = g_new0 (char *, 1);
  return g_steal_pointer (&result);
}

void
limn_engine_result_note (LimnEngineResult *result,
                         const char       *note)
{
  guint n = g_strv_length (result->notes);

  result->notes = g_renew (char *, result->notes, n + 2);
  result->notes[n] = g_strdup (note);
  result->notes[n + 1] = NULL;
}
