/* limn queue: finds its part; and those that look at jobs or change them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-queue.h"

#include <stdio.h>
#include <string.h>

#include "app/command-ids.h"
#include "app/number.h"
#include "app/queue/jobs.h"

#define MAX_SHOWN_PROMPT 60

static const LimnCommand *const parts[] = {
  &limn_command_queue_list,
  &limn_command_queue_add,
  &limn_command_queue_run,
  &limn_command_queue_pause,
  &limn_command_queue_resume,
  &limn_command_queue_cancel,
  &limn_command_queue_move,
  &limn_command_queue_remove,
};

/* The word after "queue ". */
static const char *
part_name (const LimnCommand *part)
{
  return strchr (part->name, ' ') + 1;
}

static void
print_help (void)
{
  fputs ("Usage:\n  limn queue COMMAND …\n\nCommands:\n", stdout);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    fprintf (stdout, "  %-8s %s\n", part_name (parts[i]), parts[i]->summary);
  fputs ("\nJobs are named by their numbers: 3, 3,5, 3-9 or all.\nTry: limn queue add \"a red apple\" --count 4; limn queue run\n", stdout);
}

static gboolean
run (char   **arguments,
     GError **error)
{
  const char *name = arguments[1];

  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (parts); i++)
    if (g_str_equal (part_name (parts[i]), name))
      return parts[i]->run (arguments + 1, error);

  if (name != NULL && (g_str_equal (name, "--help") || g_str_equal (name, "-h")))
    {
      print_help ();
      return TRUE;
    }

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "queue: %s%s%s: see limn queue --help", name ? "\"" : "",
               name ? name : "a command is missing", name ? "\" is no command" : "");
  return FALSE;
}

const LimnCommand limn_command_queue = {
  .name = "queue",
  .summary = "Have pictures made one after the other, now or later",
  .computes = TRUE,
  .by_worker = TRUE,
  .run = run,
};

typedef struct
{
  gboolean json, first, last;
  char    *before, *priority;
  char   **words;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->before);
  g_free (options->priority);
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return limn_jobs_compare (*(LimnJobRow **) a, *(LimnJobRow **) b);
}

/* "3  running  12/20  a red apple"; an error stands in place of the prompt's end. */
static gboolean
print_row (const LimnJobRow *row,
           GError          **error)
{
  double           left = limn_job_row_seconds_left (row);
  const char      *prompt = row->request.prompt != NULL ? row->request.prompt : "";
  gboolean         cut = g_utf8_strlen (prompt, -1) > MAX_SHOWN_PROMPT;
  g_autofree char *shown = g_utf8_substring (prompt, 0, cut ? MAX_SHOWN_PROMPT : -1);
  g_autofree char *time = left > 0 ? g_strdup_printf ("%.0f s", left) : g_strdup ("");
  g_autofree char *line = g_strdup_printf ("%6" G_GINT64_FORMAT "  %-9s %3d/%-3d %7s  %s%s%s%s", row->id, limn_job_state_name (row->state), row->step,
                                           row->steps, time, shown, cut ? "…" : "", row->error != NULL ? ": " : "", row->error != NULL ? row->error : "");

  g_strdelimit (line, "\n\r\t", ' ');
  return limn_command_print (line, error);
}

static gboolean
print_rows (const GPtrArray *rows,
            gboolean         json,
            GError         **error)
{
  g_auto (LimnJsonWriter) writer = { 0 };

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '[');
  for (guint i = 0; i < rows->len; i++)
    {
      limn_job_row_write (rows->pdata[i], &writer);
      if (!json && !print_row (rows->pdata[i], error))
        return FALSE;
    }
  limn_json_writer_close (&writer, ']');
  return !json || limn_command_print (writer.text->str, error);
}

static gboolean
run_list (char   **arguments,
          GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print an array of objects", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (LimnLibrary) library = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  if (!limn_command_parse (&limn_command_queue_list, arguments, "", "What waits comes in its order, then what is over.", entries, &options.words, error)
      || !limn_command_check_words (&limn_command_queue_list, options.words, 0, 0, "nothing", error))
    return FALSE;

  library = limn_library_open (NULL, error);
  rows = library != NULL ? limn_jobs_list (library, -1, NULL, NULL, error) : NULL;
  if (rows == NULL)
    return FALSE;
  g_ptr_array_sort (rows, compare);
  return print_rows (rows, options.json, error);
}

static gboolean
act (const LimnCommand *command,
     LimnJobsAction     action,
     char             **arguments,
     GError           **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  g_autoptr (LimnLibrary) library = NULL;
  g_autoptr (GArray) ids = NULL;
  gboolean all;

  if (!limn_command_parse (command, arguments, "JOBS…", NULL, entries, &options.words, error)
      || !limn_command_check_words (command, options.words, 1, 10000, "a job's number", error))
    return FALSE;

  ids = limn_command_ids (options.words + 1, command->name, &all, error);
  library = ids != NULL ? limn_library_open (NULL, error) : NULL;
  return library != NULL && limn_jobs_act (library, action, all ? NULL : (const gint64 *) ids->data, ids->len, error);
}

static gboolean
run_pause (char   **arguments,
           GError **error)
{
  return act (&limn_command_queue_pause, LIMN_JOBS_PAUSE, arguments, error);
}

static gboolean
run_resume (char   **arguments,
            GError **error)
{
  return act (&limn_command_queue_resume, LIMN_JOBS_RESUME, arguments, error);
}

static gboolean
run_cancel (char   **arguments,
            GError **error)
{
  return act (&limn_command_queue_cancel, LIMN_JOBS_CANCEL, arguments, error);
}

static gboolean
run_remove (char   **arguments,
            GError **error)
{
  return act (&limn_command_queue_remove, LIMN_JOBS_REMOVE, arguments, error);
}

/* What limn_jobs_move() takes for the place; one of the four options is given. */
static gboolean
read_place (const Options *options,
            gint64        *before,
            gint64        *priority,
            GError       **error)
{
  int given = options->first + options->last + (options->before != NULL) + (options->priority != NULL);

  *before = options->first ? -1 : 0;
  if (given != 1)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "queue move: say where: --first, --last, --before JOB or --priority N");
  else if (options->before != NULL && (!limn_number_parse_integer (options->before, before) || *before < 1))
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--before \"%s\": is no job's number", options->before);
  else if (options->priority != NULL && !limn_number_parse_integer (options->priority, priority))
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--priority \"%s\": is not a whole number", options->priority);
  else
    return TRUE;
  return FALSE;
}

static gboolean
move (const Options *options,
      GError       **error)
{
  g_autoptr (GArray) ids = NULL;
  g_autoptr (LimnLibrary) library = NULL;
  gint64   before, priority = 0;
  gboolean all;

  if (!read_place (options, &before, &priority, error))
    return FALSE;
  ids = limn_command_ids (options->words + 1, "queue move", &all, error);
  if (ids == NULL)
    return FALSE;
  if (all)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "queue move: \"all\" have no place among others: name jobs");
      return FALSE;
    }

  library = limn_library_open (NULL, error);
  if (library == NULL)
    return FALSE;
  if (options->priority != NULL)
    return limn_jobs_set_priority (library, (const gint64 *) ids->data, ids->len, priority, error);
  return limn_jobs_move (library, (const gint64 *) ids->data, ids->len, before, error);
}

static gboolean
run_move (char   **arguments,
          GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "first", 0, 0, G_OPTION_ARG_NONE, &options.first, "Before all others", NULL },
    { "last", 0, 0, G_OPTION_ARG_NONE, &options.last, "Behind all others of their priority", NULL },
    { "before", 0, 0, G_OPTION_ARG_STRING, &options.before, "Before that one, with its priority", "JOB" },
    { "priority", 0, 0, G_OPTION_ARG_STRING, &options.priority, "Higher ones come first (default of a job: 0)", "N" },
    G_OPTION_ENTRY_NULL
  };

  return limn_command_parse (&limn_command_queue_move, arguments, "JOBS… --first | --last | --before JOB | --priority N", NULL, entries, &options.words,
                             error)
         && limn_command_check_words (&limn_command_queue_move, options.words, 1, 10000, "a job's number", error) && move (&options, error);
}

const LimnCommand limn_command_queue_list = { .name = "queue list", .summary = "What waits, runs, and is over", .run = run_list };
const LimnCommand limn_command_queue_pause = { .name = "queue pause", .summary = "Pass jobs over until they are resumed", .run = run_pause };
const LimnCommand limn_command_queue_resume = { .name = "queue resume", .summary = "Go on with what was paused, failed or was cancelled", .run = run_resume };
const LimnCommand limn_command_queue_cancel = { .name = "queue cancel", .summary = "Give jobs up", .run = run_cancel };
const LimnCommand limn_command_queue_remove = { .name = "queue remove", .summary = "Take jobs that are over off the list; pictures stay", .run = run_remove };
const LimnCommand limn_command_queue_move = { .name = "queue move", .summary = "Change the order", .run = run_move };
