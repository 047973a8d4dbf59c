/* How much memory may be taken, and what is done where that is little.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model-private.h"

#include <unistd.h>

/* The program itself, its libraries, prompts and pictures. */
#define RESERVE ((gsize) 100 << 20)

/* Of what the system has left: other programs want to breathe, too. */
#define SHARE 0.9

gboolean
limn_parse_memory (const char *text,
                   guint64    *bytes,
                   GError    **error)
{
  static const char units[] = "KMGT";
  char             *end = NULL;
  double            number = g_ascii_strtod (text, &end), factor = 1;
  const char       *unit = *end != '\0' ? strchr (units, g_ascii_toupper (*end)) : NULL;

  if (unit != NULL)
    {
      for (const char *u = units; u <= unit; u++)
        factor *= 1000;
      end++;
    }
  if (end == text || *end != '\0' || !(number > 0 && number * factor < 1e18))
    return limn_argument_error (error, "memory \"%s\": it is a number of bytes, or one with K, M, G behind it, as in 4G", text);
  *bytes = (guint64) (number * factor);
  return TRUE;
}

/* Bytes of this process that are no pages of files. */
static gsize
own_memory (void)
{
  g_autofree char *statm = NULL;
  g_auto (GStrv) fields = NULL;
  gint64 resident, shared;

  if (!g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL))
    return 0;
  fields = g_strsplit (statm, " ", 4);
  if (g_strv_length (fields) < 4)
    return 0;
  resident = g_ascii_strtoll (fields[1], NULL, 10);
  shared = g_ascii_strtoll (fields[2], NULL, 10);
  return (gsize) MAX (0, resident - shared) * (gsize) sysconf (_SC_PAGESIZE);
}

gsize
limn_engine_room (const LimnEngine *engine)
{
  gsize taken, limit = engine->memory;

  if (limit == 0)
    return MAX (1, (gsize) (SHARE * limn_available_memory ()));
  taken = own_memory () + RESERVE;
  return limit > taken ? limit - taken : 1;
}

/* Intermediates of @part for @key; nothing is packed or placed. */
static gsize
measure (LimnModel         *model,
         LimnPart           part,
         const LimnPlanKey *key)
{
  g_autoptr (LimnGraph) graph = limn_model_graph (model, part, key, NULL);

  return graph != NULL ? limn_graph_measure (graph, model->backend).arena + LIMN_SCRATCH : 0;
}

gboolean
limn_model_make_room (LimnModel         *model,
                      LimnPart           part,
                      const LimnPlanKey *key)
{
  gsize need;

  if (model->backend != limn_cpu_backend (model->engine->cpu) || limn_model_has_plan (model, part, key))
    return TRUE;
  need = measure (model, part, key);
  for (int other = 0; other < LIMN_N_PARTS && need > limn_engine_room (model->engine); other++)
    if (other != (int) part)
      limn_model_drop_plans (model, other);
  return need <= limn_engine_room (model->engine);
}
