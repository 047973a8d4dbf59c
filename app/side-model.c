/* Models that work beside a generator, told about: upscalers and tiny autoencoders.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/side-model.h"

#include "app/json-writer.h"
#include "app/model-place.h"

static void
open_facts (LimnJsonWriter *writer,
            const char     *path,
            const char     *family)
{
  g_autofree char *name = limn_model_place_name (path);

  limn_json_writer_init (writer, TRUE);
  limn_json_writer_open (writer, NULL, '{');
  limn_json_writer_string (writer, "name", name);
  limn_json_writer_string (writer, "path", path);
  limn_json_writer_string (writer, "family", family);
}

static char *
close_facts (LimnJsonWriter *writer,
             const char     *path,
             const char     *type,
             guint64         parameters)
{
  limn_json_writer_integer (writer, "parameters", (gint64) parameters);
  limn_json_writer_string (writer, "type", type);
  limn_json_writer_integer (writer, "bytes", (gint64) limn_model_place_size (path));
  limn_json_writer_close (writer, '}');
  return g_strdup (writer->text->str);
}

static char *
upscaler_json (const LimnUpscalerInfo *info,
               const char             *path)
{
  g_auto (LimnJsonWriter) writer = { 0 };

  open_facts (&writer, path, "upscaler");
  limn_json_writer_string (&writer, "kind", info->kind);
  limn_json_writer_integer (&writer, "scale", info->scale);
  return close_facts (&writer, path, info->type, info->parameters);
}

static char *
upscaler_text (const LimnUpscalerInfo *info,
               const char             *path)
{
  g_autofree char *name = limn_model_place_name (path);

  return g_strdup_printf ("model       %s\nfamily      upscaler (%s)\nscale       %d\nparameters  %.1f M\ntype        %s",
                          name, info->kind, info->scale, info->parameters / 1e6, info->type);
}

static char *
tiny_vae_json (const LimnTinyVaeInfo *info,
               const char            *path)
{
  const char *parts[] = { info->encodes ? "encoder" : "decoder", info->encodes && info->decodes ? "decoder" : NULL, NULL };
  g_auto (LimnJsonWriter) writer = { 0 };

  open_facts (&writer, path, "tiny-vae");
  limn_json_writer_strings (&writer, "parts", parts);
  limn_json_writer_integer (&writer, "latent_channels", info->latent_channels);
  limn_json_writer_integer (&writer, "latent_factor", info->latent_factor);
  return close_facts (&writer, path, info->type, info->parameters);
}

static char *
tiny_vae_text (const LimnTinyVaeInfo *info,
               const char            *path)
{
  g_autofree char *name = limn_model_place_name (path);

  return g_strdup_printf ("model       %s\nfamily      tiny-vae (%s%s%s)\nlatent      %d channels, a place for %dx%d pixels\nparameters  %.1f M\ntype        %s",
                          name, info->encodes ? "encoder" : "", info->encodes && info->decodes ? ", " : "", info->decodes ? "decoder" : "",
                          info->latent_channels, info->latent_factor, info->latent_factor, info->parameters / 1e6, info->type);
}

char *
limn_side_model_describe (LimnEngine *engine,
                          const char *path,
                          gboolean    json)
{
  g_autoptr (LimnUpscaler) upscaler = limn_upscaler_open (engine, path, NULL);
  g_autoptr (LimnTinyVae) vae = upscaler == NULL ? limn_tiny_vae_open (engine, path, NULL) : NULL;

  if (upscaler != NULL)
    return json ? upscaler_json (limn_upscaler_info (upscaler), path) : upscaler_text (limn_upscaler_info (upscaler), path);
  if (vae != NULL)
    return json ? tiny_vae_json (limn_tiny_vae_info (vae), path) : tiny_vae_text (limn_tiny_vae_info (vae), path);
  return NULL;
}
