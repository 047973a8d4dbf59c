/* Golden: the starter model, stage by stage, against its recipe.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/latent.h"

#define STAGE_LIMIT 1e-8
#define PICTURE_LIMIT 1e-6

typedef struct
{
  GoldenCase *golden;
  LimnModel  *model;
  LimnText   *texts[2]; /* prompt, negative */
} StarterCase;

static double
limit_of (StarterCase *starter,
          double       f32)
{
  return g_str_equal (starter->golden->type, "f32") ? f32 : golden_limit (starter->golden, TRUE);
}

static const char *
string_of (GoldenCase *golden,
           const char *member)
{
  JsonNode *node = json_object_get_member (golden->json, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : "";
}

/* Rows of a recorded tensor are samples: [2, …], the first for the prompt, the second for the negative one. */
static void
compare_tokens (StarterCase *starter)
{
  static const char *const members[] = { "prompt", "negative" };
  g_autoptr (LimnArray) recorded = golden_array (starter->golden, "tokens");
  int               n = recorded != NULL ? recorded->shape.c : 0;
  g_autofree float *ids = g_new0 (float, 2 * n + 1);
  GError           *error = NULL;

  for (int i = 0; i < 2 && n > 0; i++)
    {
      g_autoptr (LimnArray) row = limn_model_tokenize (starter->model, string_of (starter->golden, members[i]), &error);

      if (row == NULL || row->shape.w != n)
        {
          golden_fail_error (starter->golden, "tokens", 0, error);
          return;
        }
      memcpy (ids + i * n, row->data, n * sizeof (float));
    }
  golden_compare (starter->golden, "tokens", ids, 2 * n, 0);
}

static gboolean
encode (StarterCase *starter,
        GError     **error)
{
  g_autoptr (LimnArray) recorded = golden_array (starter->golden, "tokens");

  if (recorded == NULL || recorded->shape.w != 2)
    return FALSE;
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (LimnArray) row = limn_array_new ((LimnShape){ 1, 1, recorded->shape.c, 1 });

      memcpy (row->data, recorded->data + i * recorded->shape.c,
              recorded->shape.c * sizeof (float));
      starter->texts[i] = limn_model_encode_tokens (starter->model, row, 1, error);
      if (starter->texts[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
compare_text (StarterCase *starter)
{
  gsize             n = limn_shape_elements (starter->texts[0]->embedding->shape);
  g_autofree float *both = g_new (float, 2 * n);

  for (int i = 0; i < 2; i++)
    memcpy (both + i * n, starter->texts[i]->embedding->data, n * sizeof (float));
  golden_compare (starter->golden, "text", both, 2 * n, limit_of (starter, STAGE_LIMIT));
}

/* Tokens of pixel unshuffle (channel c · p² + dy · p + dx) as a latent, @copies of it; and back. */
static void
shuffle (const float *from,
         float       *to,
         LimnShape    latent,
         int          patch,
         gboolean     to_tokens)
{
  gsize columns = latent.w / patch, at = 0;

  for (int n = 0; n < latent.n; n++)
    for (int y = 0; y < latent.h; y++)
      for (int x = 0; x < latent.w; x++)
        for (int c = 0; c < latent.c; c++, at++)
          {
            gsize token = (gsize) n * latent.h / patch * columns + y / patch * columns + x / patch;
            gsize channel = (c * patch + y % patch) * patch + x % patch;
            gsize other = token * latent.c * patch * patch + channel;

            to[to_tokens ? other : at] = from[to_tokens ? at : other];
          }
}

static LimnArray *
noise_latent (StarterCase *starter,
              int          copies,
              int         *patch)
{
  const LimnModelInfo *info = limn_model_info (starter->model);
  int                  height = limn_model_drawn_size (info, info->height) / info->latent_factor;
  int                  width = limn_model_drawn_size (info, info->width) / info->latent_factor;
  LimnShape            shape = { 1, height, width, info->latent_channels };
  g_autoptr (LimnArray) noise = golden_array (starter->golden, "noise");
  g_autoptr (LimnArray) one = limn_array_new (shape);
  LimnArray *all;

  if (noise == NULL || limn_shape_elements (noise->shape) != limn_shape_elements (shape))
    return NULL;
  *patch = 1;
  while (*patch * *patch * shape.c < noise->shape.c)
    ++*patch;
  shuffle (noise->data, one->data, shape, *patch, FALSE);
  shape.n = copies;
  all = limn_array_new (shape);
  for (int i = 0; i < copies; i++)
    memcpy (all->data + i * limn_shape_elements (one->shape), one->data,
            limn_shape_elements (one->shape) * sizeof (float));
  return all;
}

/* velocity-T: both texts from the same noise at time T. */
static void
compare_velocity (StarterCase *starter,
                  const char  *name)
{
  double limit = limit_of (starter, STAGE_LIMIT);
  int    patch = 1;
  g_autoptr (LimnArray) latent = noise_latent (starter, 2, &patch);
  g_autoptr (LimnArray) got = NULL;
  g_autofree float *tokens = NULL;
  GError           *error = NULL;

  if (latent != NULL)
    got = limn_model_predict (starter->model, latent,
                              g_ascii_strtod (name + strlen ("velocity-"), NULL),
                              (const LimnText **) starter->texts, &error);
  if (got == NULL)
    {
      golden_fail_error (starter->golden, name, limit, error);
      return;
    }
  tokens = g_new (float, limn_shape_elements (got->shape));
  shuffle (got->data, tokens, got->shape, patch, TRUE);
  golden_compare (starter->golden, name, tokens, limn_shape_elements (got->shape), limit);
}

/* The whole way, by the door that everybody uses, up to what the generator draws. */
static void
compare_generation (StarterCase *starter)
{
  GoldenCase          *golden = starter->golden;
  const LimnModelInfo *info = limn_model_info (starter->model);
  int                  patch = 1;
  g_autoptr (LimnArray) noise = noise_latent (starter, 1, &patch);
  g_autoptr (LimnResult) result = NULL;
  LimnGeneration generation = {
    .prompt = string_of (golden, "prompt"),
    .negative = string_of (golden, "negative"),
    .steps = (int) json_object_get_int_member_with_default (golden->json, "steps", 20),
    .guidance = json_object_get_double_member_with_default (golden->json, "guidance", 4),
    .noise = noise,
    .width = limn_model_drawn_size (info, info->width),
    .height = limn_model_drawn_size (info, info->height),
  };
  GError    *error = NULL;
  LimnArray *latent;

  if (noise != NULL)
    result = limn_generate (starter->model, &generation, TRUE, NULL, NULL, &error);
  if (result == NULL)
    {
      golden_fail_error (golden, "latent", limit_of (starter, STAGE_LIMIT), error);
      return;
    }
  latent = g_hash_table_lookup (result->dump, "latent");
  limn_model_unscale_latent (starter->model, latent);
  golden_compare_planar (golden, "latent", latent, limit_of (starter, STAGE_LIMIT));
  golden_compare_planar (golden, "image", result->image, limit_of (starter, PICTURE_LIMIT));
}

/* The seed's noise is what the recipe drew. */
static void
compare_noise (StarterCase *starter)
{
  const char *text = strstr (string_of (starter->golden, "noise"), "seed ");
  int         patch = 1;
  g_autoptr (LimnArray) recorded = noise_latent (starter, 1, &patch);
  g_autoptr (LimnArray) drawn = NULL;
  g_autofree float *tokens = NULL;
  LimnShape         shape;
  int               factor;

  if (text == NULL || recorded == NULL)
    return;
  shape = recorded->shape;
  factor = limn_model_info (starter->model)->latent_factor;
  drawn = limn_model_noise (starter->model, shape.w * factor, shape.h * factor,
                            g_ascii_strtoull (text + strlen ("seed "), NULL, 10));
  tokens = g_new (float, limn_shape_elements (shape));
  shuffle (drawn->data, tokens, shape, patch, TRUE);
  golden_compare (starter->golden, "noise", tokens, limn_shape_elements (shape), 1e-9);
}

static void
compare_encoded (StarterCase *starter)
{
  double limit = limit_of (starter, STAGE_LIMIT);
  g_autoptr (LimnArray) picture = golden_array (starter->golden, "image");
  g_autoptr (LimnArray) mean = NULL;
  GError *error = NULL;

  if (picture != NULL)
    mean = limn_model_encode (starter->model, picture, NULL, &error);
  if (mean == NULL)
    golden_fail_error (starter->golden, "encoded", limit, error);
  else
    golden_compare_planar (starter->golden, "encoded", mean, limit);
}

/* Of models that have an enlarger. */
static void
compare_enlarged (StarterCase *starter)
{
  double limit = limit_of (starter, PICTURE_LIMIT);
  g_autoptr (LimnArray) picture = golden_array (starter->golden, "image");
  g_autoptr (LimnArray) large = NULL;
  GError *error = NULL;

  if (golden_tensor_size (starter->golden, "enlarged") == 0)
    return;
  if (picture != NULL)
    large = limn_model_enlarge (starter->model, picture, &error);
  if (large == NULL)
    golden_fail_error (starter->golden, "enlarged", limit, error);
  else
    golden_compare_planar (starter->golden, "enlarged", large, limit);
}

void
golden_run_starter (GoldenCase *golden)
{
  GError *error = NULL;
  g_autoptr (LimnModel) model = limn_model_open (golden->engine, golden->folder, NULL, &error);
  g_autoptr (GPtrArray) velocities = golden_names (golden, "velocity-", "");
  StarterCase starter = { .golden = golden, .model = model };

  if (model == NULL || !encode (&starter, &error))
    golden_fail_error (golden, "text", STAGE_LIMIT, error);
  else
    {
      compare_tokens (&starter);
      compare_text (&starter);
      compare_noise (&starter);
      for (guint i = 0; i < velocities->len; i++)
        compare_velocity (&starter, velocities->pdata[i]);
      compare_generation (&starter);
      compare_encoded (&starter);
      compare_enlarged (&starter);
    }
  for (int i = 0; i < 2; i++)
    g_clear_pointer (&starter.texts[i], limn_text_free);
}
