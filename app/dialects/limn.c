/* Limn's own settings: the request as JSON, exact to the last bit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/dialect.h"

#include "app/dialects/fields.h"
#include "app/parameters.h"

/* If somebody damaged it, `parameters` may still be read. */
static gboolean
read_own (LimnMetadata *metadata,
          const char   *text)
{
  g_autoptr (JsonObject) object = limn_fields_parse (text);
  LimnRequest request;

  if (object == NULL)
    return FALSE;

  limn_request_init (&request);
  if (!limn_request_parse (&request, text, -1, "limn", NULL))
    {
      limn_request_clear (&request);
      return FALSE;
    }

  metadata->request = request;
  return TRUE;
}

static gboolean
is_ours (const char *text)
{
  g_autofree char *prompt = NULL;
  g_autofree char *negative = NULL;
  g_autoptr (GPtrArray) parameters = limn_parameters_parse (text, &prompt, &negative);
  const char *version = limn_parameters_find (parameters, "Version");

  return version != NULL && g_str_has_prefix (version, "limn ");
}

static gboolean
read_texts (LimnMetadata    *metadata,
            const GPtrArray *texts)
{
  const char *own = limn_picture_texts_find (texts, "limn");
  const char *parameters = limn_picture_texts_find (texts, "parameters");

  if (own != NULL && read_own (metadata, own))
    {
      metadata->raw = g_strdup (parameters ? parameters : own);
      return TRUE;
    }
  if (parameters == NULL || !is_ours (parameters))
    return FALSE;

  g_ptr_array_unref (limn_dialect_read_parameters (metadata, parameters));
  return TRUE;
}

const LimnDialect limn_dialect_limn = { .name = "limn", .read = read_texts };
