/* Generations that were interrupted: saved between two steps, as bytes, and gone on with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

#include <math.h>

#define MAGIC 0x734e4d4c /* "LMNs" */
#define VERSION 1
#define MAX_DRAWS 100000

/* What bytes begin with, little-endian; floats follow. */
typedef struct
{
  guint32 magic, version;
  gint32  step, steps, draws, remembered, h, w, c;
} Header;

void
limn_saved_free (LimnSaved *saved)
{
  if (saved == NULL)
    return;
  limn_array_free (saved->latents);
  g_free (saved);
}

LimnSaved *
limn_progress_save (const LimnProgress *progress)
{
  const LimnStanding *standing = progress->standing;
  LimnSamplerPoint    point;
  LimnSaved          *saved;
  LimnShape           shape;

  if (standing == NULL)
    return NULL;

  limn_sampler_step_save (standing->step, &point);
  shape = standing->shape;
  shape.n = point.remembered + 2;
  saved = g_new (LimnSaved, 1);
  *saved = (LimnSaved){ .step = point.step, .steps = standing->step->steps, .draws = standing->draws, .remembered = point.remembered };
  saved->latents = limn_array_new (shape);
  memcpy (saved->latents->data, point.numbers, limn_shape_elements (shape) * sizeof (float));
  g_free (point.numbers);
  return saved;
}

/* Swaps each 32-bit word on machines that are big-endian. */
static void
to_little_endian (guint32 *words,
                  gsize    n)
{
  for (gsize i = 0; i < n; i++)
    words[i] = GUINT32_TO_LE (words[i]);
}

GBytes *
limn_saved_to_bytes (const LimnSaved *saved)
{
  LimnShape shape = saved->latents->shape;
  gsize     numbers = limn_shape_elements (shape) * sizeof (float), size = sizeof (Header) + numbers;
  Header    header = { MAGIC, VERSION, saved->step, saved->steps, saved->draws, saved->remembered, shape.h, shape.w, shape.c };
  guint8   *bytes = g_malloc (size);

  memcpy (bytes, &header, sizeof header);
  memcpy (bytes + sizeof header, saved->latents->data, numbers);
  to_little_endian ((guint32 *) (gpointer) bytes, size / sizeof (guint32));
  return g_bytes_new_take (bytes, size);
}

static gboolean
check_header (const Header *header,
              gsize         size)
{
  guint64 numbers;

  if (header->magic != MAGIC || header->version != VERSION)
    return FALSE;
  if (header->step < 1 || header->steps < header->step || header->draws < 0 || header->draws > MAX_DRAWS)
    return FALSE;
  if (header->remembered < 0 || header->remembered > header->step || header->remembered > 64)
    return FALSE;
  if (header->h < 1 || header->w < 1 || header->c < 1 || header->h > 65535 || header->w > 65535 || header->c > 1024)
    return FALSE;

  numbers = (guint64) header->h * header->w * header->c * (header->remembered + 2);
  return numbers <= G_MAXINT32 && size == sizeof *header + numbers * sizeof (float);
}

static gboolean
is_finite (const LimnArray *array)
{
  for (gsize i = 0; i < limn_shape_elements (array->shape); i++)
    if (!isfinite (array->data[i]))
      return FALSE;
  return TRUE;
}

LimnSaved *
limn_saved_from_bytes (GBytes  *bytes,
                       GError **error)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Header        header = { 0 };
  g_autoptr (LimnSaved) saved = g_new0 (LimnSaved, 1);

  if (size >= sizeof header)
    memcpy (&header, data, sizeof header);
  to_little_endian ((guint32 *) (gpointer) &header, sizeof header / sizeof (guint32));
  if (!check_header (&header, size))
    return limn_argument_error (error, "what was saved of the job cannot be read: begin it anew"), NULL;

  *saved = (LimnSaved){ .step = header.step, .steps = header.steps, .draws = header.draws, .remembered = header.remembered };
  saved->latents = limn_array_new ((LimnShape){ header.remembered + 2, header.h, header.w, header.c });
  memcpy (saved->latents->data, data + sizeof header, size - sizeof header);
  to_little_endian ((guint32 *) (gpointer) saved->latents->data, limn_shape_elements (saved->latents->shape));
  if (!is_finite (saved->latents))
    return limn_argument_error (error, "what was saved of the job is damaged: begin it anew"), NULL;
  return g_steal_pointer (&saved);
}

gboolean
limn_saved_check (const LimnSaved *saved,
                  LimnShape        shape,
                  int              steps,
                  GError         **error)
{
  LimnShape of = saved->latents->shape;

  if (of.h == shape.h && of.w == shape.w && of.c == shape.c && saved->steps == steps && saved->step <= steps)
    return TRUE;
  return limn_argument_error (error, "what was saved is of a run of %d steps with a latent of %d × %d × %d, but this one has %d and %d × %d × %d: begin it anew",
                              saved->steps, of.h, of.w, of.c, steps, shape.h, shape.w, shape.c);
}
