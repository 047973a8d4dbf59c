/* stable-diffusion.cpp: AUTOMATIC1111's form, under its own name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/dialect.h"

#include <string.h>

#include "app/parameters.h"

#define VERSION "stable-diffusion.cpp"

static gboolean
is_its_own (const char *text)
{
  g_autofree char *prompt = NULL;
  g_autofree char *negative = NULL;
  g_autoptr (GPtrArray) parameters = limn_parameters_parse (text, &prompt, &negative);
  const char *version = limn_parameters_find (parameters, "Version");

  return version != NULL && g_str_has_prefix (version, VERSION);
}

static gboolean
read_texts (LimnMetadata    *metadata,
            const GPtrArray *texts)
{
  const char *text = limn_picture_texts_find (texts, "parameters");

  if (text == NULL || strstr (text, VERSION) == NULL || !is_its_own (text))
    return FALSE;

  g_ptr_array_unref (limn_dialect_read_parameters (metadata, text));
  return TRUE;
}

const LimnDialect limn_dialect_sdcpp = { .name = "sdcpp", .read = read_texts };
