/* flux2.c: a text a setting.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/dialect.h"

#include "app/number.h"

#define PREFIX "flux:"

static void
read_integer (const GPtrArray *texts,
              const char      *keyword,
              gint64          *value)
{
  const char *text = limn_picture_texts_find (texts, keyword);
  gint64      number;

  if (text != NULL && limn_number_parse_integer (text, &number) && number >= 0)
    *value = number;
}

static char *
join (const GPtrArray *texts)
{
  GString *raw = g_string_new (NULL);

  for (guint i = 0; i < texts->len; i++)
    {
      const LimnPictureText *text = texts->pdata[i];

      if (g_str_has_prefix (text->keyword, PREFIX))
        g_string_append_printf (raw, "%s%s: %s", raw->len > 0 ? "\n" : "", text->keyword, text->text);
    }

  return g_string_free (raw, raw->len == 0);
}

static gboolean
read_texts (LimnMetadata    *metadata,
            const GPtrArray *texts)
{
  LimnRequest *request = &metadata->request;
  char        *raw = join (texts);

  if (raw == NULL)
    return FALSE;

  metadata->raw = raw;
  request->prompt = g_strdup (limn_picture_texts_find (texts, "flux:prompt"));
  request->model = g_strdup (limn_picture_texts_find (texts, "flux:model"));
  read_integer (texts, "flux:seed", &request->seed);
  read_integer (texts, "flux:steps", &request->steps);
  return TRUE;
}

const LimnDialect limn_dialect_flux2c = { .name = "flux2c", .read = read_texts };
