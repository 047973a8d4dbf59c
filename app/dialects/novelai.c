/* NovelAI: the prompt as a text of its own, the rest as JSON in the comment.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/dialect.h"

#include "app/dialects/fields.h"

/* Since version 4: {"caption": {"base_caption": "…", "char_captions": […]}} */
static const char *
find_caption (JsonObject *object,
              const char *key)
{
  return limn_fields_text (limn_fields_object (limn_fields_object (object, key), "caption"), "base_caption");
}

static char *
first_of (const char *a,
          const char *b,
          const char *c)
{
  return g_strdup (a != NULL && *a != '\0' ? a : b != NULL && *b != '\0' ? b
                                                                         : c);
}

static void
read_comment (LimnMetadata    *metadata,
              JsonObject      *object,
              const GPtrArray *texts)
{
  LimnRequest *request = &metadata->request;
  const char  *sampler = limn_fields_text (object, "sampler");

  request->prompt = first_of (limn_fields_text (object, "prompt"), find_caption (object, "v4_prompt"),
                              limn_picture_texts_find (texts, "Description"));
  request->negative = first_of (limn_fields_text (object, "uc"), find_caption (object, "v4_negative_prompt"), NULL);
  request->model = g_strdup (limn_picture_texts_find (texts, "Source"));
  limn_fields_set_integer (object, "seed", &request->seed);
  limn_fields_set_integer (object, "steps", &request->steps);
  limn_fields_set_integer (object, "width", &request->width);
  limn_fields_set_integer (object, "height", &request->height);
  limn_fields_set_real (object, "scale", &request->guidance);
  limn_fields_set_real (object, "strength", &request->strength);
  limn_fields_set_sampler (request, sampler != NULL && g_str_has_prefix (sampler, "k_") ? sampler + 2 : sampler,
                           limn_fields_text (object, "noise_schedule"));
}

static gboolean
read_texts (LimnMetadata    *metadata,
            const GPtrArray *texts)
{
  const char *comment = limn_picture_texts_find (texts, "Comment");
  const char *software = limn_picture_texts_find (texts, "Software");
  g_autoptr (JsonObject) object = limn_fields_parse (comment);

  if (object == NULL || !(g_strcmp0 (software, "NovelAI") == 0 || (json_object_has_member (object, "uc") && json_object_has_member (object, "scale"))))
    return FALSE;

  metadata->raw = g_strdup (comment);
  read_comment (metadata, object, texts);
  return TRUE;
}

const LimnDialect limn_dialect_novelai = { .name = "novelai", .read = read_texts };
