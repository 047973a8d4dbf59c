/* Ratings, stars, tags, albums, trash: what an artist does to pictures in the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/library.h"

#include "app/library/connection.h"
#include "app/library/words.h"

#define MAX_NAME_BYTES 1000

typedef struct
{
  const LimnEdit *edit;
  const gint64   *ids;
  gsize           n;
  gint64          now;
} Editing;

typedef gboolean (*EditFunc) (LimnDatabase  *database,
                              const Editing *editing,
                              gint64         id,
                              GError       **error);

static gboolean
rate (LimnDatabase  *database,
      const Editing *editing,
      gint64         id,
      GError       **error)
{
  return limn_database_run (database, error, "UPDATE pictures SET rating = ?2 WHERE id = ?1", "ii", id,
                            (gint64) editing->edit->number);
}

static gboolean
star (LimnDatabase  *database,
      const Editing *editing,
      gint64         id,
      GError       **error)
{
  return limn_database_run (database, error, "UPDATE pictures SET starred = ?2 <> 0 WHERE id = ?1", "ii", id,
                            (gint64) editing->edit->number);
}

static gboolean
tag (LimnDatabase  *database,
     const Editing *editing,
     gint64         id,
     GError       **error)
{
  return limn_database_run (database, error, "INSERT OR IGNORE INTO tags (name) VALUES (?1)", "s", editing->edit->text)
         && limn_database_run (database, error,
                               "INSERT OR IGNORE INTO picture_tags (picture, tag) SELECT ?1, id FROM tags WHERE name = ?2", "is", id,
                               editing->edit->text)
         && limn_words_update (database, id, error);
}

/* A tag that no picture has is gone. */
static gboolean
untag (LimnDatabase  *database,
       const Editing *editing,
       gint64         id,
       GError       **error)
{
  return limn_database_run (database, error,
                            "DELETE FROM picture_tags WHERE picture = ?1 AND tag = (SELECT id FROM tags WHERE name = ?2)", "is", id,
                            editing->edit->text)
         && limn_database_run (database, error,
                               "DELETE FROM tags WHERE name = ?1 AND id NOT IN (SELECT tag FROM picture_tags)", "s",
                               editing->edit->text)
         && limn_words_update (database, id, error);
}

static gboolean
add_to_album (LimnDatabase  *database,
              const Editing *editing,
              gint64         id,
              GError       **error)
{
  return limn_database_run (database, error, "INSERT OR IGNORE INTO albums (name, created) VALUES (?1, ?2)", "si",
                            editing->edit->text, editing->now)
         && limn_database_run (database, error,
                               "INSERT OR IGNORE INTO album_pictures (album, picture, position)"
                               " SELECT id, ?1, (SELECT ifnull (max (position), 0) + 1 FROM album_pictures WHERE album = id)"
                               " FROM albums WHERE name = ?2",
                               "is", id, editing->edit->text);
}

static gboolean
remove_from_album (LimnDatabase  *database,
                   const Editing *editing,
                   gint64         id,
                   GError       **error)
{
  return limn_database_run (database, error,
                            "DELETE FROM album_pictures WHERE picture = ?1 AND album = (SELECT id FROM albums WHERE name = ?2)",
                            "is", id, editing->edit->text);
}

static gboolean
trash (LimnDatabase  *database,
       const Editing *editing,
       gint64         id,
       GError       **error)
{
  return limn_database_run (database, error, "UPDATE pictures SET trashed = ?2 WHERE id = ?1 AND trashed IS NULL", "ii", id,
                            editing->now);
}

static gboolean
restore (LimnDatabase  *database,
         const Editing *editing,
         gint64         id,
         GError       **error)
{
  return limn_database_run (database, error, "UPDATE pictures SET trashed = NULL WHERE id = ?1", "i", id);
}

static const struct
{
  EditFunc func;
  gboolean named;
  int      least, most;
} edits[] = {
  [LIMN_EDIT_RATE] = { rate, FALSE, 0, 5 },
  [LIMN_EDIT_STAR] = { star, FALSE, 0, 1 },
  [LIMN_EDIT_TAG] = { tag, TRUE, 0, 0 },
  [LIMN_EDIT_UNTAG] = { untag, TRUE, 0, 0 },
  [LIMN_EDIT_ALBUM_ADD] = { add_to_album, TRUE, 0, 0 },
  [LIMN_EDIT_ALBUM_REMOVE] = { remove_from_album, TRUE, 0, 0 },
  [LIMN_EDIT_TRASH] = { trash, FALSE, 0, 0 },
  [LIMN_EDIT_RESTORE] = { restore, FALSE, 0, 0 },
};

static gboolean
check_edit (const LimnEdit *edit,
            GError        **error)
{
  gboolean number = edits[edit->kind].named || (edit->number >= edits[edit->kind].least && edit->number <= edits[edit->kind].most);

  if (!number)
    {
      g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_CONSTRAINT, "%d: is out of range: take one from %d to %d",
                   edit->number, edits[edit->kind].least, edits[edit->kind].most);
      return FALSE;
    }
  if (!edits[edit->kind].named)
    return TRUE;

  if (edit->text == NULL || *edit->text == '\0' || strlen (edit->text) > MAX_NAME_BYTES || !g_utf8_validate (edit->text, -1, NULL))
    {
      g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_CONSTRAINT,
                   "tag or album: has no name that can be kept: take 1 to %d bytes of UTF-8", MAX_NAME_BYTES);
      return FALSE;
    }
  return TRUE;
}

static gboolean
edit_all (LimnDatabase *database,
          gpointer      data,
          GError      **error)
{
  const Editing *editing = data;

  for (gsize i = 0; i < editing->n; i++)
    {
      gint64 there = 0;

      if (!limn_database_integer (database, &there, error, "SELECT 1 FROM pictures WHERE id = ?1", "i", editing->ids[i]))
        return FALSE;
      if (!there)
        {
          g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_NOT_FOUND,
                       "picture %" G_GINT64_FORMAT ": is not in the library: see limn library list", editing->ids[i]);
          return FALSE;
        }
      if (!edits[editing->edit->kind].func (database, editing, editing->ids[i], error))
        return FALSE;
    }

  return TRUE;
}

gboolean
limn_library_edit (LimnLibrary    *library,
                   const LimnEdit *edit,
                   const gint64   *ids,
                   gsize           n,
                   GError        **error)
{
  Editing editing = { edit, ids, n, g_get_real_time () };

  if (!check_edit (edit, error) || !limn_library_write (library, edit_all, &editing, error))
    return FALSE;

  limn_library_tell (library, LIMN_LIBRARY_EDITED, ids, n);
  return TRUE;
}

/* Foreign keys take bytes, thumbnails, tags and edges along; tables of words have none. */
static gboolean
delete_trashed (LimnDatabase *database,
                gpointer      data,
                GError      **error)
{
  if (!limn_database_script (database,
                             "DELETE FROM words WHERE rowid IN (SELECT id FROM pictures WHERE trashed IS NOT NULL);"
                             "DELETE FROM signs WHERE rowid IN (SELECT id FROM pictures WHERE trashed IS NOT NULL)",
                             error)
      || !limn_database_run (database, error, "DELETE FROM pictures WHERE trashed IS NOT NULL", ""))
    return FALSE;

  *(gsize *) data = limn_database_changes (database);
  return limn_database_script (database, "DELETE FROM tags WHERE id NOT IN (SELECT tag FROM picture_tags)", error);
}

gboolean
limn_library_empty_trash (LimnLibrary *library,
                          gsize       *removed,
                          GError     **error)
{
  gsize n = 0;

  if (!limn_library_write (library, delete_trashed, &n, error))
    return FALSE;

  if (removed != NULL)
    *removed = n;
  limn_library_tell (library, LIMN_LIBRARY_REMOVED, NULL, 0);
  return TRUE;
}
