/* limn queue add: jobs from what `limn generate` takes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-queue.h"

#include "app/model-place.h"
#include "app/number.h"
#include "app/queue/jobs.h"
#include "app/request-grid.h"
#include "app/request-options.h"

typedef struct
{
  LimnRequestOptions *request;
  char               *count, *priority;
  char              **axes, **words;
  gboolean            json;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->request, limn_request_options_free);
  g_free (options->count);
  g_free (options->priority);
  g_strfreev (options->axes);
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (Options *options,
       char   **arguments,
       GError **error)
{
  const GOptionEntry more[] = {
    { "count", 0, 0, G_OPTION_ARG_STRING, &options->count, "How many of each, with seeds N, N+1, … (default: 1)", "N" },
    { "vary", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->axes,
      "A job for each of these values of seed, prompt, sampler, lora:NAME, …; may be given several times", "KEY=VALUES" },
    { "priority", 0, 0, G_OPTION_ARG_STRING, &options->priority, "Higher ones come first (default: 0)", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print the jobs as an array of objects", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autofree GOptionEntry *entries = NULL;

  options->request = limn_request_options_new ();
  entries = limn_request_options_entries (options->request, more);
  return limn_command_parse (&limn_command_queue_add, arguments, "PROMPT",
                             "Adds jobs to the queue; `limn queue run` or Limn's window makes them.\n"
                             "Values are parted by commas, or by \"|\" where they hold some: --vary seed=1-4 --vary sampler=euler,dpmpp_2m "
                             "--vary \"prompt=a cat, asleep|a dog\"",
                             entries, &options->words, error)
         && limn_command_check_words (&limn_command_queue_add, options->words, 0, 1, "the prompt", error);
}

static gboolean
parse_number (const char *option,
              const char *text,
              gint64      least,
              gint64      most,
              gint64     *value,
              GError    **error)
{
  if (text == NULL)
    return TRUE;
  if (!limn_number_parse_integer (text, value))
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "%s \"%s\": is not a whole number", option, text);
  else if (*value < least || *value > most)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE, "%s %s: is out of range: take one from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, option,
                 text, least, most);
  else
    return TRUE;
  return FALSE;
}

/* A model that is not there is an error now, not after a night. */
static GPtrArray *
make_requests (const Options *options,
               gint64         count,
               GError       **error)
{
  g_auto (LimnRequest) request = { 0 };
  g_autoptr (GPtrArray) requests = NULL;

  limn_request_init (&request);
  if (!limn_request_options_apply (options->request, options->words[1], "queue add", &request, error))
    return NULL;
  requests = limn_request_grid (&request, count, options->axes, error);
  for (guint i = 0; requests != NULL && i < requests->len; i++)
    {
      LimnRequest     *one = requests->pdata[i];
      g_autofree char *model = limn_model_place_find (one->model, error);

      if (model == NULL)
        return NULL;
      limn_jobs_complete (one);
    }
  return g_steal_pointer (&requests);
}

static gboolean
print_ids (const GArray *ids,
           GError      **error)
{
  gint64           first = g_array_index (ids, gint64, 0), last = g_array_index (ids, gint64, ids->len - 1);
  g_autofree char *line = ids->len == 1 ? g_strdup_printf ("job %" G_GINT64_FORMAT, first)
                                        : g_strdup_printf ("jobs %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, first, last);

  return limn_command_print (line, error);
}

static gboolean
print_json (LimnLibrary  *library,
            const GArray *ids,
            GError      **error)
{
  g_autoptr (GPtrArray) rows = limn_jobs_list (library, -1, NULL, NULL, error);
  g_auto (LimnJsonWriter) writer = { 0 };
  gint64 first = g_array_index (ids, gint64, 0), last = g_array_index (ids, gint64, ids->len - 1);

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '[');
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const LimnJobRow *row = rows->pdata[i];

      if (row->id >= first && row->id <= last)
        limn_job_row_write (row, &writer);
    }
  limn_json_writer_close (&writer, ']');
  return rows != NULL && limn_command_print (writer.text->str, error);
}

static gboolean
run (char   **arguments,
     GError **error)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GPtrArray) requests = NULL;
  g_autoptr (LimnLibrary) library = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 count = 1, priority = 0;

  if (!parse (&options, arguments, error) || !parse_number ("--count", options.count, 1, LIMN_REQUEST_GRID_MAX, &count, error)
      || !parse_number ("--priority", options.priority, -1000000, 1000000, &priority, error))
    return FALSE;

  requests = make_requests (&options, count, error);
  library = requests != NULL ? limn_library_open (NULL, error) : NULL;
  if (library == NULL || !limn_jobs_add (library, requests, priority, ids, error))
    return FALSE;
  return options.json ? print_json (library, ids, error) : print_ids (ids, error);
}

const LimnCommand limn_command_queue_add = { .name = "queue add", .summary = "Add jobs", .run = run };
