/* What the tests of whole networks share: random weights in a file, and the same layers as loops in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/tensor.h"

/* One picture or feature map, channels-last. */
typedef struct
{
  int     h, w, c;
  double *data;
} NaiveImage;

NaiveImage *naive_image_new (int h,
                             int w,
                             int c);
NaiveImage *naive_image_copy (const NaiveImage *image);
void        naive_image_free (NaiveImage *image);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaiveImage, naive_image_free)

static inline double *
naive_at (const NaiveImage *image,
          int               y,
          int               x,
          int               c)
{
  return image->data + ((gsize) y * image->w + x) * image->c + c;
}

/* (transfer full): numbers evenly in @low … @high. */
LimnArray *network_test_random (LimnShape shape,
                                guint32   seed,
                                double    low,
                                double    high);

/* A network's tensors. */
typedef struct _NetworkTest NetworkTest;

NetworkTest *network_test_new (guint32 seed);
void         network_test_free (NetworkTest *network);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NetworkTest, network_test_free)

/* @name.weight [out, in, kernel, kernel] and, if @bias, @name.bias [out]: activations keep their size through such a layer. */
void network_test_add_conv (NetworkTest *network,
                            const char  *name,
                            int          out,
                            int          in,
                            int          kernel,
                            gboolean     bias);
void network_test_add_vector (NetworkTest *network,
                              const char  *name,
                              int          n);
void network_test_remove (NetworkTest *network,
                          const char  *name);

/* The numbers of the tensor @name, owned by @network. */
const float *network_test_values (const NetworkTest *network,
                                  const char        *name);

/* (transfer full) (nullable): what a tensor is called in the file; NULL leaves it out */
typedef char *(*NetworkTestSpell) (const char *name);

/* (transfer full): path of a file in @folder; @spell is nullable */
char *network_test_write (const NetworkTest *network,
                          const char        *folder,
                          const char        *file,
                          NetworkTestSpell   spell);

/* (transfer full): the layers of a network, zeros around the picture; @name.bias may be missing */
NaiveImage *naive_conv (const NetworkTest *network,
                        const char        *name,
                        const NaiveImage  *x,
                        int                stride);
NaiveImage *naive_repeat (const NaiveImage *x,
                          int               times);
NaiveImage *naive_concat (const NaiveImage *a,
                          const NaiveImage *b);

/* PyTorch's pixel_unshuffle and pixel_shuffle. */
NaiveImage *naive_unshuffle (const NaiveImage *x,
                             int               side);
NaiveImage *naive_shuffle (const NaiveImage *x,
                           int               side);

/* In place: x < 0 becomes slope · x; a ← a · scale + b */
void naive_rectify (NaiveImage *x,
                    double      slope);
void naive_scale_add (NaiveImage       *a,
                      double            scale,
                      const NaiveImage *b);

/* (transfer full): one sample of @array */
NaiveImage *naive_from_array (const LimnArray *array,
                              int              sample);

/* NMSE of one sample of @got, whose upper left corner @want has at least. */
double naive_nmse (const LimnArray  *got,
                   int               sample,
                   const NaiveImage *want);
