/* Settings in pictures: what is written, and what is read back in the dialects of other programs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/metadata.h"

#include <string.h>

#include "app/dialects/dialect.h"
#include "app/number.h"
#include "app/parameters.h"
#include "app/xmp.h"

#define KEY_LIMN "limn"
#define KEY_PARAMETERS "parameters"
#define KEY_XMP LIMN_PICTURE_XMP

static char *
request_json (const LimnRequest *request)
{
  g_auto (LimnJsonWriter) writer = { 0 };

  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_request_write (request, &writer);
  limn_json_writer_close (&writer, '}');
  return g_strdup (writer.text->str);
}

GPtrArray *
limn_metadata_texts (const LimnRequest *request)
{
  GPtrArray       *texts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);
  g_autofree char *parameters = limn_parameters_format (request, "limn " LIMN_VERSION);
  g_autofree char *json = request_json (request);
  g_autofree char *xmp = limn_xmp_format (&(LimnXmp){
      .source = request->mask ? LIMN_XMP_COMPOSITE : LIMN_XMP_MADE,
      .description = request->prompt ? request->prompt : "",
      .system = request->model ? request->model : "",
      .tool = "Limn",
      .version = LIMN_VERSION,
  });

  g_ptr_array_add (texts, limn_picture_text_new (KEY_PARAMETERS, parameters, FALSE));
  g_ptr_array_add (texts, limn_picture_text_new (KEY_LIMN, json, TRUE));
  g_ptr_array_add (texts, limn_picture_text_new (KEY_XMP, xmp, TRUE));
  return texts;
}

/* Texts that limn_exif_write() and XMP have places for. */
static const char *const carried[] = { KEY_PARAMETERS, KEY_LIMN, "prompt", "workflow", "fooocus_scheme", NULL };

/* Our own packet is there for its place in it, where the picture had none. */
static void
add_packet (GPtrArray         *texts,
            const LimnRequest *request)
{
  g_autoptr (GPtrArray) ours = limn_metadata_texts (request);
  const char *packet = limn_picture_texts_find (ours, KEY_XMP);

  if (limn_picture_texts_find (texts, KEY_XMP) == NULL)
    g_ptr_array_add (texts, limn_picture_text_new (KEY_XMP, packet, TRUE));
}

GPtrArray *
limn_metadata_carry (const LimnPicture *picture,
                     const char        *format)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);
  g_autoptr (LimnMetadata) metadata = NULL;
  gboolean found = FALSE;

  if (g_str_equal (format, "PNG"))
    {
      g_ptr_array_unref (texts);
      return g_ptr_array_ref (picture->texts);
    }

  for (guint i = 0; i < picture->texts->len; i++)
    {
      const LimnPictureText *text = picture->texts->pdata[i];
      gboolean               words = g_strv_contains (carried, text->keyword);

      found |= words;
      if (words || g_str_equal (text->keyword, KEY_XMP))
        g_ptr_array_add (texts, limn_picture_text_new (text->keyword, text->text, text->unicode));
    }

  metadata = limn_metadata_read (picture);
  if (metadata->dialect == NULL)
    return texts;
  if (!found && !g_str_equal (metadata->dialect, "drawthings"))
    {
      g_autofree char *json = request_json (&metadata->request);

      g_ptr_array_add (texts, limn_picture_text_new (KEY_LIMN, json, TRUE));
    }
  if (limn_picture_texts_find (texts, KEY_LIMN) != NULL)
    add_packet (texts, &metadata->request);
  return texts;
}

void
limn_metadata_free (LimnMetadata *metadata)
{
  limn_request_clear (&metadata->request);
  g_ptr_array_unref (metadata->loras);
  g_free (metadata->raw);
  g_free (metadata);
}

/* "<lora:name:0.8>", or "<lora:name>" for 1 */
static void
find_loras (LimnMetadata *metadata)
{
  const char *at = metadata->request.prompt;

  while (at != NULL && (at = strstr (at, "<lora:")) != NULL)
    {
      const char      *name = at + strlen ("<lora:");
      const char      *end = name + strcspn (name, ">");
      g_autofree char *tag = g_strndup (name, end - name);
      g_auto (GStrv) parts = g_strsplit (tag, ":", -1);
      double weight = 1;

      if (*end == '\0' || parts[0] == NULL)
        return;

      if (parts[1] != NULL)
        limn_number_parse_real (parts[1], &weight);
      limn_lora_list_add (metadata->loras, parts[0], weight);
      at = end;
    }
}

LimnMetadata *
limn_metadata_read (const LimnPicture *picture)
{
  LimnMetadata *metadata = g_new0 (LimnMetadata, 1);

  limn_request_init (&metadata->request);
  metadata->distilled_guidance = -1;
  metadata->loras = limn_lora_list_new ();
  limn_dialects_read (metadata, picture->texts);
  if (metadata->request.loras == NULL && metadata->loras->len == 0)
    find_loras (metadata);

  if (metadata->request.width < 0 || metadata->request.height < 0)
    {
      metadata->request.width = picture->width;
      metadata->request.height = picture->height;
    }

  return metadata;
}

void
limn_metadata_write (const LimnMetadata *metadata,
                     LimnJsonWriter     *writer)
{
  limn_json_writer_open (writer, NULL, '{');
  limn_json_writer_string (writer, "dialect", metadata->dialect);
  limn_request_write (&metadata->request, writer);
  limn_lora_list_write (metadata->loras, writer);
  if (metadata->distilled_guidance >= 0)
    limn_json_writer_real (writer, "distilled_guidance", metadata->distilled_guidance);
  limn_json_writer_string (writer, "raw", metadata->raw);
  limn_json_writer_close (writer, '}');
}
