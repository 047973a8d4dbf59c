/* AUTOMATIC1111's "parameters": settings as one text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/parameters.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "app/number.h"
#include "app/sampler-names.h"

#define MIN_SETTINGS 3
#define MAX_SETTINGS_BYTES (64 * 1024)
#define NEGATIVE "Negative prompt:"

static void
append_value (GString    *text,
              const char *key,
              const char *value)
{
  g_auto (LimnJsonWriter) writer = { 0 };

  if (value == NULL)
    return;
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append (text, ", ");
  g_string_append_printf (text, "%s: ", key);

  if (strpbrk (value, ",:\n\r\"") == NULL)
    {
      g_string_append (text, value);
      return;
    }

  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_string (&writer, NULL, value);
  g_string_append (text, writer.text->str);
}

static void
append_integer (GString    *text,
                const char *key,
                gint64      value)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  if (value >= 0)
    append_value (text, key, number);
}

static void
append_real (GString    *text,
             const char *key,
             double      value)
{
  g_autofree char *number = limn_number_format_real (value);

  if (value >= 0)
    append_value (text, key, number);
}

static const char *
upscaler_label (const char *upscaler)
{
  if (upscaler == NULL)
    return "Lanczos";
  return g_str_equal (upscaler, "latent") ? "Latent" : upscaler;
}

/* As AUTOMATIC1111 has them: in the prompt, by the file's name without its ending. */
static void
append_loras (GString         *text,
              const GPtrArray *loras)
{
  for (guint i = 0; loras != NULL && i < loras->len; i++)
    {
      const LimnLora  *lora = loras->pdata[i];
      g_autofree char *base = g_path_get_basename (lora->name);
      g_autofree char *weight = limn_number_format_real (lora->weight), *of_text = limn_number_format_real (lora->text_weight);

      if (g_str_has_suffix (base, ".safetensors"))
        base[strlen (base) - strlen (".safetensors")] = '\0';
      if (lora->text_weight == lora->weight)
        g_string_append_printf (text, "%s<lora:%s:%s>", text->len > 0 ? " " : "", base, weight);
      else
        g_string_append_printf (text, "%s<lora:%s:%s:%s>", text->len > 0 ? " " : "", base, of_text, weight);
    }
}

static void
append_controls (GString         *text,
                 const GPtrArray *controls)
{
  for (guint i = 0; controls != NULL && i < controls->len; i++)
    {
      const LimnRequestControl *control = controls->pdata[i];
      g_autofree char          *weight = limn_number_format_real (control->weight), *begin = limn_number_format_real (control->begin);
      g_autofree char          *end = limn_number_format_real (control->end), *key = g_strdup_printf ("ControlNet %u", i);
      g_autofree char          *value = g_strdup_printf ("Module: %s, Model: %s, Weight: %s, Guidance Start: %s, Guidance End: %s", control->kind,
                                                control->model ? control->model : "", weight, begin, end);

      append_value (text, key, value);
    }
}

static void
append_parts (GString         *text,
              const GPtrArray *parts)
{
  for (guint i = 0; parts != NULL && i < parts->len; i++)
    if (g_str_equal (((LimnRequestPart *) parts->pdata[i])->name, "vae"))
      append_value (text, "VAE", ((LimnRequestPart *) parts->pdata[i])->file);
}

/* Under the keys of AUTOMATIC1111 and its extensions. */
static void
append_more (GString           *text,
             const LimnRequest *request)
{
  gboolean varied = request->variation > 0;

  append_integer (text, "Variation seed", varied ? request->variation_seed : -1);
  append_real (text, "Variation seed strength", varied ? request->variation : -1);
  append_real (text, "Hires upscale", request->hires > 1 ? request->hires : -1);
  append_integer (text, "Hires steps", request->hires_steps);
  append_value (text, "Hires upscaler", request->hires > 1 ? upscaler_label (request->hires_upscaler) : NULL);
  append_real (text, "Denoising strength", request->picture == NULL && request->hires > 1 ? request->hires_strength : -1);
  append_real (text, "Mask blur", request->mask_feather);
  append_value (text, "Inpaint area", request->mask_area >= 0 ? "Only masked" : NULL);
  append_integer (text, "Masked area padding", request->mask_area);
  append_real (text, "CFG Rescale phi", request->guidance_rescale > 0 ? request->guidance_rescale : -1);
  append_parts (text, request->parts);
  append_controls (text, request->controls);
}

char *
limn_parameters_format (const LimnRequest *request,
                        const char        *version)
{
  GString         *text = g_string_new (request->prompt);
  g_autofree char *size = g_strdup_printf ("%" G_GINT64_FORMAT "x%" G_GINT64_FORMAT,
                                           request->width, request->height);

  append_loras (text, request->loras);
  if (text->len > 0)
    g_string_append_c (text, '\n');
  if (request->negative != NULL && *request->negative != '\0')
    g_string_append_printf (text, NEGATIVE " %s\n", request->negative);

  append_integer (text, "Steps", request->steps);
  append_value (text, "Sampler",
                request->sampler ? limn_sampler_names_label (request->sampler) : NULL);
  append_value (text, "Schedule type",
                request->schedule ? limn_sampler_names_schedule_label (request->schedule)
                                  : NULL);
  append_real (text, "CFG scale", request->guidance);
  append_integer (text, "Seed", request->seed);
  append_value (text, "Size", size);
  append_value (text, "Model hash", request->model_hash);
  append_value (text, "Model", request->model);
  append_real (text, "Denoising strength", request->strength);
  append_integer (text, "Clip skip", request->clip_skip > 1 ? request->clip_skip : -1);
  append_more (text, request);
  append_value (text, "Version", version);

  return g_string_free (text, FALSE);
}

static void
parameter_free (LimnParameter *parameter)
{
  g_free (parameter->key);
  g_free (parameter->value);
  g_free (parameter);
}

static gboolean
is_word (gunichar c)
{
  return g_unichar_isalnum (c) || c == '_';
}

/* The key that ends before @colon: a word's character and at least one more of words, spaces, '-' and '/'. */
static char *
key_before (const char *from,
            const char *colon)
{
  const char *start = colon, *end = colon;

  while (start > from)
    {
      const char *before = g_utf8_find_prev_char (from, start);
      gunichar    c = g_utf8_get_char (before);

      if (!is_word (c) && c != ' ' && c != '-' && c != '/')
        break;
      start = before;
    }

  while (start < end && !is_word (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);
  if (start == end || g_utf8_next_char (start) == end)
    return NULL;

  return g_strndup (start, end - start);
}

/* Where a JSON string that starts at @quote ends (after the closing quote), if a comma or the end follows. */
static const char *
quoted_end (const char *quote)
{
  const char *c = quote + 1;

  while (*c != '\0' && *c != '"')
    c += c[0] == '\\' && c[1] != '\0' ? 2 : 1;

  return *c == '"' && c > quote + 1 && (c[1] == ',' || c[1] == '\0') ? c + 1 : NULL;
}

static char *
unquote (const char *from,
         const char *to)
{
  g_autofree char *text = g_strndup (from, to - from);
  g_autoptr (JsonNode) node = NULL;

  if (*text != '"')
    return g_strdup (g_strchomp (text));

  node = json_from_string (text, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return g_steal_pointer (&text);

  return json_node_dup_string (node);
}

/* Adds the setting whose key ends at @colon. Returns: where the next one may start. */
static const char *
take_setting (GPtrArray  *settings,
              const char *from,
              const char *colon)
{
  g_autofree char *key = key_before (from, colon);
  const char      *value = colon + 1, *end = NULL;
  LimnParameter   *parameter;

  if (key == NULL)
    return colon + 1;

  while (g_ascii_isspace (*value))
    value++;
  if (*value == '"')
    end = quoted_end (value);
  if (end == NULL)
    end = value + strcspn (value, ",");

  parameter = g_new (LimnParameter, 1);
  *parameter = (LimnParameter){ .key = g_steal_pointer (&key), .value = unquote (value, end) };
  g_ptr_array_add (settings, parameter);
  return *end == ',' ? end + 1 : end;
}

static GPtrArray *
parse_settings (const char *line)
{
  GPtrArray  *settings = g_ptr_array_new_with_free_func ((GDestroyNotify) parameter_free);
  const char *from = line;

  for (const char *colon = strchr (from, ':'); colon != NULL; colon = strchr (from, ':'))
    from = take_setting (settings, from, colon);

  return settings;
}

/* stable-diffusion.cpp ends its line with everything once more, as "SDCPP: {…}"; the commas in there are not the line's. */
static char *
settings_line (const char *line)
{
  const char *json = strstr (line, "SDCPP: {");

  gsize size = json ? (gsize) (json - line) : strlen (line);

  return g_strndup (line, size <= MAX_SETTINGS_BYTES ? size : 0);
}

static void
append_line (GString    *text,
             const char *line)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, line);
}

static void
split_prompts (char **lines,
               guint  n,
               char **prompt,
               char **negative)
{
  GString *positive = g_string_new (NULL);
  GString *other = NULL;

  for (guint i = 0; i < n; i++)
    {
      const char *line = g_strstrip (lines[i]);

      if (other == NULL && g_str_has_prefix (line, NEGATIVE))
        {
          other = g_string_new (NULL);
          line = g_strstrip (lines[i] + strlen (NEGATIVE));
        }
      append_line (other ? other : positive, line);
    }

  *prompt = g_string_free (positive, FALSE);
  *negative = other ? g_string_free (other, FALSE) : NULL;
}

GPtrArray *
limn_parameters_parse (const char *text,
                       char      **prompt,
                       char      **negative)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_auto (GStrv) lines = g_strsplit (trimmed, "\n", -1);
  guint            n = g_strv_length (lines);
  g_autofree char *line = settings_line (n > 0 ? lines[n - 1] : "");
  GPtrArray       *settings = parse_settings (line);

  if (settings->len >= MIN_SETTINGS)
    n--;
  else
    g_ptr_array_set_size (settings, 0);

  split_prompts (lines, n, prompt, negative);
  return settings;
}

const char *
limn_parameters_find (const GPtrArray *parameters,
                      const char      *key)
{
  for (guint i = 0; i < parameters->len; i++)
    {
      const LimnParameter *parameter = parameters->pdata[i];

      if (g_str_equal (parameter->key, key))
        return *parameter->value != '\0' ? parameter->value : NULL;
    }

  return NULL;
}
