/* Draw Things: JSON in XMP's user comment.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/dialect.h"

#include <string.h>

#include "app/dialects/fields.h"
#include "app/number.h"
#include "app/xmp.h"

/* "Euler A Trailing": timesteps end at the last one, as in ComfyUI's sgm_uniform; other endings name no schedule that is known here. */
static void
read_sampler (LimnRequest *request,
              const char  *text)
{
  static const char *const endings[] = { " Trailing", " AYS", " Substep" };
  g_autofree char         *name = g_strdup (text ? text : "");
  gboolean                 trailing = g_str_has_suffix (name, endings[0]);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (name, endings[i]))
      name[strlen (name) - strlen (endings[i])] = '\0';
  limn_fields_set_sampler (request, name, trailing ? "sgm_uniform" : NULL);
}

static void
read_loras (LimnMetadata *metadata,
            JsonArray    *list)
{
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode        *node = json_array_get_element (list, i);
      JsonObject      *lora = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *name = NULL;
      double           weight = 1;

      limn_fields_set_text (lora, "file", &name);
      limn_fields_set_text (lora, "model", &name);
      if (lora != NULL && json_object_has_member (lora, "weight"))
        limn_fields_number (json_object_get_member (lora, "weight"), &weight);
      if (name != NULL)
        limn_lora_list_add (metadata->loras, name, weight);
    }
}

static void
read_comment (LimnMetadata *metadata,
              JsonObject   *object)
{
  LimnRequest *request = &metadata->request;
  JsonObject  *more = limn_fields_object (object, "v2");
  const char  *size = limn_fields_text (object, "size");
  gint64       width, height;

  limn_fields_set_text (object, "c", &request->prompt);
  limn_fields_set_text (object, "uc", &request->negative);
  limn_fields_set_text (object, "model", &request->model);
  limn_fields_set_integer (object, "seed", &request->seed);
  limn_fields_set_integer (object, "steps", &request->steps);
  limn_fields_set_real (object, "scale", &request->guidance);
  limn_fields_set_real (more, "guidanceEmbed", &metadata->distilled_guidance);
  limn_fields_set_integer (more, "clipSkip", &request->clip_skip);
  limn_fields_set_integer (object, "clip_skip", &request->clip_skip);
  limn_fields_set_real (object, "strength", &request->strength);
  read_sampler (request, limn_fields_text (object, "sampler"));
  read_loras (metadata, limn_fields_array (object, "lora"));
  if (size != NULL && limn_number_parse_size (size, &width, &height) && width > 0 && height > 0)
    {
      request->width = width;
      request->height = height;
    }
}

static gboolean
read_texts (LimnMetadata    *metadata,
            const GPtrArray *texts)
{
  const char      *packet = limn_picture_texts_find (texts, LIMN_PICTURE_XMP);
  gboolean         likely = packet != NULL && strstr (packet, "Draw Things") != NULL;
  g_autofree char *comment = likely ? limn_xmp_find (packet, "exif:UserComment") : NULL;
  g_autoptr (JsonObject) object = limn_fields_parse (comment);

  if (object == NULL)
    return FALSE;

  metadata->raw = g_strdup (comment);
  read_comment (metadata, object);
  return TRUE;
}

const LimnDialect limn_dialect_drawthings = { .name = "drawthings", .read = read_texts };
