/* Runs the golden tool on the reference folders, a test each; skipped where they are not there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"

#include <glib/gstdio.h>

static const char *const folders[] = {
  "goldens/sd15",
  "goldens/sd21",
  "goldens/sdxl",
  "goldens/controlnet",
  "goldens/lora",
  "goldens/embedding",
  "goldens/gguf",
  "goldens/taesd",
  "goldens/upscalers",
  "goldens/samplers",
  "goldens/random",
  "goldens/tokenizers",
  "starter",
};

/* Those of them that compute on a device. */
static const struct
{
  const char *folder, *device, *type;
} on_cards[] = {
  { "goldens/sd15", "vulkan", "f32" },
  { "goldens/sd15", "vulkan", "f16" },
  { "goldens/sdxl", "vulkan", "f32" },
  { "goldens/sdxl", "vulkan", "f16" },
  { "goldens/controlnet", "vulkan", "f32" },
  { "goldens/lora", "vulkan", "f32" },
  { "goldens/embedding", "vulkan", "f32" },
  { "goldens/taesd", "vulkan", "f32" },
  { "goldens/taesd", "vulkan", "f16" },
  { "goldens/upscalers", "vulkan", "f32" },
  { "goldens/upscalers", "vulkan", "f16" },
  { "starter", "vulkan", "f32" },
  { "starter", "vulkan", "f16" },
};

static char *
shared_folder (const char *name)
{
  const char *shared = g_getenv ("LIMN_SHARED"), *data = g_getenv ("LIMN_TEST_DATA");

  if (shared != NULL)
    return g_build_filename (shared, name, NULL);
  return g_build_filename (data != NULL ? data : ".", "..", "..", "shared", name, NULL);
}

/* Runs the tool on @folder and wants all lines to be ok. */
static void
check_folder (const char *folder,
              const char *device,
              const char *type)
{
  const char *argv[] = { g_getenv ("LIMN_GOLDEN"), folder, NULL };
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "LIMN_DEVICE", device, TRUE);
  g_autofree char *out = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;

  environment = g_environ_setenv (environment, "LIMN_TYPE", type, TRUE);
  g_spawn_sync (NULL, (char **) argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status,
                &error);
  g_assert_no_error (error);
  if (status != 0)
    g_test_message ("%s", out);
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (out, " ok\n"));
  g_assert_null (strstr (out, " BAD\n"));
}

static gboolean
is_there (const char *folder)
{
  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_test_skip ("reference numbers are not there; set LIMN_SHARED");
  return FALSE;
}

static void
test_folder (gconstpointer data)
{
  g_autofree char *folder = shared_folder (data);

  if (is_there (folder))
    check_folder (folder, "cpu", "f32");
}

static void
test_on_card (gconstpointer data)
{
  guint                   i = GPOINTER_TO_UINT (data);
  const LimnEngineOptions options = { .threads = 1, .device = on_cards[i].device, .type = on_cards[i].type };
  g_autofree char        *folder = shared_folder (on_cards[i].folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnEngine) engine = limn_engine_new (&options, &error);

  if (engine == NULL)
    g_test_skip (error->message);
  else if (is_there (folder))
    check_folder (folder, on_cards[i].device, on_cards[i].type);
}

/* A folder that has nothing to compare must not pass. */
static void
test_nothing (void)
{
  g_autofree char *folder = g_dir_make_tmp ("limn-golden-XXXXXX", NULL);
  const char      *argv[] = { g_getenv ("LIMN_GOLDEN"), folder, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_false (g_spawn_check_wait_status (status, NULL));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
add_on_card (guint i)
{
  g_autofree char *path = g_strdup_printf ("/golden/%s-%s/%s", on_cards[i].device, on_cards[i].type, on_cards[i].folder);

  g_test_add_data_func (path, GUINT_TO_POINTER (i), test_on_card);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/golden/nothing", test_nothing);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_strdup_printf ("/golden/%s", folders[i]);

      g_test_add_data_func (path, folders[i], test_folder);
    }
  for (guint i = 0; i < G_N_ELEMENTS (on_cards); i++)
    add_on_card (i);
  return g_test_run ();
}
