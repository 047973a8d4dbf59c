/* Samplers and schedules under the names that other programs give them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sampler-names.h"

#include <string.h>

/* @spelling: letters and digits of the names that it goes by; the first is that of its label */
typedef struct
{
  const char *id, *label;
  const char *spellings[4];
} Name;

static const Name samplers[] = {
  { "ddim", "DDIM", { "ddim", "ddimtrailing" } },
  { "ddpm", "DDPM", { "ddpm" } },
  { "plms", "PLMS", { "plms", "pndm" } },
  { "euler", "Euler", { "euler" } },
  { "euler_a", "Euler a", { "eulera", "eulerancestral" } },
  { "heun", "Heun", { "heun" } },
  { "dpm2", "DPM2", { "dpm2" } },
  { "dpm2_a", "DPM2 a", { "dpm2a", "dpm2ancestral" } },
  { "dpmpp_2s_a", "DPM++ 2S a", { "dpmpp2sa", "dpmpp2sancestral" } },
  { "dpmpp_2m", "DPM++ 2M", { "dpmpp2m" } },
  { "dpmpp_sde", "DPM++ SDE", { "dpmppsde", "dpmppsdegpu" } },
  { "dpmpp_2m_sde", "DPM++ 2M SDE", { "dpmpp2msde", "dpmpp2msdegpu" } },
  { "dpmpp_3m_sde", "DPM++ 3M SDE", { "dpmpp3msde", "dpmpp3msdegpu" } },
  { "unipc", "UniPC", { "unipc" } },
  { "lcm", "LCM", { "lcm" } },
  { "flow", "flow-match Euler", { "flowmatcheuler", "flow" } },
};

/* stable-diffusion.cpp's "discrete" and AUTOMATIC1111's "Uniform" take the model's own noise levels at even times, as "normal" does. */
static const Name schedules[] = {
  { "normal", "Normal", { "normal", "discrete", "uniform" } },
  { "karras", "Karras", { "karras" } },
  { "exponential", "Exponential", { "exponential" } },
  { "sgm_uniform", "SGM Uniform", { "sgmuniform" } },
  { "simple", "Simple", { "simple" } },
  { "beta", "Beta", { "beta" } },
  { "ddim_uniform", "DDIM", { "ddimuniform", "ddim" } },
};

/* "DPM++ 2M" → "dpmpp2m" */
static char *
normalise (const char *text)
{
  GString *name = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_isalnum (*c))
      g_string_append_c (name, g_ascii_tolower (*c));
    else if (*c == '+')
      g_string_append_c (name, 'p');

  return g_string_free (name, FALSE);
}

static const char *
find_spelling (const Name *names,
               gsize       n,
               const char *spelling)
{
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (names[i].spellings) && names[i].spellings[j] != NULL; j++)
      if (g_str_equal (names[i].spellings[j], spelling))
        return names[i].id;

  return NULL;
}

static const char *
find_label (const Name *names,
            gsize       n,
            const char *id)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (names[i].id, id))
      return names[i].label;

  return id;
}

/* Takes the schedule off the end of a sampler's name, if what is left is a sampler. */
static gboolean
split (const char  *name,
       const Name  *schedule,
       const char **sampler)
{
  for (gsize j = 0; j < G_N_ELEMENTS (schedule->spellings) && schedule->spellings[j] != NULL; j++)
    if (g_str_has_suffix (name, schedule->spellings[j]))
      {
        g_autofree char *rest = g_strndup (name, strlen (name) - strlen (schedule->spellings[j]));

        *sampler = find_spelling (samplers, G_N_ELEMENTS (samplers), rest);
        if (*sampler != NULL)
          return TRUE;
      }

  return FALSE;
}

void
limn_sampler_names_parse (const char  *text,
                          const char **sampler,
                          const char **schedule)
{
  g_autofree char *name = normalise (text);

  *schedule = NULL;
  *sampler = find_spelling (samplers, G_N_ELEMENTS (samplers), name);

  for (gsize i = 0; *sampler == NULL && i < G_N_ELEMENTS (schedules); i++)
    if (split (name, &schedules[i], sampler))
      *schedule = schedules[i].id;
}

const char *
limn_sampler_names_parse_schedule (const char *text)
{
  g_autofree char *name = normalise (text);

  return find_spelling (schedules, G_N_ELEMENTS (schedules), name);
}

const char *
limn_sampler_names_label (const char *id)
{
  return find_label (samplers, G_N_ELEMENTS (samplers), id);
}

const char *
limn_sampler_names_schedule_label (const char *id)
{
  return find_label (schedules, G_N_ELEMENTS (schedules), id);
}
