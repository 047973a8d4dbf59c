/* Crash reports: what ran when the worker ended by itself, in a file that can be shown to others.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/crash-report.h"

#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "app/log.h"
#include "app/model-place.h"
#include "app/settings.h"

#define KEPT 20
#define PREFIX "crash-"

static void
append_machine (GString *text)
{
  struct utsname name = { 0 };
  long           pages = sysconf (_SC_PHYS_PAGES), bytes = sysconf (_SC_PAGE_SIZE);

  uname (&name);
  g_string_append_printf (text, "limn %s, GLib %u.%u.%u\n%s %s %s, %u cores, %ld MB\n", LIMN_VERSION, glib_major_version, glib_minor_version, glib_micro_version,
                          name.sysname, name.release, name.machine, g_get_num_processors (), pages / 1024 * (bytes / 1024));
}

static void
append_plan (GString              *text,
             const LimnEnginePlan *plan)
{
  g_string_append_printf (text, "plan: device %s, type %s, memory %s, threads %d\n", plan->device ? plan->device : "auto", plan->type ? plan->type : "auto",
                          plan->memory ? plan->memory : "what is left", plan->threads);
}

/* The request without what the artist wrote, and without folders. */
static void
append_request (GString           *text,
                const LimnRequest *request,
                gboolean           prompts)
{
  g_auto (LimnRequest) told = { 0 };
  g_auto (LimnJsonWriter) writer = { 0 };
  char **paths[] = { &told.picture, &told.mask, &told.hires_upscaler };

  limn_request_copy (&told, request);
  if (!prompts)
    {
      g_clear_pointer (&told.prompt, g_free);
      g_clear_pointer (&told.negative, g_free);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    g_clear_pointer (paths[i], g_free); /* names of an artist's files are words, too */
  g_clear_pointer (&told.controls, g_ptr_array_unref);
  for (guint i = 0; told.loras != NULL && i < told.loras->len; i++)
    {
      LimnLora *lora = told.loras->pdata[i];
      char     *name = g_path_get_basename (lora->name);

      g_free (lora->name);
      lora->name = name;
    }
  g_clear_pointer (&told.embeddings, g_ptr_array_unref);
  g_clear_pointer (&told.parts, g_ptr_array_unref);
  if (told.model != NULL)
    {
      char *name = limn_model_place_name (told.model);

      g_free (told.model);
      told.model = name;
    }

  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_request_write (&told, &writer);
  limn_json_writer_close (&writer, '}');
  g_string_append_printf (text, "request: %s\n", writer.text->str);
}

char *
limn_crash_report_text (const LimnCrash *crash,
                        gboolean         prompts)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  GString         *text = g_string_new ("limn-engine ended by itself. Nothing was lost; this file is for whoever looks for the fault.\n");

  g_string_append_printf (text, "%s\n", time);
  append_machine (text);
  g_string_append_printf (text, "end: %s\n", crash->reason);
  g_string_append_printf (text, "doing: %s, step %d of %d, on %s\n", crash->stage ? crash->stage : "unknown", crash->step, crash->steps,
                          crash->device ? crash->device : "an unknown device");
  append_plan (text, crash->plan);
  append_request (text, crash->request, prompts);
  return g_string_free (text, FALSE);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Their names sort by date. */
static void
remove_old (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, PREFIX))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare);
  for (guint i = 0; i + KEPT < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);

      g_unlink (path);
    }
}

char *
limn_crash_report_write (const LimnCrash *crash)
{
  g_autoptr (GSettings) settings = limn_settings_new ();
  gboolean         prompts = settings != NULL && g_settings_get_boolean (settings, "crash-report-prompts");
  g_autofree char *text = limn_crash_report_text (crash, prompts), *folder = limn_log_folder ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *name = g_strdup_printf (PREFIX "%s-%d.txt", date, (int) getpid ());
  char            *path = g_build_filename (folder, name, NULL);

  g_mkdir_with_parents (folder, 0700);
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL))
    g_clear_pointer (&path, g_free);
  remove_old (folder);
  return path;
}
