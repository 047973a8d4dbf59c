/* What normalisations by row share: how rows fall to workgroups, learnt vectors, activations after them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/norm.h"

#define SOFTWARE_ROWS 32
#define MAX_LANES 64
#define GROUPS_SIDE 32768

gboolean
limn_vulkan_vectors_prepare (LimnVulkanTask *task,
                             GError        **error)
{
  const LimnNode    *node = task->node;
  LimnVulkanVectors *vectors = g_new0 (LimnVulkanVectors, 1);
  LimnVulkanPack   **packs[] = { &vectors->weight, &vectors->bias };

  task->state = vectors;
  for (int i = 0; i < LIMN_MAX_NODE_WEIGHTS; i++)
    {
      if (node->weights[i] == NULL)
        continue;
      *packs[i] = limn_vulkan_pack_plain (task->vulkan, node->weights[i], LIMN_F32, node->weights[i]->n_elements, error);
      if (*packs[i] == NULL)
        {
          limn_vulkan_vectors_clear (task);
          return FALSE;
        }
    }
  return TRUE;
}

void
limn_vulkan_vectors_clear (LimnVulkanTask *task)
{
  LimnVulkanVectors *vectors = task->state;

  if (vectors == NULL)
    return;
  limn_vulkan_pack_release (task->vulkan, vectors->weight);
  limn_vulkan_pack_release (task->vulkan, vectors->bias);
  g_free (vectors);
  task->state = NULL;
}

/* A software device wants a row an invocation, a graphics card its neighbours at neighbouring channels. */
void
limn_vulkan_share_rows (const LimnVulkanTask *task,
                        gsize                 rows,
                        gsize                 channels,
                        LimnVulkanDispatch   *dispatch)
{
  gboolean software = limn_vulkan_limits (task->vulkan)->software;
  guint32  lanes = 1, per_group = SOFTWARE_ROWS;
  gsize    groups;

  while (!software && lanes < MAX_LANES && lanes < channels)
    lanes *= 2;
  if (lanes > 1)
    per_group = 1;
  dispatch->constants[0] = lanes;
  dispatch->constants[1] = per_group;
  dispatch->n_constants = 2;
  groups = (rows + per_group - 1) / per_group;
  dispatch->groups[0] = (guint32) MIN (groups, GROUPS_SIDE);
  dispatch->groups[1] = (guint32) ((groups + GROUPS_SIDE - 1) / GROUPS_SIDE);
  dispatch->groups[2] = 1;
}

void
limn_vulkan_list_activations (const LimnNode *node,
                              guint32         activations[LIMN_MAX_EPILOGUES])
{
  int n = 0;

  for (int i = 0; i < node->n_epilogues; i++)
    if (node->epilogues[i].kind == LIMN_EPILOGUE_ACTIVATION)
      activations[n++] = 1 + (guint32) node->epilogues[i].activation;
}
