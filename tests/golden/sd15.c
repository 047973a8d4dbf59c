/* Golden: latent diffusion models with a U-Net (Stable Diffusion 1, 2, XL), call by call: ids, text encoder, U-Net, autoencoder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/sd15.h"

/* "text.prompt.ids", "prompt" → "text.prompt.embedding" */
static char *
text_name (const char *text,
           const char *what)
{
  return g_strdup_printf ("text.%s.%s", text, what);
}

static const char *
prompt_of (GoldenCase *golden,
           const char *text)
{
  JsonNode *node = json_object_get_member (golden->json, text);

  if (g_str_equal (text, "empty"))
    return "";
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/* Models with one text encoder have text.X.ids, those with more text1.X.ids, text2.X.ids. */
static char *
ids_name (GoldenCase *golden,
          const char *text,
          int         encoder)
{
  g_autofree char *only = text_name (text, "ids");

  if (golden_tensor_size (golden, only) > 0)
    return encoder == 0 ? g_steal_pointer (&only) : NULL;
  return g_strdup_printf ("text%d.%s.ids", encoder + 1, text);
}

static void
compare_ids (GoldenCase *golden,
             LimnModel  *model,
             const char *text)
{
  const char *prompt = prompt_of (golden, text);
  g_autoptr (LimnArray) ids = NULL;
  GError *error = NULL;

  if (prompt == NULL)
    return;
  ids = limn_model_tokenize (model, prompt, &error);
  if (ids == NULL)
    golden_fail_error (golden, text, 0, error);
  for (int i = 0; ids != NULL && i < ids->shape.h; i++)
    {
      g_autofree char *name = ids_name (golden, text, i);

      golden_compare (golden, name, ids->data + (gsize) i * ids->shape.w, ids->shape.w, 0);
    }
}

/* (nullable): the recorded ids, a row an encoder. */
static LimnArray *
recorded_ids (GoldenCase *golden,
              const char *text)
{
  g_autoptr (LimnArray) rows = NULL;

  for (int i = 0;; i++)
    {
      g_autofree char *name = ids_name (golden, text, i);
      g_autoptr (LimnArray) row = name != NULL ? golden_array (golden, name) : NULL;
      LimnArray *more;

      if (row == NULL)
        return g_steal_pointer (&rows);
      more = limn_array_new ((LimnShape){ 1, i + 1, row->shape.c, 1 });
      if (rows != NULL)
        memcpy (more->data, rows->data, limn_shape_elements (rows->shape) * sizeof (float));
      memcpy (more->data + (gsize) i * row->shape.c, row->data, row->shape.c * sizeof (float));
      limn_array_free (rows);
      rows = more;
    }
}

static LimnText *
encode (GoldenCase *golden,
        LimnModel  *model,
        const char *text,
        int         clip_skip,
        GError    **error)
{
  g_autoptr (LimnArray) ids = recorded_ids (golden, text);
  LimnText *encoded = ids != NULL ? limn_model_encode_tokens (model, ids, clip_skip, error) : NULL;

  if (encoded != NULL)
    encoded->conditions = golden_array (golden, "time_ids");
  return encoded;
}

/* text.X.embedding, text.X.pooled and every text.X.clip_skip_N. */
static void
compare_text (GoldenCase *golden,
              LimnModel  *model,
              const char *text)
{
  double           limit = golden_limit (golden, FALSE);
  g_autofree char *embedding = text_name (text, "embedding");
  g_autofree char *pooled = text_name (text, "pooled");
  g_autofree char *skips = text_name (text, "clip_skip_");
  g_autoptr (GPtrArray) names = golden_names (golden, skips, "");
  GError *error = NULL;
  g_autoptr (LimnText) encoded = encode (golden, model, text, 1, &error);

  if (encoded == NULL)
    {
      golden_fail_error (golden, embedding, limit, error);
      return;
    }
  golden_compare_array (golden, embedding, encoded->embedding, limit);
  if (golden_tensor_size (golden, pooled) > 0)
    golden_compare_array (golden, pooled, encoded->pooled, limit);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      g_autoptr (LimnText) skipped = encode (
          golden, model, text, (int) g_ascii_strtoll (name + strlen (skips), NULL, 10), &error);

      if (skipped == NULL)
        golden_fail_error (golden, name, limit, g_steal_pointer (&error));
      else
        golden_compare_array (golden, name, skipped->embedding, limit);
    }
}

static void
compare_texts (GoldenCase *golden,
               LimnModel  *model)
{
  gboolean    tokenizer = golden_set_tokenizer (golden, model);
  const char *before = golden_tensor_size (golden, "text1.prompt.ids") > 0 ? "text1." : "text.";
  g_autoptr (GPtrArray) names = golden_names (golden, before, ".ids");

  if (!tokenizer)
    g_printerr ("golden: %s: no CLIP vocabulary beside it; the recorded ids are used\n",
                golden->name);
  for (guint i = 0; i < names->len; i++)
    {
      const char      *name = names->pdata[i];
      gsize            ends = strlen (before) + strlen (".ids");
      g_autofree char *text = g_strndup (name + strlen (before), strlen (name) - ends);

      if (tokenizer)
        compare_ids (golden, model, text);
      compare_text (golden, model, text);
    }
}

/* One call of the U-Net; the time stands at the end of the tensor's name. */
static void
compare_unet (Sd15Case   *sd15,
              const char *name,
              const char *prefix,
              const char *input)
{
  double limit = golden_limit (sd15->golden, FALSE);
  double time = g_ascii_strtod (name + strlen (prefix), NULL);
  g_autoptr (LimnArray) latent = golden_array (sd15->golden, input);
  g_autoptr (LimnArray) got = NULL;
  const LimnText *texts[] = { sd15->prompt };
  GError         *error = NULL;

  if (latent != NULL)
    got = limn_model_predict (sd15->model, latent, time, texts, &error);
  if (got == NULL)
    golden_fail_error (sd15->golden, name, limit, error);
  else
    golden_compare_planar (sd15->golden, name, got, limit);
}

static void
compare_unets (Sd15Case   *sd15,
               const char *prefix,
               const char *input)
{
  g_autoptr (GPtrArray) names = golden_names (sd15->golden, prefix, "");

  for (guint i = 0; i < names->len; i++)
    compare_unet (sd15, names->pdata[i], prefix, input);
}

/* image.float is -1…1 and not clamped. */
static void
compare_decode (Sd15Case *sd15)
{
  static const char name[] = "image.float";
  double            limit = golden_limit (sd15->golden, FALSE);
  JsonNode         *node = json_object_get_member (sd15->golden->json, "latent_used_for_image");
  const char       *input = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node)
                                                                         : "diffusers.euler.latent";
  g_autoptr (LimnArray) latent = golden_array (sd15->golden, input);
  g_autoptr (LimnArray) picture = NULL;
  GError *error = NULL;

  if (golden_tensor_size (sd15->golden, name) == 0)
    return;
  if (latent != NULL)
    picture = limn_model_decode (sd15->model, latent, &error);
  if (picture == NULL)
    {
      golden_fail_error (sd15->golden, name, limit, error);
      return;
    }
  for (gsize i = 0; i < limn_shape_elements (picture->shape); i++)
    picture->data[i] = picture->data[i] * 2 - 1;
  golden_compare_planar (sd15->golden, name, picture, limit);
}

static void
compare_encode (Sd15Case *sd15)
{
  double limit = golden_limit (sd15->golden, FALSE);
  g_autoptr (LimnArray) picture = golden_array (sd15->golden, "img2img.source01");
  g_autoptr (LimnArray) mean = NULL, deviation = NULL;
  GError *error = NULL;

  if (golden_tensor_size (sd15->golden, "vae.encode.mean") == 0)
    return;
  if (picture != NULL)
    mean = limn_model_encode (sd15->model, picture, &deviation, &error);
  if (mean == NULL || deviation == NULL)
    {
      golden_fail_error (sd15->golden, "vae.encode.mean", limit, error);
      return;
    }
  golden_compare_planar (sd15->golden, "vae.encode.mean", mean, limit);
  golden_compare_planar (sd15->golden, "vae.encode.std", deviation, limit);
}

static double
number_of (GoldenCase *golden,
           const char *member,
           double      otherwise)
{
  JsonNode *node = json_object_get_member (golden->json, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : otherwise;
}

static void
clear_texts (Sd15Case *sd15)
{
  g_clear_pointer (&sd15->prompt, limn_text_free);
  g_clear_pointer (&sd15->negative, limn_text_free);
}

/* The U-Net with 9 channels comes alone: text and autoencoder are those of model/. */
static void
run_inpaint9 (Sd15Case   *sd15,
              const char *configs)
{
  GoldenCase      *golden = sd15->golden;
  g_autofree char *path = g_build_filename (golden->folder, "inpaint9.safetensors", NULL);
  g_autoptr (LimnModel) unet = NULL;
  Sd15Case nine = *sd15;
  GError  *error = NULL;

  if (golden_tensor_size (golden, "inpaint9.unet.input") == 0)
    return;
  unet = limn_model_open (golden->engine, path, configs, &error);
  if (unet == NULL)
    {
      golden_fail_error (golden, "inpaint9.unet", golden_limit (golden, FALSE), error);
      return;
    }
  nine.model = unet;
  compare_unets (&nine, "inpaint9.unet.t", "inpaint9.unet.input");
  nine.autoencoder = sd15->model;
  golden_sd15_inpaint9 (&nine);
}

/* A case that has pictures but no autoencoder took that of the case beside it. */
static gboolean
borrow_autoencoder (GoldenCase *golden,
                    LimnModel  *model,
                    GError    **error)
{
  g_autofree char *beside = g_build_filename (golden->folder, "..", "sd15", "model", NULL);

  if (golden_tensor_size (golden, "image.float") == 0 || limn_model_has_part (model, "vae"))
    return TRUE;
  return limn_model_set_part (model, "vae", beside, error);
}

static void
run_model (GoldenCase *golden,
           const char *path,
           const char *configs)
{
  GError *error = NULL;
  g_autoptr (LimnModel) model = limn_model_open (golden->engine, path, configs, &error);
  Sd15Case sd15 = { .golden = golden, .model = model, .autoencoder = model };

  if (model == NULL || !borrow_autoencoder (golden, model, &error))
    {
      golden_fail_error (golden, "open", golden_limit (golden, FALSE), error);
      return;
    }

  sd15.guidance = number_of (golden, "cfg", 7);
  sd15.steps = number_of (golden, "steps", 8);
  compare_texts (golden, model);
  sd15.prompt = encode (golden, model, "prompt", 1, &error);
  sd15.negative = sd15.prompt != NULL ? encode (golden, model, "negative", 1, &error) : NULL;
  if (sd15.negative == NULL)
    {
      golden_fail_error (golden, "text", golden_limit (golden, FALSE), error);
      clear_texts (&sd15);
      return;
    }

  compare_unets (&sd15, "unet.t", "latent.initial");
  compare_decode (&sd15);
  compare_encode (&sd15);
  golden_sd15_runs (&sd15);
  golden_sd15_img2img (&sd15);
  golden_sd15_inpaint4 (&sd15);
  run_inpaint9 (&sd15, configs != NULL ? configs : path);
  clear_texts (&sd15);
}

/* Where there is a single file, the folder may hold settings only. */
static gboolean
has_weights (const char *model)
{
  g_autofree char *unet = g_build_filename (model, "unet", NULL);
  g_autoptr (GDir) files = g_dir_open (unet, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    if (g_str_has_suffix (name, ".safetensors"))
      return TRUE;
  return FALSE;
}

void
golden_run_sd15 (GoldenCase *golden)
{
  g_autofree char *model = g_build_filename (golden->folder, "model", NULL);
  g_autofree char *single = g_build_filename (golden->folder, "single.safetensors", NULL);

  golden->prefix = NULL;
  if (has_weights (model))
    run_model (golden, model, NULL);
  if (!g_file_test (single, G_FILE_TEST_EXISTS))
    return;
  golden->prefix = "single:";
  run_model (golden, single, model);
  golden->prefix = NULL;
}
