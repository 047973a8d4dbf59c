/* Families: files that are no model are refused with what they are; models and their settings are read from hostile folders.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"

#include <glib/gstdio.h>
#include <math.h>

static LimnEngine *
make_engine (void)
{
  LimnEngineOptions options = { .threads = 1, .type = "f32", .device = "cpu" };
  g_autoptr (GError) error = NULL;
  LimnEngine *engine = limn_engine_new (&options, &error);

  g_assert_no_error (error);
  return engine;
}

/* A file of one f32 tensor of 4 numbers, called @name. */
static char *
write_tensor (const char *name)
{
  g_autofree char *header = g_strdup_printf (
      "{\"%s\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}", name);
  guint64 length = GUINT64_TO_LE (strlen (header));
  g_autoptr (GString) file = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  char *path = NULL;
  int   fd = g_file_open_tmp ("limn-models-XXXXXX.safetensors", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_string_append_len (file, (const char *) &length, sizeof length);
  g_string_append (file, header);
  g_string_append_len (file, "0123456789abcdef", 16);
  g_file_set_contents (path, file->str, file->len, &error);
  g_assert_no_error (error);
  return path;
}

static void
assert_refused (LimnEngine *engine,
                const char *path,
                int         code,
                const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnModel) model = limn_model_open (engine, path, NULL, &error);

  g_assert_null (model);
  g_assert_error (error, LIMN_ENGINE_ERROR, code);
  g_assert_null (strchr (error->message, '\n'));
  if (strstr (error->message, says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, says);
}

static void
test_lookalikes (void)
{
  static const struct
  {
    const char *tensor, *says;
  } files[] = {
    { "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight", "LoRA" },
    { "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora.down.weight", "LoRA" },
    { "joint_blocks.0.x_block.attn.qkv.weight", "Stable Diffusion 3" },
    { "double_blocks.0.img_attn.proj.weight", "FLUX" },
    { "emb_params", "textual inversion" },
    { "weight", "no known family" },
  };
  g_autoptr (LimnEngine) engine = make_engine ();

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = write_tensor (files[i].tensor);

      assert_refused (engine, path, LIMN_ENGINE_ERROR_UNSUPPORTED, files[i].says);
      g_unlink (path);
    }
}

static void
test_missing (void)
{
  g_autoptr (LimnEngine) engine = make_engine ();

  assert_refused (engine, "/nonexistent/model.safetensors", LIMN_ENGINE_ERROR_FILE, "/nonexistent");
}

static void
assert_no_engine (const LimnEngineOptions *options,
                  const char              *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnEngine) engine = limn_engine_new (options, &error);

  g_assert_null (engine);
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_options (void)
{
  assert_no_engine (&(LimnEngineOptions){ .type = "f64" }, "f64");
  assert_no_engine (&(LimnEngineOptions){ .device = "vulcan" }, "vulcan");
  assert_no_engine (&(LimnEngineOptions){ .device = "vulkan:" }, "vulkan:");
  assert_no_engine (&(LimnEngineOptions){ .device = "vulkan:-1" }, "vulkan:-1");
  assert_no_engine (&(LimnEngineOptions){ .threads = -1 }, "-1 threads");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/lookalikes", test_lookalikes);
  g_test_add_func ("/models/missing", test_missing);
  g_test_add_func ("/engine/options", test_options);
  return g_test_run ();
}
