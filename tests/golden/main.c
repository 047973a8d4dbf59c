/* golden FOLDER…: compares the engine with recorded reference numbers, a line a tensor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/golden.h"

#include <stdio.h>

/* A case is what it holds, whatever it is called; the first line that fits counts. */
static const struct
{
  const char *member; /* of the case's JSON */
  const char *file;   /* (nullable): that its folder must have, too */
  void (*run) (GoldenCase *golden);
} kinds[] = {
  { "mixture", NULL, golden_run_samplers },
  { "draws", NULL, golden_run_random },
  { "clip_regex", "ids.json", golden_run_tokenizers },
  { "rows", "ids.json", golden_run_tokenizers },
  { "unet", "model", golden_run_sd15 },
  { "hint", NULL, golden_run_controlnet },
  { "guidance", "transformer", golden_run_starter },
  { "alpha", NULL, golden_run_lora },
  { "file_name_is_the_trigger", NULL, golden_run_embedding },
  { "types", "types.gguf", golden_run_gguf },
  { "nets", NULL, golden_run_upscalers },
  { "range", "taesd_decoder.safetensors", golden_run_taesd },
};

static JsonNode *
read_json (const char *folder)
{
  static const char *const names[] = { "case.json", "golden.json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) json = NULL;

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      json = golden_read_json (path, &error);
      if (json != NULL && JSON_NODE_HOLDS_OBJECT (json))
        return g_steal_pointer (&json);
      fprintf (stderr, "golden: %s: %s\n", path, error != NULL ? error->message : "no JSON object");
      return NULL;
    }
  fprintf (stderr, "golden: %s: neither case.json nor golden.json is there\n", folder);
  return NULL;
}

static gboolean
run_kind (GoldenCase *golden)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_build_filename (golden->folder, kinds[i].file != NULL ? kinds[i].file : ".", NULL);

      if (!json_object_has_member (golden->json, kinds[i].member) || !g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      kinds[i].run (golden);
      return TRUE;
    }
  fprintf (stderr, "golden: %s: no kind of case that this tool knows\n", golden->folder);
  return FALSE;
}

static LimnEngine *
open_engine (GError **error)
{
  LimnEngineOptions options = { .type = g_getenv ("LIMN_TYPE") != NULL ? NULL : "f32" };

  return limn_engine_new (&options, error);
}

/* What the engine computes in: what it was told, or what it chose for its device. */
static const char *
type_of (LimnEngine *engine)
{
  const char *told = g_getenv ("LIMN_TYPE");
  g_autoptr (GPtrArray) devices = NULL;

  if (told == NULL)
    return "f32";
  if (told[0] != '\0' && !g_str_equal (told, "auto"))
    return told;
  devices = limn_engine_devices (engine);
  for (guint i = 0; i < devices->len; i++)
    if (((LimnDeviceInfo *) devices->pdata[i])->used)
      return g_intern_string (((LimnDeviceInfo *) devices->pdata[i])->type);
  return "f32";
}

/* Returns whether the folder was compared and everything in it is ok. */
static gboolean
run_folder (const char *folder)
{
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);
  g_autofree char *name = g_path_get_basename (absolute);
  g_autofree char *tensors_path = g_build_filename (absolute, "golden.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) json = read_json (absolute);
  g_autoptr (LimnWeights) tensors = NULL;
  g_autoptr (LimnEngine) engine = NULL;
  GoldenCase golden = { .name = name, .folder = absolute };

  if (json == NULL)
    return FALSE;

  tensors = limn_weights_open (tensors_path, &error);
  engine = tensors != NULL ? open_engine (&error) : NULL;
  if (engine == NULL)
    {
      fprintf (stderr, "golden: %s\n", error->message);
      return FALSE;
    }

  golden.json = json_node_get_object (json);
  golden.tensors = tensors;
  golden.engine = engine;
  golden.type = type_of (engine);
  return run_kind (&golden) && golden.compared > 0 && golden.bad == 0;
}

int
main (int    argc,
      char **argv)
{
  gboolean ok = argc > 1;

  if (argc < 2)
    fprintf (stderr, "usage: golden FOLDER…\n");

  for (int i = 1; i < argc; i++)
    ok = run_folder (argv[i]) && ok;

  return argc < 2 ? 2 : !ok;
}
