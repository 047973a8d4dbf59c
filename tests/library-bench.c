/* Measures a large library: library-bench FOLDER make N | measure | import [N]
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/library/hash.h"
#include "app/library/import.h"
#include "app/library/search.h"
#include "app/library/thumbnail.h"
#include "app/metadata.h"

#define WORDS 3000
#define BATCH 500
#define THUMBNAILS 64
#define PAGE 100
#define QUERIES 200
#define PAGES 100

static const char *const samplers[] = { "euler_a", "euler", "ddim", "dpmpp_2m", "unipc", "lcm" };

/* Some words are in most prompts and most in few, as in a language. */
static int
draw_word (GRand *random)
{
  return (int) (WORDS * pow (g_rand_double (random), 3));
}

/* Words that can be told from each other by their beginnings: "ba", "be", …, three syllables. */
static char *
make_word (int number)
{
  static const char consonants[] = "bdfgklmnprstvz", vowels[] = "aeiou";
  GString          *word = g_string_new (NULL);

  for (int i = 0; i < 3; i++, number /= 14)
    g_string_append_printf (word, "%c%c", consonants[number % 14], vowels[(number + i) % 5]);
  return g_string_free (word, FALSE);
}

static char *
make_prompt (GRand *random)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  for (int n = g_rand_int_range (random, 10, 40); n > 0; n--)
    g_ptr_array_add (words, make_word (draw_word (random)));
  if (g_rand_int_range (random, 0, 20) == 0)
    g_ptr_array_add (words, g_strdup ("一只可爱的猫在海边"));
  g_ptr_array_add (words, NULL);
  return g_strjoinv (" ", (char **) words->pdata);
}

/* What a picture drawn by a model packs like: smooth shapes, and some grain. */
static LimnArray *
make_pixels (int    size,
             double grain,
             GRand *random)
{
  LimnArray *pixels = limn_array_new ((LimnShape){ 1, size, size, 3 });
  double     a[6];

  for (int i = 0; i < 6; i++)
    a[i] = g_rand_double_range (random, 1, 9) / size;
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++)
      for (int c = 0; c < 3; c++)
        pixels->data[((gsize) y * size + x) * 3 + c] = 0.5 + 0.25 * sin (x * a[c] + 3 * sin (y * a[c + 3])) + 0.2 * cos ((x + y) * a[5 - c])
                                                       + grain * (g_rand_double (random) - 0.5);
  return pixels;
}

static void
check (gboolean ok,
       GError  *error)
{
  if (ok)
    return;

  fprintf (stderr, "library-bench: %s\n", error ? error->message : "failed");
  exit (EXIT_FAILURE);
}

/* Not decoded: what is measured here is the database. Every picture has bytes of its own, and a thumbnail of a usual size. */
static LimnIncoming *
make_incoming (int      number,
               GRand   *random,
               GBytes **thumbnails,
               GBytes *template)
{
  g_autoptr (LimnIncoming) incoming = limn_incoming_new (template, "made.png", NULL);
  g_autofree char *prompt = make_prompt (random);
  g_autofree char *text = g_strdup_printf ("%d %s", number, prompt);
  g_autofree char *name = g_strdup_printf ("model-%02d", g_rand_int_range (random, 0, 12));

  g_bytes_unref (incoming->bytes);
  g_bytes_unref (incoming->hash);
  g_bytes_unref (incoming->small);
  incoming->bytes = g_bytes_new (text, strlen (text));
  incoming->hash = limn_hash (incoming->bytes);
  incoming->small = g_bytes_ref (thumbnails[number % THUMBNAILS]);
  incoming->created = (1700000000 + (gint64) number * 61) * G_USEC_PER_SEC;
  incoming->width = incoming->height = 512;
  limn_request_set (&incoming->request, "prompt", prompt, NULL);
  limn_request_set (&incoming->request, "negative_prompt", "blurry, low quality", NULL);
  limn_request_set (&incoming->request, "model", name, NULL);
  limn_request_set (&incoming->request, "sampler", samplers[number % G_N_ELEMENTS (samplers)], NULL);
  incoming->request.seed = g_rand_int (random);
  incoming->request.steps = 20;
  return g_steal_pointer (&incoming);
}

static void
add_batch (LimnLibrary *library,
           GPtrArray   *batch,
           GRand       *random)
{
  g_autoptr (GError) error = NULL;
  g_autofree LimnAdded *added = g_new (LimnAdded, batch->len);
  g_autoptr (GArray) rated = g_array_new (FALSE, FALSE, sizeof (gint64));
  LimnEdit rate = { LIMN_EDIT_RATE, g_rand_int_range (random, 1, 6), NULL };

  check (limn_library_add (library, (LimnIncoming *const *) batch->pdata, batch->len, added, &error), error);
  for (guint i = 0; i < batch->len; i += 3)
    g_array_append_val (rated, added[i].id);
  check (limn_library_edit (library, &rate, (gint64 *) rated->data, rated->len, &error), error);
  g_ptr_array_set_size (batch, 0);
}

static void
make_library (const char *path,
              int         n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnLibrary) library = limn_library_open (path, &error);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_incoming_free);
  g_autoptr (LimnArray) dot = make_pixels (4, 0.1, random);
  g_autoptr (GBytes) template = limn_picture_encode_png (dot, NULL, NULL);
  GBytes *thumbnails[THUMBNAILS];

  check (library != NULL, error);
  for (int i = 0; i < THUMBNAILS; i++)
    {
      g_autoptr (LimnArray) pixels = make_pixels (256, 0.2, random);

      g_autoptr (LimnRaster) raster = limn_raster_from_array (pixels, 1);

      thumbnails[i] = limn_thumbnail_pack (raster, &error);
      check (thumbnails[i] != NULL, error);
    }

  for (int i = 0; i < n; i++)
    {
      g_ptr_array_add (batch, make_incoming (i, random, thumbnails, template));
      if (batch->len == BATCH || i == n - 1)
        add_batch (library, batch, random);
    }
  for (int i = 0; i < THUMBNAILS; i++)
    g_bytes_unref (thumbnails[i]);
}

static double
milliseconds_since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1e3;
}

static gboolean
report (const char *what,
        double      value,
        double      limit,
        const char *unit)
{
  gboolean ok = unit[0] == '/' ? value >= limit : value <= limit;

  printf ("%-44s %9.1f %s (target %g) %s\n", what, value, unit, limit, ok ? "ok" : "BAD");
  return ok;
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
measure_queries (LimnLibrary *library,
                 GRand       *random,
                 gint64      *found)
{
  double times[QUERIES];

  for (int i = 0; i < QUERIES; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *word = make_word (draw_word (random));
      g_autofree char *query = g_strdup_printf ("%s model:model-%02d rating:>=%d", i % 10 == 9 ? "可爱" : word, i % 12, i % 5);
      gint64           start = g_get_monotonic_time ();
      g_autoptr (GArray) ids = limn_library_search (library, query, LIMN_ORDER_NEWEST, &error);

      check (ids != NULL, error);
      times[i] = milliseconds_since (start);
      *found += ids->len;
    }

  qsort (times, QUERIES, sizeof *times, compare_times);
  return times[QUERIES * 95 / 100 - 1];
}

static double
measure_pages (LimnLibrary *library,
               GRand       *random,
               GArray      *ids)
{
  double times[PAGES];

  for (int i = 0; i < PAGES; i++)
    {
      gint32 first = g_rand_int_range (random, 0, ids->len - PAGE);
      gint64 start = g_get_monotonic_time ();

      for (int k = 0; k < PAGE; k++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GBytes) bytes = limn_library_thumbnail (library, g_array_index (ids, gint64, first + k), LIMN_THUMBNAIL_SMALL, &error);

          check (bytes != NULL, error);
        }
      times[i] = milliseconds_since (start);
    }

  qsort (times, PAGES, sizeof *times, compare_times);
  return times[PAGES * 95 / 100 - 1];
}

static double
peak_megabytes (void)
{
  g_autofree char *status = NULL;
  const char      *line;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  line = status ? strstr (status, "VmHWM:") : NULL;
  return line ? g_ascii_strtod (line + strlen ("VmHWM:"), NULL) / 1024 : 0;
}

static gboolean
measure (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  gint64   start = g_get_monotonic_time (), found = 0;
  gboolean ok;
  g_autoptr (LimnLibrary) library = limn_library_open (path, &error);
  g_autoptr (GArray) ids = library ? limn_library_search (library, "", LIMN_ORDER_NEWEST, &error) : NULL;
  g_autoptr (GPtrArray) page = ids ? limn_library_facts_of (library, (gint64 *) ids->data, MIN (PAGE, ids->len), &error) : NULL;

  check (page != NULL, error);
  ok = report ("open, sort, facts of the first 100", milliseconds_since (start), 300, "ms");
  printf ("%-44s %9u\n", "pictures", ids->len);
  ok &= report ("200 searches, a word and two facets, 95 %", measure_queries (library, random, &found), 50, "ms");
  printf ("%-44s %9.1f\n", "found by a search", (double) found / QUERIES);
  ok &= report ("100 thumbnails, 95 %", measure_pages (library, random, ids), 30, "ms");
  ok &= report ("peak memory", peak_megabytes (), 200, "MB");
  return ok;
}

static gsize
make_files (const char *folder,
            int         n)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  gsize total = 0;

  g_mkdir_with_parents (folder, 0700);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%05d.png", folder, i);
      g_autofree char *contents = NULL;
      gsize            size = 0;

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_autoptr (LimnArray) pixels = make_pixels (512, 0.02, random);
          g_auto (LimnRequest) request = { 0 };
          g_autoptr (GPtrArray) texts = NULL;
          g_autofree char *prompt = make_prompt (random);

          limn_request_init (&request);
          request.seed = i;
          limn_request_set (&request, "prompt", prompt, NULL);
          texts = limn_metadata_texts (&request);
          limn_picture_file_write (path, pixels, texts, TRUE, NULL);
        }
      g_file_get_contents (path, &contents, &size, NULL);
      total += size;
    }

  return total;
}

static gboolean
measure_import (const char *path,
                const char *folder,
                int         n)
{
  g_autoptr (GError) error = NULL;
  gsize bytes = make_files (folder, n);
  g_autoptr (LimnLibrary) library = limn_library_open (path, &error);
  const char *const paths[] = { folder, NULL };
  LimnImport        options = { .threads = 2 };
  gint64            start = g_get_monotonic_time ();

  check (library != NULL && limn_library_import (library, paths, &options, &error), error);
  printf ("%-44s %9.0f\n", "KB a file of 512 px", (double) bytes / n / 1000);
  return report ("files imported by two threads", n / (milliseconds_since (start) / 1e3), 300, "/ s");
}

int
main (int    argc,
      char **argv)
{
  const char *what = argc > 2 ? argv[2] : "";
  int         n = argc > 3 ? atoi (argv[3]) : 0;

  if (g_str_equal (what, "make"))
    {
      g_autofree char *path = g_build_filename (argv[1], "library.limn", NULL);

      make_library (path, n > 0 ? n : 100000);
      return EXIT_SUCCESS;
    }
  if (g_str_equal (what, "measure"))
    {
      g_autofree char *path = g_build_filename (argv[1], "library.limn", NULL);

      return measure (path) ? EXIT_SUCCESS : EXIT_FAILURE;
    }
  if (g_str_equal (what, "import"))
    {
      g_autofree char *path = g_strdup_printf ("%s/import-%" G_GINT64_FORMAT ".limn", argv[1], g_get_real_time ());
      g_autofree char *folder = g_build_filename (argv[1], "files", NULL);

      return measure_import (path, folder, n > 0 ? n : 600) ? EXIT_SUCCESS : EXIT_FAILURE;
    }

  fputs ("Usage: library-bench FOLDER make [N] | measure | import [N]\n", stderr);
  return 2;
}
