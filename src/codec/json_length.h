/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a JSON object ends, told by its braces and strings alone: so that a
 * long file of objects can be read one at a time. Whether it is JSON is for
 * json_parse to say.
 */
#ifndef CODEC_JSON_LENGTH_H
#define CODEC_JSON_LENGTH_H

#include "base/slice.h"

/*
 * The bytes of the object that `text` begins with; 0 when it ends before the
 * object does, or begins with something else.
 */
size_t json_object_length(struct slice text);

#endif
