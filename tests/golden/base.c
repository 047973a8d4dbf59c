/* Cases that change another case's model: that case, beside this one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/latent.h"

char *
golden_base_path (GoldenCase *golden,
                  const char *file)
{
  JsonNode        *node = json_object_get_member (golden->json, "base_model");
  const char      *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : "../sd15";
  g_autofree char *name = g_strndup (text, strcspn (text, " ;,("));

  return g_build_filename (golden->folder, name, file, NULL);
}

LimnArray *
golden_base_array (GoldenCase *golden,
                   const char *name)
{
  g_autofree char *path = golden_base_path (golden, "golden.safetensors");
  g_autoptr (LimnWeights) tensors = limn_weights_open (path, NULL);
  GoldenCase base = *golden;

  base.tensors = tensors;
  return tensors != NULL ? golden_array (&base, name) : NULL;
}

LimnText *
golden_base_text (GoldenCase *golden,
                  LimnModel  *model,
                  const char *text,
                  GError    **error)
{
  g_autofree char *name = g_strdup_printf ("text.%s.ids", text);
  g_autoptr (LimnArray) ids = golden_base_array (golden, name);

  if (ids == NULL)
    return NULL;
  ids->shape = (LimnShape){ 1, 1, ids->shape.c, 1 };
  return limn_model_encode_tokens (model, ids, 1, error);
}
