/* XMP packets: says in a picture, as the press agreed on it, that and how it was made by a machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where Limn's own settings stand; docs/pictures.md tells what is in them. */
#define LIMN_XMP_NAMESPACE "https://limn.app/ns/1.0/"
#define LIMN_XMP_REQUEST "limn:Request"

/* How a picture came about; terms of IPTC's list of digital source types. */
typedef enum
{
  LIMN_XMP_MADE,     /* trainedAlgorithmicMedia */
  LIMN_XMP_COMPOSITE /* compositeWithTrainedAlgorithmicMedia: parts of another picture are in it */
} LimnXmpSource;

/**
 * LimnXmp:
 * @source: how it came about
 * @description: (nullable): the prompt
 * @system: (nullable): name of the model
 * @creator: (nullable): who made it
 * @tool, @version: this program
 */
typedef struct
{
  LimnXmpSource source;
  const char   *description, *system, *creator, *tool, *version;
} LimnXmp;

/**
 * limn_xmp_format:
 *
 * Characters that XML cannot hold are replaced by U+FFFD.
 *
 * XMP: ISO 16684-1; IPTC Photo Metadata Standard 2025.1; http://cv.iptc.org/newscodes/digitalsourcetype/
 *
 * Returns: (transfer full): a packet, for the iTXt chunk "XML:com.adobe.xmp"
 */
char *limn_xmp_format (const LimnXmp *xmp);

/**
 * limn_xmp_add:
 * @packet: of any program
 * @property: with its prefix, as "limn:Request"; @space: what the prefix stands for
 *
 * Returns: (transfer full): the packet with one property more; as it was if it is none
 */
char *limn_xmp_add (const char *packet,
                    const char *property,
                    const char *space,
                    const char *value);

/**
 * limn_xmp_find:
 * @packet: of any program, may be hostile
 * @property: with the prefix that it usually has
 *
 * Finds it as an element, of a list the first member, or as an attribute.
 *
 * Returns: (transfer full) (nullable): its value
 */
char *limn_xmp_find (const char *packet,
                     const char *property);

G_END_DECLS
