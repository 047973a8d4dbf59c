/* Requests as people read them, and what tells them apart.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/request-text.h"

#include "app/parameters.h"
#include "app/request-variant.h"

char *
limn_request_text (const LimnRequest *request)
{
  return limn_parameters_format (request, LIMN_VERSION);
}

static char *
value_text (GVariant *value)
{
  if (value == NULL)
    return NULL;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_strdup_printf ("%g", g_variant_get_double (value));
  return g_variant_print (value, FALSE);
}

static gboolean
differs (GVariant  **all,
         gsize       n,
         const char *key)
{
  g_autoptr (GVariant) first = g_variant_lookup_value (all[0], key, NULL);

  for (gsize i = 1; i < n; i++)
    {
      g_autoptr (GVariant) other = g_variant_lookup_value (all[i], key, NULL);

      if ((first == NULL) != (other == NULL) || (first != NULL && !g_variant_equal (first, other)))
        return TRUE;
    }
  return FALSE;
}

/* Every key that any of them has, in the order of their first use. */
static GPtrArray *
keys_of (GVariant **all,
         gsize      n)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < n; i++)
    {
      GVariantIter iter;
      char        *key;

      g_variant_iter_init (&iter, all[i]);
      while (g_variant_iter_next (&iter, "{sv}", &key, NULL))
        if (!g_ptr_array_find_with_equal_func (keys, key, g_str_equal, NULL))
          g_ptr_array_add (keys, key);
        else
          g_free (key);
    }
  return keys;
}

static char *
describe (GVariant  *settings,
          GPtrArray *keys)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < keys->len; i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (settings, keys->pdata[i], NULL);
      g_autofree char *shown = value_text (value);

      if (shown != NULL)
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? " · " : "", (const char *) keys->pdata[i], shown);
    }
  return g_string_free (text, FALSE);
}

char **
limn_request_differences (const LimnRequest *const *requests,
                          gsize                     n)
{
  g_autoptr (GPtrArray) variants = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GPtrArray) keys = NULL;
  char **texts = g_new0 (char *, n + 1);

  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (variants, g_variant_ref_sink (limn_request_to_variant (requests[i])));
  keys = keys_of ((GVariant **) variants->pdata, n);
  for (guint i = keys->len; i-- > 0;)
    if (!differs ((GVariant **) variants->pdata, n, keys->pdata[i]))
      g_ptr_array_remove_index (keys, i);
  for (gsize i = 0; i < n; i++)
    texts[i] = describe (variants->pdata[i], keys);
  return texts;
}
