/* Sharing: what of a picture's making is given away with it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/share.h"

#include <string.h>

#include "app/pictures/encoding.h"
#include "app/pictures/transcode.h"
#include "app/settings.h"
#include "app/xmp.h"

/* Where pixels have to be compressed again, nobody should see it. */
#define AGAIN_QUALITY "95"

gboolean
limn_share_parse (const char *word,
                  LimnShare  *share,
                  GError    **error)
{
  static const char *const words[] = {
    [LIMN_SHARE_EVERYTHING] = "everything",
    [LIMN_SHARE_CREDIT] = "credit",
    [LIMN_SHARE_NOTHING] = "nothing",
  };

  *share = LIMN_SHARE_EVERYTHING;
  if (word == NULL)
    {
      g_autoptr (GSettings) settings = limn_settings_new ();

      if (settings != NULL)
        *share = (LimnShare) g_settings_get_enum (settings, "share");
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i], word))
      {
        *share = i;
        return TRUE;
      }

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--share %s: is not one of everything, credit, nothing", word);
  return FALSE;
}

/* Only single values go over, so that nothing hides in what another program put beside them. */
static char *
make_credit (const char *packet)
{
  g_autofree char *type = limn_xmp_find (packet, "Iptc4xmpExt:DigitalSourceType");
  g_autofree char *creator = limn_xmp_find (packet, "dc:creator");
  g_autofree char *system = limn_xmp_find (packet, "Iptc4xmpExt:AISystemUsed");
  gboolean         composite = type != NULL && strstr (type, "composite") != NULL;

  return limn_xmp_format (&(LimnXmp){
      .source = composite ? LIMN_XMP_COMPOSITE : LIMN_XMP_MADE,
      .system = system,
      .creator = creator,
      .tool = "Limn",
      .version = LIMN_VERSION,
  });
}

GPtrArray *
limn_share_texts (GPtrArray *texts,
                  LimnShare  share)
{
  const char      *packet = limn_picture_texts_find (texts, LIMN_PICTURE_XMP);
  g_autofree char *credit = share == LIMN_SHARE_CREDIT ? make_credit (packet ? packet : "") : NULL;
  GPtrArray       *shared;

  if (share == LIMN_SHARE_EVERYTHING)
    return g_ptr_array_ref (texts);

  shared = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);
  if (credit != NULL)
    g_ptr_array_add (shared, limn_picture_text_new (LIMN_PICTURE_XMP, credit, TRUE));
  return shared;
}

/* Formats whose pixels can be taken over as they are. */
static const struct
{
  const char       *format;
  LimnTranscodeFunc transcode;
} transcoders[] = {
  { "PNG", limn_png_transcode },
  { "JPEG", limn_jpeg_transcode },
  { "WebP", limn_webp_transcode },
};

static LimnTranscodeFunc
find_transcoder (const LimnPicture *picture)
{
  for (gsize i = 0; i < G_N_ELEMENTS (transcoders); i++)
    if (g_str_equal (transcoders[i].format, picture->format) && !picture->turned)
      return transcoders[i].transcode;

  return NULL;
}

/* Decoded and encoded again: PNG without loss, others nearly so. */
static GBytes *
encode_again (GBytes          *file,
              const char      *name,
              const GPtrArray *texts,
              GError         **error)
{
  g_autoptr (LimnPicture) picture = limn_picture_read (file, name, LIMN_PICTURE_RASTER, error);
  g_autofree char  *any = picture ? g_strdup_printf ("x.%s", picture->format) : NULL;
  gboolean          png = picture != NULL && g_str_equal (picture->format, "PNG");
  LimnPictureOutput output;

  if (picture == NULL
      || !limn_picture_output_init (&output, any, png ? NULL : AGAIN_QUALITY, picture->raster->depth == 2 && png ? "16" : NULL, error))
    return NULL;

  return limn_picture_encode (picture->raster, picture->icc, texts, &output, error);
}

GBytes *
limn_share_clean (GBytes     *file,
                  const char *name,
                  LimnShare   share,
                  GError    **error)
{
  g_autoptr (LimnPicture) picture = NULL;
  g_autoptr (GPtrArray) texts = NULL;
  LimnEncoding      encoding = { 0 };
  LimnTranscodeFunc transcode;

  if (share == LIMN_SHARE_EVERYTHING)
    return g_bytes_ref (file);

  picture = limn_picture_read (file, name, LIMN_PICTURE_TEXTS, error);
  if (picture == NULL)
    return NULL;

  texts = limn_share_texts (picture->texts, share);
  encoding.icc = picture->icc;
  encoding.texts = texts;
  encoding.xmp = limn_picture_texts_find (texts, LIMN_PICTURE_XMP);
  transcode = find_transcoder (picture);
  return transcode ? transcode (file, name, &encoding, error) : encode_again (file, name, texts, error);
}
