/* Kills `limn queue run` or its worker, again and again, at any moment, also within a commit: nothing is lost and nothing doubled.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/library-test.h"
#include "tests/app/program-test.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "app/library/care.h"
#include "app/library/search.h"
#include "app/queue/jobs-run.h"

#define KILLS 200
#define LONGEST_WAIT_US 700000
#define WAITING_JOBS 3

typedef struct
{
  LibraryPlace library;
  GRand       *random;
  GPid         pid;   /* of limn; 0 while it does not run */
  gint64       added; /* jobs */
  gint64       seed;  /* of the next */
  int          killed_limn, killed_worker, in_commit, went_on;
} Place;

static void
set_up (Place        *place,
        gconstpointer data)
{
  library_set_up (&place->library, NULL);
  place->random = g_rand_new_with_seed (g_test_rand_int ());
  g_setenv ("LIMN_DATA_DIR", place->library.folder, TRUE);
}

static void
tear_down (Place        *place,
           gconstpointer data)
{
  if (place->pid != 0)
    {
      kill (place->pid, SIGKILL);
      waitpid (place->pid, NULL, 0);
    }
  g_rand_free (place->random);
  library_tear_down (&place->library, NULL);
}

/* @steps: of a small picture, so many that it is killed in the middle now and then. */
static void
add_job (Place *place,
         int    steps)
{
  g_auto (LimnRequest) request = { 0 };
  g_autoptr (GPtrArray) requests = g_ptr_array_new ();

  limn_request_init (&request);
  request.prompt = g_strdup ("a red apple");
  request.type = g_strdup ("f32");
  request.width = request.height = 128;
  request.steps = steps;
  request.seed = place->seed++;
  g_ptr_array_add (requests, &request);
  g_assert_true (limn_jobs_add (place->library.library, requests, 0, NULL, NULL));
  place->added++;
}

static GPtrArray *
list (Place *place)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = limn_jobs_list (place->library.library, -1, NULL, NULL, &error);

  g_assert_no_error (error);
  return rows;
}

static guint
count (const GPtrArray *rows,
       LimnJobState     state)
{
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    n += ((LimnJobRow *) rows->pdata[i])->state == state;
  return n;
}

static void
start (Place *place)
{
  char *argv[] = { (char *) g_getenv ("LIMN_PROGRAM"), (char *) "queue", (char *) "run", (char *) "--keep", (char *) "0.02", (char *) "--threads", (char *) "1", NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_async (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &place->pid, &error);
  g_assert_no_error (error);
}

/* The end of limn that nobody wanted is one that it reports: with jobs that failed after two dead workers. */
static gboolean
is_running (Place *place)
{
  if (place->pid != 0 && waitpid (place->pid, NULL, WNOHANG) == place->pid)
    place->pid = 0;
  return place->pid != 0;
}

/* Returns: a child that one of limn's threads has made; 0 if there is none (yet) */
static GPid
worker_of (GPid limn)
{
  g_autofree char *tasks = g_strdup_printf ("/proc/%d/task", limn);
  g_autoptr (GDir) threads = g_dir_open (tasks, 0, NULL);
  const char *thread;
  GPid        worker = 0;

  while (worker == 0 && threads != NULL && (thread = g_dir_read_name (threads)) != NULL)
    {
      g_autofree char *path = g_build_filename (tasks, thread, "children", NULL);
      g_autofree char *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL))
        worker = (GPid) g_ascii_strtoll (text, NULL, 10);
    }
  return worker;
}

/* Half of the times just when the library's log is being written to. */
static void
wait_for_the_moment (Place *place)
{
  g_autofree char *log = g_strconcat (place->library.path, "-wal", NULL);
  gint64           until = g_get_monotonic_time () + g_rand_int_range (place->random, 0, LONGEST_WAIT_US);
  GStatBuf         before = { 0 }, now = { 0 };

  while (g_get_monotonic_time () < until)
    g_usleep (500);
  if (g_rand_boolean (place->random))
    return;

  g_stat (log, &before);
  until += LONGEST_WAIT_US;
  while (g_get_monotonic_time () < until)
    {
      g_usleep (50);
      if (g_stat (log, &now) != 0 || memcmp (&now.st_mtim, &before.st_mtim, sizeof now.st_mtim) == 0)
        continue;
      place->in_commit++;
      g_usleep (g_rand_int_range (place->random, 0, 1500));
      return;
    }
}

static void
kill_limn (Place *place)
{
  if (!is_running (place))
    return;
  kill (place->pid, SIGKILL);
  waitpid (place->pid, NULL, 0);
  place->pid = 0;
  place->killed_limn++;
}

static void
kill_worker (Place *place)
{
  GPid worker = is_running (place) ? worker_of (place->pid) : 0;

  if (worker > 0 && kill (worker, SIGKILL) == 0)
    place->killed_worker++;
}

/* Every job is there, every one that is done has a picture of its own, and no picture is there that belongs to none. */
static void
check (Place *place)
{
  g_autoptr (GPtrArray) rows = list (place);
  g_autoptr (GHashTable) pictures = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GArray) all = limn_library_search (place->library.library, "", LIMN_ORDER_NEWEST, NULL);

  g_assert_cmpint (rows->len, ==, place->added);
  for (guint i = 0; i < rows->len; i++)
    {
      LimnJobRow *row = rows->pdata[i];

      g_assert_true ((row->state == LIMN_JOB_DONE) == (row->result > 0));
      if (row->state == LIMN_JOB_DONE)
        g_assert_true (g_hash_table_add (pictures, &row->result));
    }
  g_assert_cmpint (all->len, ==, g_hash_table_size (pictures));
}

/* A job that ran with a kept step when all was killed goes on from there. */
static gint64
find_kept (Place *place,
           int   *kept)
{
  g_autoptr (GPtrArray) rows = list (place);

  for (guint i = 0; i < rows->len; i++)
    {
      const LimnJobRow *row = rows->pdata[i];

      *kept = row->kept;
      if (row->state == LIMN_JOB_RUNNING && row->kept > 0)
        return row->id;
    }
  return 0;
}

static void
check_goes_on (Place *place,
               gint64 id,
               int    kept)
{
  gint64 until = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < until && is_running (place))
    {
      g_autoptr (GPtrArray) rows = list (place);
      const LimnJobRow *row = rows->pdata[id - 1];

      g_assert_cmpint (row->id, ==, id);
      if (row->state == LIMN_JOB_DONE || row->resumed >= kept)
        {
          g_assert_cmpint (row->state == LIMN_JOB_DONE ? kept : row->resumed, >=, kept);
          place->went_on++;
          return;
        }
      g_usleep (5000);
    }
  g_assert_not_reached ();
}

/* Jobs that met two dead workers have failed, and said so: they are begun again. */
static void
fill (Place *place)
{
  g_autoptr (GPtrArray) rows = list (place);

  for (guint i = 0; i < rows->len; i++)
    {
      const LimnJobRow *row = rows->pdata[i];

      if (row->state != LIMN_JOB_FAILED)
        continue;
      g_assert_nonnull (strstr (row->error, "limn-engine was killed"));
      g_assert_true (limn_jobs_act (place->library.library, LIMN_JOBS_RESUME, &row->id, 1, NULL));
    }
  for (guint n = count (rows, LIMN_JOB_QUEUED) + count (rows, LIMN_JOB_FAILED); n < WAITING_JOBS; n++)
    add_job (place, g_rand_int_range (place->random, 3, 30));
}

static void
once (Place *place)
{
  gint64 id;
  int    kept = 0;

  fill (place);
  if (!is_running (place))
    start (place);
  wait_for_the_moment (place);
  if (g_rand_boolean (place->random))
    {
      kill_worker (place);
      return;
    }

  kill_limn (place);
  check (place);
  id = find_kept (place, &kept);
  if (id == 0)
    return;
  start (place);
  check_goes_on (place, id, kept);
}

static void
work_off (Place *place)
{
  for (int i = 0; i < 5; i++)
    {
      g_autoptr (GPtrArray) rows = NULL;
      int status;

      if (!is_running (place))
        start (place);
      waitpid (place->pid, &status, 0);
      place->pid = 0;
      rows = list (place);
      if (count (rows, LIMN_JOB_DONE) == rows->len)
        return;
      for (guint j = 0; j < rows->len; j++)
        if (((LimnJobRow *) rows->pdata[j])->state == LIMN_JOB_FAILED)
          limn_jobs_act (place->library.library, LIMN_JOBS_RESUME, &((LimnJobRow *) rows->pdata[j])->id, 1, NULL);
    }
  g_assert_not_reached ();
}

static void
test_kill (Place        *place,
           gconstpointer data)
{
  const char *wanted = g_getenv ("LIMN_KILLS");
  int         kills = wanted != NULL ? atoi (wanted) : KILLS;

  while (place->killed_limn + place->killed_worker < kills)
    once (place);
  work_off (place);
  check (place);
  g_assert_cmpint (library_check (place->library.library), ==, place->added);
  if (kills >= KILLS)
    g_assert_cmpint (place->went_on, >, 0);
  g_test_message ("limn %d times, its worker %d times, %d times while the log was written; %d jobs; %d went on at a kept step", place->killed_limn, place->killed_worker,
                  place->in_commit, (int) place->added, place->went_on);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!program_have_starter ())
    {
      g_test_skip ("the starter is not there");
      return g_test_run ();
    }
  g_test_add ("/kill/queue", Place, NULL, set_up, test_kill, tear_down);
  return g_test_run ();
}
