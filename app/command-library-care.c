/* limn library check, backup, stats: taking care of the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-library.h"

#include "app/library/care.h"

typedef struct
{
  gboolean json, salvage;
  char   **words;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
keep_line (const char *line,
           gpointer    data)
{
  g_ptr_array_add (data, g_strdup (line));
}

static gboolean
print_check (const GPtrArray *lines,
             gint64           checked,
             gboolean         json,
             GError         **error)
{
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autofree char *count = g_strdup_printf ("%" G_GINT64_FORMAT " pictures looked at", checked);

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_json_writer_integer (&writer, "pictures", checked);
  limn_json_writer_open (&writer, "problems", '[');
  for (guint i = 0; i < lines->len; i++)
    {
      limn_json_writer_string (&writer, NULL, lines->pdata[i]);
      if (!json && !limn_command_print (lines->pdata[i], error))
        return FALSE;
    }
  limn_json_writer_close (&writer, ']');
  limn_json_writer_close (&writer, '}');

  return limn_command_print (json ? writer.text->str : count, error);
}

static gboolean
check_library (gboolean json,
               GError **error)
{
  g_autoptr (LimnLibrary) library = limn_library_open (NULL, error);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  gint64 checked = 0;

  if (library == NULL || !limn_library_check (library, keep_line, lines, &checked, NULL, error)
      || !print_check (lines, checked, json, error))
    return FALSE;
  if (lines->len == 0)
    return TRUE;

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "%s: %u things are wrong: limn library check --salvage saves what can be read",
               limn_library_path (library), lines->len);
  return FALSE;
}

static gboolean
salvage_library (GError **error)
{
  g_autofree char *path = limn_library_default_path ();
  g_autofree char *text = NULL;
  LimnSalvage      result = { 0 };

  if (!limn_library_salvage (path, &result, error))
    return FALSE;

  text = g_strdup_printf ("%" G_GINT64_FORMAT " pictures saved, %" G_GINT64_FORMAT " lost; the damaged library is kept as %s",
                          result.pictures, result.lost, result.kept);
  g_free (result.kept);
  return limn_command_print (text, error);
}

static gboolean
run_check (char   **arguments,
           GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one object", NULL },
    { "salvage", 0, 0, G_OPTION_ARG_NONE, &options.salvage, "Save what can be read of a damaged library into a new one; the damaged one is kept. Nothing else may have it open", NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!limn_command_parse (&limn_command_library_check, arguments, "", NULL, entries, &options.words, error)
      || !limn_command_check_words (&limn_command_library_check, options.words, 0, 0, "", error))
    return FALSE;

  return options.salvage ? salvage_library (error) : check_library (options.json, error);
}

static gboolean
run_backup (char   **arguments,
            GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  g_autoptr (LimnLibrary) library = NULL;

  if (!limn_command_parse (&limn_command_library_backup, arguments, "FILE", NULL, entries, &options.words, error)
      || !limn_command_check_words (&limn_command_library_backup, options.words, 1, 1, "a file to copy to", error))
    return FALSE;

  library = limn_library_open (NULL, error);
  return library != NULL && limn_library_backup (library, options.words[1], NULL, error);
}

static char *
describe_stats (const LimnLibraryStats *stats,
                const char             *path)
{
  g_autofree char *pictures = g_format_size (stats->picture_bytes);
  g_autofree char *thumbnails = g_format_size (stats->thumbnail_bytes);
  g_autofree char *file = g_format_size (stats->file_bytes);

  return g_strdup_printf ("library     %s\n"
                          "pictures    %" G_GINT64_FORMAT " (%s), %" G_GINT64_FORMAT " of them in the trash\n"
                          "marked      %" G_GINT64_FORMAT " rated, %" G_GINT64_FORMAT " starred\n"
                          "names       %" G_GINT64_FORMAT " tags, %" G_GINT64_FORMAT " albums, %" G_GINT64_FORMAT " saved searches\n"
                          "thumbnails  %s\n"
                          "on disk     %s",
                          path, stats->pictures, pictures, stats->trashed, stats->rated, stats->starred, stats->tags, stats->albums,
                          stats->searches, thumbnails, file);
}

static char *
write_stats (const LimnLibraryStats *stats,
             const char             *path)
{
  g_auto (LimnJsonWriter) writer = { 0 };
  const struct
  {
    const char *key;
    gint64      value;
  } numbers[] = {
    { "pictures", stats->pictures },
    { "trashed", stats->trashed },
    { "starred", stats->starred },
    { "rated", stats->rated },
    { "tags", stats->tags },
    { "albums", stats->albums },
    { "saved_searches", stats->searches },
    { "edges", stats->edges },
    { "jobs", stats->jobs },
    { "picture_bytes", stats->picture_bytes },
    { "thumbnail_bytes", stats->thumbnail_bytes },
    { "file_bytes", stats->file_bytes },
  };

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_json_writer_string (&writer, "path", path);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    limn_json_writer_integer (&writer, numbers[i].key, numbers[i].value);
  limn_json_writer_close (&writer, '}');
  return g_strdup (writer.text->str);
}

static gboolean
run_stats (char   **arguments,
           GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one object", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (LimnLibrary) library = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *text = NULL;
  LimnLibraryStats stats;

  if (!limn_command_parse (&limn_command_library_stats, arguments, "", NULL, entries, &options.words, error)
      || !limn_command_check_words (&limn_command_library_stats, options.words, 0, 0, "", error))
    return FALSE;

  library = limn_library_open (NULL, error);
  if (library == NULL || !limn_library_stats (library, &stats, error))
    return FALSE;

  shown = g_filename_display_name (limn_library_path (library));
  text = options.json ? write_stats (&stats, shown) : describe_stats (&stats, shown);
  return limn_command_print (text, error);
}

const LimnCommand limn_command_library_check = {
  .name = "library check",
  .summary = "See whether all of it is sound; save what is left of a damaged one",
  .run = run_check,
};

const LimnCommand limn_command_library_backup = {
  .name = "library backup",
  .summary = "Copy the library while it is in use",
  .run = run_backup,
};

const LimnCommand limn_command_library_stats = {
  .name = "library stats",
  .summary = "Count what is in it",
  .run = run_stats,
};
