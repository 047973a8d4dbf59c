/* Tests the queue with a maker in limn-engine's place that does what the test says, when it says so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/library-test.h"
#include "tests/app/test-maker.h"

#include <string.h>

#include "app/library/connection.h"
#include "app/queue/queue.h"

#define ADD(path, func) g_test_add (path, Place, NULL, set_up, func, tear_down)
#define PATIENCE_US (20 * G_USEC_PER_SEC)

typedef struct
{
  LibraryPlace library;
  TestMaker   *maker;
  LimnQueue   *queue;
  GArray      *mirror; /* numbers, kept by items-changed alone */
  int          drained;
  GError      *failed;
} Place;

static void
on_items (GListModel *list,
          guint       at,
          guint       removed,
          guint       added,
          gpointer    data)
{
  Place *place = data;

  if (removed > 0)
    g_array_remove_range (place->mirror, at, removed);
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (LimnQueueJob) job = g_list_model_get_item (list, at + i);

      g_array_insert_val (place->mirror, at + i, limn_queue_job_row (job)->id);
    }
}

static void
on_drained (LimnQueue *queue,
            gpointer   data)
{
  ((Place *) data)->drained++;
}

static void
on_failed (LimnQueue    *queue,
           const GError *error,
           gpointer      data)
{
  ((Place *) data)->failed = g_error_copy (error);
}

static void
open_queue (Place *place)
{
  g_array_set_size (place->mirror, 0);
  place->maker = g_object_new (TEST_TYPE_MAKER, NULL);
  place->queue = limn_queue_new (place->library.library, LIMN_MAKER (place->maker));
  g_signal_connect (place->queue, "items-changed", G_CALLBACK (on_items), place);
  g_signal_connect (place->queue, "drained", G_CALLBACK (on_drained), place);
  g_signal_connect (place->queue, "failed", G_CALLBACK (on_failed), place);
}

static void
set_up (Place        *place,
        gconstpointer data)
{
  library_set_up (&place->library, NULL);
  place->mirror = g_array_new (FALSE, FALSE, sizeof (gint64));
  open_queue (place);
}

static void
turn (void)
{
  if (!g_main_context_iteration (NULL, FALSE))
    g_usleep (500);
}

/* What is asked for of the maker is given up, so that the queue is let go. */
static void
close_queue (Place *place)
{
  gpointer queue = place->queue;

  g_signal_handlers_disconnect_by_data (place->queue, place);
  limn_queue_stop_async (place->queue, NULL, NULL);
  if (place->maker->task != NULL && place->maker->held)
    test_maker_tell (place->maker, "paused", 5, "state of step 5");
  g_object_add_weak_pointer (queue, &queue);
  g_object_unref (place->queue);
  while (queue != NULL)
    turn ();
  g_clear_object (&place->maker);
}

static void
tear_down (Place        *place,
           gconstpointer data)
{
  close_queue (place);
  g_array_unref (place->mirror);
  g_clear_error (&place->failed);
  library_tear_down (&place->library, NULL);
}

#define WAIT_FOR(condition)                                  \
  G_STMT_START                                               \
  {                                                          \
    gint64 until_ = g_get_monotonic_time () + PATIENCE_US;   \
    while (!(condition) && g_get_monotonic_time () < until_) \
      turn ();                                               \
    g_assert_true (condition);                               \
  }                                                          \
  G_STMT_END

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
add (Place *place,
     gint64 seed,
     gint64 priority)
{
  LimnRequest request;
  g_autoptr (GPtrArray) requests = g_ptr_array_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GArray) ids = NULL;

  limn_request_init (&request);
  request.prompt = (char *) "a prompt";
  request.seed = seed;
  g_ptr_array_add (requests, &request);
  limn_queue_add_async (place->queue, requests, priority, on_answer, &result);
  WAIT_FOR (result != NULL);
  ids = limn_queue_add_finish (place->queue, result, NULL);
  g_assert_cmpint (ids->len, ==, 1);
}

static void
start (Place *place)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  limn_queue_start_async (place->queue, on_answer, &result);
  WAIT_FOR (result != NULL);
  limn_queue_start_finish (place->queue, result, &error);
  g_assert_no_error (error);
}

static void
act (Place         *place,
     LimnJobsAction action,
     gint64         id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  limn_queue_act_async (place->queue, action, id > 0 ? &id : NULL, id > 0, on_answer, &result);
  WAIT_FOR (result != NULL);
  limn_queue_change_finish (place->queue, result, &error);
  g_assert_no_error (error);
}

static LimnJobState
state_of (Place *place,
          gint64 id)
{
  return limn_queue_job_row (limn_queue_job (place->queue, id))->state;
}

/* Returns: the numbers in the list's order, like "2 1 3", by its own account and by what it told */
static void
assert_order (Place      *place,
              const char *wanted)
{
  g_autoptr (GString) listed = g_string_new (NULL);
  g_autoptr (GString) told = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (place->queue)); i++)
    {
      g_autoptr (LimnQueueJob) job = g_list_model_get_item (G_LIST_MODEL (place->queue), i);

      g_string_append_printf (listed, "%s%d", i > 0 ? " " : "", (int) limn_queue_job_row (job)->id);
    }
  for (guint i = 0; i < place->mirror->len; i++)
    g_string_append_printf (told, "%s%d", i > 0 ? " " : "", (int) g_array_index (place->mirror, gint64, i));
  g_assert_cmpstr (listed->str, ==, wanted);
  g_assert_cmpstr (told->str, ==, wanted);
}

/* One after the other, those with higher priority first; each with its picture. */
static void
test_order (Place        *place,
            gconstpointer data)
{
  const gint64 seeds[] = { 3, 1, 2 };

  add (place, 1, 0);
  add (place, 2, 0);
  add (place, 3, 5);
  assert_order (place, "3 1 2");
  start (place);
  for (int i = 0; i < 3; i++)
    {
      WAIT_FOR (place->maker->task != NULL);
      g_assert_cmpint (place->maker->seed, ==, seeds[i]);
      g_assert_cmpint (state_of (place, seeds[i]), ==, LIMN_JOB_RUNNING);
      test_maker_answer_made (place->maker);
    }
  WAIT_FOR (place->drained > 0);
  g_assert_cmpint (place->drained, ==, 1);
  assert_order (place, "2 1 3");
  g_assert_cmpint (library_check (place->library.library), ==, 3);
  for (gint64 id = 1; id <= 3; id++)
    {
      const LimnJobRow *row = limn_queue_job_row (limn_queue_job (place->queue, id));
      g_autoptr (LimnFacts) facts = limn_library_facts (place->library.library, row->result, NULL);

      g_assert_cmpint (row->state, ==, LIMN_JOB_DONE);
      g_assert_cmpint (row->steps, ==, 10);
      g_assert_cmpint (facts->seed, ==, id);
    }
}

static void
test_move (Place        *place,
           gconstpointer data)
{
  const struct
  {
    gint64      id, before;
    const char *order;
  } moves[] = { { 3, 1, "3 1 2 4" }, { 1, 0, "3 2 4 1" }, { 4, -1, "4 3 2 1" }, { 2, 2, "4 3 2 1" } };

  for (int i = 1; i <= 4; i++)
    add (place, i, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;

      limn_queue_move_async (place->queue, &moves[i].id, 1, moves[i].before, on_answer, &result);
      WAIT_FOR (result != NULL);
      g_assert_true (limn_queue_change_finish (place->queue, result, NULL));
      assert_order (place, moves[i].order);
    }

  /* again and again to one place: the room between two neighbours runs out */
  for (int i = 0; i < 200; i++)
    {
      gint64 pair[] = { i % 2 ? 2 : 3 };

      g_assert_true (limn_jobs_move (place->library.library, pair, 1, 1, NULL));
    }
  WAIT_FOR (place->mirror->len == 4 && g_array_index (place->mirror, gint64, 2) == 2);
  assert_order (place, "4 3 2 1");
}

/* It keeps its state, lets others go first, and goes on from there. */
static void
test_pause (Place        *place,
            gconstpointer data)
{
  add (place, 1, 0);
  add (place, 2, 0);
  start (place);
  WAIT_FOR (place->maker->task != NULL);
  test_maker_tell (place->maker, "sample", 4, NULL);
  act (place, LIMN_JOBS_PAUSE, 1);
  WAIT_FOR (place->maker->held);
  test_maker_tell (place->maker, "paused", 5, "state of step 5");
  WAIT_FOR (state_of (place, 1) == LIMN_JOB_PAUSED);
  g_assert_false (place->maker->held);
  g_assert_cmpint (limn_queue_job_row (limn_queue_job (place->queue, 1))->kept, ==, 5);

  WAIT_FOR (place->maker->task != NULL);
  g_assert_cmpint (place->maker->seed, ==, 2);
  test_maker_answer_made (place->maker);
  WAIT_FOR (place->drained > 0);
  g_assert_cmpint (state_of (place, 1), ==, LIMN_JOB_PAUSED);

  act (place, LIMN_JOBS_RESUME, 1);
  WAIT_FOR (place->maker->task != NULL);
  g_assert_cmpstr (place->maker->resumed, ==, "state of step 5");
  g_assert_cmpint (limn_queue_job_row (limn_queue_job (place->queue, 1))->resumed, ==, 5);
  test_maker_answer_made (place->maker);
  WAIT_FOR (state_of (place, 1) == LIMN_JOB_DONE);
}

/* Resumed before it has stopped, it goes on as if nothing had been. */
static void
test_pause_taken_back (Place        *place,
                       gconstpointer data)
{
  add (place, 1, 0);
  start (place);
  WAIT_FOR (place->maker->task != NULL);
  test_maker_tell (place->maker, "sample", 4, NULL);
  act (place, LIMN_JOBS_PAUSE, 1);
  WAIT_FOR (place->maker->held);
  act (place, LIMN_JOBS_RESUME, 1);
  WAIT_FOR (!place->maker->held);
  test_maker_answer_made (place->maker);
  WAIT_FOR (state_of (place, 1) == LIMN_JOB_DONE);
}

static void
test_cancel (Place        *place,
             gconstpointer data)
{
  add (place, 1, 0);
  add (place, 2, 0);
  start (place);
  WAIT_FOR (place->maker->task != NULL);
  test_maker_tell (place->maker, "sample", 4, "state of step 4");
  act (place, LIMN_JOBS_CANCEL, 1);
  WAIT_FOR (state_of (place, 1) == LIMN_JOB_CANCELLED);
  act (place, LIMN_JOBS_CANCEL, 0);
  WAIT_FOR (state_of (place, 2) == LIMN_JOB_CANCELLED && place->drained > 0);
  g_assert_cmpint (place->maker->made, ==, 0);
  g_assert_cmpint (limn_queue_job_row (limn_queue_job (place->queue, 1))->kept, ==, 0);

  act (place, LIMN_JOBS_REMOVE, 1);
  WAIT_FOR (limn_queue_job (place->queue, 1) == NULL);
  assert_order (place, "2");
}

/* What another program does is seen: here through the library alone. */
static void
test_other_program (Place        *place,
                    gconstpointer data)
{
  gint64 id = 1;

  add (place, 1, 0);
  start (place);
  WAIT_FOR (place->maker->task != NULL);
  test_maker_tell (place->maker, "sample", 4, NULL);
  g_assert_true (limn_jobs_act (place->library.library, LIMN_JOBS_CANCEL, &id, 1, NULL));
  WAIT_FOR (state_of (place, 1) == LIMN_JOB_CANCELLED);
}

/* One that fails says why and does not keep others up; it can be tried again. */
static void
test_failure (Place        *place,
              gconstpointer data)
{
  add (place, 1, 0);
  add (place, 2, 0);
  start (place);
  WAIT_FOR (place->maker->task != NULL);
  test_maker_tell (place->maker, "sample", 4, NULL);
  test_maker_answer_failed (place->maker);
  WAIT_FOR (place->maker->task != NULL && place->maker->seed == 2);
  g_assert_cmpint (state_of (place, 1), ==, LIMN_JOB_FAILED);
  g_assert_nonnull (strstr (limn_queue_job_row (limn_queue_job (place->queue, 1))->error, "more memory"));
  test_maker_answer_made (place->maker);
  WAIT_FOR (place->drained > 0);
  act (place, LIMN_JOBS_RESUME, 1);
  WAIT_FOR (place->maker->task != NULL && place->maker->seed == 1);
  test_maker_answer_made (place->maker);
  WAIT_FOR (state_of (place, 1) == LIMN_JOB_DONE);
}

/* A state of which the engine can make nothing costs the steps, not the job. */
static void
test_stale_state (Place        *place,
                  gconstpointer data)
{
  add (place, 1, 0);
  start (place);
  WAIT_FOR (place->maker->task != NULL);
  test_maker_tell (place->maker, "sample", 4, NULL);
  act (place, LIMN_JOBS_PAUSE, 1);
  WAIT_FOR (place->maker->held);
  test_maker_tell (place->maker, "paused", 5, "stale");
  WAIT_FOR (state_of (place, 1) == LIMN_JOB_PAUSED);
  act (place, LIMN_JOBS_RESUME, 1);
  WAIT_FOR (place->maker->task != NULL);
  g_assert_cmpstr (place->maker->resumed, ==, "stale");
  test_maker_answer_failed (place->maker);
  WAIT_FOR (place->maker->task != NULL);
  g_assert_null (place->maker->resumed);
  test_maker_answer_made (place->maker);
  WAIT_FOR (state_of (place, 1) == LIMN_JOB_DONE);
}

/* A program that ends keeps the step; the next one goes on from it. Meanwhile nobody else runs the queue. */
static void
test_stop (Place        *place,
           gconstpointer data)
{
  g_autoptr (GAsyncResult) refused = NULL, stopped = NULL;
  g_autoptr (LimnQueue) other = limn_queue_new (place->library.library, LIMN_MAKER (place->maker));
  g_autoptr (GError) error = NULL;

  add (place, 1, 0);
  start (place);
  WAIT_FOR (place->maker->task != NULL);
  test_maker_tell (place->maker, "sample", 4, NULL);
  limn_queue_start_async (other, on_answer, &refused);
  WAIT_FOR (refused != NULL);
  g_assert_false (limn_queue_start_finish (other, refused, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE);

  limn_queue_stop_async (place->queue, on_answer, &stopped);
  WAIT_FOR (place->maker->held);
  test_maker_tell (place->maker, "paused", 6, "state of step 6");
  WAIT_FOR (stopped != NULL);
  g_assert_true (limn_queue_stop_finish (place->queue, stopped, NULL));
  g_assert_cmpint (state_of (place, 1), ==, LIMN_JOB_QUEUED);
  g_clear_object (&stopped);

  close_queue (place);
  open_queue (place);
  start (place);
  WAIT_FOR (place->maker->task != NULL);
  g_assert_cmpstr (place->maker->resumed, ==, "state of step 6");
  test_maker_answer_made (place->maker);
  WAIT_FOR (place->drained > 0);
}

static gboolean
limit_pages (LimnDatabase *database,
             gpointer      data,
             GError      **error)
{
  gint64           pages = 0;
  g_autofree char *sql = NULL;

  if (!limn_database_integer (database, &pages, error, "PRAGMA page_count", ""))
    return FALSE;
  sql = g_strdup_printf ("PRAGMA max_page_count = %d", data != NULL ? 1000000 : (int) pages);
  return limn_database_integer (database, &pages, error, sql, "");
}

/* The disk is full: the queue stops and says so, the job waits, and once there is room it is done. */
static void
test_full (Place        *place,
           gconstpointer data)
{
  add (place, 1, 0);
  start (place);
  WAIT_FOR (place->maker->task != NULL);
  g_assert_true (limn_library_write (place->library.library, limit_pages, NULL, NULL));
  test_maker_answer_made (place->maker);
  WAIT_FOR (place->failed != NULL);
  g_assert_error (place->failed, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_FULL);
  g_assert_cmpint (library_check (place->library.library), ==, 0);

  g_assert_true (limn_library_write (place->library.library, limit_pages, place, NULL));
  start (place);
  WAIT_FOR (place->maker->task != NULL);
  test_maker_answer_made (place->maker);
  WAIT_FOR (state_of (place, 1) == LIMN_JOB_DONE);
  g_assert_cmpint (library_check (place->library.library), ==, 1);
}

/* Of the second picture it is known what it takes. */
static void
test_estimate (Place        *place,
               gconstpointer data)
{
  g_autoptr (GAsyncResult) before = NULL, after = NULL;
  LimnRequest request;
  LimnTiming  timing;

  limn_request_init (&request);
  request.steps = 20;
  request.width = request.height = 2 * TEST_MAKER_SIDE;
  limn_queue_estimate_async (place->queue, &request, on_answer, &before);
  WAIT_FOR (before != NULL);
  g_assert_true (limn_queue_estimate_finish (place->queue, before, &timing, NULL));
  g_assert_cmpfloat (timing.step_seconds, <, 0);

  add (place, 1, 0);
  start (place);
  WAIT_FOR (place->maker->task != NULL);
  test_maker_answer_made (place->maker);
  WAIT_FOR (place->drained > 0);
  limn_queue_estimate_async (place->queue, &request, on_answer, &after);
  WAIT_FOR (after != NULL);
  g_assert_true (limn_queue_estimate_finish (place->queue, after, &timing, NULL));
  g_assert_cmpint (timing.steps, ==, 20);
  g_assert_cmpfloat (timing.step_seconds, ==, 4 * 0.5); /* four times the pixels */
  g_assert_cmpfloat (timing.rest_seconds, ==, 4 * 2);
  g_assert_false (timing.exact);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/queue/order", test_order);
  ADD ("/queue/move", test_move);
  ADD ("/queue/pause", test_pause);
  ADD ("/queue/pause-taken-back", test_pause_taken_back);
  ADD ("/queue/cancel", test_cancel);
  ADD ("/queue/other-program", test_other_program);
  ADD ("/queue/failure", test_failure);
  ADD ("/queue/stale-state", test_stale_state);
  ADD ("/queue/stop", test_stop);
  ADD ("/queue/full", test_full);
  ADD ("/queue/estimate", test_estimate);
  return g_test_run ();
}
