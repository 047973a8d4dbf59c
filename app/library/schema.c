/* The tables of a library and how they came about: numbered migrations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/schema.h"

#include <glib/gstdio.h>

/*
 * Times are microseconds since 1970 (UTC). Texts and numbers are NULL while unknown. Pictures' bytes are in a table of their own so that lists
 * read few pages; large columns come last for the same reason. Rows of the tables of words have the numbers of the pictures.
 */
static const char tables[] = "CREATE TABLE models (id INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL DEFAULT '', UNIQUE (name, hash));"
                             "CREATE TABLE pictures ("
                             "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
                             "  created INTEGER NOT NULL,"
                             "  width INTEGER NOT NULL, height INTEGER NOT NULL,"
                             "  format TEXT NOT NULL,"                                 /* PNG, JPEG, WebP, … */
                             "  size INTEGER NOT NULL,"                                /* bytes of the file */
                             "  hash BLOB NOT NULL UNIQUE CHECK (length (hash) = 32)," /* SHA-256 of the file */
                             "  name TEXT,"                                            /* of the file it came from, without its folder */
                             "  rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),"
                             "  starred INTEGER NOT NULL DEFAULT 0 CHECK (starred IN (0, 1)),"
                             "  trashed INTEGER," /* when it went to the trash */
                             "  has_mask INTEGER NOT NULL DEFAULT 0 CHECK (has_mask IN (0, 1)),"
                             "  seed INTEGER, steps INTEGER, guidance REAL,"
                             "  sampler TEXT, schedule TEXT,"
                             "  model INTEGER REFERENCES models (id),"
                             "  prompt TEXT, negative TEXT,"
                             "  request TEXT);" /* JSON: all that decided the picture */
                                                /* in the order of lists, with all that lists are narrowed by: a search reads this and never a picture's row */
                             "CREATE INDEX pictures_created ON pictures"
                             "  (trashed, created, id, rating, model, sampler, seed, width, height, starred, has_mask);"
                             "CREATE INDEX pictures_rating ON pictures (rating) WHERE rating > 0;"
                             "CREATE INDEX pictures_starred ON pictures (id) WHERE starred;"
                             "CREATE INDEX pictures_trashed ON pictures (trashed) WHERE trashed IS NOT NULL;"
                             "CREATE INDEX pictures_seed ON pictures (seed);"
                             "CREATE INDEX pictures_model ON pictures (model);"
                             "CREATE INDEX pictures_sampler ON pictures (sampler);"
                             "CREATE TABLE blobs (picture INTEGER PRIMARY KEY REFERENCES pictures (id) ON DELETE CASCADE, bytes BLOB NOT NULL);"
                             /* id is 2 × picture for 256, one more for 512: a row is found without an index, also in a damaged file */
                             "CREATE TABLE thumbnails ("
                             "  id INTEGER PRIMARY KEY,"
                             "  picture INTEGER NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,"
                             "  size INTEGER NOT NULL CHECK (size IN (256, 512)),"
                             "  bytes BLOB NOT NULL,"
                             "  CHECK (id = 2 * picture + (size = 512)));"
                             "CREATE INDEX thumbnails_picture ON thumbnails (picture);"
                             "CREATE TABLE ingredients (" /* LoRAs and styles */
                             "  picture INTEGER NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,"
                             "  kind TEXT NOT NULL CHECK (kind IN ('lora', 'style')),"
                             "  name TEXT NOT NULL COLLATE NOCASE, weight REAL,"
                             "  PRIMARY KEY (picture, kind, name)) WITHOUT ROWID;"
                             "CREATE INDEX ingredients_name ON ingredients (kind, name, picture);"
                             "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE);"
                             "CREATE TABLE picture_tags ("
                             "  picture INTEGER NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,"
                             "  tag INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,"
                             "  PRIMARY KEY (picture, tag)) WITHOUT ROWID;"
                             "CREATE INDEX picture_tags_tag ON picture_tags (tag, picture);"
                             "CREATE TABLE albums (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, created INTEGER NOT NULL);"
                             "CREATE TABLE album_pictures ("
                             "  album INTEGER NOT NULL REFERENCES albums (id) ON DELETE CASCADE,"
                             "  picture INTEGER NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,"
                             "  position REAL NOT NULL,"
                             "  PRIMARY KEY (album, picture)) WITHOUT ROWID;"
                             "CREATE INDEX album_pictures_picture ON album_pictures (picture);"
                             "CREATE TABLE saved_searches ("
                             "  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, query TEXT NOT NULL, created INTEGER NOT NULL);"
                             "CREATE TABLE edges (" /* child came from parent by request */
                             "  child INTEGER NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,"
                             "  parent INTEGER NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,"
                             "  kind TEXT NOT NULL," /* image, mask, style, control, upscale, … */
                             "  request TEXT,"
                             "  CHECK (child <> parent),"
                             "  PRIMARY KEY (child, parent, kind)) WITHOUT ROWID;"
                             "CREATE INDEX edges_parent ON edges (parent);"
                             "CREATE TABLE jobs ("
                             "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
                             "  state TEXT NOT NULL DEFAULT 'queued'"
                             "    CHECK (state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),"
                             "  position REAL NOT NULL,"              /* order among jobs of one priority */
                             "  priority INTEGER NOT NULL DEFAULT 0," /* higher ones first */
                             "  batch INTEGER,"                       /* jobs that were added together have the same */
                             "  step INTEGER NOT NULL DEFAULT 0, steps INTEGER NOT NULL DEFAULT 0,"
                             "  attempts INTEGER NOT NULL DEFAULT 0,"
                             "  created INTEGER NOT NULL, started INTEGER, finished INTEGER,"
                             "  result INTEGER REFERENCES pictures (id) ON DELETE SET NULL,"
                             "  error TEXT,"
                             "  request TEXT NOT NULL,"
                             "  latent BLOB);"
                             "CREATE INDEX jobs_order ON jobs (state, priority DESC, position);"
                             "CREATE INDEX jobs_result ON jobs (result) WHERE result IS NOT NULL;"
                             "CREATE VIRTUAL TABLE words USING fts5 (prompt, name, tags, tokenize = \"unicode61 remove_diacritics 2\", prefix = '2 3');"
                             /* only texts with characters of scripts that put no spaces between words */
                             "CREATE VIRTUAL TABLE signs USING fts5 (text, tokenize = 'trigram');"
                             "CREATE VIRTUAL TABLE signs_terms USING fts5vocab (signs, instance);";

/*
 * What the queue needs beyond the tables above: the step of the kept latent and the one that was gone on from, what somebody wants of the job that runs,
 * what it will take, and a clock that tells which rows are new to somebody who has looked before.
 */
static const char queue[] = "ALTER TABLE jobs ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;"
                            "ALTER TABLE jobs ADD COLUMN resumed INTEGER NOT NULL DEFAULT 0;"
                            "ALTER TABLE jobs ADD COLUMN wish TEXT CHECK (wish IN ('queued', 'paused', 'cancelled'));"
                            "ALTER TABLE jobs ADD COLUMN step_seconds REAL;"
                            "ALTER TABLE jobs ADD COLUMN rest_seconds REAL;" /* all but the steps */
                            "ALTER TABLE jobs ADD COLUMN memory INTEGER;"    /* bytes */
                            "ALTER TABLE jobs ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;"
                            "UPDATE jobs SET kept = step WHERE latent IS NOT NULL;"
                            "CREATE INDEX jobs_changed ON jobs (changed);"
                            "CREATE TABLE job_clock (now INTEGER NOT NULL);"
                            "INSERT INTO job_clock VALUES (0);"
                            "CREATE TRIGGER jobs_added AFTER INSERT ON jobs BEGIN"
                            "  UPDATE job_clock SET now = now + 1;"
                            "  UPDATE jobs SET changed = (SELECT now FROM job_clock) WHERE id = NEW.id;"
                            "END;"
                            "CREATE TRIGGER jobs_edited AFTER UPDATE ON jobs WHEN NEW.changed IS OLD.changed BEGIN"
                            "  UPDATE job_clock SET now = now + 1;"
                            "  UPDATE jobs SET changed = (SELECT now FROM job_clock) WHERE id = NEW.id;"
                            "END;"
                            "CREATE TRIGGER jobs_removed AFTER DELETE ON jobs BEGIN UPDATE job_clock SET now = now + 1; END;"
                            "CREATE TABLE timings (" /* measured */
                            "  model TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,"
                            "  steps INTEGER NOT NULL,"
                            "  step_seconds REAL NOT NULL, rest_seconds REAL NOT NULL,"
                            "  memory INTEGER NOT NULL DEFAULT 0,"
                            "  measured INTEGER NOT NULL," /* when */
                            "  PRIMARY KEY (model, width, height)) WITHOUT ROWID;";

/* Migration N brings version N to version N + 1. What was released is never changed. */
static const char *const migrations[] = {
  tables,
  queue,
};

int
limn_schema_version (void)
{
  return G_N_ELEMENTS (migrations);
}

static gboolean
refuse (LimnDatabase    *database,
        LimnLibraryError code,
        const char      *why,
        GError         **error)
{
  g_autofree char *shown = g_filename_display_name (limn_database_path (database));

  g_set_error (error, LIMN_LIBRARY_ERROR, code, "%s: %s", shown, why);
  return FALSE;
}

gboolean
limn_schema_check (LimnDatabase *database,
                   int          *version,
                   GError      **error)
{
  gint64 application = 0, user = 0, objects = 0;

  *version = 0;
  if (!limn_database_integer (database, &application, error, "PRAGMA application_id", "")
      || !limn_database_integer (database, &user, error, "PRAGMA user_version", "")
      || !limn_database_integer (database, &objects, error, "SELECT count (*) FROM sqlite_schema", ""))
    return FALSE;

  if (application == 0 && user == 0 && objects == 0)
    return TRUE;
  if (application != LIMN_SCHEMA_APPLICATION_ID)
    return refuse (database, LIMN_LIBRARY_ERROR_FOREIGN, "is a database of another program: give another place by LIMN_DATA_DIR", error);
  if (user > limn_schema_version ())
    return refuse (database, LIMN_LIBRARY_ERROR_NEWER, "was made by a newer Limn: install that; nothing was changed", error);
  if (user < 0)
    return refuse (database, LIMN_LIBRARY_ERROR_DAMAGED, "the file is damaged: its version is no number of ours", error);

  *version = user;
  return TRUE;
}

/* Whole or not at all: written under another name first. */
static gboolean
keep_copy (LimnDatabase *database,
           int           version,
           GError      **error)
{
  g_autofree char *path = g_strdup_printf ("%s.version-%d", limn_database_path (database), version);
  g_autofree char *part = g_strconcat (path, ".part", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  g_unlink (part);
  if (!limn_database_run (database, error, "VACUUM INTO ?1", "s", part))
    {
      g_unlink (part);
      return FALSE;
    }
  if (g_rename (part, path) == 0)
    return TRUE;

  return refuse (database, LIMN_LIBRARY_ERROR_FAILED, "a copy could not be kept, so nothing was changed", error);
}

/* From version @from to the next one. */
typedef struct
{
  int         from;
  const char *sql;
} Step;

/* Another program may have done it while this one waited for the lock. */
static gboolean
migrate_one (LimnDatabase *database,
             gpointer      data,
             GError      **error)
{
  const Step      *step = data;
  gint64           version = 0;
  g_autofree char *numbers = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d", LIMN_SCHEMA_APPLICATION_ID,
                                              step->from + 1);

  if (!limn_database_integer (database, &version, error, "PRAGMA user_version", ""))
    return FALSE;
  if (version > step->from)
    return TRUE;

  return limn_database_script (database, step->sql, error) && limn_database_script (database, numbers, error);
}

gboolean
limn_schema_migrate_by (LimnDatabase      *database,
                        const char *const *steps,
                        int                n,
                        GError           **error)
{
  int version;

  if (!limn_schema_check (database, &version, error))
    return FALSE;
  if (version > 0 && version < n && !keep_copy (database, version, error))
    return FALSE;

  for (int from = version; from < n; from++)
    if (!limn_database_transaction (database, migrate_one, &(Step){ from, steps[from] }, error))
      return FALSE;

  return TRUE;
}

gboolean
limn_schema_migrate (LimnDatabase *database,
                     GError      **error)
{
  return limn_schema_migrate_by (database, migrations, limn_schema_version (), error);
}
