/* Runs a target's seeds and kept cases without libFuzzer: what was found once must never come back.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-NAME --write FOLDER writes the seeds there, for libFuzzer to begin with. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

static gsize
seed_size (const FuzzSeed *seed)
{
  return seed->size > 0 ? seed->size : strlen (seed->text);
}

static void
test_seed (gconstpointer data)
{
  const FuzzSeed    *seed = data;
  g_autofree guint8 *copy = g_memdup2 (seed->text, seed_size (seed)); /* so that reading behind it is seen */

  g_assert_true (fuzz_target.run (copy, seed_size (seed)));
}

/* Each seed cut at many lengths: that never is a reason to stop. */
static void
test_cut (gconstpointer data)
{
  const FuzzSeed *seed = data;

  for (gsize size = 0; size < seed_size (seed); size += 1 + seed_size (seed) / 60)
    {
      g_autofree guint8 *copy = g_malloc (MAX (size, 1));

      memcpy (copy, seed->text, size);
      fuzz_target.run (copy, size);
    }
}

static void
test_case (gconstpointer path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize            size = 0;

  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);
  fuzz_target.run ((const guint8 *) text, size);
}

static void
add_cases (void)
{
  g_autofree char *folder = g_build_filename (LIMN_FUZZ_CASES, fuzz_target.name, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *test = g_strdup_printf ("/fuzz/%s/case/%s", fuzz_target.name, name);

      g_test_add_data_func_full (test, g_build_filename (folder, name, NULL), test_case, g_free);
    }
}

static int
write_seeds (const char *folder)
{
  for (const FuzzSeed *seed = fuzz_target.seeds; seed->name != NULL; seed++)
    {
      g_autofree char *path = g_build_filename (folder, seed->name, NULL);
      g_autoptr (GError) error = NULL;

      if (!g_file_set_contents (path, seed->text, (gssize) seed_size (seed), &error))
        {
          g_printerr ("%s\n", error->message);
          return 1;
        }
    }
  return 0;
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--write") == 0)
    return write_seeds (argv[2]);
  g_test_init (&argc, &argv, NULL);
  for (const FuzzSeed *seed = fuzz_target.seeds; seed->name != NULL; seed++)
    {
      g_autofree char *whole = g_strdup_printf ("/fuzz/%s/seed/%s", fuzz_target.name, seed->name);
      g_autofree char *cut = g_strdup_printf ("/fuzz/%s/cut/%s", fuzz_target.name, seed->name);

      g_test_add_data_func (whole, seed, test_seed);
      g_test_add_data_func (cut, seed, test_cut);
    }
  add_cases ();
  return g_test_run ();
}
