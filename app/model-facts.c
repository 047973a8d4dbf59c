/* Facts of models and of files that go with them, for people and for programs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/model-facts.h"

#include <string.h>

#include "app/json-writer.h"
#include "app/model-place.h"

/* Width of the labels and of the list's columns. */
#define LABEL 12
#define KIND 18
#define FAMILY 39
#define SIZE 10

static void
write_count (LimnJsonWriter *writer,
             const char     *key,
             gint64          count)
{
  if (count > 0)
    limn_json_writer_integer (writer, key, count);
}

static void
write_words (LimnJsonWriter *writer,
             const char     *key,
             char          **words)
{
  if (words != NULL)
    limn_json_writer_strings (writer, key, (const char *const *) words);
}

static void
write_parts (LimnJsonWriter     *writer,
             const LimnFileInfo *info)
{
  limn_json_writer_open (writer, "parts", '[');
  for (guint i = 0; i < info->parts->len; i++)
    {
      const LimnPartInfo *part = &g_array_index (info->parts, LimnPartInfo, i);

      limn_json_writer_open (writer, NULL, '{');
      limn_json_writer_string (writer, "name", part->name);
      limn_json_writer_integer (writer, "parameters", (gint64) part->parameters);
      limn_json_writer_string (writer, "type", part->type);
      limn_json_writer_close (writer, '}');
    }
  limn_json_writer_close (writer, ']');
}

static void
write_network (LimnJsonWriter     *writer,
               const LimnFileInfo *info)
{
  limn_json_writer_string (writer, "algorithm", info->algorithm);
  write_count (writer, "rank", info->rank);
  write_count (writer, "vectors", info->vectors);
  write_count (writer, "scale", info->scale);
  write_count (writer, "latent_channels", info->latent_channels);
  write_count (writer, "latent_factor", info->latent_factor);
  if (info->encodes || info->decodes)
    {
      limn_json_writer_boolean (writer, "encodes", info->encodes);
      limn_json_writer_boolean (writer, "decodes", info->decodes);
    }
}

static void
write_texts (LimnJsonWriter     *writer,
             const LimnFileInfo *info)
{
  limn_json_writer_string (writer, "title", info->title);
  limn_json_writer_string (writer, "author", info->author);
  limn_json_writer_string (writer, "description", info->description);
  limn_json_writer_string (writer, "licence", info->licence);
  limn_json_writer_string (writer, "resolution", info->resolution);
  write_words (writer, "trigger_words", info->trigger_words);
  limn_json_writer_string (writer, "usage_hint", info->hint);
  write_words (writer, "tags", info->tags);
  limn_json_writer_string (writer, "hash", info->hash);
}

static void
write_defaults (LimnJsonWriter      *writer,
                const LimnModelInfo *model)
{
  limn_json_writer_integer (writer, "width", model->width);
  limn_json_writer_integer (writer, "height", model->height);
  limn_json_writer_integer (writer, "size_step", model->size_step);
  limn_json_writer_integer (writer, "max_size", model->max_size);
  write_count (writer, "native_size", model->native);
  limn_json_writer_integer (writer, "steps", model->steps);
  limn_json_writer_real (writer, "guidance", model->guidance);
  limn_json_writer_string (writer, "sampler", model->sampler);
  limn_json_writer_string (writer, "schedule", model->schedule);
}

static void
write_info (LimnJsonWriter      *writer,
            const LimnFileInfo  *info,
            const LimnModelInfo *model)
{
  g_autofree char *name = limn_model_place_name (info->path);
  g_autofree char *path = g_filename_display_name (info->path);

  limn_json_writer_open (writer, NULL, '{');
  limn_json_writer_string (writer, "name", name);
  limn_json_writer_string (writer, "path", path);
  limn_json_writer_string (writer, "kind", info->kind);
  limn_json_writer_string (writer, "family", info->family);
  limn_json_writer_string (writer, "label", info->label);
  limn_json_writer_boolean (writer, "supported", info->supported);
  limn_json_writer_string (writer, "error", info->problem);
  if (info->parts->len > 0)
    {
      write_parts (writer, info);
      limn_json_writer_integer (writer, "parameters", (gint64) info->parameters);
      limn_json_writer_string (writer, "type", info->types[0]);
      write_words (writer, "types", info->types);
    }
  limn_json_writer_integer (writer, "bytes", (gint64) info->bytes);
  write_network (writer, info);
  write_texts (writer, info);
  if (model != NULL)
    write_defaults (writer, model);
  limn_json_writer_close (writer, '}');
}

static void
append_line (GString    *text,
             const char *label,
             const char *value)
{
  g_auto (GStrv) lines = value != NULL && *value != '\0' ? g_strsplit (value, "\n", -1) : NULL;

  for (int i = 0; lines != NULL && lines[i] != NULL; i++)
    g_string_append_printf (text, "%s%-*s%s", text->len > 0 ? "\n" : "", LABEL, i == 0 ? label : "", lines[i]);
}

static void
append_words (GString    *text,
              const char *label,
              char      **words)
{
  g_autofree char *line = words != NULL ? g_strjoinv (", ", words) : NULL;

  append_line (text, label, line);
}

static void
append_count (GString    *text,
              const char *label,
              gint64      count)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, count);

  if (count > 0)
    append_line (text, label, number);
}

static void
append_parts (GString            *text,
              const LimnFileInfo *info)
{
  for (guint i = 0; i < info->parts->len; i++)
    {
      const LimnPartInfo *part = &g_array_index (info->parts, LimnPartInfo, i);
      g_autofree char    *line = g_strdup_printf ("%s %.1f M %s", part->name, (double) part->parameters / 1e6, part->type);

      append_line (text, i == 0 ? "parts" : "", line);
    }
}

static void
append_defaults (GString             *text,
                 const LimnModelInfo *model)
{
  g_autofree char *size = g_strdup_printf ("%dx%d, %s in steps of %d up to %d", model->width, model->height,
                                           model->native > 0 ? "squares" : "sides", model->size_step, model->max_size);
  g_autofree char *defaults = g_strdup_printf ("%d steps, guidance %g, sampler %s, schedule %s", model->steps, model->guidance, model->sampler,
                                               model->schedule ? model->schedule : "none");

  append_line (text, "size", size);
  append_line (text, "defaults", defaults);
}

/* "sd15 (Stable Diffusion 1.5)" */
static char *
family_of (const LimnFileInfo *info)
{
  if (info->family == NULL || info->label == NULL)
    return g_strdup (info->family != NULL ? info->family : info->label);
  return g_strdup_printf ("%s (%s)", info->family, info->label);
}

static char *
kind_of (const LimnFileInfo *info)
{
  return g_strconcat (info->kind, info->supported ? "" : " (not supported by this version)", NULL);
}

static void
append_network (GString            *text,
                const LimnFileInfo *info)
{
  append_line (text, "algorithm", info->algorithm);
  append_count (text, "rank", info->rank);
  append_count (text, "vectors", info->vectors);
  append_count (text, "scale", info->scale);
  append_count (text, "channels", info->latent_channels);
}

static char *
info_text (const LimnFileInfo  *info,
           const LimnModelInfo *model)
{
  GString         *text = g_string_new (NULL);
  g_autofree char *name = limn_model_place_name (info->path), *kind = kind_of (info), *family = family_of (info);
  g_autofree char *parameters = g_strdup_printf ("%.1f M", (double) info->parameters / 1e6);
  g_autofree char *bytes = g_format_size (info->bytes), *types = g_strjoinv (" ", info->types);

  append_line (text, "model", name);
  append_line (text, "kind", kind);
  append_line (text, "family", family);
  append_parts (text, info);
  append_line (text, "parameters", parameters);
  append_line (text, "type", types);
  append_line (text, "on disk", bytes);
  append_network (text, info);
  if (model != NULL)
    append_defaults (text, model);
  append_line (text, "problem", info->problem);
  append_line (text, "title", info->title);
  append_line (text, "author", info->author);
  append_line (text, "about", info->description);
  append_line (text, "resolution", info->resolution);
  append_words (text, "say", info->trigger_words);
  append_line (text, "use", info->hint);
  append_words (text, "tags", info->tags);
  append_line (text, "hash", info->hash);
  append_line (text, "licence", info->licence != NULL ? info->licence : "not stated in the model's files");
  return g_string_free (text, FALSE);
}

char *
limn_model_facts_describe (const LimnFileInfo  *info,
                           const LimnModelInfo *model,
                           gboolean             json)
{
  g_auto (LimnJsonWriter) writer = { 0 };

  if (!json)
    return info_text (info, model);
  limn_json_writer_init (&writer, TRUE);
  write_info (&writer, info, model);
  return g_strdup (writer.text->str);
}

/* The path below @folder. */
static char *
short_path (const LimnFileInfo *info,
            const char         *folder)
{
  const char *rest = g_str_has_prefix (info->path, folder) ? info->path + strlen (folder) : info->path;

  while (*folder != '\0' && *rest == G_DIR_SEPARATOR)
    rest++;
  return g_filename_display_name (rest);
}

/* A message that begins with the path, without it. */
static const char *
without_path (const LimnFileInfo *info)
{
  gsize length = strlen (info->path);

  return g_str_has_prefix (info->problem, info->path) && g_str_has_prefix (info->problem + length, ": ") ? info->problem + length + 2 : info->problem;
}

static void
append_row (GString            *text,
            const LimnFileInfo *info,
            const char         *folder)
{
  g_autofree char *path = short_path (info, folder), *bytes = g_format_size (info->bytes);
  const char      *family = info->label != NULL ? info->label : info->family != NULL ? info->family
                                                                                     : "";

  g_string_append_printf (text, "%s%-*s%-*s%*s  %s", text->len > 0 ? "\n" : "", KIND, info->kind, FAMILY, family, SIZE, bytes, path);
  if (info->problem != NULL)
    g_string_append_printf (text, ": %s", without_path (info));
}

char *
limn_model_facts_list (GPtrArray  *infos,
                       const char *folder,
                       gboolean    json)
{
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '[');
  for (guint i = 0; i < infos->len; i++)
    {
      if (json)
        write_info (&writer, g_ptr_array_index (infos, i), NULL);
      else
        append_row (text, g_ptr_array_index (infos, i), folder);
    }
  limn_json_writer_close (&writer, ']');
  return g_strdup (json ? writer.text->str : text->str);
}
