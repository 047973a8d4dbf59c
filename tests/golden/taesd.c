/* Golden: the tiny autoencoder, in both layouts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/latent.h"

/* Under the case's folder; "" is the folder itself, where the authors' two files lie. */
static const struct
{
  const char *prefix, *place;
} layouts[] = {
  { "diffusers:", "model" },
  { "original:", "" },
  { "original file:", "taesd_encoder.safetensors" },
  { "original file:", "taesd_decoder.safetensors" },
};

typedef LimnArray *(*Direction) (LimnTinyVae     *vae,
                                 const LimnArray *x,
                                 GError         **error);

static void
compare (GoldenCase  *golden,
         LimnTinyVae *vae,
         Direction    direction,
         const char  *from,
         const char  *to)
{
  g_autoptr (LimnArray) x = golden_array (golden, from);
  g_autoptr (LimnArray) y = NULL;
  GError *error = NULL;

  if (x != NULL)
    y = direction (vae, x, &error);
  if (y == NULL)
    golden_fail_error (golden, to, golden_limit (golden, FALSE), error);
  else
    golden_compare_planar (golden, to, y, golden_limit (golden, FALSE));
}

static void
compare_layout (GoldenCase *golden,
                const char *place)
{
  g_autofree char *path = g_build_filename (golden->folder, place, NULL);
  GError          *error = NULL;
  g_autoptr (LimnTinyVae) vae = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  vae = limn_tiny_vae_open (golden->engine, path, &error);
  if (vae == NULL)
    {
      golden_fail_error (golden, "decoded01", golden_limit (golden, FALSE), error);
      return;
    }
  if (limn_tiny_vae_info (vae)->encodes)
    compare (golden, vae, limn_tiny_vae_encode, "image01", "encoded");
  if (limn_tiny_vae_info (vae)->decodes)
    compare (golden, vae, limn_tiny_vae_decode, "latent", "decoded01");
}

void
golden_run_taesd (GoldenCase *golden)
{
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      golden->prefix = layouts[i].prefix;
      compare_layout (golden, layouts[i].place);
    }
  golden->prefix = NULL;
}
