/* Encodes JPEG with full colour resolution, EXIF, XMP (in several segments if need be) and colour profile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/encoding.h"

#include <stdlib.h>
#include <string.h>

#include "app/pictures/jpeg-guard.h"
#include "app/xmp.h"

#define MORE_XMP_PART 65000
#define NOTE_SPACE "http://ns.adobe.com/xmp/note/"
#define NOTE "xmpNote:HasExtendedXMP"

/* All that a write owns, so that a jump out of libjpeg loses nothing. */
typedef struct
{
  LimnJpegGuard               guard;
  struct jpeg_compress_struct codec;
  const LimnEncoding         *encoding;
  LimnRaster                 *raster;
  unsigned char              *out;
  unsigned long               size;
} Writer;

static void
writer_clear (Writer *writer)
{
  jpeg_destroy_compress (&writer->codec);
  g_clear_error (&writer->guard.error);
  g_clear_pointer (&writer->raster, limn_raster_free);
  free (writer->out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

static void
write_segment (j_compress_ptr codec,
               const char    *mark,
               gsize          mark_size,
               const void    *data,
               gsize          size)
{
  const guint8 *bytes = data;

  if (mark_size + size > LIMN_JPEG_SEGMENT_MOST)
    return;
  jpeg_write_m_header (codec, JPEG_APP0 + 1, mark_size + size);
  for (gsize i = 0; i < mark_size; i++)
    jpeg_write_m_byte (codec, mark[i]);
  for (gsize i = 0; i < size; i++)
    jpeg_write_m_byte (codec, bytes[i]);
}

static void
write_32 (GByteArray *out,
          guint32     value)
{
  guint32 big = GUINT32_TO_BE (value);

  g_byte_array_append (out, (const guint8 *) &big, 4);
}

/* XMP specification, part 3, 1.1.3.1: a short packet names the checksum of the long one, which comes in parts. */
static void
write_long_xmp (j_compress_ptr codec,
                const char    *xmp)
{
  static const char stub[] = "<?xpacket begin=\"\357\273\277\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                             "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                             " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                             " </rdf:RDF>\n"
                             "</x:xmpmeta>\n"
                             "<?xpacket end=\"r\"?>";
  gsize             size = strlen (xmp);
  g_autofree char  *sum = g_compute_checksum_for_data (G_CHECKSUM_MD5, (const guint8 *) xmp, size);
  g_autofree char  *guid = g_ascii_strup (sum, -1);
  g_autofree char  *head = limn_xmp_add (stub, NOTE, NOTE_SPACE, guid);

  write_segment (codec, LIMN_JPEG_XMP, sizeof LIMN_JPEG_XMP, head, strlen (head));
  for (gsize at = 0; at < size; at += MORE_XMP_PART)
    {
      g_autoptr (GByteArray) part = g_byte_array_new ();

      g_byte_array_append (part, (const guint8 *) guid, strlen (guid));
      write_32 (part, size);
      write_32 (part, at);
      g_byte_array_append (part, (const guint8 *) xmp + at, MIN (size - at, MORE_XMP_PART));
      write_segment (codec, LIMN_JPEG_MORE_XMP, sizeof LIMN_JPEG_MORE_XMP, part->data, part->len);
    }
}

void
limn_jpeg_encode_segments (gpointer            codec,
                           const LimnEncoding *encoding)
{
  gsize         size = 0;
  gconstpointer data = encoding->exif ? g_bytes_get_data (encoding->exif, &size) : NULL;

  if (data != NULL)
    write_segment (codec, LIMN_JPEG_EXIF, sizeof LIMN_JPEG_EXIF, data, size);
  if (encoding->xmp != NULL && strlen (encoding->xmp) + sizeof LIMN_JPEG_XMP <= LIMN_JPEG_SEGMENT_MOST)
    write_segment (codec, LIMN_JPEG_XMP, sizeof LIMN_JPEG_XMP, encoding->xmp, strlen (encoding->xmp));
  else if (encoding->xmp != NULL)
    write_long_xmp (codec, encoding->xmp);

  data = encoding->icc ? g_bytes_get_data (encoding->icc, &size) : NULL;
  if (data != NULL && size > 0)
    jpeg_write_icc_profile (codec, data, size);
}

/* 4:4:4: edges of saturated colours stay where they are. */
static void
set_sampling (j_compress_ptr codec)
{
  for (int i = 0; i < codec->num_components; i++)
    codec->comp_info[i].h_samp_factor = codec->comp_info[i].v_samp_factor = 1;
}

static void
write_all (gpointer data)
{
  Writer        *writer = data;
  j_compress_ptr codec = &writer->codec;
  LimnRaster    *raster = writer->raster;

  jpeg_create_compress (codec);
  jpeg_mem_dest (codec, &writer->out, &writer->size);
  codec->image_width = raster->width;
  codec->image_height = raster->height;
  codec->input_components = 3;
  codec->in_color_space = JCS_RGB;
  jpeg_set_defaults (codec);
  jpeg_set_quality (codec, writer->encoding->how->quality, TRUE);
  if (!writer->encoding->how->quick)
    set_sampling (codec);
  codec->optimize_coding = !writer->encoding->how->quick;
  jpeg_start_compress (codec, TRUE);
  limn_jpeg_encode_segments (codec, writer->encoding);

  while (codec->next_scanline < codec->image_height)
    {
      JSAMPROW row = raster->data + codec->next_scanline * limn_raster_stride (raster);

      jpeg_write_scanlines (codec, &row, 1);
    }
  jpeg_finish_compress (codec);
}

GBytes *
limn_jpeg_encode (const LimnEncoding *encoding,
                  GError            **error)
{
  g_auto (Writer) writer = { .encoding = encoding };

  writer.raster = limn_encoding_raster_8 (encoding->raster, TRUE);
  limn_jpeg_guard_init (&writer.guard, (j_common_ptr) &writer.codec);
  if (writer.raster == NULL || !limn_jpeg_try (&writer.guard, write_all, &writer))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "%s", writer.guard.error ? writer.guard.error->message : "out of memory");
      return NULL;
    }

  return g_bytes_new (writer.out, writer.size);
}
