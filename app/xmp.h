/* XMP packets: says in a picture, as the press agreed on it, that and how it was made by a machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a picture came about; terms of IPTC's list of digital source types. */
typedef enum
{
  LIMN_XMP_MADE,     /* trainedAlgorithmicMedia */
  LIMN_XMP_COMPOSITE /* compositeWithTrainedAlgorithmicMedia: parts of another picture are in it */
} LimnXmpSource;

/**
 * limn_xmp_format:
 * @description: the prompt
 * @system: name of the model, @tool: of this program, @version: its version
 *
 * Characters that XML cannot hold are replaced by U+FFFD.
 *
 * XMP: ISO 16684-1; IPTC Photo Metadata Standard 2025.1; http://cv.iptc.org/newscodes/digitalsourcetype/
 *
 * Returns: (transfer full): a packet, for the iTXt chunk "XML:com.adobe.xmp"
 */
char *limn_xmp_format (LimnXmpSource source,
                       const char   *description,
                       const char   *system,
                       const char   *tool,
                       const char   *version);

G_END_DECLS
