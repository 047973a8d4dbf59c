/* Decodes WebP, smaller if that is wished; EXIF, XMP and colour profile. Of an animation, the first picture.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/decoded.h"

#include <webp/decode.h>
#include <webp/demux.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebPDemuxer, WebPDemuxDelete)

static GBytes *
find_chunk (WebPDemuxer *demuxer,
            const char  *type)
{
  WebPChunkIterator chunk;
  GBytes           *bytes = NULL;

  if (!WebPDemuxGetChunk (demuxer, type, 1, &chunk))
    return NULL;
  if (chunk.chunk.size <= LIMN_PICTURE_MAX_METADATA)
    bytes = g_bytes_new (chunk.chunk.bytes, chunk.chunk.size);
  WebPDemuxReleaseChunkIterator (&chunk);
  return bytes;
}

static void
choose_scale (WebPDecoderConfig *config,
              int                least)
{
  int longer = MAX (config->input.width, config->input.height);

  if (least == 0 || longer <= least)
    return;
  config->options.use_scaling = 1;
  config->options.scaled_width = MAX (1, (int) ((gint64) config->input.width * least / longer));
  config->options.scaled_height = MAX (1, (int) ((gint64) config->input.height * least / longer));
}

static gboolean
decode_frame (const WebPData *frame,
              const LimnWish *wish,
              LimnDecoded    *decoded)
{
  WebPDecoderConfig config;
  LimnRaster       *raster;
  int               width, height;

  if (!WebPInitDecoderConfig (&config) || WebPGetFeatures (frame->bytes, frame->size, &config.input) != VP8_STATUS_OK)
    return limn_decoded_fail (decoded, "its pixels have no head");
  if (!limn_decoded_check_size (decoded, config.input.width, config.input.height, TRUE))
    return FALSE;

  choose_scale (&config, wish->least);
  width = config.options.use_scaling ? config.options.scaled_width : config.input.width;
  height = config.options.use_scaling ? config.options.scaled_height : config.input.height;
  if (!limn_decoded_make_raster (decoded, width, height, config.input.has_alpha ? 4 : 3, 1))
    return FALSE;

  raster = decoded->raster;
  config.output.colorspace = config.input.has_alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = raster->data;
  config.output.u.RGBA.stride = limn_raster_stride (raster);
  config.output.u.RGBA.size = limn_raster_stride (raster) * raster->height;
  if (WebPDecode (frame->bytes, frame->size, &config) != VP8_STATUS_OK)
    return limn_decoded_fail (decoded, "its pixels end too early or make no sense");

  return TRUE;
}

static gboolean
decode_first (WebPDemuxer    *demuxer,
              const LimnWish *wish,
              LimnDecoded    *decoded)
{
  WebPIterator frame;
  gboolean     done;

  if (!WebPDemuxGetFrame (demuxer, 1, &frame))
    return limn_decoded_fail (decoded, "it has no picture");

  done = decode_frame (&frame.fragment, wish, decoded);
  WebPDemuxReleaseIterator (&frame);
  return done;
}

gboolean
limn_webp_decode (GBytes         *file,
                  const LimnWish *wish,
                  LimnDecoded    *decoded)
{
  WebPData data = { .bytes = g_bytes_get_data (file, NULL), .size = g_bytes_get_size (file) };
  g_autoptr (WebPDemuxer) demuxer = WebPDemux (&data);

  if (demuxer == NULL)
    return limn_decoded_fail (decoded, "its parts do not fit together");
  if (!limn_decoded_check_size (decoded, WebPDemuxGetI (demuxer, WEBP_FF_CANVAS_WIDTH), WebPDemuxGetI (demuxer, WEBP_FF_CANVAS_HEIGHT), wish->pixels))
    return FALSE;

  decoded->icc = find_chunk (demuxer, "ICCP");
  decoded->exif = find_chunk (demuxer, "EXIF");
  decoded->xmp = find_chunk (demuxer, "XMP ");
  return !wish->pixels || decode_first (demuxer, wish, decoded);
}
