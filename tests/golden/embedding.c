/* Golden: textual inversion: new words of a text encoder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/latent.h"

/* The recorded ids hold those of the file's vectors, in order. */
static gboolean
check_ids (GoldenCase      *golden,
           LimnModel       *model,
           const char      *name,
           const LimnArray *ids)
{
  int first = 0, count = 0, found = 0;

  if (!limn_model_embedding_ids (model, name, &first, &count))
    return FALSE;
  for (gsize i = 0; i < limn_shape_elements (ids->shape); i++)
    found += found < count && ids->data[i] == first + found;
  return count > 0 && found == count && !limn_model_embedding_ids (model, "nobody", &first, &count);
}

/* A prompt with the word is read as the recorded ids; without a vocabulary beside the references nothing can be read. */
static void
check_prompt (GoldenCase      *golden,
              LimnModel       *model,
              const char      *name,
              const LimnArray *ids)
{
  const char      *recorded = json_object_get_string_member_with_default (golden->json, "prompt", "");
  g_autofree char *marked = g_strdup_printf ("<%s>", name);
  g_auto (GStrv) around = g_strsplit (recorded, marked, 2);
  g_autofree char    *prompt = g_strjoinv (name, around);
  LimnGenerationParts parts = { .latent_only = TRUE };
  LimnGeneration      generation = { .prompt = prompt, .width = 64, .height = 64, .steps = 1, .guidance = 1, .strength = -1, .parts = &parts };
  GError             *error = NULL;
  g_autoptr (LimnResult) result = NULL;

  if (!golden_set_tokenizer (golden, model))
    {
      g_printerr ("golden: %s: no CLIP vocabulary beside it; the prompt is not read\n", golden->name);
      return;
    }
  result = limn_generate (model, &generation, TRUE, NULL, NULL, &error);
  if (result == NULL)
    golden_fail_error (golden, "prompt", 0, error);
  else
    golden_compare_array (golden, "ids", g_hash_table_lookup (result->dump, "tokens"), 0);
}

static void
run_model (GoldenCase *golden,
           const char *name,
           LimnModel  *model)
{
  g_autofree char *file = g_strconcat (name, ".safetensors", NULL), *path = g_build_filename (golden->folder, file, NULL);
  g_autoptr (LimnArray) ids = golden_array (golden, "ids");
  g_autoptr (LimnText) text = NULL;
  const char *names[] = { name }, *paths[] = { path };
  double      limit = golden_limit (golden, FALSE);
  GError     *error = NULL;

  if (!limn_model_set_embeddings (model, names, paths, 1, &error) || ids == NULL)
    {
      golden_fail_error (golden, "ids", 0, error);
      return;
    }
  ids->shape = (LimnShape){ 1, 1, ids->shape.c, 1 };
  if (!check_ids (golden, model, name, ids))
    golden_fail (golden, "ids", 0, "the vectors have other ids than the recorded ones");
  check_prompt (golden, model, name, ids);
  text = limn_model_encode_tokens (model, ids, 1, &error);
  if (text == NULL)
    golden_fail_error (golden, "text.embedding", limit, error);
  else
    golden_compare_array (golden, "text.embedding", text->embedding, limit);

  /* Off again, the ids are nobody's. */
  if (!limn_model_set_embeddings (model, NULL, NULL, 0, &error))
    golden_fail_error (golden, "off", 0, error);
  g_clear_pointer (&text, limn_text_free);
  text = limn_model_encode_tokens (model, ids, 1, NULL);
  if (text != NULL)
    golden_fail (golden, "off", 0, "the new words are still known");
}

void
golden_run_embedding (GoldenCase *golden)
{
  g_autofree char *path = golden_base_path (golden, "model");
  const char      *name = json_object_get_string_member_with_default (golden->json, "file_name_is_the_trigger", "embedding");
  GError          *error = NULL;
  g_autoptr (LimnModel) model = limn_model_open (golden->engine, path, NULL, &error);

  if (model == NULL)
    golden_fail_error (golden, "base_model", golden_limit (golden, FALSE), error);
  else
    run_model (golden, name, model);
}
