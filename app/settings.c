/* The artist's settings: one file for the window and the command line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define G_SETTINGS_ENABLE_BACKEND

#include "app/settings.h"

#include <gio/gsettingsbackend.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "app.limn.Limn"
#define PATH "/app/limn/Limn/"

/* Installed, or beside the program where it was built. */
static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  GSettingsSchema       *schema = installed != NULL ? g_settings_schema_source_lookup (installed, SCHEMA, TRUE) : NULL;
  g_autoptr (GSettingsSchemaSource) built = NULL;

  if (schema != NULL)
    return schema;
  built = g_settings_schema_source_new_from_directory (LIMN_SCHEMA_BUILD_DIR, installed, TRUE, NULL);
  return built != NULL ? g_settings_schema_source_lookup (built, SCHEMA, FALSE) : NULL;
}

GSettings *
limn_settings_new (void)
{
  g_autoptr (GSettingsSchema) schema = find_schema ();
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "limn", NULL);
  g_autofree char *file = g_build_filename (folder, "settings.ini", NULL);
  g_autoptr (GSettingsBackend) backend = NULL;

  if (schema == NULL)
    return NULL;
  /* GIO complains aloud where it cannot make the folder. */
  if (g_mkdir_with_parents (folder, 0700) == 0)
    backend = g_keyfile_settings_backend_new (file, PATH, "Limn");
  else
    backend = g_memory_settings_backend_new ();
  return g_settings_new_full (schema, backend, NULL);
}

static int
compare (const void *a,
         const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

char **
limn_settings_keys (GSettings *settings)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  char **keys;

  if (settings == NULL)
    return g_new0 (char *, 1);
  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  qsort (keys, g_strv_length (keys), sizeof *keys, compare);
  return keys;
}

/* What the environment says is read where it is used. */
static const char *
text_of (GSettings  *settings,
         const char *key,
         const char *variable)
{
  g_autofree char *value = g_settings_get_string (settings, key);

  return value[0] != '\0' && g_getenv (variable) == NULL ? g_intern_string (value) : NULL;
}

void
limn_settings_take_engine (GSettings         *settings,
                           LimnEngineOptions *options)
{
  if (settings == NULL)
    return;
  if (options->device == NULL)
    options->device = text_of (settings, "device", "LIMN_DEVICE");
  if (options->type == NULL)
    options->type = text_of (settings, "type", "LIMN_TYPE");
  if (options->memory == NULL)
    options->memory = text_of (settings, "memory", "LIMN_MEMORY");
  if (options->threads == 0)
    options->threads = g_settings_get_int (settings, "threads");
}

int
limn_settings_idle_ms (GSettings *settings)
{
  int minutes = settings != NULL ? g_settings_get_int (settings, "idle-minutes") : 0;

  if (settings == NULL)
    return 0; /* the client's default */
  return minutes > 0 ? minutes * 60 * 1000 : -1;
}
