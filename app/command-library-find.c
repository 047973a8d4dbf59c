/* limn library list, search, show: what there is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-library.h"

#include <stdio.h>

#define SHOWN_CHARACTERS 60
#define ROWS_A_TIME 500

typedef struct
{
  gboolean json;
  char    *sort;
  int      limit;
  char   **words;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->sort);
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* "    12  2026-05-31 14:02  512x512  ***    a red apple…" */
static char *
describe_line (const LimnFacts *facts)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (facts->created / G_USEC_PER_SEC);
  g_autofree char *date = time ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("");
  g_autofree char *size = g_strdup_printf ("%dx%d", facts->width, facts->height);
  g_autofree char *stars = g_strnfill (facts->rating, '*');
  const char      *words = facts->prompt && *facts->prompt ? facts->prompt : facts->name ? facts->name
                                                                                         : "";
  g_autofree char *start = g_utf8_substring (words, 0, MIN (SHOWN_CHARACTERS, g_utf8_strlen (words, -1)));

  g_strdelimit (start, "\n\r\t", ' ');
  return g_strdup_printf ("%6" G_GINT64_FORMAT "  %s  %-9s  %-5s  %s", facts->id, date, size, stars, start);
}

/* In pieces, so that a large library needs no large memory. */
static gboolean
print_pieces (LimnLibrary  *library,
              const GArray *ids,
              gboolean      json,
              GError      **error)
{
  g_auto (LimnJsonWriter) writer = { 0 };
  gboolean ok = TRUE;

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '[');
  for (guint at = 0; ok && at < ids->len; at += ROWS_A_TIME)
    {
      g_autoptr (GPtrArray) facts = limn_library_facts_of (library, &g_array_index (ids, gint64, at), MIN (ROWS_A_TIME, ids->len - at), error);

      ok = facts != NULL;
      for (guint i = 0; ok && i < facts->len; i++)
        {
          g_autofree char *line = json ? NULL : describe_line (facts->pdata[i]);

          if (json)
            limn_facts_write (facts->pdata[i], NULL, &writer);
          else
            ok = limn_command_print (line, error);
        }
      if (ok && json)
        {
          ok = fputs (writer.text->str, stdout) >= 0;
          g_string_truncate (writer.text, 0);
        }
    }

  limn_json_writer_close (&writer, ']');
  return ok && (!json || limn_command_print (writer.text->str, error));
}

/* A wrong query is a wrong word of the command line. */
static GArray *
search (LimnLibrary *library,
        const char  *query,
        LimnOrder    order,
        GError     **error)
{
  g_autoptr (GError) why = NULL;
  GArray *ids = limn_library_search (library, query, order, &why);

  if (g_error_matches (why, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_QUERY))
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, why->message);
  else if (why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return ids;
}

static gboolean
print_found (const Options *options,
             const char    *query,
             GError       **error)
{
  LimnOrder order = LIMN_ORDER_NEWEST;
  g_autoptr (LimnLibrary) library = NULL;
  g_autoptr (GArray) ids = NULL;

  if (options->sort != NULL && !limn_order_parse (options->sort, &order))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
                   "--sort \"%s\": is no order: take created, rating, size, name or album, with a - before it for descending", options->sort);
      return FALSE;
    }

  library = limn_library_open (NULL, error);
  ids = library ? search (library, query, order, error) : NULL;
  if (ids == NULL)
    return FALSE;

  if (options->limit >= 0 && ids->len > (guint) options->limit)
    g_array_set_size (ids, options->limit);
  return print_pieces (library, ids, options->json, error);
}

static gboolean
is_option (const char *word)
{
  return g_str_has_prefix (word, "--") || g_str_equal (word, "-h");
}

/* A query's words may begin with "-", which options do too: those of two dashes are options, until "--" says that none follow. */
static char **
options_first (char **arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  gboolean more = TRUE;

  g_strv_builder_add (builder, arguments[0]);
  for (char **at = arguments + 1; *at != NULL; at++)
    {
      gboolean ends = more && g_str_equal (*at, "--");

      more = more && !ends;
      if (!ends && !(more && is_option (*at)))
        g_ptr_array_add (words, *at);
      if (ends || !(more && is_option (*at)))
        continue;

      g_strv_builder_add (builder, *at);
      if ((g_str_equal (*at, "--sort") || g_str_equal (*at, "--limit")) && at[1] != NULL)
        g_strv_builder_add (builder, *++at);
    }

  g_strv_builder_add (builder, "--");
  for (guint i = 0; i < words->len; i++)
    g_strv_builder_add (builder, words->pdata[i]);
  return g_strv_builder_end (builder);
}

/* Returns: the words of the query in one, without the "--" that options_first() put in. */
static char *
join_query (char **words)
{
  gboolean marked = words[1] != NULL && g_str_equal (words[1], "--");

  return g_strjoinv (" ", words + 1 + marked);
}

static gboolean
run_found (const LimnCommand *command,
           char             **arguments,
           gboolean           asks,
           GError           **error)
{
  g_auto (Options) options = { .limit = -1 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print an array of objects", NULL },
    { "sort", 0, 0, G_OPTION_ARG_STRING, &options.sort, "created, rating, size, name or album; -created and so on for descending; by itself -created", "ORDER" },
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, "Print at most N", "N" },
    G_OPTION_ENTRY_NULL
  };
  const char *help = "All has to be so: ocean (a word that begins so) \"exact words\" model:sd15 lora: style: tag: album: sampler:\n"
                     "seed:42 rating:>=3 steps:20..30 size:512x768 before:2026-05 after:2026 has:mask is:starred is:trashed;\n"
                     "a - before any of it for the opposite.";
  g_auto (GStrv) ordered = options_first (arguments);
  g_autofree char *query = NULL;

  if (!limn_command_parse (command, ordered, asks ? "QUERY" : "", asks ? help : NULL, entries, &options.words, error)
      || !limn_command_check_words (command, options.words, asks, asks ? 100 : 1, "a query", error))
    return FALSE;

  query = join_query (options.words);
  if (asks != (*query != '\0'))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "%s: %s%s: see limn %s --help", command->name, query,
                   asks ? "a query is missing" : " is one word too many", command->name);
      return FALSE;
    }
  return print_found (&options, query, error);
}

static gboolean
run_list (char   **arguments,
          GError **error)
{
  return run_found (&limn_command_library_list, arguments, FALSE, error);
}

static gboolean
run_search (char   **arguments,
            GError **error)
{
  return run_found (&limn_command_library_search, arguments, TRUE, error);
}

static void
append_fact (GString    *text,
             const char *label,
             const char *value)
{
  if (value == NULL || *value == '\0')
    return;

  g_string_append_printf (text, "%s%-11s ", text->len > 0 ? "\n" : "", label);
  for (const char *c = value; *c != '\0'; c++)
    if (*c == '\n')
      g_string_append_printf (text, "\n%-12s", "");
    else
      g_string_append_c (text, *c);
}

static char *
join_numbers (const GArray *numbers)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < numbers->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", g_array_index (numbers, gint64, i));
  return g_string_free (text, FALSE);
}

static char *
describe_picture (const LimnFacts *facts)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (facts->created / G_USEC_PER_SEC);
  g_autofree char *made = time ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : NULL;
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT "%s", facts->id, facts->trashed ? " (in the trash)" : "");
  g_autofree char *size = g_strdup_printf ("%dx%d", facts->width, facts->height);
  g_autofree char *bytes = g_format_size (facts->size);
  g_autofree char *file = g_strdup_printf ("%s, %s", facts->format, bytes);
  g_autofree char *rating = g_strdup_printf ("%d%s", facts->rating, facts->starred ? ", starred" : "");
  g_autofree char *seed = facts->seed >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, facts->seed) : NULL;
  g_autofree char *steps = facts->steps >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, facts->steps) : NULL;
  g_autofree char *tags = g_strjoinv (", ", facts->tags);
  g_autofree char *albums = g_strjoinv (", ", facts->albums);
  g_autofree char *loras = g_strjoinv (", ", facts->loras);
  g_autofree char *parents = join_numbers (facts->parents);
  g_autofree char *children = join_numbers (facts->children);
  const struct
  {
    const char *label, *value;
  } lines[] = {
    { "picture", id }, { "made", made }, { "name", facts->name }, { "size", size }, { "file", file }, { "sha256", facts->hash }, { "prompt", facts->prompt }, { "without", facts->negative }, { "model", facts->model }, { "seed", seed }, { "steps", steps }, { "sampler", facts->sampler }, { "schedule", facts->schedule }, { "loras", loras }, { "rating", rating }, { "tags", tags }, { "albums", albums }, { "came from", parents }, { "led to", children }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    append_fact (text, lines[i].label, lines[i].value);
  return g_string_free (text, FALSE);
}

static gboolean
run_show (char   **arguments,
          GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one object", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (LimnLibrary) library = NULL;
  g_autoptr (GArray) ids = NULL;
  g_autoptr (LimnFacts) facts = NULL;
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autofree char *text = NULL;

  if (!limn_command_parse (&limn_command_library_show, arguments, "PICTURE", NULL, entries, &options.words, error)
      || !limn_command_check_words (&limn_command_library_show, options.words, 1, 1, "a picture's number", error))
    return FALSE;

  library = limn_library_open (NULL, error);
  ids = library ? limn_command_library_ids (library, options.words + 1, error) : NULL;
  facts = ids ? limn_library_facts (library, ids->len > 0 ? g_array_index (ids, gint64, 0) : 0, error) : NULL;
  if (facts == NULL)
    return FALSE;

  if (!options.json)
    {
      text = describe_picture (facts);
      return limn_command_print (text, error);
    }
  limn_json_writer_init (&writer, TRUE);
  limn_facts_write (facts, NULL, &writer);
  return limn_command_print (writer.text->str, error);
}

const LimnCommand limn_command_library_list = {
  .name = "library list",
  .summary = "List all pictures, newest first",
  .run = run_list,
};

const LimnCommand limn_command_library_search = {
  .name = "library search",
  .summary = "List pictures that a query finds",
  .run = run_search,
};

const LimnCommand limn_command_library_show = {
  .name = "library show",
  .summary = "Tell all that is known of a picture",
  .run = run_show,
};
