/* A network of one input and one output, planned for the size that is asked for: upscalers, the tiny autoencoder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/network.h"

void
limn_network_clear (LimnNetwork *network)
{
  g_clear_pointer (&network->plan, limn_plan_free);
  g_clear_pointer (&network->weights, limn_weights_unref);
}

static LimnPlan *
make_plan (const LimnNetwork *network,
           LimnShape          shape,
           GError           **error)
{
  LimnGraph  *graph;
  LimnScope   scope;
  LimnTensor *x;
  LimnPlan   *plan;

  if (!limn_weights_check (network->weights, error))
    return NULL;

  graph = limn_graph_new (network->type);
  scope = limn_scope_root (graph, network->weights);
  x = limn_graph_input (graph, "x", shape, LIMN_F32);
  limn_graph_output (graph, "y", network->build (&scope, network->facts, x));
  plan = limn_plan_new (graph, network->backend, error);
  if (plan == NULL)
    g_prefix_error (error, "%s: ", network->what);
  else
    limn_weights_release_all_pages (network->weights); /* packed now, read again if another plan is made */
  return plan;
}

static LimnArray *
run_once (LimnNetwork     *network,
          const LimnArray *x,
          GError         **error)
{
  g_autoptr (LimnArray) y = NULL;

  if (network->plan == NULL || !limn_shape_equal (network->shape, x->shape))
    {
      LimnPlan *plan = make_plan (network, x->shape, error); /* takes over the weights that the last one has packed */

      if (plan == NULL)
        return NULL;
      g_clear_pointer (&network->plan, limn_plan_free);
      network->plan = plan;
      network->shape = x->shape;
    }
  limn_plan_write (network->plan, "x", x->data);
  if (!limn_plan_run (network->plan, error))
    return NULL;
  y = limn_plan_read (network->plan, "y");
  return limn_check_finite (y, network->what, error) ? g_steal_pointer (&y) : NULL;
}

LimnArray *
limn_network_run (LimnNetwork     *network,
                  const LimnArray *x,
                  GError         **error)
{
  g_autoptr (GError) why = NULL;
  LimnArray *y;

  if (network->backend == NULL)
    {
      network->backend = network->engine->backend;
      network->type = network->engine->type;
    }
  while ((y = run_once (network, x, &why)) == NULL)
    {
      if (!limn_engine_recover (network->engine, &network->backend, &network->type, &why))
        {
          g_propagate_error (error, g_steal_pointer (&why));
          return NULL;
        }
      g_clear_pointer (&network->plan, limn_plan_free);
    }
  return y;
}
