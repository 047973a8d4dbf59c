/* The tiny autoencoder with random weights against loops in double precision; layouts, files, refusals.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"

#include "tests/engine/network-test.h"
#include "tests/engine/weights-test.h"

#include <math.h>
#include <stdio.h>

#define LIMIT 1e-10
#define RGB 3
#define LATENT 5
#define WIDTH 6
#define WIDER 7
#define FACTOR 4

/* Places of a sequence: 'E' an end, 'B' a block, 'S' a block that changes the width, 'R' a change of size, 'A' an activation, 'U' an enlargement. */
#define ENCODER "EBRSBRE"
#define DECODER "EABBURSURE"

typedef struct
{
  LimnEngine *engine;
  char       *folder;
} Place;

static void
place_init (Place *place)
{
  const LimnEngineOptions options = { .threads = 1, .device = "cpu", .type = "f32" };
  g_autoptr (GError) error = NULL;

  place->engine = limn_engine_new (&options, &error);
  g_assert_no_error (error);
  place->folder = weights_test_folder ();
}

static void
place_clear (Place *place)
{
  limn_engine_free (place->engine);
  weights_test_remove (place->folder);
  g_free (place->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static void
add_block (NetworkTest *network,
           const char  *name,
           int          out,
           int          in)
{
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *conv = g_strdup_printf ("%s.conv.%d", name, 2 * i);

      network_test_add_conv (network, conv, out, i == 0 ? in : out, 3, TRUE);
    }
  if (out != in)
    {
      g_autofree char *skip = g_strconcat (name, ".skip", NULL);

      network_test_add_conv (network, skip, out, in, 1, FALSE);
    }
}

/* Under diffusers' names. */
static void
add_half (NetworkTest *network,
          const char  *half,
          const char  *places,
          int          first,
          int          last)
{
  int width = first, n = (int) strlen (places);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s.layers.%d", half, i);
      int              out = i == n - 1 ? last : i == 0         ? WIDTH
                                             : places[i] == 'S' ? WIDER
                                                                : width;

      if (places[i] == 'E')
        network_test_add_conv (network, name, out, width, 3, TRUE);
      else if (places[i] == 'R')
        network_test_add_conv (network, name, out, width, 3, FALSE);
      else if (places[i] == 'B' || places[i] == 'S')
        add_block (network, name, out, width);
      width = out;
    }
}

static NetworkTest *
both_halves (void)
{
  NetworkTest *network = network_test_new (11);

  add_half (network, "encoder", ENCODER, RGB, LATENT);
  add_half (network, "decoder", DECODER, LATENT, RGB);
  return network;
}

static NaiveImage *
naive_block (const NetworkTest *network,
             const char        *name,
             const NaiveImage  *x,
             gboolean           skips)
{
  g_autofree char *skip = g_strconcat (name, ".skip", NULL);
  g_autoptr (NaiveImage) y = naive_image_copy (x);
  g_autoptr (NaiveImage) beside = skips ? naive_conv (network, skip, x, 1) : naive_image_copy (x);

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *conv = g_strdup_printf ("%s.conv.%d", name, 2 * i);
      NaiveImage      *next = naive_conv (network, conv, y, 1);

      naive_image_free (y);
      y = next;
      if (i == 2)
        naive_scale_add (y, 1, beside);
      naive_rectify (y, 0);
    }
  return g_steal_pointer (&y);
}

static NaiveImage *
naive_half (const NetworkTest *network,
            const char        *half,
            const char        *places,
            const NaiveImage  *picture)
{
  NaiveImage *x = naive_image_copy (picture);

  for (int i = 0; places[i] != '\0'; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s.layers.%d", half, i);
      g_autoptr (NaiveImage) before = x;

      if (places[i] == 'A')
        {
          x = naive_image_copy (before);
          naive_rectify (x, 0);
        }
      else if (places[i] == 'U')
        x = naive_repeat (before, 2);
      else if (places[i] == 'B' || places[i] == 'S')
        x = naive_block (network, name, before, places[i] == 'S');
      else
        x = naive_conv (network, name, before, places[i] == 'R' && g_str_equal (half, "encoder") ? 2 : 1);
    }
  return x;
}

static LimnTinyVae *
open_place (const Place *place,
            const char  *path)
{
  g_autoptr (GError) error = NULL;
  LimnTinyVae *vae = limn_tiny_vae_open (place->engine, path, &error);

  g_assert_no_error (error);
  return vae;
}

/* Two samples at once, sizes that halve to no whole number. */
static void
check_encoder (LimnTinyVae       *vae,
               const NetworkTest *network)
{
  g_autoptr (LimnArray) pictures = network_test_random ((LimnShape){ 2, 11, 14, RGB }, 5, 0, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnArray) latents = limn_tiny_vae_encode (vae, pictures, &error);

  g_assert_no_error (error);
  g_assert_true (limn_shape_equal (latents->shape, (LimnShape){ 2, 3, 4, LATENT }));
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (NaiveImage) picture = naive_from_array (pictures, i);
      g_autoptr (NaiveImage) want = naive_half (network, "encoder", ENCODER, picture);

      g_assert_cmpfloat (naive_nmse (latents, i, want), <, LIMIT);
    }
}

static void
check_decoder (LimnTinyVae       *vae,
               const NetworkTest *network)
{
  g_autoptr (LimnArray) latents = network_test_random ((LimnShape){ 2, 3, 5, LATENT }, 6, -6, 6);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnArray) pictures = limn_tiny_vae_decode (vae, latents, &error);

  g_assert_no_error (error);
  g_assert_true (limn_shape_equal (pictures->shape, (LimnShape){ 2, 3 * FACTOR, 5 * FACTOR, RGB }));
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (NaiveImage) latent = naive_from_array (latents, i);
      g_autoptr (NaiveImage) want = NULL;

      for (int j = 0; j < 3 * 5 * LATENT; j++)
        latent->data[j] = 3 * tanh (latent->data[j] / 3);
      want = naive_half (network, "decoder", DECODER, latent);
      g_assert_cmpfloat (naive_nmse (pictures, i, want), <, LIMIT);
    }
}

static void
check_both (LimnTinyVae       *vae,
            const NetworkTest *network)
{
  const LimnTinyVaeInfo *info = limn_tiny_vae_info (vae);

  g_assert_true (info->encodes && info->decodes);
  g_assert_cmpint (info->latent_channels, ==, LATENT);
  g_assert_cmpint (info->latent_factor, ==, FACTOR);
  check_encoder (vae, network);
  check_decoder (vae, network);
}

static void
test_diffusers (void)
{
  g_auto (Place) place = { 0 };
  g_autoptr (NetworkTest) network = both_halves ();
  g_autofree char *path = NULL;
  g_autoptr (LimnTinyVae) file = NULL;
  g_autoptr (LimnTinyVae) folder = NULL;

  place_init (&place);
  path = network_test_write (network, place.folder, "diffusion_pytorch_model.safetensors", NULL);
  file = open_place (&place, path);
  check_both (file, network);
  folder = open_place (&place, place.folder);
  check_both (folder, network);
}

/* As its authors have it: a sequence a file, in which the decoder's clamp counts. */
static char *
spell_encoder (const char *name)
{
  return g_str_has_prefix (name, "encoder.layers.") ? g_strdup (name + strlen ("encoder.layers.")) : NULL;
}

static char *
spell_decoder (const char *name)
{
  int layer, end = 0;

  if (sscanf (name, "decoder.layers.%d%n", &layer, &end) != 1)
    return NULL;
  return g_strdup_printf ("%d%s", layer + 1, name + end);
}

static void
test_original (void)
{
  g_auto (Place) place = { 0 };
  g_autoptr (NetworkTest) network = both_halves ();
  g_autofree char *encoder = NULL, *decoder = NULL, *more = NULL;
  g_autoptr (LimnArray) picture = limn_array_new ((LimnShape){ 1, 8, 8, RGB });
  g_autoptr (LimnTinyVae) both = NULL;
  g_autoptr (LimnTinyVae) half = NULL;
  g_autoptr (GError) error = NULL;

  place_init (&place);
  encoder = network_test_write (network, place.folder, "a.safetensors", spell_encoder);
  decoder = network_test_write (network, place.folder, "b.safetensors", spell_decoder);
  both = open_place (&place, place.folder);
  check_both (both, network);

  half = open_place (&place, decoder);
  check_decoder (half, network);
  g_assert_false (limn_tiny_vae_info (half)->encodes);
  g_assert_null (limn_tiny_vae_encode (half, picture, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_ARGUMENT);
  g_clear_error (&error);

  more = network_test_write (network, place.folder, "c.safetensors", spell_decoder);
  g_assert_null (limn_tiny_vae_open (place.engine, place.folder, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_FILE);
}

static void
check_refused (const Place *place,
               const char  *places)
{
  g_autoptr (NetworkTest) network = network_test_new (1);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  add_half (network, "decoder", places, LATENT, RGB);
  path = network_test_write (network, place->folder, "network.safetensors", NULL);
  g_assert_null (limn_tiny_vae_open (place->engine, path, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_UNSUPPORTED);
}

/* Sequences that would be computed wrongly. */
static void
test_refuses_other_sequences (void)
{
  static const char *const wrong[] = { "EBBURE", "EABBUBE", "EABRE", "EABUBURE", "EABUREB", "EAEBURE" };
  g_auto (Place) place = { 0 };

  place_init (&place);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    check_refused (&place, wrong[i]);
}

static void
test_refuses_more_tensors (void)
{
  g_auto (Place) place = { 0 };
  g_autoptr (NetworkTest) network = network_test_new (1);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  place_init (&place);
  add_half (network, "encoder", ENCODER, RGB, LATENT);
  network_test_add_conv (network, "encoder.layers.1.pool.0", WIDTH, WIDTH, 3, FALSE);
  path = network_test_write (network, place.folder, "network.safetensors", NULL);
  g_assert_null (limn_tiny_vae_open (place.engine, path, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_UNSUPPORTED);
}

static void
test_refuses_other_latents (void)
{
  g_auto (Place) place = { 0 };
  g_autoptr (NetworkTest) network = both_halves ();
  g_autofree char *path = NULL;
  g_autoptr (LimnTinyVae) vae = NULL;
  g_autoptr (LimnArray) latent = limn_array_new ((LimnShape){ 1, 3, 3, LATENT + 1 });
  g_autoptr (GError) error = NULL;

  place_init (&place);
  path = network_test_write (network, place.folder, "network.safetensors", NULL);
  vae = open_place (&place, path);
  g_assert_null (limn_tiny_vae_decode (vae, latent, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_ARGUMENT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tiny-vae/diffusers", test_diffusers);
  g_test_add_func ("/tiny-vae/original", test_original);
  g_test_add_func ("/tiny-vae/refuses-other-sequences", test_refuses_other_sequences);
  g_test_add_func ("/tiny-vae/refuses-more-tensors", test_refuses_more_tensors);
  g_test_add_func ("/tiny-vae/refuses-other-latents", test_refuses_other_latents);
  return g_test_run ();
}
