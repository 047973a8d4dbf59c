/* limn generate: pictures from words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include "app/job.h"
#include "app/number.h"
#include "app/request-options.h"

#define MAX_COUNT 10000

/* All as typed: what they mean is found out with our own messages. */
typedef struct
{
  LimnRequestOptions *request;
  char               *output, *count, *dump, *threads, *progress, *quality, *bits, *share;
  gboolean            json;
  char              **words;
} Options;

#define OPTION_TEXT(long_name, letter, field, help, value)                                     \
  {                                                                                            \
    long_name, letter, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &options->field, help, value \
  }

static gboolean
parse_options (Options *options,
               char   **arguments,
               GError **error)
{
  const GOptionEntry more[] = {
    OPTION_TEXT ("output", 'o', output, "Write here (.png, .jpg, .webp, .avif); in a folder, under a new name",
                 "FILE|FOLDER"),
    OPTION_TEXT ("count", 0, count, "How many, with seeds N, N+1, … (default: 1)", "N"),
    OPTION_TEXT ("quality", 0, quality, "1 to 100, or lossless, as the format has it (default: 92, 90, 80)", "Q"),
    OPTION_TEXT ("bits", 0, bits, "8, or 16 for PNG (default: 8)", "N"),
    OPTION_TEXT ("share", 0, share, "Store everything, credit (how it was made, no settings) or nothing in it", "WHAT"),
    OPTION_TEXT ("dump", 0, dump, "Write intermediate tensors there, as safetensors", "FOLDER"),
    OPTION_TEXT ("threads", 0, threads, "Of the processor (default: one a core)", "N"),
    OPTION_TEXT ("progress", 0, progress, "auto, json or none, on standard error", "HOW"),
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print what was made as an array of objects", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autofree GOptionEntry *entries = NULL;

  options->request = limn_request_options_new ();
  entries = limn_request_options_entries (options->request, more);
  return limn_command_parse (&limn_command_generate,
                             arguments,
                             "PROMPT -o FILE|FOLDER",
                             "PROMPT is one word for the shell: put it in quotes. \"-\" reads it from standard input.\n"
                             "Settings are stored in the picture: `limn info PICTURE` shows them.",
                             entries,
                             &options->words,
                             error);
}

static void
options_clear (Options *options)
{
  char **texts[] = { &options->output, &options->count, &options->dump, &options->threads, &options->progress, &options->quality, &options->bits, &options->share };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*texts[i]);
  g_clear_pointer (&options->request, limn_request_options_free);
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
usage (GError    **error,
       const char *why)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
               "generate: %s: see limn generate --help", why);
  return FALSE;
}

static gboolean
parse_count (const char *text,
             int        *count,
             GError    **error)
{
  gint64 value = 1;

  if (text != NULL && !limn_number_parse_integer (text, &value))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
                   "--count \"%s\": is not a whole number", text);
      return FALSE;
    }
  if (value < 1 || value > MAX_COUNT)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE,
                   "--count %s: is out of range: take one from 1 to %d", text, MAX_COUNT);
      return FALSE;
    }

  *count = value;
  return TRUE;
}

static gboolean
fill_job (LimnJob       *job,
          const Options *options,
          GError       **error)
{
  int count;

  if (options->output == NULL)
    return usage (error, "where to write is missing (-o FILE or FOLDER)");
  if (!limn_request_options_apply (options->request, options->words[1], "generate", &job->request, error)
      || !parse_count (options->count, &count, error)
      || !limn_command_parse_threads (options->threads, &job->options.threads, error)
      || !limn_share_parse (options->share, &job->share, error)
      || !limn_progress_mode (options->progress, limn_progress_terminal (), &job->progress, error))
    return FALSE;

  job->dump = options->dump;
  job->json = options->json;
  job->options.type = job->request.type;
  return limn_output_place_init (&job->output, options->output, count, options->quality, options->bits, error);
}

static gboolean
run (char   **arguments,
     GError **error)
{
  g_auto (Options) options = { 0 };
  LimnJob  job = { 0 };
  gboolean done;

  if (!parse_options (&options, arguments, error) || !limn_command_check_words (&limn_command_generate, options.words, 0, 1, "the prompt", error))
    return FALSE;

  limn_request_init (&job.request);
  done = fill_job (&job, &options, error) && limn_job_run (&job, error);
  limn_request_clear (&job.request);
  return done;
}

const LimnCommand limn_command_generate = {
  .name = "generate",
  .summary = "Make pictures from words",
  .computes = TRUE,
  .by_worker = TRUE,
  .run = run,
};
