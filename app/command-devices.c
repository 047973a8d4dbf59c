/* limn devices: what there is to compute on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

typedef struct
{
  gboolean json;
  char   **words;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
write_json (const GPtrArray *devices,
            LimnJsonWriter  *writer)
{
  limn_json_writer_open (writer, NULL, '[');
  for (guint i = 0; i < devices->len; i++)
    {
      const LimnDeviceInfo *device = devices->pdata[i];

      limn_json_writer_open (writer, NULL, '{');
      limn_json_writer_string (writer, "id", device->id);
      limn_json_writer_string (writer, "name", device->name);
      limn_json_writer_string (writer, "kind", device->kind);
      limn_json_writer_string (writer, "driver", device->driver);
      limn_json_writer_integer (writer, "memory", device->memory);
      if (device->budget > 0)
        limn_json_writer_integer (writer, "budget", device->budget);
      if (device->threads > 0)
        limn_json_writer_integer (writer, "threads", device->threads);
      limn_json_writer_string (writer, "type", device->type);
      limn_json_writer_strings (writer, "features", (const char *const *) device->features);
      limn_json_writer_boolean (writer, "chosen", device->chosen);
      limn_json_writer_string (writer, "reason", device->reason);
      limn_json_writer_close (writer, '}');
    }
  limn_json_writer_close (writer, ']');
}

/* "7.8 GiB, 6.1 GiB of it to be had now" */
static char *
memory_text (const LimnDeviceInfo *device)
{
  g_autofree char *memory = g_format_size_full (device->memory, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *budget = g_format_size_full (device->budget, G_FORMAT_SIZE_IEC_UNITS);

  if (device->budget == 0)
    return g_strdup (memory);
  return g_strdup_printf ("%s, %s of it to be had now", memory, budget);
}

static void
append_device (GString              *text,
               const LimnDeviceInfo *device)
{
  g_autofree char *memory = memory_text (device);
  g_autofree char *features = device->features ? g_strjoinv (" ", device->features) : NULL;

  g_string_append_printf (text, "%s%s: %s%s\n", text->len > 0 ? "\n" : "", device->id,
                          device->name, device->chosen ? " (auto takes this one)" : "");
  g_string_append_printf (text, "  kind      %s\n", device->kind);
  if (device->driver != NULL)
    g_string_append_printf (text, "  driver    %s\n", device->driver);
  g_string_append_printf (text, "  memory    %s\n", memory);
  if (device->threads > 0)
    g_string_append_printf (text, "  threads   %d\n", device->threads);
  if (device->type != NULL)
    g_string_append_printf (text, "  computes  %s\n", device->type);
  g_string_append_printf (text, "  features  %s\n",
                          features && *features ? features : "none that matter");
  g_string_append_printf (text, "  auto      %s: %s\n",
                          device->chosen ? "takes it" : "does not take it", device->reason);
}

static gboolean
print_devices (const GPtrArray *devices,
               gboolean         json,
               GError         **error)
{
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  if (json)
    {
      limn_json_writer_init (&writer, TRUE);
      write_json (devices, &writer);
      return limn_command_print (writer.text->str, error);
    }

  for (guint i = 0; i < devices->len; i++)
    append_device (text, devices->pdata[i]);
  g_string_truncate (text, text->len > 0 ? text->len - 1 : 0);
  return limn_command_print (text->str, error);
}

static gboolean
run (char   **arguments,
     GError **error)
{
  g_auto (Options) options = { 0 };
  g_autoptr (LimnEngine) engine = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  /* Whatever LIMN_DEVICE says, even nonsense: this is where to look up what it takes. */
  const LimnEngineOptions everything = { .device = "auto", .type = "auto" };
  const GOptionEntry      entries[] = {
         { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print an array of objects", NULL },
         G_OPTION_ENTRY_NULL
  };

  if (!limn_command_parse (&limn_command_devices, arguments, NULL, NULL, entries,
                           &options.words, error)
      || !limn_command_check_words (&limn_command_devices, options.words, 0, 0, "", error))
    return FALSE;

  engine = limn_engine_new (&everything, error);
  if (engine == NULL)
    return FALSE;

  devices = limn_engine_devices (engine);
  return print_devices (devices, options.json, error);
}

const LimnCommand limn_command_devices = {
  .name = "devices",
  .summary = "Tell what there is to compute on, and what is taken",
  .run = run,
};
