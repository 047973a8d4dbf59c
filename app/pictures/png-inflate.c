/* Inflates the pixels of a PNG faster than libpng's zlib does.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/png-inflate.h"

#include <string.h>

#include <libdeflate.h>

#include "app/pictures/decoded.h"
#include "app/pictures/png-unfilter.h"

#define SIGNATURE 8
#define STORED_MOST 65535 /* bytes of a stored block, and then of a chunk */
#define IHDR_BYTES 13

typedef struct libdeflate_decompressor Inflater;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Inflater, libdeflate_free_decompressor)

static guint32
read_32 (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

gboolean
limn_png_next_chunk (GBytes       *file,
                     gsize        *at,
                     LimnPngChunk *chunk)
{
  gsize         size;
  const guint8 *bytes = g_bytes_get_data (file, &size);

  if (*at > size || size - *at < 12)
    return FALSE;

  *chunk = (LimnPngChunk){ .at = *at, .size = read_32 (bytes + *at) };
  memcpy (chunk->type, bytes + *at + 4, 4);
  if (chunk->size > size - *at - 12)
    return FALSE;

  *at += chunk->size + 12;
  return TRUE;
}

static gboolean
is_sound (const guint8       *bytes,
          const LimnPngChunk *chunk)
{
  return libdeflate_crc32 (0, bytes + chunk->at + 4, chunk->size + 4) == read_32 (bytes + chunk->at + 8 + chunk->size);
}

/* The span of pixels' chunks, which must follow each other, and their data in one piece. @row: bytes of a row, 0 where this is nothing to hurry */
typedef struct
{
  gsize       from, to, row, height, pixel;
  GByteArray *packed;
} Pixels;

/* Bytes of all rows with their filters' numbers (PNG, 11.2.2 IHDR). */
static gsize
unpacked_size (const Pixels *pixels)
{
  return (pixels->row + 1) * pixels->height;
}

static void
read_size (Pixels       *pixels,
           const guint8 *ihdr)
{
  static const int samples[] = { [0] = 1, [2] = 3, [3] = 1, [4] = 2, [6] = 4 };
  gsize            width = read_32 (ihdr), height = read_32 (ihdr + 4), bits;
  gboolean         interlaced = ihdr[12] != 0;

  if (width == 0 || height == 0 || width > LIMN_PICTURE_MAX_SIDE || height > LIMN_PICTURE_MAX_SIDE
      || width * height > LIMN_PICTURE_MAX_PIXELS || interlaced || ihdr[8] > 16 || ihdr[9] >= G_N_ELEMENTS (samples))
    return;

  bits = (gsize) samples[ihdr[9]] * ihdr[8];
  pixels->row = (width * bits + 7) / 8;
  pixels->height = height;
  pixels->pixel = MAX (bits / 8, 1);
}

static gboolean
find_pixels (GBytes *file,
             Pixels *pixels)
{
  const guint8 *bytes = g_bytes_get_data (file, NULL);
  LimnPngChunk  chunk;
  gsize         at = SIGNATURE;

  if (!limn_png_next_chunk (file, &at, &chunk) || strcmp (chunk.type, "IHDR") != 0 || chunk.size != IHDR_BYTES
      || !is_sound (bytes, &chunk))
    return FALSE;

  read_size (pixels, bytes + chunk.at + 8);
  while (pixels->row > 0 && limn_png_next_chunk (file, &at, &chunk))
    {
      gboolean data = strcmp (chunk.type, "IDAT") == 0;

      if (!data && pixels->to > 0)
        return TRUE;
      if ((data || strcmp (chunk.type, "PLTE") == 0) && !is_sound (bytes, &chunk))
        return FALSE;
      if (!data)
        continue;
      if (pixels->to == 0)
        pixels->from = chunk.at;
      pixels->to = at;
      g_byte_array_append (pixels->packed, bytes + chunk.at + 8, chunk.size);
    }

  return FALSE;
}

static void
append_32 (GByteArray *out,
           guint32     value)
{
  guint32 big = GUINT32_TO_BE (value);

  g_byte_array_append (out, (const guint8 *) &big, 4);
}

/* One IDAT of stored blocks. Its CRC is left 0: limn_png_decode() has it passed over. */
static void
append_stored (GByteArray   *out,
               const guint8 *data,
               gsize         size)
{
  gsize blocks = (size + STORED_MOST - 1) / STORED_MOST;

  append_32 (out, 2 + 5 * blocks + size + 4);
  g_byte_array_append (out, (const guint8 *) "IDAT\x78\x01", 6);
  for (gsize at = 0; at < size; at += STORED_MOST)
    {
      guint        part = MIN (size - at, STORED_MOST);
      const guint8 head[] = { at + part == size, part & 0xff, part >> 8, ~part & 0xff, (~part >> 8) & 0xff };

      g_byte_array_append (out, head, sizeof head);
      g_byte_array_append (out, data + at, part);
    }
  append_32 (out, libdeflate_adler32 (1, data, size));
  append_32 (out, 0);
}

static GBytes *
assemble (GBytes       *file,
          const Pixels *pixels,
          const guint8 *data)
{
  gsize         size;
  const guint8 *bytes = g_bytes_get_data (file, &size);
  gsize         rest = size - pixels->to, unpacked = unpacked_size (pixels);
  gsize         all = pixels->from + rest + unpacked + unpacked / 1024 + 4096;
  GByteArray   *out;

  if (all > G_MAXINT32)
    return NULL;

  out = g_byte_array_sized_new (all);
  g_byte_array_append (out, bytes, pixels->from);
  append_stored (out, data, unpacked);
  g_byte_array_append (out, bytes + pixels->to, rest);
  return g_byte_array_free_to_bytes (out);
}

GBytes *
limn_png_inflate (GBytes *file)
{
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  g_autoptr (Inflater) inflater = libdeflate_alloc_decompressor ();
  g_autofree guint8 *data = NULL;
  Pixels             pixels = { .packed = packed };

  if (inflater == NULL || !find_pixels (file, &pixels))
    return NULL;

  data = g_try_malloc (unpacked_size (&pixels));
  if (data == NULL
      || libdeflate_zlib_decompress (inflater, packed->data, packed->len, data, unpacked_size (&pixels), NULL) != LIBDEFLATE_SUCCESS
      || !limn_png_unfilter (data, pixels.row, pixels.height, pixels.pixel))
    return NULL;

  return assemble (file, &pixels, data);
}

guint32
limn_png_checksum (gconstpointer bytes,
                   gsize         size)
{
  return libdeflate_crc32 (0, bytes, size);
}
