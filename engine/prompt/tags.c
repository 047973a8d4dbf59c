/* <lora:name:0.8> and its like, taken out of a prompt.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/prompt-private.h"

#include <string.h>

static void
tag_free (gpointer data)
{
  LimnPromptTag *tag = data;

  g_free (tag->name);
  g_free (tag);
}

/* "<", word, ":", at least one character, ">". */
static gboolean
find_end (LimnRange range,
          gsize     at,
          gsize    *colon,
          gsize    *end)
{
  const char *close;

  *colon = limn_scan_word (range, at + 1);
  if (*colon == at + 1 || *colon >= range.length || range.text[*colon] != ':')
    return FALSE;
  close = memchr (range.text + *colon, '>', range.length - *colon);
  if (close == NULL || close == range.text + *colon + 1)
    return FALSE;
  *end = (gsize) (close - range.text) + 1;
  return TRUE;
}

static gboolean
is_kind (LimnRange   kind,
         const char *name)
{
  return kind.length == strlen (name) && memcmp (kind.text, name, kind.length) == 0;
}

static gboolean
read_weight (const char *text,
             double     *weight)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  return limn_scan_number ((LimnRange){ stripped, strlen (stripped) }, TRUE, weight);
}

/* "te" and "unet" name a weight; without a name the first is the text encoder's, the second the generator's. */
static gboolean
read_argument (LimnPromptTag *tag,
               const char    *argument,
               int           *place)
{
  if (g_str_has_prefix (argument, "te="))
    return read_weight (argument + strlen ("te="), &tag->text_weight);
  if (g_str_has_prefix (argument, "unet="))
    return read_weight (argument + strlen ("unet="), &tag->image_weight);
  if (strchr (argument, '=') != NULL)
    return TRUE;
  (*place)++;
  if (*place > 2)
    return TRUE;
  return read_weight (argument, *place == 1 ? &tag->text_weight : &tag->image_weight);
}

static void
read_arguments (LimnPromptTag *tag,
                LimnRange      range)
{
  g_autofree char *text = g_strndup (range.text, range.length);
  g_auto (GStrv) arguments = g_strsplit (text, ":", -1);
  double unset = -G_MAXDOUBLE;
  int    place = 0;

  tag->name = g_strdup (arguments[0]);
  tag->text_weight = 1;
  tag->image_weight = unset;
  if (tag->kind == LIMN_PROMPT_TAG_IGNORED)
    return;
  for (int i = 1; arguments[i] != NULL; i++)
    if (!read_argument (tag, arguments[i], &place))
      tag->kind = LIMN_PROMPT_TAG_BAD_NUMBER;
  if (tag->image_weight == unset)
    tag->image_weight = tag->text_weight;
}

static LimnPromptTag *
read_tag (LimnRange range,
          gsize     start,
          gsize     colon,
          gsize     end)
{
  LimnRange      kind = { range.text + start + 1, colon - start - 1 };
  LimnPromptTag *tag = g_new0 (LimnPromptTag, 1);

  tag->kind = is_kind (kind, "lora") || is_kind (kind, "lyco") ? LIMN_PROMPT_TAG_LORA : LIMN_PROMPT_TAG_IGNORED;
  tag->start = start;
  tag->length = end - start;
  read_arguments (tag, (LimnRange){ range.text + colon + 1, end - colon - 2 });
  return tag;
}

char *
limn_prompt_take_tags (const char *text,
                       GPtrArray **tags)
{
  LimnRange range = { text, strlen (text) };
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (tag_free);
  g_autoptr (GString) rest = g_string_new (NULL);
  const char *last = strrchr (text, '>'); /* behind it nothing is searched, or the time would not be linear */
  gsize       from = 0, colon, end;

  for (const char *at = text; last != NULL && (at = strchr (at, '<')) != NULL && at < last;)
    {
      gsize start = (gsize) (at - text);

      if (!find_end (range, start, &colon, &end))
        {
          at++;
          continue;
        }
      g_string_append_len (rest, text + from, (gssize) (start - from));
      g_ptr_array_add (found, read_tag (range, start, colon, end));
      from = end;
      at = text + end;
    }
  g_string_append (rest, text + from);
  if (tags != NULL)
    *tags = g_steal_pointer (&found);
  return g_string_free (g_steal_pointer (&rest), FALSE);
}
