/* Samplers and schedules under the names that other programs give them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sampler-names.h"

#include <string.h>

#include "engine/engine.h"

#define MAX_NAME 64

/* Spellings that are neither id nor label, as normalise() makes them. */
typedef struct
{
  const char *spelling, *id;
} Alias;

static const Alias sampler_aliases[] = {
  { "eulerancestral", "euler_a" },
  { "dpm2ancestral", "dpm2_a" },
  { "dpmpp2sancestral", "dpmpp_2s_a" },
  { "dpmppsdegpu", "dpmpp_sde" },
  { "dpmpp2msdegpu", "dpmpp_2m_sde" },
  { "dpmpp3msdegpu", "dpmpp_3m_sde" },
  { "pndm", "plms" },
  { "kdpm2", "dpm2" },
  { "kdpm2a", "dpm2_a" },
  { "kdpm2ancestral", "dpm2_a" },
  { "unipcbh2", "unipc" },
};

/* stable-diffusion.cpp's "discrete" and AUTOMATIC1111's "Uniform" take the model's own noise levels at even times, as "normal" does. */
static const Alias schedule_aliases[] = {
  { "discrete", "normal" },
  { "uniform", "normal" },
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

static gboolean
is_spelling (const char *name,
             const char *of)
{
  g_autofree char *normal = normalise (of);

  return g_str_equal (normal, name);
}

static const char *
find_alias (const Alias *aliases,
            gsize        n,
            const char  *name)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (aliases[i].spelling, name))
      return aliases[i].id;

  return NULL;
}

static const char *
find_sampler (const char *name)
{
  for (guint i = 0; i < limn_n_samplers; i++)
    if (is_spelling (name, limn_samplers[i].id) || is_spelling (name, limn_samplers[i].label))
      return limn_samplers[i].id;

  return find_alias (sampler_aliases, G_N_ELEMENTS (sampler_aliases), name);
}

static const char *
find_schedule (const char *name)
{
  for (guint i = 0; i < limn_n_schedules; i++)
    if (is_spelling (name, limn_schedules[i].id) || is_spelling (name, limn_schedules[i].label))
      return limn_schedules[i].id;

  return find_alias (schedule_aliases, G_N_ELEMENTS (schedule_aliases), name);
}

void
limn_sampler_names_parse (const char  *text,
                          const char **sampler,
                          const char **schedule)
{
  g_autofree char *name = normalise (text);

  *schedule = NULL;
  *sampler = find_sampler (name);

  /* Else the schedule may stand at the end; the shortest sampler before one wins. */
  for (gsize split = 1; *sampler == NULL && split < strlen (name) && strlen (name) < MAX_NAME;
       split++)
    {
      g_autofree char *first = g_strndup (name, split);

      *schedule = find_schedule (name + split);
      *sampler = *schedule != NULL ? find_sampler (first) : NULL;
    }

  if (*sampler == NULL)
    *schedule = NULL;
}

const char *
limn_sampler_names_parse_schedule (const char *text)
{
  g_autofree char *name = normalise (text);

  return find_schedule (name);
}

const char *
limn_sampler_names_label (const char *id)
{
  for (guint i = 0; i < limn_n_samplers; i++)
    if (g_str_equal (limn_samplers[i].id, id))
      return limn_samplers[i].label;

  return id;
}

const char *
limn_sampler_names_schedule_label (const char *id)
{
  for (guint i = 0; i < limn_n_schedules; i++)
    if (g_str_equal (limn_schedules[i].id, id))
      return limn_schedules[i].label;

  return id;
}
