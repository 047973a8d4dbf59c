/* What a request leaves to the time when it is made: choices, names of files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/request-resolve.h"

#include <string.h>

#include "app/models/folders.h"
#include "app/models/wildcards.h"
#include "engine/file-info.h"
#include "engine/prompt/prompt.h"

/* As the engine chooses, so that it finds nothing left to choose. The negative prompt's choices are others. */
static gboolean
expand (LimnRequest *request,
        GError     **error)
{
  g_autoptr (LimnWildcards) wildcards = limn_wildcards_new ();
  guint64 seed = (guint64) request->seed;
  char  **texts[] = { &request->prompt, &request->negative };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      char *expanded;

      if (*texts[i] == NULL)
        continue;
      expanded = limn_prompt_expand (*texts[i], i == 0 ? seed : ~seed, limn_wildcards_lines, wildcards, error);
      if (expanded == NULL)
        return FALSE;
      g_free (*texts[i]);
      *texts[i] = expanded;
    }
  return TRUE;
}

static gboolean
take_tag (LimnRequest         *request,
          const LimnPromptTag *tag,
          GError             **error)
{
  g_autofree char *path = NULL;
  LimnLora        *lora;

  if (tag->kind != LIMN_PROMPT_TAG_LORA)
    return TRUE;
  path = limn_folders_find_named (LIMN_PLACE_LORA, tag->name, error);
  if (path == NULL)
    return FALSE;
  if (request->loras == NULL)
    request->loras = limn_lora_list_new ();
  limn_lora_list_add (request->loras, path, tag->image_weight);
  lora = request->loras->pdata[request->loras->len - 1];
  lora->text_weight = tag->text_weight;
  return TRUE;
}

/* Tags that are no LoRA's stay, so that the engine tells about them. */
static gboolean
take_loras (LimnRequest *request,
            GError     **error)
{
  g_autoptr (GPtrArray) tags = NULL;
  g_autofree char *text = request->prompt != NULL ? limn_prompt_take_tags (request->prompt, &tags) : NULL;
  gboolean         others = FALSE, ok = TRUE;

  if (text == NULL || tags->len == 0)
    return TRUE;
  for (guint i = 0; i < tags->len && ok; i++)
    {
      const LimnPromptTag *tag = tags->pdata[i];

      others = others || tag->kind != LIMN_PROMPT_TAG_LORA;
      ok = take_tag (request, tag, error);
    }
  if (!ok || others)
    return ok;
  g_free (request->prompt);
  request->prompt = g_strdup (g_strstrip (text));
  return TRUE;
}

static gboolean
find_in_place (LimnPlaceKind kind,
               char        **name,
               GError      **error)
{
  char *path = limn_folders_find (kind, *name, error);

  if (path == NULL)
    return FALSE;
  g_free (*name);
  *name = path;
  return TRUE;
}

/* The ControlNet that is called after the kind; one that could be another is none. */
static char *
find_control_of (const char *kind,
                 GError    **error)
{
  g_autoptr (GPtrArray) files = limn_folders_files (LIMN_PLACE_CONTROL);
  g_autofree char *wanted = g_utf8_casefold (kind, -1);
  const char      *found = NULL;
  int              n = 0;

  for (guint i = 0; i < files->len; i++)
    {
      const LimnPlaceFile *file = files->pdata[i];
      g_autofree char     *shown = g_filename_display_name (file->name), *name = g_utf8_casefold (shown, -1);

      if (strstr (name, wanted) == NULL)
        continue;
      found = file->path;
      n++;
    }
  if (n == 1)
    return g_strdup (found);

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "control \"%s\": %d ControlNets are called so: name one: %s=MODEL:FILE", kind, n, kind);
  return NULL;
}

static gboolean
find_controls (LimnRequest *request,
               GError     **error)
{
  for (guint i = 0; request->controls != NULL && i < request->controls->len; i++)
    {
      LimnRequestControl *control = request->controls->pdata[i];

      if (control->model == NULL)
        control->model = find_control_of (control->kind, error);
      if (control->model == NULL || !find_in_place (LIMN_PLACE_CONTROL, &control->model, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_parts (LimnRequest *request,
            GError     **error)
{
  for (guint i = 0; request->parts != NULL && i < request->parts->len; i++)
    {
      LimnRequestPart *part = request->parts->pdata[i];
      LimnPlaceKind    kind = g_str_has_suffix (part->name, "vae") ? LIMN_PLACE_VAE : g_str_equal (part->name, "unet") ? LIMN_PLACE_MODEL
                                                                                                                       : LIMN_PLACE_TEXT_ENCODER;

      if (!find_in_place (kind, &part->file, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_files (LimnRequest *request,
            GError     **error)
{
  for (guint i = 0; request->loras != NULL && i < request->loras->len; i++)
    if (!find_in_place (LIMN_PLACE_LORA, &((LimnLora *) request->loras->pdata[i])->name, error))
      return FALSE;
  if (request->hires_upscaler != NULL && !g_str_equal (request->hires_upscaler, "latent") && !find_in_place (LIMN_PLACE_UPSCALER, &request->hires_upscaler, error))
    return FALSE;
  for (guint i = 0; request->embeddings != NULL && i < request->embeddings->len; i++)
    if (!find_in_place (LIMN_PLACE_EMBEDDING, (char **) &request->embeddings->pdata[i], error))
      return FALSE;
  return find_controls (request, error) && find_parts (request, error);
}

/* --- embeddings ------------------------------------------------------------------------------------------------------ */

/* Whether @name stands in @text, not as a part of a longer word. Both are folded. */
static gboolean
mentions (const char *text,
          const char *name)
{
  gsize length = strlen (name);

  for (const char *at = text != NULL ? strstr (text, name) : NULL; at != NULL; at = strstr (at + 1, name))
    if ((at == text || !g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (at)))) && !g_unichar_isalnum (g_utf8_get_char (at + length)))
      return TRUE;
  return FALSE;
}

static gboolean
has_embedding (const LimnRequest *request,
               const char        *path)
{
  return request->embeddings != NULL && g_ptr_array_find_with_equal_func (request->embeddings, path, g_str_equal, NULL);
}

/* In folders with files of any kind, others are called like words of prompts, too. */
static gboolean
is_embedding (const char *path)
{
  g_autoptr (LimnFileInfo) info = limn_file_info_read (path, NULL);

  return info != NULL && g_str_equal (info->kind, "textual-inversion");
}

static void
add_embeddings (LimnRequest *request)
{
  g_autoptr (GPtrArray) files = limn_folders_files (LIMN_PLACE_EMBEDDING);
  g_autofree char *prompt = request->prompt != NULL ? g_utf8_casefold (request->prompt, -1) : NULL;
  g_autofree char *negative = request->negative != NULL ? g_utf8_casefold (request->negative, -1) : NULL;

  for (guint i = 0; i < files->len; i++)
    {
      const LimnPlaceFile *file = files->pdata[i];
      g_autofree char     *shown = g_filename_display_name (file->name), *name = g_utf8_casefold (shown, -1);

      if (has_embedding (request, file->path) || (!mentions (prompt, name) && !mentions (negative, name)) || !is_embedding (file->path))
        continue;
      limn_request_add_embedding (request, file->path);
    }
}

gboolean
limn_request_resolve (LimnRequest *request,
                      gboolean     here,
                      GError     **error)
{
  if (!expand (request, error))
    return FALSE;
  if (!here)
    return TRUE;
  if (!take_loras (request, error) || !find_files (request, error))
    return FALSE;
  add_embeddings (request);
  return TRUE;
}
