/* Decodes JPEG, smaller if that is wished; EXIF, XMP (also in several segments) and colour profile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/decoded.h"

#include <stdlib.h>
#include <string.h>

#include "app/pictures/colour.h"
#include "app/pictures/jpeg-guard.h"

#define GUID_BYTES 32
#define MORE_XMP_HEAD (sizeof LIMN_JPEG_MORE_XMP + GUID_BYTES + 8)

/* All that a read owns, so that a jump out of libjpeg loses nothing. */
typedef struct
{
  LimnJpegGuard                 guard;
  struct jpeg_decompress_struct codec;
  GBytes                       *file;
  const LimnWish               *wish;
  LimnDecoded                  *decoded;
} Reader;

static void
reader_clear (Reader *reader)
{
  jpeg_destroy_decompress (&reader->codec);
  g_clear_error (&reader->guard.error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static void
read_header (gpointer data)
{
  Reader          *reader = data;
  j_decompress_ptr codec = &reader->codec;
  gsize            size;
  const guint8    *bytes = g_bytes_get_data (reader->file, &size);

  jpeg_create_decompress (codec);
  limn_jpeg_guard_watch (&reader->guard, (j_common_ptr) codec);
  jpeg_mem_src (codec, bytes, size);
  jpeg_save_markers (codec, JPEG_APP0 + 1, 0xffff);
  jpeg_save_markers (codec, JPEG_APP0 + 2, 0xffff);
  jpeg_read_header (codec, TRUE);
  if (!limn_decoded_check_size (reader->decoded, codec->image_width, codec->image_height, reader->wish->pixels))
    limn_jpeg_fail ((j_common_ptr) codec, reader->decoded->error->message);
}

static gboolean
begins_with (const struct jpeg_marker_struct *marker,
             int                              code,
             const char                      *mark,
             gsize                            size)
{
  return marker->marker == code && marker->data_length > size && memcmp (marker->data, mark, size) == 0;
}

static guint32
read_32 (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

/**
 * join_xmp:
 *
 * What does not fit into a segment comes in parts with their places (XMP specification, part 3, 1.1.3.1: StandardXMP and
 * ExtendedXMP). Parts of the first one's name count; all of them have to be there.
 */
static GBytes *
join_xmp (const struct jpeg_marker_struct *list)
{
  g_autofree guint8 *whole = NULL;
  const guint8      *guid = NULL;
  gsize              size = 0, got = 0;

  for (const struct jpeg_marker_struct *marker = list; marker != NULL; marker = marker->next)
    {
      const guint8 *head = marker->data + sizeof LIMN_JPEG_MORE_XMP;
      gsize         part = marker->data_length - MORE_XMP_HEAD;
      gsize         at;

      if (!begins_with (marker, JPEG_APP0 + 1, LIMN_JPEG_MORE_XMP, sizeof LIMN_JPEG_MORE_XMP) || marker->data_length < MORE_XMP_HEAD)
        continue;
      if (guid == NULL)
        {
          guid = head;
          size = read_32 (head + GUID_BYTES);
          whole = size <= LIMN_PICTURE_MAX_METADATA ? g_try_malloc (size) : NULL;
        }
      at = read_32 (head + GUID_BYTES + 4);
      if (whole == NULL || memcmp (guid, head, GUID_BYTES) != 0 || at > size || part > size - at)
        continue;
      memcpy (whole + at, head + GUID_BYTES + 8, part);
      got += part;
    }

  return whole != NULL && got == size ? g_bytes_new_take (g_steal_pointer (&whole), size) : NULL;
}

static GBytes *
find_segment (const struct jpeg_marker_struct *list,
              const char                      *mark,
              gsize                            size)
{
  for (; list != NULL; list = list->next)
    if (begins_with (list, JPEG_APP0 + 1, mark, size))
      return g_bytes_new (list->data + size, list->data_length - size);

  return NULL;
}

static void
collect_blocks (gpointer data)
{
  Reader      *reader = data;
  LimnDecoded *decoded = reader->decoded;
  JOCTET      *icc = NULL;
  guint        size = 0;

  decoded->exif = find_segment (reader->codec.marker_list, LIMN_JPEG_EXIF, sizeof LIMN_JPEG_EXIF);
  decoded->xmp = join_xmp (reader->codec.marker_list);
  if (decoded->xmp == NULL)
    decoded->xmp = find_segment (reader->codec.marker_list, LIMN_JPEG_XMP, sizeof LIMN_JPEG_XMP);
  if (jpeg_read_icc_profile (&reader->codec, &icc, &size))
    decoded->icc = g_bytes_new_with_free_func (icc, size, free, icc);
}

/* libjpeg makes it smaller as it decodes, which spares most of the work (but not looking at all of the file). */
static void
choose_scale (j_decompress_ptr codec,
              int              least)
{
  guint longer = MAX (codec->image_width, codec->image_height);
  guint eighths = least > 0 ? (guint) (((gint64) least * 8 + longer - 1) / longer) : 8;

  codec->scale_num = CLAMP (eighths, 1, 8);
  codec->scale_denom = 8;
  codec->do_fancy_upsampling = least == 0;
}

static void
read_pixels (gpointer data)
{
  Reader          *reader = data;
  j_decompress_ptr codec = &reader->codec;
  gboolean         inks = codec->jpeg_color_space == JCS_CMYK || codec->jpeg_color_space == JCS_YCCK;

  codec->out_color_space = inks ? JCS_CMYK : JCS_RGB;
  choose_scale (codec, reader->wish->least);
  jpeg_start_decompress (codec);
  if (!limn_decoded_make_raster (reader->decoded, codec->output_width, codec->output_height, inks ? 4 : 3, 1))
    limn_jpeg_fail ((j_common_ptr) codec, "there is not enough memory for it");

  while (codec->output_scanline < codec->output_height)
    {
      LimnRaster *raster = reader->decoded->raster;
      JSAMPROW    row = raster->data + codec->output_scanline * limn_raster_stride (raster);

      jpeg_read_scanlines (codec, &row, 1);
    }
  jpeg_finish_decompress (codec);
  if (inks)
    limn_colour_from_inks (reader->decoded->raster, &reader->decoded->icc, codec->saw_Adobe_marker);
}

gboolean
limn_jpeg_decode (GBytes         *file,
                  const LimnWish *wish,
                  LimnDecoded    *decoded)
{
  g_auto (Reader) reader = { .file = file, .wish = wish, .decoded = decoded };

  limn_jpeg_guard_init (&reader.guard, (j_common_ptr) &reader.codec);
  if (!limn_jpeg_try (&reader.guard, read_header, &reader) || !limn_jpeg_try (&reader.guard, collect_blocks, &reader)
      || (wish->pixels && !limn_jpeg_try (&reader.guard, read_pixels, &reader)))
    return limn_decoded_fail (decoded, "%s", reader.guard.error->message);

  return TRUE;
}
