/* Options of commands that make a request.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/request-options.h"

#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/styles.h"

#define MAX_PROMPT_BYTES (1024 * 1024)

/* A line a setting. */
static const struct
{
  const char *name;
  char        letter;
  const char *key, *help, *value;
} settings[] = {
  { "negative", 'n', "negative_prompt", "What not to show", "TEXT" },
  { "model", 'm', "model", "Name, folder or file (default: the starter)", "MODEL" },
  { "steps", 0, "steps", "More take longer and add detail (default: the model's)", "N" },
  { "guidance", 0, "guidance", "How closely to follow the prompt (default: the model's)", "X" },
  { "guidance-rescale", 0, "guidance_rescale", "Take back contrast that guidance adds, 0 to 1 (default: 0)", "X" },
  { "guidance-begin", 0, "guidance_begin", "Guide from this share of the steps on (default: 0)", "X" },
  { "guidance-end", 0, "guidance_end", "Guide up to this share of the steps (default: 1)", "X" },
  { "seed", 0, "seed", "The same seed gives the same picture (default: a random one)", "N" },
  { "variation", 0, "variation", "How far to go from the seed's picture to another, 0 to 1 (default: 0)", "X" },
  { "variation-seed", 0, "variation_seed", "Which other (default: a random one)", "N" },
  { "sampler", 0, "sampler", "ddim, euler, dpmpp_2m, flow, … (default: the model's)", "NAME" },
  { "schedule", 0, "schedule", "normal, karras, … (default: the model's)", "NAME" },
  { "clip-skip", 0, "clip_skip", "Which block of the text encoder to use, from the last (default: 1)", "N" },
  { "image", 0, "image", "Start from this picture", "FILE" },
  { "strength", 0, "strength", "How far from it, 0 to 1 (default: the model's)", "X" },
  { "mask", 0, "mask", "Repaint only where this picture is white", "FILE" },
  { "mask-feather", 0, "mask_feather", "Pixels over which new passes into old (default: 0)", "PIXELS" },
  { "mask-area", 0, "mask_area", "Make only what is so many pixels around the mask, in full size", "PIXELS" },
  { "expand", 0, "expand", "Paint on beyond the picture's edges", "LEFT,TOP,RIGHT,BOTTOM" },
  { "hires", 0, "hires", "Draw on in a size so many times as large, 1 to 4 (default: 1)", "X" },
  { "hires-strength", 0, "hires_strength", "How far from the first picture, 0 to 1", "X" },
  { "hires-steps", 0, "hires_steps", "Steps of that (default: as many)", "N" },
  { "hires-upscaler", 0, "hires_upscaler", "Enlarge by \"latent\" or an upscaler (default: Lanczos)", "NAME" },
  { "type", 0, "type", "Compute in auto, f32, bf16, int8 (processor) or f16 (graphics card)", "TYPE" },
};

struct _LimnRequestOptions
{
  char  *values[G_N_ELEMENTS (settings)];
  char  *size, *request;
  char **loras, **embeddings, **controls, **parts, **styles;
  char  *vae, *tiny_vae;
};

LimnRequestOptions *
limn_request_options_new (void)
{
  return g_new0 (LimnRequestOptions, 1);
}

void
limn_request_options_free (LimnRequestOptions *options)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    g_free (options->values[i]);
  g_free (options->size);
  g_free (options->request);
  g_strfreev (options->loras);
  g_strfreev (options->embeddings);
  g_strfreev (options->controls);
  g_strfreev (options->parts);
  g_strfreev (options->styles);
  g_free (options->vae);
  g_free (options->tiny_vae);
  g_free (options);
}

GOptionEntry *
limn_request_options_entries (LimnRequestOptions *options,
                              const GOptionEntry *more)
{
  const GOptionEntry others[] = {
    { "size", 0, 0, G_OPTION_ARG_FILENAME, &options->size, "Width and height in pixels (default: the model's)", "WxH" },
    { "style", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->styles, "Put this style's words around the prompt; may be given several times (see limn styles)",
      "NAME" },
    { "lora", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->loras, "Change the model by this LoRA, so much (default: 1); may be given several times",
      "NAME[:W]" },
    { "embedding", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->embeddings,
      "A new word for the prompt, called as its file is; may be given several times", "NAME" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->controls,
      "Steer by a ControlNet: canny and line make edges of the file, others take it as it is; may be given several times", "KIND[=MODEL]:FILE[:W]" },
    { "part", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->parts, "Take vae, text_encoder, text_encoder_2 or unet from another file", "PART=NAME" },
    { "vae", 0, 0, G_OPTION_ARG_FILENAME, &options->vae, "Take the autoencoder from another file", "NAME" },
    { "tiny-vae", 0, 0, G_OPTION_ARG_FILENAME, &options->tiny_vae, "Decode by a tiny autoencoder (TAESD): faster, less exact", "NAME" },
    { "request", 0, 0, G_OPTION_ARG_FILENAME, &options->request, "Settings as `limn info PICTURE --json` prints them", "FILE.json" },
  };
  GArray *entries = g_array_new (TRUE, FALSE, sizeof (GOptionEntry));

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      GOptionEntry entry = { settings[i].name, settings[i].letter, 0, G_OPTION_ARG_FILENAME, &options->values[i], settings[i].help, settings[i].value };

      g_array_append_val (entries, entry);
    }
  g_array_append_vals (entries, others, G_N_ELEMENTS (others));
  for (; more->long_name != NULL; more++)
    g_array_append_vals (entries, more, 1);
  return (GOptionEntry *) (gpointer) g_array_free (entries, FALSE);
}

static gboolean
usage (const char *command,
       const char *why,
       GError    **error)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "%s: %s: see limn %s --help", command, why, command);
  return FALSE;
}

static char *
read_prompt (GError **error)
{
  g_autofree char *text = g_malloc0 (MAX_PROMPT_BYTES + 2);
  gsize            size = fread (text, 1, MAX_PROMPT_BYTES + 1, stdin);

  if (ferror (stdin) || size > MAX_PROMPT_BYTES || strlen (text) != size)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "standard input: holds no prompt: give it a text of at most 1 MB");
      return NULL;
    }

  if (size > 0 && text[size - 1] == '\n')
    text[size - 1] = '\0';
  return g_steal_pointer (&text);
}

static gboolean
set_prompt (LimnRequest *request,
            const char  *word,
            const char  *command,
            GError     **error)
{
  g_autofree char *read = NULL;

  if (word == NULL)
    return request->prompt != NULL || usage (command, "the prompt is missing", error);
  if (!g_str_equal (word, "-"))
    return limn_request_set (request, "prompt", word, error);

  read = read_prompt (error);
  return read != NULL && limn_request_set (request, "prompt", read, error);
}

static gboolean
set_size (LimnRequest *request,
          const char  *text,
          GError     **error)
{
  int width, height;

  if (text == NULL)
    return TRUE;
  if (!limn_command_parse_size (text, &width, &height, error))
    return FALSE;

  request->width = width;
  request->height = height;
  return TRUE;
}

/* Lists that are typed replace the request's. */
static gboolean
set_lists (LimnRequest              *request,
           const LimnRequestOptions *options,
           GError                  **error)
{
  if (options->loras != NULL)
    g_clear_pointer (&request->loras, g_ptr_array_unref);
  for (gsize i = 0; options->loras != NULL && options->loras[i] != NULL; i++)
    if (!limn_request_add_lora (request, options->loras[i], error))
      return FALSE;

  if (options->embeddings != NULL)
    g_clear_pointer (&request->embeddings, g_ptr_array_unref);
  for (gsize i = 0; options->embeddings != NULL && options->embeddings[i] != NULL; i++)
    limn_request_add_embedding (request, options->embeddings[i]);

  if (options->controls != NULL)
    g_clear_pointer (&request->controls, g_ptr_array_unref);
  for (gsize i = 0; options->controls != NULL && options->controls[i] != NULL; i++)
    if (!limn_request_add_control (request, options->controls[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_styles (LimnRequest              *request,
              const LimnRequestOptions *options,
              GError                  **error)
{
  g_autoptr (GPtrArray) styles = options->styles != NULL ? limn_styles_list () : NULL;

  return styles == NULL || limn_styles_apply (styles, (const char *const *) options->styles, request, error);
}

/* A part that is typed replaces the request's. */
static gboolean
set_parts (LimnRequest              *request,
           const LimnRequestOptions *options,
           GError                  **error)
{
  g_autofree char *vae = g_strconcat ("vae=", options->vae, NULL), *tiny = g_strconcat ("tiny_vae=", options->tiny_vae, NULL);

  for (gsize i = 0; options->parts != NULL && options->parts[i] != NULL; i++)
    if (!limn_request_add_part (request, options->parts[i], error))
      return FALSE;
  return (options->vae == NULL || limn_request_add_part (request, vae, error)) && (options->tiny_vae == NULL || limn_request_add_part (request, tiny, error));
}

/* What is of no use by itself. */
static gboolean
check_together (const LimnRequest *request,
                const char        *command,
                GError           **error)
{
  if (request->picture == NULL && request->mask != NULL)
    return usage (command, "a mask needs the picture that it is for (--image)", error);
  if (request->picture == NULL && request->expand != NULL)
    return usage (command, "expanding needs the picture that is to grow (--image)", error);
  if (request->picture == NULL && request->strength >= 0)
    return usage (command, "a strength needs the picture to start from (--image)", error);
  if (request->mask == NULL && request->expand == NULL && (request->mask_feather > 0 || request->mask_area >= 0))
    return usage (command, "feather and area are a mask's (--mask)", error);
  if (request->expand != NULL && request->mask != NULL)
    return usage (command, "expanding makes its own mask: take one of --expand and --mask", error);

  return TRUE;
}

gboolean
limn_request_options_apply (const LimnRequestOptions *options,
                            const char               *prompt,
                            const char               *command,
                            LimnRequest              *request,
                            GError                  **error)
{
  if (options->request != NULL && !limn_request_load (request, options->request, error))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (options->values[i] != NULL && !limn_request_set (request, settings[i].key, options->values[i], error))
      return FALSE;

  return set_prompt (request, prompt, command, error) && apply_styles (request, options, error) && set_lists (request, options, error) && set_parts (request, options, error) && set_size (request, options->size, error)
         && check_together (request, command, error);
}
