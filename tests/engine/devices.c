/* What there is to compute on: everything that is listed can be opened by its id, and one is what auto takes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"

static LimnEngine *
open_engine (const char *device)
{
  const LimnEngineOptions options = { .threads = 1, .device = device, .type = "auto" };
  g_autoptr (GError) error = NULL;
  LimnEngine *engine = limn_engine_new (&options, &error);

  if (engine == NULL)
    g_test_message ("%s: %s", device, error->message);
  return engine;
}

static GPtrArray *
list (const char *device)
{
  g_autoptr (LimnEngine) engine = open_engine (device);

  return engine != NULL ? limn_engine_devices (engine) : NULL;
}

static const LimnDeviceInfo *
only_one (GPtrArray *devices,
          gboolean   used)
{
  const LimnDeviceInfo *found = NULL;

  for (guint i = 0; i < devices->len; i++)
    {
      const LimnDeviceInfo *device = devices->pdata[i];

      if (!(used ? device->used : device->chosen))
        continue;
      g_assert_null (found);
      found = device;
    }
  g_assert_nonnull (found);
  return found;
}

static void
test_processor (void)
{
  g_autoptr (GPtrArray) devices = list ("cpu");
  const LimnDeviceInfo *cpu = devices->pdata[0];

  g_assert_cmpstr (cpu->id, ==, "cpu");
  g_assert_cmpstr (cpu->kind, ==, "cpu");
  g_assert_cmpint (cpu->threads, ==, 1);
  g_assert_cmpuint (cpu->memory, >, 1 << 20);
  g_assert_cmpuint (cpu->budget, >, 1 << 20);
  g_assert_cmpuint (cpu->budget, <=, cpu->memory);
  g_assert_nonnull (cpu->features);
  g_assert_true (only_one (devices, TRUE) == cpu);
}

/* What is listed is what "auto" does, whatever this engine was told to use. */
static void
test_auto (void)
{
  g_autoptr (GPtrArray) automatic = list ("auto"), told = list ("cpu");
  const LimnDeviceInfo *chosen = only_one (automatic, FALSE);

  g_test_message ("auto takes %s: %s", chosen->id, chosen->reason);
  g_assert_true (only_one (automatic, TRUE) == chosen);
  g_assert_cmpstr (chosen->type, !=, NULL);
  g_assert_cmpstr (chosen->kind, !=, "software");
  g_assert_cmpstr (only_one (told, FALSE)->id, ==, chosen->id);
}

static void
check_card (const LimnDeviceInfo *card,
            guint                 index)
{
  g_autofree char *id = g_strdup_printf ("vulkan:%u", index);
  g_autoptr (GPtrArray) devices = list (id);

  g_assert_cmpstr (card->id, ==, id);
  g_assert_cmpstr (card->name, !=, "");
  g_assert_nonnull (strstr (card->driver, "Vulkan 1."));
  g_assert_cmpint (card->threads, ==, 0);
  g_assert_cmpstr (card->reason, !=, NULL);
  g_assert_true ((card->type != NULL) == (devices != NULL));
  if (devices == NULL)
    return;
  g_assert_cmpuint (card->memory, >, 1 << 20);
  g_assert_cmpstr (only_one (devices, TRUE)->id, ==, id);
}

static void
test_cards (void)
{
  g_autoptr (GPtrArray) devices = list ("cpu");

  if (devices->len == 1)
    g_test_skip (((LimnDeviceInfo *) devices->pdata[0])->reason);
  for (guint i = 1; i < devices->len; i++)
    check_card (devices->pdata[i], i - 1);
}

/* Without a driver there is the processor, and the reason names what is missing. Last: drivers are looked for where these say. */
static void
test_no_driver (void)
{
  g_autoptr (GPtrArray) devices = NULL;
  const LimnDeviceInfo *cpu;

  g_setenv ("VK_DRIVER_FILES", "nowhere.json", TRUE);
  g_setenv ("VK_ICD_FILENAMES", "nowhere.json", TRUE);
  devices = list ("auto");
  g_assert_cmpuint (devices->len, ==, 1);
  cpu = only_one (devices, FALSE);
  g_assert_cmpstr (cpu->id, ==, "cpu");
  g_assert_nonnull (strstr (cpu->reason, "driver"));
  g_assert_null (open_engine ("vulkan"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/devices/processor", test_processor);
  g_test_add_func ("/devices/auto", test_auto);
  g_test_add_func ("/devices/cards", test_cards);
  g_test_add_func ("/devices/no-driver", test_no_driver);
  return g_test_run ();
}
