/* Tests what happens to a library when things go wrong: kill -9, full disks, files cut, newer, foreign or not writable.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/library-test.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "app/library/care.h"
#include "app/library/connection.h"
#include "app/library/hash.h"
#include "app/library/schema.h"
#include "app/library/search.h"

#define ADD(path, func) g_test_add (path, LibraryPlace, NULL, library_set_up, func, library_tear_down)
#define KILLS 50
#define MANY 300
#define LIMIT_BYTES (4 * 1024 * 1024)

static gboolean
add_job (LimnDatabase *database,
         gpointer      data,
         GError      **error)
{
  return limn_database_run (database, error, "INSERT INTO jobs (id, state, position, created, request) VALUES (?1, 'running', ?1, 1, '{}')", "i",
                            *(gint64 *) data);
}

/* Picture @number, with a job of the same number. */
static gboolean
add_with_job (LimnLibrary *library,
              gint64       number,
              GError     **error)
{
  g_autoptr (GBytes) png = library_make_png (number, 40, 40, "killed");
  g_autoptr (LimnIncoming) incoming = limn_incoming_new (png, NULL, NULL);

  incoming->job = number;
  return limn_library_write (library, add_job, &number, error) && limn_library_add (library, &incoming, 1, NULL, error);
}

/* In the child: adds until it is killed or an error comes, and tells of each picture when it is in for good. */
static void
add_until_killed (const char *path,
                  gint64      number,
                  int         told)
{
  g_autoptr (LimnLibrary) library = limn_library_open (path, NULL);
  gint64 ready = 0;

  if (write (told, &ready, sizeof ready) != sizeof ready)
    return;
  while (library != NULL && add_with_job (library, number, NULL))
    {
      if (write (told, &number, sizeof number) != sizeof number)
        break;
      number++;
    }
}

static gint64
ask (LibraryPlace *place,
     const char   *sql)
{
  g_autoptr (LimnDatabase) database = limn_database_open (place->path, LIMN_DATABASE_READ, NULL);
  gint64 number = -1;

  g_assert_true (limn_database_integer (database, &number, NULL, sql, ""));
  return number;
}

/* Returns: the last number that the child told of; 0 if none */
static gint64
run_child (LibraryPlace *place,
           gint64        first,
           guint         microseconds,
           rlim_t        limit)
{
  int           pipes[2];
  pid_t         child;
  gint64        number, last = 0;
  struct rlimit size = { limit, limit };

  g_assert_cmpint (pipe (pipes), ==, 0);
  child = fork ();
  if (child == 0)
    {
      close (pipes[0]);
      signal (SIGXFSZ, SIG_IGN);
      setrlimit (RLIMIT_FSIZE, &size);
      add_until_killed (place->path, first, pipes[1]);
      _exit (0);
    }

  close (pipes[1]);
  if (microseconds > 0)
    {
      /* Mostly it is killed while it adds, now and then while it opens. */
      if (microseconds % 5 != 0 && read (pipes[0], &number, sizeof number) != sizeof number)
        g_test_message ("the child ended early");
      g_usleep (microseconds);
      kill (child, SIGKILL);
    }
  while (read (pipes[0], &number, sizeof number) == sizeof number)
    last = number;
  waitpid (child, NULL, 0);
  close (pipes[0]);
  return last;
}

/* What was told of is there; one more may be; nothing is there twice, and jobs and pictures agree. */
static void
test_kill (LibraryPlace *place,
           gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  gint64 told = 0, there = 0;

  library_close (place);
  /* Where other programs are busy, a child may not come to add anything before it is killed. */
  for (int i = 0; i < KILLS || (told < 10 && i < 10 * KILLS); i++)
    {
      gint64 last = run_child (place, 1000 * (i + 1), g_rand_int_range (random, 2000, 120000), RLIM_INFINITY);

      told += last == 0 ? 0 : last - 1000 * (i + 1) + 1;
      there = ask (place, "SELECT count (*) FROM pictures");
      g_assert_cmpint (there, >=, told);
      g_assert_cmpint (there, <=, told + i + 1);
      g_assert_cmpint (ask (place, "SELECT count (*) FROM jobs WHERE state = 'done' AND result IS NOT NULL"), ==, there);
      g_assert_cmpint (ask (place, "SELECT count (DISTINCT result) FROM jobs"), ==, there);
      g_assert_cmpint (ask (place, "SELECT count (*) FROM jobs WHERE state NOT IN ('done', 'running')"), ==, 0);
    }

  g_assert_cmpint (told, >=, 10); /* else nothing was tried */
  library_reopen (place);
  g_assert_cmpint (library_check (place->library), ==, there);
}

static void
test_full_disk (LibraryPlace *place,
                gconstpointer data)
{
  gint64 last;
  g_autoptr (GError) error = NULL;

  library_close (place);
  last = run_child (place, 1, 0, LIMIT_BYTES);
  g_assert_cmpint (last, >, 3);

  library_reopen (place);
  g_assert_cmpint (library_check (place->library), ==, last);
  g_assert_cmpint (library_add (place->library, 1000000, "there is room again"), >, 0);
}

static void
test_full_disk_message (LibraryPlace *place,
                        gconstpointer data)
{
  struct rlimit before, size;
  g_autoptr (GBytes) png = library_make_png (1, 600, 600, "large");
  g_autoptr (LimnIncoming) incoming = limn_incoming_new (png, NULL, NULL);
  g_autoptr (GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  size = before;
  size.rlim_cur = 48 * 1024; /* a page and a half */
  setrlimit (RLIMIT_FSIZE, &size);
  g_assert_false (limn_library_add (place->library, &incoming, 1, NULL, &error));
  setrlimit (RLIMIT_FSIZE, &before);

  g_assert_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_FULL);
  g_assert_true (limn_library_add (place->library, &incoming, 1, NULL, NULL));
  g_assert_cmpint (library_check (place->library), ==, 1);
}

static GBytes *
hash_file (const char *path)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_nonnull (file);
  bytes = g_mapped_file_get_bytes (file);
  return limn_hash (bytes);
}

static void
run_sql (const char *path,
         const char *sql)
{
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (database);
}

/* Opening fails so, and does not touch the file. */
static void
assert_refused (LibraryPlace *place,
                int           code)
{
  g_autoptr (GBytes) before = hash_file (place->path);
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (limn_library_open (place->path, &error));
  g_assert_error (error, LIMN_LIBRARY_ERROR, code);
  g_assert_nonnull (strstr (error->message, "library.limn"));
  after = hash_file (place->path);
  g_assert_true (g_bytes_equal (before, after));
}

static void
test_newer (LibraryPlace *place,
            gconstpointer data)
{
  library_add (place->library, 1, "p");
  library_close (place);
  run_sql (place->path, "PRAGMA user_version = 99");
  assert_refused (place, LIMN_LIBRARY_ERROR_NEWER);
}

static void
test_foreign (LibraryPlace *place,
              gconstpointer data)
{
  library_close (place);
  g_unlink (place->path);
  run_sql (place->path, "CREATE TABLE bookmarks (url)");
  assert_refused (place, LIMN_LIBRARY_ERROR_FOREIGN);

  g_assert_true (g_file_set_contents (place->path, "This is a letter, and not a library at all. It goes on for some time.", -1, NULL));
  assert_refused (place, LIMN_LIBRARY_ERROR_FOREIGN);
}

/* The step that is wrong changes nothing, the one before it is done, and the copy is what was there before both. */
static void
test_copy_before_migration (LibraryPlace *place,
                            gconstpointer data)
{
  const char      *steps[100] = { NULL };
  gint64           now = ask (place, "PRAGMA user_version");
  g_autofree char *kept = g_strdup_printf ("%s.version-%d", place->path, (int) now);
  g_autoptr (LimnDatabase) database = NULL;
  g_autoptr (LimnLibrary) copy = NULL;
  g_autoptr (GError) error = NULL;
  gint64 version = 0, tables = -1, columns = -1;

  steps[now] = "ALTER TABLE pictures ADD COLUMN mood TEXT";
  steps[now + 1] = "CREATE TABLE x (y); wrong SQL";
  library_add (place->library, 1, "p");
  library_close (place);
  database = limn_database_open (place->path, LIMN_DATABASE_WRITE, NULL);
  g_assert_false (limn_schema_migrate_by (database, steps, (int) now + 2, &error));
  g_assert_true (limn_database_integer (database, &version, NULL, "PRAGMA user_version", ""));
  g_assert_true (limn_database_integer (database, &tables, NULL, "SELECT count (*) FROM sqlite_schema WHERE name = 'x'", ""));
  g_assert_true (limn_database_integer (database, &columns, NULL, "SELECT count (*) FROM pragma_table_info ('pictures') WHERE name = 'mood'", ""));
  g_assert_cmpint (version, ==, now + 1);
  g_assert_cmpint (tables, ==, 0);
  g_assert_cmpint (columns, ==, 1);

  copy = limn_library_open (kept, &error);
  g_assert_nonnull (copy);
  g_assert_cmpint (library_check (copy), ==, 1);
}

/* As a user who may only read. */
static int
read_only_child (LibraryPlace *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) why = NULL;
  gint64   id = 1;
  LimnEdit edit = { LIMN_EDIT_RATE, 3, NULL };
  g_autoptr (LimnLibrary) library = NULL;
  g_autofree char *found = NULL;

  if (geteuid () == 0 && setuid (65534) != 0)
    return 1;
  library = limn_library_open (place->path, &error);
  if (library == NULL || limn_library_can_write (library))
    return 2;
  found = library_find (library, "held", "created");
  if (!g_str_equal (found, "1"))
    return 3;
  if (limn_library_edit (library, &edit, &id, 1, &why) || !g_error_matches (why, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_READ_ONLY))
    return 4;
  return 0;
}

static void
test_read_only (LibraryPlace *place,
                gconstpointer data)
{
  pid_t child;
  int   status;

  library_add (place->library, 1, "held");
  library_close (place);
  g_chmod (place->path, 0444);
  g_chmod (place->folder, 0555);
  child = fork ();
  if (child == 0)
    _exit (read_only_child (place));
  waitpid (child, &status, 0);
  g_chmod (place->folder, 0755);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static GBytes *
nth_png (int number)
{
  return library_make_png (number, 64, 64, "cut in half");
}

static void
fill (LibraryPlace *place,
      int           n)
{
  for (int i = 1; i <= n; i++)
    {
      g_autoptr (GBytes) png = nth_png (i);
      g_autoptr (LimnIncoming) incoming = limn_incoming_new (png, NULL, NULL);

      g_assert_true (limn_library_add (place->library, &incoming, 1, NULL, NULL));
    }
  library_edit (place->library, LIMN_EDIT_TAG, 0, "kept", 1);
  library_edit (place->library, LIMN_EDIT_RATE, 5, NULL, 2);
}

/* Each picture of the saved library is one of those that were put in. */
static gint64
count_saved (LibraryPlace *place,
             int           n)
{
  gint64 saved = 0;

  for (int i = 1; i <= n; i++)
    {
      g_autoptr (GBytes) png = nth_png (i);
      g_autoptr (GBytes) hash = limn_hash (png);
      gint64 id = 0;

      g_assert_true (limn_library_find (place->library, hash, &id, NULL));
      saved += id != 0;
    }

  return saved;
}

static void
salvage (LibraryPlace *place,
         LimnSalvage  *result)
{
  g_autoptr (GBytes) before = hash_file (place->path);
  g_autoptr (GBytes) kept = NULL;
  g_autoptr (GError) error = NULL;

  limn_library_salvage (place->path, result, &error);
  g_assert_no_error (error);
  kept = hash_file (result->kept);
  g_assert_true (g_bytes_equal (before, kept));
  library_reopen (place);
}

static void
test_cut_in_half (LibraryPlace *place,
                  gconstpointer data)
{
  struct stat status;
  LimnSalvage result;
  gint64      readable = 0;

  fill (place, MANY);
  library_close (place);
  g_assert_cmpint (stat (place->path, &status), ==, 0);
  g_assert_cmpint (truncate (place->path, status.st_size / 2), ==, 0);
  assert_refused (place, LIMN_LIBRARY_ERROR_DAMAGED);

  salvage (place, &result);
  readable = count_saved (place, MANY);
  g_test_message ("%d of %d saved", (int) readable, MANY);
  g_assert_cmpint (readable, >=, MANY / 3);
  g_assert_cmpint (result.pictures, ==, readable);
  g_assert_cmpint (library_check (place->library), ==, readable);
  g_free (result.kept);
}

/* A hole in the middle loses what was there, and nothing before or behind it. */
static void
test_hole (LibraryPlace *place,
           gconstpointer data)
{
  g_autofree char *zeros = g_malloc0 (20000);
  g_autofree char *tagged = NULL, *rated = NULL;
  struct stat      status;
  LimnSalvage      result;
  FILE            *file;
  gint64           saved;

  fill (place, 40);
  library_close (place);
  g_assert_cmpint (stat (place->path, &status), ==, 0);
  file = fopen (place->path, "r+");
  g_assert_cmpint (fseek (file, status.st_size / 4096 * 3 / 4 * 4096, SEEK_SET), ==, 0);
  g_assert_cmpint (fwrite (zeros, 1, 20000, file), ==, 20000);
  fclose (file);

  salvage (place, &result);
  saved = count_saved (place, 40);
  g_assert_cmpint (saved, >=, 36);
  g_assert_cmpint (library_check (place->library), ==, saved);
  tagged = library_find (place->library, "tag:kept", "created");
  rated = library_find (place->library, "rating:5", "created");
  g_assert_cmpstr (tagged, ==, "1");
  g_assert_cmpstr (rated, ==, "2");
  g_free (result.kept);
}

/* A log beside the library holds what was committed last. */
static void
test_salvage_sound (LibraryPlace *place,
                    gconstpointer data)
{
  LimnSalvage result;

  fill (place, 5);
  library_close (place);
  salvage (place, &result);
  g_assert_cmpint (result.pictures, ==, 5);
  g_assert_cmpint (result.lost, ==, 0);
  g_assert_cmpint (count_saved (place, 5), ==, 5);
  g_free (result.kept);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/library/faults/kill", test_kill);
  ADD ("/library/faults/full-disk", test_full_disk);
  ADD ("/library/faults/full-disk-message", test_full_disk_message);
  ADD ("/library/faults/newer", test_newer);
  ADD ("/library/faults/foreign", test_foreign);
  ADD ("/library/faults/copy-before-migration", test_copy_before_migration);
  ADD ("/library/faults/read-only", test_read_only);
  ADD ("/library/faults/cut-in-half", test_cut_in_half);
  ADD ("/library/faults/hole", test_hole);
  ADD ("/library/faults/salvage-sound", test_salvage_sound);
  return g_test_run ();
}
