/* Golden: adapters on a model, each set and taken off again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/latent.h"

/**
 * LoraCase:
 * @plain: text of the model alone, @before: what the U-Net makes of it, kept to see that an adapter leaves nothing behind
 */
typedef struct
{
  GoldenCase *golden;
  LimnModel  *model;
  LimnArray  *latent;
  LimnText   *plain;
  LimnArray  *before;
  double      weight;
} LoraCase;

#define TEXT ".text.embedding"
#define PLAIN_TIME 500

static LimnArray *
predict (LoraCase       *lora,
         const LimnText *text,
         double          time,
         GError        **error)
{
  const LimnText *texts[] = { text };

  return limn_model_predict (lora->model, lora->latent, time, texts, error);
}

/* NAME.unet.tN with the adapter's text, NAME.unet_only.tN with the plain one. */
static void
compare_unets (LoraCase       *lora,
               const char     *name,
               const char     *what,
               const LimnText *text)
{
  GoldenCase      *golden = lora->golden;
  g_autofree char *prefix = g_strdup_printf ("%s.%s.t", name, what);
  g_autoptr (GPtrArray) names = golden_names (golden, prefix, "");
  double limit = golden_limit (golden, FALSE);

  for (guint i = 0; i < names->len; i++)
    {
      const char *tensor = names->pdata[i];
      GError     *error = NULL;
      g_autoptr (LimnArray) got = predict (lora, text, g_ascii_strtod (tensor + strlen (prefix), NULL), &error);

      if (got == NULL)
        golden_fail_error (golden, tensor, limit, error);
      else
        golden_compare_planar (golden, tensor, got, limit);
    }
}

/* @base: of the file, which may hold the adapter of that name in another spelling. */
static void
compare_set (LoraCase   *lora,
             const char *base,
             const char *name)
{
  GoldenCase      *golden = lora->golden;
  g_autofree char *file = g_strconcat (base, ".safetensors", NULL), *path = g_build_filename (golden->folder, file, NULL);
  g_autofree char *embedding = g_strconcat (name, TEXT, NULL);
  LimnAdapter      adapter = { path, lora->weight, lora->weight };
  double           limit = golden_limit (golden, FALSE);
  GError          *error = NULL;
  g_autoptr (LimnText) text = NULL;

  if (limn_model_set_adapters (lora->model, &adapter, 1, &error))
    text = golden_base_text (golden, lora->model, "prompt", &error);
  if (text == NULL)
    {
      golden_fail_error (golden, embedding, limit, error);
      return;
    }
  golden_compare_array (golden, embedding, text->embedding, limit);
  compare_unets (lora, name, "unet", text);
  compare_unets (lora, name, "unet_only", lora->plain);
}

static void
compare_off (LoraCase   *lora,
             const char *name)
{
  GoldenCase      *golden = lora->golden;
  g_autofree char *text_off = g_strconcat (name, ".off.text", NULL), *unet_off = g_strconcat (name, ".off.unet", NULL);
  GError          *error = NULL;
  g_autoptr (LimnText) text = NULL;
  g_autoptr (LimnArray) after = NULL;

  if (limn_model_set_adapters (lora->model, NULL, 0, &error))
    text = golden_base_text (golden, lora->model, "prompt", &error);
  after = text != NULL ? predict (lora, text, PLAIN_TIME, &error) : NULL;
  if (after == NULL)
    {
      golden_fail_error (golden, unet_off, 0, error);
      return;
    }
  golden_compare_with (golden, text_off, text->embedding->data, lora->plain->embedding->data,
                       limn_shape_elements (text->embedding->shape), 0);
  golden_compare_with (golden, unet_off, after->data, lora->before->data, limn_shape_elements (after->shape), 0);
}

static void
compare_all (LoraCase *lora)
{
  g_autoptr (GPtrArray) names = golden_names (lora->golden, "", TEXT);

  for (guint i = 0; i < names->len; i++)
    {
      const char      *tensor = names->pdata[i];
      g_autofree char *name = g_strndup (tensor, strlen (tensor) - strlen (TEXT));

      compare_set (lora, name, name);
      compare_off (lora, name);
    }
}

/* The numbers of kohya.safetensors in PEFT's names. */
static void
compare_peft (LoraCase *lora)
{
  g_autofree char *path = g_build_filename (lora->golden->folder, "peft.safetensors", NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS) || golden_tensor_size (lora->golden, "kohya" TEXT) == 0 || golden_tensor_size (lora->golden, "peft" TEXT) > 0)
    return;
  lora->golden->prefix = "peft:";
  compare_set (lora, "peft", "kohya");
  lora->golden->prefix = NULL;
}

void
golden_run_lora (GoldenCase *golden)
{
  g_autofree char *path = golden_base_path (golden, "model");
  g_autoptr (LimnArray) latent = golden_base_array (golden, "latent.initial"), before = NULL;
  GError *error = NULL;
  g_autoptr (LimnModel) model = limn_model_open (golden->engine, path, NULL, &error);
  g_autoptr (LimnText) plain = model != NULL ? golden_base_text (golden, model, "prompt", &error) : NULL;
  LoraCase lora = { .golden = golden, .model = model, .latent = latent, .plain = plain };

  if (plain != NULL && latent != NULL)
    before = predict (&lora, plain, PLAIN_TIME, &error);
  if (before == NULL)
    {
      golden_fail_error (golden, "base_model", golden_limit (golden, FALSE), error);
      return;
    }
  lora.before = before;
  lora.weight = json_object_get_double_member_with_default (golden->json, "weight", 1);
  compare_all (&lora);
  compare_peft (&lora);
}
