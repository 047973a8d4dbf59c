/* The tiny autoencoder (TAESD), known by its tensors: for previews and fast decoding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/tiny-vae.h"

#include "engine/engine.h"
#include "engine/network.h"
#include "engine/upscaler-private.h"
#include "engine/weights/name-map.h"
#include "engine/weights/weights-private.h"

#define HALVES 2
#define MAX_SIDE 65536

/* As limn_names_tiny_vae has them. */
static const char *const half_names[HALVES] = { "encoder", "decoder" };

typedef enum
{
  ENCODER,
  DECODER
} Half;

struct _LimnTinyVae
{
  LimnTinyVaeInfo  info;
  LimnTinyVaeFacts facts[HALVES];
  LimnNetwork      networks[HALVES]; /* without weights: this half is not there */
};

static LimnTensor *
build_encoder (const LimnScope *scope,
               gconstpointer    facts,
               LimnTensor      *x)
{
  return limn_tiny_vae_encoder (scope, facts, x);
}

static LimnTensor *
build_decoder (const LimnScope *scope,
               gconstpointer    facts,
               LimnTensor      *x)
{
  return limn_tiny_vae_decoder (scope, facts, x);
}

/* Takes the halves that @weights are. FALSE: one of them is there already. */
static gboolean
take_halves (LimnTinyVae       *vae,
             const LimnWeights *weights,
             GError           **error)
{
  for (Half half = ENCODER; half <= DECODER; half++)
    {
      g_autoptr (LimnWeights) own = NULL;
      LimnTinyVaeFacts facts;

      if (!limn_name_map_has (&limn_names_tiny_vae, weights, half_names[half]))
        continue;
      own = limn_weights_renamed (weights, &limn_names_tiny_vae, half_names[half], NULL);
      if (own == NULL || !limn_tiny_vae_measure (own, half == DECODER, &facts))
        continue;
      if (vae->networks[half].weights != NULL)
        return limn_file_error (error, limn_weights_where (weights), "is not the only tiny %s of this folder; name the file to use", half_names[half]);
      vae->networks[half].weights = g_steal_pointer (&own);
      vae->facts[half] = facts;
    }
  return TRUE;
}

static gboolean
has_half (const LimnTinyVae *vae,
          Half               half)
{
  return vae->networks[half].weights != NULL;
}

/* The original release: a file for each half. */
static gboolean
take_files (LimnTinyVae *vae,
            const char  *folder,
            GError     **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (LimnWeights) weights = g_str_has_suffix (name, ".safetensors") ? limn_weights_open (path, NULL) : NULL;

      if (weights != NULL && !take_halves (vae, weights, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_halves (LimnTinyVae *vae,
             const char  *path,
             GError     **error)
{
  gboolean folder = g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autoptr (LimnWeights) weights = limn_weights_open (path, folder ? NULL : error);

  if (weights == NULL && !folder)
    return FALSE;
  if (weights != NULL && !take_halves (vae, weights, error))
    return FALSE;
  return has_half (vae, ENCODER) || has_half (vae, DECODER) || !folder || take_files (vae, path, error);
}

static void
count_parameters (LimnTinyVae *vae)
{
  for (Half half = ENCODER; half <= DECODER; half++)
    {
      guint64 parameters;

      if (!has_half (vae, half))
        continue;
      vae->info.type = limn_type_name (limn_count_parameters (vae->networks[half].weights, &parameters));
      vae->info.parameters += parameters;
    }
}

/* Halves of one autoencoder fit together. */
static gboolean
fill_info (LimnTinyVae *vae,
           const char  *path,
           GError     **error)
{
  Half             half = has_half (vae, DECODER) ? DECODER : ENCODER;
  g_autofree char *shown = limn_printable (path);

  if (!has_half (vae, half))
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED,
                   "%s: is no tiny autoencoder that is known here: take TAESD's, as diffusers or its authors have it", shown);
      return FALSE;
    }
  if (has_half (vae, ENCODER) && (vae->facts[ENCODER].channels != vae->facts[half].channels || vae->facts[ENCODER].levels != vae->facts[half].levels))
    return limn_file_error (error, shown, "has an encoder and a decoder that do not belong together; name the file to use");
  vae->info.latent_channels = vae->facts[half].channels;
  vae->info.latent_factor = 1 << vae->facts[half].levels;
  vae->info.encodes = has_half (vae, ENCODER);
  vae->info.decodes = has_half (vae, DECODER);
  count_parameters (vae);
  return TRUE;
}

gboolean
limn_tiny_vae_recognise (const LimnWeights *weights,
                         LimnTinyVaeInfo   *info)
{
  LimnTinyVae vae = { 0 };
  gboolean    known = take_halves (&vae, weights, NULL) && fill_info (&vae, "weights", NULL);

  *info = vae.info;
  for (Half half = ENCODER; half <= DECODER; half++)
    limn_network_clear (&vae.networks[half]);
  return known;
}

LimnTinyVae *
limn_tiny_vae_open (LimnEngine *engine,
                    const char *path,
                    GError    **error)
{
  g_autoptr (LimnTinyVae) vae = g_new0 (LimnTinyVae, 1);

  if (!read_halves (vae, path, error) || !fill_info (vae, path, error))
    return NULL;
  for (Half half = ENCODER; half <= DECODER; half++)
    {
      vae->networks[half].engine = engine;
      vae->networks[half].facts = &vae->facts[half];
    }
  vae->networks[ENCODER].build = build_encoder;
  vae->networks[ENCODER].what = "latent of the tiny autoencoder";
  vae->networks[DECODER].build = build_decoder;
  vae->networks[DECODER].what = "picture of the tiny autoencoder";
  return g_steal_pointer (&vae);
}

void
limn_tiny_vae_free (LimnTinyVae *vae)
{
  if (vae == NULL)
    return;
  for (Half half = ENCODER; half <= DECODER; half++)
    limn_network_clear (&vae->networks[half]);
  g_free (vae);
}

const LimnTinyVaeInfo *
limn_tiny_vae_info (const LimnTinyVae *vae)
{
  return &vae->info;
}

static LimnArray *
run_half (LimnTinyVae     *vae,
          Half             half,
          const LimnArray *x,
          int              channels,
          int              most,
          GError         **error)
{
  LimnShape shape = x->shape;

  if (!has_half (vae, half))
    limn_argument_error (error, "this tiny autoencoder has no %s: take the file or the folder that has it", half_names[half]);
  else if (shape.n < 1 || shape.h < 1 || shape.w < 1 || shape.h > most || shape.w > most || shape.c != channels)
    limn_argument_error (error, "%d × %d × %d × %d: this tiny %s takes %d channels and up to %d × %d places",
                         shape.n, shape.h, shape.w, shape.c, half_names[half], channels, most, most);
  else
    return limn_network_run (&vae->networks[half], x, error);
  return NULL;
}

LimnArray *
limn_tiny_vae_encode (LimnTinyVae     *vae,
                      const LimnArray *picture,
                      GError         **error)
{
  return run_half (vae, ENCODER, picture, 3, MAX_SIDE, error);
}

LimnArray *
limn_tiny_vae_decode (LimnTinyVae     *vae,
                      const LimnArray *latent,
                      GError         **error)
{
  return run_half (vae, DECODER, latent, vae->info.latent_channels, MAX_SIDE / vae->info.latent_factor, error);
}
