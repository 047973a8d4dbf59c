/* limn library import, export: pictures in and out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-library.h"

#include <stdio.h>
#include <string.h>

#include "app/export.h"
#include "app/library/import.h"
#include "app/safe-file.h"

#define MAX_NAMES 10000

typedef struct
{
  gboolean json;
  int      threads;
  char    *album, *tag, *output, *format, *quality, *bits, *share;
  char   **words;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->album);
  g_free (options->tag);
  g_free (options->output);
  g_free (options->format);
  g_free (options->quality);
  g_free (options->bits);
  g_free (options->share);
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  gint64          added, known, failed;
  LimnJsonWriter *writer; /* %NULL: no JSON */
} Report;

static void
report_file (const LimnImportNote *note,
             gpointer              data)
{
  Report          *report = data;
  g_autofree char *shown = g_filename_display_name (note->path);

  report->added += note->error == NULL && !note->known;
  report->known += note->known;
  report->failed += note->error != NULL;
  if (note->error != NULL)
    fprintf (stderr, "limn: %s\n", note->error->message);
  if (report->writer == NULL)
    return;

  limn_json_writer_open (report->writer, NULL, '{');
  limn_json_writer_string (report->writer, "path", shown);
  if (note->id != 0)
    limn_json_writer_integer (report->writer, "id", note->id);
  limn_json_writer_boolean (report->writer, "known", note->known);
  limn_json_writer_string (report->writer, "error", note->error ? note->error->message : NULL);
  limn_json_writer_close (report->writer, '}');
}

static gboolean
print_report (const Report *report,
              GError      **error)
{
  g_autofree char *text = NULL;

  if (report->writer != NULL)
    {
      limn_json_writer_close (report->writer, ']');
      return limn_command_print (report->writer->text->str, error);
    }

  text = g_strdup_printf ("%" G_GINT64_FORMAT " added, %" G_GINT64_FORMAT " known already", report->added, report->known);
  return limn_command_print (text, error);
}

static gboolean
import_files (const Options *options,
              GError       **error)
{
  g_auto (LimnJsonWriter) writer = { 0 };
  Report     report = { .writer = options->json ? &writer : NULL };
  LimnImport import = { .threads = options->threads, .album = options->album, .tag = options->tag, .func = report_file, .data = &report };
  g_autoptr (LimnLibrary) library = limn_library_open (NULL, error);

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '[');
  if (library == NULL || !limn_library_import (library, (const char *const *) options->words + 1, &import, error)
      || !print_report (&report, error))
    return FALSE;
  if (report.failed == 0)
    return TRUE;

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT,
               "library import: %" G_GINT64_FORMAT " of the files could not be read: see the lines above", report.failed);
  return FALSE;
}

static gboolean
run_import (char   **arguments,
            GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "album", 0, 0, G_OPTION_ARG_STRING, &options.album, "Put them into an album", "NAME" },
    { "tag", 0, 0, G_OPTION_ARG_STRING, &options.tag, "Give them a tag", "NAME" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &options.threads, "Decode with N threads (one a core)", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print an array with an object a file", NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!limn_command_parse (&limn_command_library_import, arguments, "FILE|FOLDER…", NULL, entries, &options.words, error)
      || !limn_command_check_words (&limn_command_library_import, options.words, 1, 100000, "a file or a folder", error))
    return FALSE;

  return import_files (&options, error);
}

/* "apple.png", "apple-1.png", …; pictures without a name are "limn-ID.png" */
static char *
export_name (const LimnFacts *facts,
             const char      *ending,
             int              attempt)
{
  const char      *dot = facts->name ? strrchr (facts->name, '.') : NULL;
  g_autofree char *stem = dot ? g_strndup (facts->name, dot - facts->name)
                              : g_strdup_printf ("limn-%" G_GINT64_FORMAT, facts->id);
  g_autofree char *kind = ending ? g_strdup (ending) : dot ? g_strdup (dot + 1)
                                                           : g_ascii_strdown (facts->format, -1);

  return attempt == 0 ? g_strdup_printf ("%s.%s", stem, kind) : g_strdup_printf ("%s-%d.%s", stem, attempt, kind);
}

static gboolean
export_to_folder (const LimnFacts *facts,
                  GBytes          *bytes,
                  const char      *folder,
                  const char      *ending,
                  GError         **error)
{
  for (int attempt = 0; attempt < MAX_NAMES; attempt++)
    {
      g_autofree char *name = export_name (facts, ending, attempt);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GError) why = NULL;

      if (limn_safe_file_write (path, bytes, FALSE, &why))
        return limn_command_print (path, error);
      if (!g_error_matches (why, G_FILE_ERROR, G_FILE_ERROR_EXIST))
        {
          g_propagate_error (error, g_steal_pointer (&why));
          return FALSE;
        }
    }

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "%s: all names are taken: choose another folder", folder);
  return FALSE;
}

static GBytes *
export_bytes (LimnLibrary     *library,
              const LimnFacts *facts,
              const LimnExport *export,
              GError **error)
{
  g_autofree char *name = export_name (facts, NULL, 0);
  g_autoptr (GBytes) bytes = limn_library_bytes (library, facts->id, error);

  return bytes ? limn_export (bytes, name, export, error) : NULL;
}

static gboolean
export_pictures (LimnLibrary   *library,
                 const GArray  *ids,
                 const Options *options,
                 GError       **error)
{
  const char *output = options->output;
  gboolean    folder = g_str_has_suffix (output, "/") || g_file_test (output, G_FILE_TEST_IS_DIR);
  LimnExport export;

  if (!limn_export_init (&export, folder ? NULL : output, options->format, options->quality, options->bits, options->share, error))
    return FALSE;
  if (!folder && ids->len > 1)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "%s: is no folder: several pictures go into one", output);
      return FALSE;
    }

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (LimnFacts) facts = limn_library_facts (library, g_array_index (ids, gint64, i), error);
      g_autoptr (GBytes) bytes = facts ? export_bytes (library, facts, &export, error) : NULL;

      if (bytes == NULL)
        return FALSE;
      if (!(folder ? export_to_folder (facts, bytes, output, options->format, error)
                   : limn_safe_file_write (output, bytes, TRUE, error) && limn_command_print (output, error)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
run_export (char   **arguments,
            GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, "A file (it is replaced), or a folder (nothing is replaced)", "FILE|FOLDER" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &options.format, "In a folder: png, jpg, webp or avif (default: as they are)", "ENDING" },
    { "quality", 0, 0, G_OPTION_ARG_STRING, &options.quality, "1 to 100, or lossless, where pictures are written anew", "Q" },
    { "bits", 0, 0, G_OPTION_ARG_STRING, &options.bits, "8, or 16 for PNG", "N" },
    { "share", 0, 0, G_OPTION_ARG_STRING, &options.share, "Give away everything (default), credit (no prompt, no settings) or nothing but pixels", "WHAT" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (LimnLibrary) library = NULL;
  g_autoptr (GArray) ids = NULL;

  if (!limn_command_parse (&limn_command_library_export, arguments, "PICTURES… -o FILE|FOLDER", NULL, entries, &options.words, error)
      || !limn_command_check_words (&limn_command_library_export, options.words, 1, 10000, "a picture's number", error))
    return FALSE;
  if (options.output == NULL)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "library export: -o is missing: say where to");
      return FALSE;
    }

  library = limn_library_open (NULL, error);
  ids = library ? limn_command_library_ids (library, options.words + 1, error) : NULL;
  return ids != NULL && export_pictures (library, ids, &options, error);
}

const LimnCommand limn_command_library_import = {
  .name = "library import",
  .summary = "Bring files and folders into the library",
  .run = run_import,
};

const LimnCommand limn_command_library_export = {
  .name = "library export",
  .summary = "Write pictures to files, byte for byte or in another format",
  .run = run_export,
};
