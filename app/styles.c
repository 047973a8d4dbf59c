/* Named styles: words that are put around a prompt, as Fooocus and AUTOMATIC1111's program have them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/styles.h"

#include <string.h>

#include "app/csv.h"
#include "app/data-place.h"
#include "app/safe-file.h"

#define MAX_FILE_BYTES (16 * 1024 * 1024)
#define PLACE "{prompt}"

static void
style_free (gpointer data)
{
  LimnStyle *style = data;

  g_free (style->name);
  g_free (style->prompt);
  g_free (style->negative);
  g_free (style);
}

/* One of the same name is replaced. */
static void
take (GPtrArray  *styles,
      const char *name,
      const char *prompt,
      const char *negative,
      gboolean    own)
{
  LimnStyle *style = (LimnStyle *) limn_styles_find (styles, name);

  if (style == NULL)
    {
      style = g_new0 (LimnStyle, 1);
      g_ptr_array_add (styles, style);
    }
  g_free (style->name);
  g_free (style->prompt);
  g_free (style->negative);
  *style = (LimnStyle){ g_strdup (name), g_strdup (prompt != NULL ? prompt : ""), g_strdup (negative != NULL ? negative : ""), own };
}

const LimnStyle *
limn_styles_find (const GPtrArray *styles,
                  const char      *name)
{
  g_autofree char *wanted = g_utf8_casefold (name, -1);

  for (guint i = 0; i < styles->len; i++)
    {
      LimnStyle       *style = styles->pdata[i];
      g_autofree char *folded = g_utf8_casefold (style->name, -1);

      if (g_str_equal (folded, wanted))
        return style;
    }
  return NULL;
}

/* --- files ---------------------------------------------------------------------------------------------------------- */

static const char *
member (JsonObject *object,
        const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static void
take_object (JsonArray *array,
             guint      index,
             JsonNode  *node,
             gpointer   styles)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = object != NULL ? member (object, "name") : NULL;

  if (name != NULL && *name != '\0')
    take (styles, name, member (object, "prompt"), member (object, "negative_prompt"), FALSE);
}

static void
parse_json (GPtrArray  *styles,
            const char *text,
            gsize       size)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonNode *root = json_parser_load_from_data (parser, text, (gssize) size, NULL) ? json_parser_get_root (parser) : NULL;

  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root))
    json_array_foreach_element (json_node_get_array (root), take_object, styles);
}

/* The first row names the columns; where it does not, they are in this order. */
static void
parse_csv (GPtrArray  *styles,
           const char *text,
           gsize       size)
{
  static const char *const columns[] = { "name", "prompt", "negative_prompt" };
  g_autoptr (GPtrArray) rows = limn_csv_parse (text, size);
  char   **head = rows->len > 0 ? rows->pdata[0] : NULL;
  gboolean named = head != NULL && g_strv_contains ((const char *const *) head, "name") && g_strv_contains ((const char *const *) head, "prompt");

  for (guint i = named ? 1 : 0; i < rows->len; i++)
    {
      char      **row = rows->pdata[i];
      const char *values[3] = { NULL };

      for (guint c = 0; row[c] != NULL; c++)
        for (guint k = 0; k < G_N_ELEMENTS (columns); k++)
          if (named ? c < g_strv_length (head) && g_str_equal (head[c], columns[k]) : c == k)
            values[k] = row[c];
      if (values[0] != NULL && *values[0] != '\0' && (values[1] != NULL || values[2] != NULL))
        take (styles, values[0], values[1], values[2], FALSE);
    }
}

GPtrArray *
limn_styles_parse (GBytes     *file,
                   const char *name,
                   GError    **error)
{
  g_autoptr (GPtrArray) styles = g_ptr_array_new_with_free_func (style_free);
  gsize       size;
  const char *text = g_bytes_get_data (file, &size);

  if (size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      size -= 3;
    }
  if (size > 0 && g_utf8_validate (text, (gssize) size, NULL))
    {
      gsize first = strspn (text, " \t\r\n");

      if (first < size && text[first] == '[')
        parse_json (styles, text, size);
      else
        parse_csv (styles, text, size);
    }
  if (styles->len > 0)
    return g_steal_pointer (&styles);

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT,
               "%s: holds no styles: take a JSON file of Fooocus or a CSV file with the columns name, prompt and negative_prompt", name);
  return NULL;
}

static GPtrArray *
read_styles (const char *path,
             GError    **error)
{
  g_autofree char *shown = g_filename_display_basename (path);
  g_autoptr (GBytes) file = limn_safe_file_read (path, MAX_FILE_BYTES, error);

  return file != NULL ? limn_styles_parse (file, shown, error) : NULL;
}

static char *
own_path (void)
{
  return limn_data_place ("styles.json");
}

static GPtrArray *
read_own (void)
{
  g_autofree char *path = own_path ();
  GPtrArray       *own = g_file_test (path, G_FILE_TEST_EXISTS) ? read_styles (path, NULL) : NULL;

  return own != NULL ? own : g_ptr_array_new_with_free_func (style_free);
}

static gboolean
write_own (const GPtrArray *styles,
           GError         **error)
{
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autofree char *path = own_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GBytes) bytes = NULL;

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '[');
  for (guint i = 0; i < styles->len; i++)
    {
      const LimnStyle *style = styles->pdata[i];

      limn_json_writer_open (&writer, NULL, '{');
      limn_json_writer_string (&writer, "name", style->name);
      limn_json_writer_string (&writer, "prompt", style->prompt);
      limn_json_writer_string (&writer, "negative_prompt", style->negative);
      limn_json_writer_close (&writer, '}');
    }
  limn_json_writer_close (&writer, ']');
  g_mkdir_with_parents (folder, 0700);
  bytes = g_bytes_new (writer.text->str, writer.text->len);
  return limn_safe_file_write (path, bytes, TRUE, error);
}

/* --- the lot -------------------------------------------------------------------------------------------------------- */

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const LimnStyle *left = *(LimnStyle *const *) a, *right = *(LimnStyle *const *) b;

  return g_utf8_collate (left->name, right->name);
}

GPtrArray *
limn_styles_list (void)
{
  static const char *const shipped[] = { LIMN_STYLES_INSTALL_FILE, LIMN_STYLES_SOURCE_FILE };
  g_autoptr (GPtrArray) own = read_own ();
  GPtrArray *styles = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (shipped) && styles == NULL; i++)
    styles = g_file_test (shipped[i], G_FILE_TEST_EXISTS) ? read_styles (shipped[i], NULL) : NULL;
  if (styles == NULL)
    styles = g_ptr_array_new_with_free_func (style_free);
  for (guint i = 0; i < own->len; i++)
    {
      const LimnStyle *style = own->pdata[i];

      take (styles, style->name, style->prompt, style->negative, TRUE);
    }
  g_ptr_array_sort (styles, compare);
  return styles;
}

gboolean
limn_styles_import (const char *path,
                    guint      *count,
                    GError    **error)
{
  g_autoptr (GPtrArray) more = read_styles (path, error);
  g_autoptr (GPtrArray) own = more != NULL ? read_own () : NULL;

  for (guint i = 0; more != NULL && i < more->len; i++)
    {
      const LimnStyle *style = more->pdata[i];

      take (own, style->name, style->prompt, style->negative, TRUE);
    }
  if (count != NULL)
    *count = more != NULL ? more->len : 0;
  return more != NULL && write_own (own, error);
}

gboolean
limn_styles_save (const LimnStyle *style,
                  GError         **error)
{
  g_autoptr (GPtrArray) own = read_own ();

  take (own, style->name, style->prompt, style->negative, TRUE);
  return write_own (own, error);
}

gboolean
limn_styles_remove (const char *name,
                    GError    **error)
{
  g_autoptr (GPtrArray) own = read_own ();
  const LimnStyle *style = limn_styles_find (own, name);

  if (style == NULL)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "style \"%s\": is not one of yours", name);
      return FALSE;
    }
  g_ptr_array_remove (own, (gpointer) style);
  return write_own (own, error);
}

/* @around: (nullable): (transfer full): what @text becomes */
static char *
wrap (const char *text,
      const char *around)
{
  const char *place = strstr (around, PLACE);

  text = text != NULL ? text : "";
  if (place != NULL)
    return g_strdup_printf ("%.*s%s%s", (int) (place - around), around, text, place + strlen (PLACE));
  if (*text == '\0' || *around == '\0')
    return g_strdup (*text == '\0' ? around : text);
  return g_strdup_printf ("%s, %s", text, around);
}

gboolean
limn_styles_apply (const GPtrArray   *styles,
                   const char *const *names,
                   LimnRequest       *request,
                   GError           **error)
{
  for (gsize i = 0; names[i] != NULL; i++)
    {
      const LimnStyle *style = limn_styles_find (styles, names[i]);
      char            *prompt, *negative;

      if (style == NULL)
        {
          g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "style \"%s\": there is none: see limn styles", names[i]);
          return FALSE;
        }
      prompt = wrap (request->prompt, style->prompt);
      negative = wrap (request->negative, style->negative);
      g_free (request->prompt);
      g_free (request->negative);
      request->prompt = prompt;
      request->negative = negative;
      limn_request_add_style (request, style->name);
    }
  return TRUE;
}
