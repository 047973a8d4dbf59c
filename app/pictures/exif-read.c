/* Reads EXIF: every offset is looked at before it is followed, and tables are read once, so that nothing goes in circles.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/exif.h"

#include <string.h>

#include "app/picture-file.h"
#include "app/pictures/exif-tags.h"

typedef struct
{
  const guint8 *bytes;
  gsize         size;
  gboolean      little;
} Exif;

/* A value of a table. */
typedef struct
{
  guint         tag, type;
  const guint8 *data;
  gsize         size; /* bytes */
} Entry;

typedef void (*EntryFunc) (const Exif  *exif,
                           const Entry *entry,
                           gpointer     data);

static guint
read_16 (const Exif   *exif,
         const guint8 *at)
{
  return exif->little ? at[0] | at[1] << 8 : at[0] << 8 | at[1];
}

static guint32
read_32 (const Exif   *exif,
         const guint8 *at)
{
  guint low = read_16 (exif, at), high = read_16 (exif, at + 2);

  return exif->little ? low | (guint32) high << 16 : (guint32) low << 16 | high;
}

static gboolean
open_exif (Exif   *exif,
           GBytes *bytes)
{
  exif->bytes = g_bytes_get_data (bytes, &exif->size);

  /* Some WebP files have the mark of JPEG's segment before it. */
  if (exif->size > 6 && memcmp (exif->bytes, "Exif\0\0", 6) == 0)
    {
      exif->bytes += 6;
      exif->size -= 6;
    }
  if (exif->size < 8 || (memcmp (exif->bytes, "II*\0", 4) != 0 && memcmp (exif->bytes, "MM\0*", 4) != 0))
    return FALSE;

  exif->little = exif->bytes[0] == 'I';
  return TRUE;
}

/* Bytes of a value of each type (TIFF 6.0, section 2); 0: not a type. */
static const guint8 type_bytes[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8 };

static gboolean
read_entry (const Exif   *exif,
            const guint8 *at,
            Entry        *entry)
{
  guint64 count = read_32 (exif, at + 4);
  gsize   place;

  *entry = (Entry){ .tag = read_16 (exif, at), .type = read_16 (exif, at + 2), .data = at + 8 };
  if (entry->type >= G_N_ELEMENTS (type_bytes) || type_bytes[entry->type] == 0)
    return FALSE;

  count *= type_bytes[entry->type];
  entry->size = count;
  if (count <= 4)
    return TRUE;

  place = read_32 (exif, at + 8);
  entry->data = exif->bytes + place;
  return place <= exif->size && count <= exif->size - place;
}

static void
read_table (const Exif *exif,
            gsize       at,
            EntryFunc   func,
            gpointer    data)
{
  guint n;

  if (at < 8 || at > exif->size - 2)
    return;

  n = read_16 (exif, exif->bytes + at);
  n = MIN (n, (exif->size - at - 2) / 12);
  for (guint i = 0; i < n; i++)
    {
      Entry entry;

      if (read_entry (exif, exif->bytes + at + 2 + 12 * i, &entry))
        func (exif, &entry, data);
    }
}

static gboolean
is_number (const Entry *entry,
           guint        type)
{
  return entry->type == type && entry->size >= type_bytes[type];
}

static void
find_orientation (const Exif  *exif,
                  const Entry *entry,
                  gpointer     data)
{
  int *orientation = data;

  if (entry->tag == LIMN_EXIF_ORIENTATION && is_number (entry, LIMN_EXIF_SHORT))
    *orientation = read_16 (exif, entry->data);
}

int
limn_exif_orientation (GBytes *bytes)
{
  Exif exif;
  int  orientation = 1;

  if (open_exif (&exif, bytes))
    read_table (&exif, read_32 (&exif, exif.bytes + 4), find_orientation, &orientation);

  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/* How many letters of European languages there are if read that way: only the right order of bytes gives many. */
static gsize
count_plain (const guint8 *bytes,
             gsize         size,
             gboolean      little)
{
  gsize n = 0;

  for (gsize i = 0; i + 1 < size; i += 2)
    n += bytes[i + little] == 0 && bytes[i + !little] >= ' ';
  return n;
}

/* EXIF has UTF-16 in the order of its numbers; SwarmUI keeps to that, AUTOMATIC1111 has the high byte first in any case. */
static char *
decode_utf16 (const Exif   *exif,
              const guint8 *bytes,
              gsize         size)
{
  gsize       big = count_plain (bytes, size, FALSE), little = count_plain (bytes, size, TRUE);
  gboolean    low_first = big != little ? little > big : exif->little;
  const char *from = low_first ? "UTF-16LE" : "UTF-16BE";

  if (size >= 2 && (memcmp (bytes, "\xff\xfe", 2) == 0 || memcmp (bytes, "\xfe\xff", 2) == 0))
    {
      from = bytes[0] == 0xff ? "UTF-16LE" : "UTF-16BE";
      bytes += 2;
      size -= 2;
    }
  return g_convert ((const char *) bytes, size & ~(gsize) 1, "UTF-8", from, NULL, NULL, NULL);
}

static char *
decode_plain (const guint8 *bytes,
              gsize         size)
{
  while (size > 0 && bytes[size - 1] == '\0')
    size--;
  if (g_utf8_validate ((const char *) bytes, size, NULL))
    return g_strndup ((const char *) bytes, size);

  return memchr (bytes, '\0', size) ? NULL : g_convert ((const char *) bytes, size, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

/* EXIF 2.3, 4.6.5 C, UserComment: eight bytes say what the others are in. Pillow leaves them out. */
static char *
decode_comment (const Exif  *exif,
                const Entry *entry)
{
  if (entry->size >= 8 && memcmp (entry->data, "UNICODE", 8) == 0)
    return decode_utf16 (exif, entry->data + 8, entry->size - 8);
  if (entry->size >= 8 && (memcmp (entry->data, "ASCII\0\0", 8) == 0 || memcmp (entry->data, "\0\0\0\0\0\0\0", 8) == 0))
    return decode_plain (entry->data + 8, entry->size - 8);

  return decode_plain (entry->data, entry->size);
}

static void
add_text (GPtrArray  *texts,
          const char *keyword,
          const char *text)
{
  if (text != NULL && *text != '\0' && limn_picture_texts_find (texts, keyword) == NULL)
    g_ptr_array_add (texts, limn_picture_text_new (keyword, text, FALSE));
}

/* ComfyUI: "workflow:{…}" and "prompt:{…}" in whichever field it had left */
static void
add_graph (GPtrArray   *texts,
           const Entry *entry)
{
  static const char *const keywords[] = { "prompt", "workflow" };
  g_autofree char         *text = decode_plain (entry->data, entry->size);

  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS (keywords); i++)
    {
      gsize length = strlen (keywords[i]);

      if (g_ascii_strncasecmp (text, keywords[i], length) == 0 && text[length] == ':')
        add_text (texts, keywords[i], text + length + 1);
    }
}

typedef struct
{
  GPtrArray *texts;
  gsize      more; /* where the table of the EXIF fields is */
} Collect;

static void
collect (const Exif  *exif,
         const Entry *entry,
         gpointer     data)
{
  Collect *found = data;

  if (entry->tag == LIMN_EXIF_TABLE && is_number (entry, LIMN_EXIF_LONG))
    found->more = read_32 (exif, entry->data);
  if (entry->tag == LIMN_EXIF_USER_COMMENT)
    {
      g_autofree char *text = decode_comment (exif, entry);

      add_text (found->texts, "parameters", text);
    }
  if (entry->tag == LIMN_EXIF_MAKER_NOTE && entry->type == LIMN_EXIF_ASCII)
    {
      g_autofree char *text = decode_plain (entry->data, entry->size);

      add_text (found->texts, "fooocus_scheme", text);
    }
  if (entry->tag >= LIMN_EXIF_DESCRIPTION && entry->tag <= LIMN_EXIF_MODEL)
    add_graph (found->texts, entry);
}

void
limn_exif_read_texts (GBytes    *bytes,
                      GPtrArray *texts)
{
  Collect found = { .texts = texts };
  Exif    exif;

  if (!open_exif (&exif, bytes))
    return;
  read_table (&exif, read_32 (&exif, exif.bytes + 4), collect, &found);
  if (found.more != 0)
    read_table (&exif, found.more, collect, &found);
}
