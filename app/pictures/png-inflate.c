/* Inflates the pixels of a PNG faster than libpng's zlib does.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/png-inflate.h"

#include <string.h>

#include <libdeflate.h>

#include "app/pictures/decoded.h"
#include "app/pictures/png-unfilter.h"

#define SIGNATURE 8
#define IHDR_BYTES 13
#define COLOUR 2
#define COLOUR_AND_OPACITY 6

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

/* The span of pixels' chunks, which must follow each other, and their data in one piece. */
typedef struct
{
  gsize       from, to;
  int         width, height, channels; /* 0: nothing to hurry */
  GByteArray *packed;
} Pixels;

/* (PNG, 11.2.2 IHDR) */
static void
read_size (Pixels       *pixels,
           const guint8 *ihdr)
{
  guint32  width = read_32 (ihdr), height = read_32 (ihdr + 4);
  gboolean usual = ihdr[8] == 8 && (ihdr[9] == COLOUR || ihdr[9] == COLOUR_AND_OPACITY) && ihdr[12] == 0;

  if (!usual || width == 0 || height == 0 || width > LIMN_PICTURE_MAX_SIDE || height > LIMN_PICTURE_MAX_SIDE
      || (gsize) width * height > LIMN_PICTURE_MAX_PIXELS)
    return;

  pixels->width = (int) width;
  pixels->height = (int) height;
  pixels->channels = ihdr[9] == COLOUR ? 3 : 4;
}

/* A colour that means transparent (tRNS) is libpng's. */
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
  while (pixels->channels > 0 && limn_png_next_chunk (file, &at, &chunk))
    {
      gboolean data = strcmp (chunk.type, "IDAT") == 0;

      if (!data && pixels->to > 0)
        return TRUE;
      if ((data && !is_sound (bytes, &chunk)) || strcmp (chunk.type, "tRNS") == 0)
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

static void
append_chunk (GByteArray   *out,
              const guint8 *type_and_data,
              gsize         size)
{
  append_32 (out, (guint32) size - 4);
  g_byte_array_append (out, type_and_data, size);
  append_32 (out, libdeflate_crc32 (0, type_and_data, size));
}

/* A stored block (RFC 1951, 3.2.4) in a zlib stream (RFC 1950): a row of one black pixel without a filter. */
static void
append_pixel (GByteArray *out,
              int         channels)
{
  guint8  chunk[4 + 2 + 5 + 5 + 4] = { 'I', 'D', 'A', 'T', 0x78, 0x01, 1, channels + 1, 0, ~(channels + 1) & 0xff, 0xff };
  gsize   data = 4 + 2 + 5, after = data + channels + 1;
  guint32 sum = GUINT32_TO_BE (libdeflate_adler32 (1, chunk + data, channels + 1));

  memcpy (chunk + after, &sum, 4);
  append_chunk (out, chunk, after + 4);
}

static GBytes *
without_pixels (GBytes       *file,
                const Pixels *pixels)
{
  gsize         size, head = SIGNATURE + 12 + IHDR_BYTES;
  const guint8 *bytes = g_bytes_get_data (file, &size);
  guint8        ihdr[4 + IHDR_BYTES];
  GByteArray   *out = g_byte_array_sized_new (size - (pixels->to - pixels->from) + 64);

  memcpy (ihdr, bytes + SIGNATURE + 4, sizeof ihdr);
  memcpy (ihdr + 4, (const guint8[]){ 0, 0, 0, 1, 0, 0, 0, 1 }, 8);
  g_byte_array_append (out, bytes, SIGNATURE);
  append_chunk (out, ihdr, sizeof ihdr);
  g_byte_array_append (out, bytes + head, pixels->from - head);
  append_pixel (out, pixels->channels);
  g_byte_array_append (out, bytes + pixels->to, size - pixels->to);
  return g_byte_array_free_to_bytes (out);
}

static LimnRaster *
unpack (const Pixels *pixels)
{
  g_autoptr (Inflater) inflater = libdeflate_alloc_decompressor ();
  gsize              row = (gsize) pixels->width * pixels->channels, size = (row + 1) * pixels->height;
  g_autofree guint8 *data = g_try_malloc (size + LIMN_PNG_SLACK);
  g_autoptr (LimnRaster) raster = limn_raster_new (pixels->width, pixels->height, pixels->channels, 1);

  if (inflater == NULL || data == NULL || raster == NULL
      || libdeflate_zlib_decompress (inflater, pixels->packed->data, pixels->packed->len, data, size, NULL) != LIBDEFLATE_SUCCESS
      || !limn_png_unfilter (data, row, pixels->height, pixels->channels, raster->data))
    return NULL;

  return g_steal_pointer (&raster);
}

LimnRaster *
limn_png_inflate (GBytes  *file,
                  GBytes **rest)
{
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  Pixels      pixels = { .packed = packed };
  LimnRaster *raster = find_pixels (file, &pixels) ? unpack (&pixels) : NULL;

  *rest = raster != NULL ? without_pixels (file, &pixels) : NULL;
  return raster;
}

guint32
limn_png_checksum (gconstpointer bytes,
                   gsize         size)
{
  return libdeflate_crc32 (0, bytes, size);
}
