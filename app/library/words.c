/* The words of pictures, kept so that they are found.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/words.h"

static const GUnicodeScript scripts[] = {
  G_UNICODE_SCRIPT_HAN, G_UNICODE_SCRIPT_HIRAGANA, G_UNICODE_SCRIPT_KATAKANA, G_UNICODE_SCRIPT_HANGUL,
  G_UNICODE_SCRIPT_BOPOMOFO, G_UNICODE_SCRIPT_THAI, G_UNICODE_SCRIPT_LAO, G_UNICODE_SCRIPT_KHMER, G_UNICODE_SCRIPT_MYANMAR
};

static gboolean
is_sign (gunichar character)
{
  GUnicodeScript script = g_unichar_get_script (character);

  /* Emoji are no part of words for FTS5. */
  if (g_unichar_type (character) == G_UNICODE_OTHER_SYMBOL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    if (script == scripts[i])
      return TRUE;

  return FALSE;
}

gboolean
limn_words_have_signs (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if ((guchar) *c >= 0xc0 && is_sign (g_utf8_get_char (c)))
      return TRUE;

  return FALSE;
}

gboolean
limn_words_add (LimnDatabase *database,
                gint64        picture,
                const char   *prompt,
                const char   *name,
                const char   *tags,
                GError      **error)
{
  /* Two more characters, so that also the last two of a text begin groups of three. */
  g_autofree char *all = g_strjoin ("\n", prompt ? prompt : "", name ? name : "", tags ? tags : "", "\n", NULL);

  if (!limn_database_run (database, error, "INSERT INTO words (rowid, prompt, name, tags) VALUES (?1, ?2, ?3, ?4)", "isss",
                          picture, prompt, name, tags))
    return FALSE;

  return !limn_words_have_signs (all)
         || limn_database_run (database, error, "INSERT INTO signs (rowid, text) VALUES (?1, ?2)", "is", picture, all);
}

gboolean
limn_words_remove (LimnDatabase *database,
                   gint64        picture,
                   GError      **error)
{
  return limn_database_run (database, error, "DELETE FROM words WHERE rowid = ?1", "i", picture)
         && limn_database_run (database, error, "DELETE FROM signs WHERE rowid = ?1", "i", picture);
}

gboolean
limn_words_update (LimnDatabase *database,
                   gint64        picture,
                   GError      **error)
{
  g_autofree char *prompt = NULL, *name = NULL, *tags = NULL;

  return limn_database_text (database, &prompt, error, "SELECT prompt FROM pictures WHERE id = ?1", "i", picture)
         && limn_database_text (database, &name, error, "SELECT name FROM pictures WHERE id = ?1", "i", picture)
         && limn_database_text (database, &tags, error,
                                "SELECT group_concat (name, char (10)) FROM tags WHERE id IN (SELECT tag FROM picture_tags WHERE picture = ?1)",
                                "i", picture)
         && limn_words_remove (database, picture, error)
         && limn_words_add (database, picture, prompt, name, tags, error);
}
