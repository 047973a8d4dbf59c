/* limn generate: pictures from words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include <stdio.h>
#include <string.h>

#include "app/job.h"
#include "app/number.h"

#define MAX_COUNT 10000
#define MAX_PROMPT_BYTES (1024 * 1024)

/* All as typed: what they mean is found out with our own messages. */
typedef struct
{
  char    *output, *negative, *model, *size, *steps, *guidance, *seed, *count, *sampler, *schedule;
  char    *image, *strength, *mask, *request, *dump, *threads, *type, *progress;
  gboolean json;
  char   **loras, **embeddings;
  char   **words;
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
  const GOptionEntry entries[] = {
    OPTION_TEXT ("output", 'o', output, "Write here; in a folder, under a new name",
                 "FILE|FOLDER"),
    OPTION_TEXT ("negative", 'n', negative, "What not to show", "TEXT"),
    OPTION_TEXT ("model", 'm', model, "Folder or .safetensors file (default: the starter)",
                 "MODEL"),
    OPTION_TEXT ("size", 0, size, "Width and height in pixels (default: the model's)", "WxH"),
    OPTION_TEXT ("steps", 0, steps, "More take longer and add detail (default: the model's)",
                 "N"),
    OPTION_TEXT ("guidance", 0, guidance,
                 "How closely to follow the prompt (default: the model's)", "X"),
    OPTION_TEXT ("seed", 0, seed,
                 "The same seed gives the same picture (default: a random one)", "N"),
    OPTION_TEXT ("count", 0, count, "How many, with seeds N, N+1, … (default: 1)", "N"),
    OPTION_TEXT ("sampler", 0, sampler, "ddim, euler, dpmpp_2m, flow, … (default: the model's)",
                 "NAME"),
    OPTION_TEXT ("schedule", 0, schedule, "normal, karras, … (default: the model's)", "NAME"),
    { "lora", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->loras,
      "Change the model by this LoRA, so much (default: 1); may be given several times", "FILE[:W]" },
    { "embedding", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->embeddings,
      "A new word for the prompt, called as its file is; may be given several times", "FILE" },
    OPTION_TEXT ("image", 0, image, "Start from this PNG", "FILE"),
    OPTION_TEXT ("strength", 0, strength, "How far from it, 0 to 1 (default: the model's)",
                 "X"),
    OPTION_TEXT ("mask", 0, mask, "Repaint only where this PNG is white", "FILE"),
    OPTION_TEXT ("request", 0, request, "Settings as `limn info PICTURE --json` prints them",
                 "FILE.json"),
    OPTION_TEXT ("dump", 0, dump, "Write intermediate tensors there, as safetensors", "FOLDER"),
    OPTION_TEXT ("threads", 0, threads, "Of the processor (default: one a core)", "N"),
    OPTION_TEXT ("type", 0, type, "Compute in auto, f32, bf16 (processor) or f16 (graphics card)", "TYPE"),
    OPTION_TEXT ("progress", 0, progress, "auto, json or none, on standard error", "HOW"),
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json,
      "Print what was made as an array of objects", NULL },
    G_OPTION_ENTRY_NULL
  };

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
  char **texts[] = { &options->output, &options->negative, &options->model, &options->size,
                     &options->steps, &options->guidance, &options->seed, &options->count,
                     &options->sampler, &options->schedule, &options->image, &options->strength,
                     &options->mask, &options->request, &options->dump, &options->threads,
                     &options->type, &options->progress };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*texts[i]);
  g_strfreev (options->loras);
  g_strfreev (options->embeddings);
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

static char *
read_prompt (GError **error)
{
  g_autofree char *text = g_malloc0 (MAX_PROMPT_BYTES + 2);
  gsize            size = fread (text, 1, MAX_PROMPT_BYTES + 1, stdin);

  if (ferror (stdin) || size > MAX_PROMPT_BYTES || strlen (text) != size)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE,
                   "standard input: holds no prompt: give it a text of at most 1 MB");
      return NULL;
    }

  if (size > 0 && text[size - 1] == '\n')
    text[size - 1] = '\0';
  return g_steal_pointer (&text);
}

static gboolean
set_prompt (LimnRequest   *request,
            const Options *options,
            GError       **error)
{
  g_autofree char *read = NULL;
  const char      *word = options->words[1];

  if (word == NULL)
    return request->prompt != NULL || usage (error, "the prompt is missing");
  if (g_str_equal (word, "-"))
    {
      read = read_prompt (error);
      if (read == NULL)
        return FALSE;
      word = read;
    }

  return limn_request_set (request, "prompt", word, error);
}

static gboolean
set_size (LimnRequest *request,
          const char  *text,
          GError     **error)
{
  int width, height;

  if (text == NULL)
    return TRUE;
  if (!limn_command_parse_size (text, &width, &height, error))
    return FALSE;

  request->width = width;
  request->height = height;
  return TRUE;
}

static gboolean
check_together (const LimnRequest *request,
                GError           **error)
{
  if (request->picture == NULL && request->mask != NULL)
    return usage (error, "a mask needs the picture that it is for (--image)");
  if (request->picture == NULL && request->strength >= 0)
    return usage (error, "a strength needs the picture to start from (--image)");

  return TRUE;
}

/* Those on the command line replace the request's. */
static gboolean
set_loras (LimnRequest *request,
           char       **loras,
           GError     **error)
{
  if (loras != NULL)
    g_clear_pointer (&request->loras, g_ptr_array_unref);
  for (gsize i = 0; loras != NULL && loras[i] != NULL; i++)
    if (!limn_request_add_lora (request, loras[i], error))
      return FALSE;

  return TRUE;
}

/* These too. */
static void
set_embeddings (LimnRequest *request,
                char       **embeddings)
{
  if (embeddings != NULL)
    g_clear_pointer (&request->embeddings, g_ptr_array_unref);
  for (gsize i = 0; embeddings != NULL && embeddings[i] != NULL; i++)
    limn_request_add_embedding (request, embeddings[i]);
}

/* The request's file first; what stands on the command line wins. */
static gboolean
make_request (LimnRequest   *request,
              const Options *options,
              GError       **error)
{
  const struct
  {
    const char *key, *text;
  } given[] = {
    { "negative_prompt", options->negative },
    { "model", options->model },
    { "steps", options->steps },
    { "guidance", options->guidance },
    { "seed", options->seed },
    { "sampler", options->sampler },
    { "schedule", options->schedule },
    { "image", options->image },
    { "strength", options->strength },
    { "mask", options->mask },
    { "type", options->type },
  };

  if (options->request != NULL && !limn_request_load (request, options->request, error))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    if (given[i].text != NULL && !limn_request_set (request, given[i].key, given[i].text, error))
      return FALSE;

  set_embeddings (request, options->embeddings);
  return set_prompt (request, options, error) && set_loras (request, options->loras, error) && set_size (request, options->size, error) && check_together (request, error);
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
  if (!make_request (&job->request, options, error)
      || !parse_count (options->count, &count, error)
      || !limn_command_parse_threads (options->threads, &job->options.threads, error)
      || !limn_progress_mode (options->progress, limn_progress_terminal (), &job->progress, error))
    return FALSE;

  job->dump = options->dump;
  job->json = options->json;
  job->options.type = job->request.type;
  return limn_output_place_init (&job->output, options->output, count, error);
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
