/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file's name says about it: its media type, and whether a browser may
 * keep it for ever. Never looks inside the file.
 */
#ifndef HTTP_SITE_TYPE_H
#define HTTP_SITE_TYPE_H

#include "base/slice.h"

/* For Content-Type; "application/octet-stream" for what is not known. */
struct slice site_type(struct slice path);

/*
 * True for the files whose name Docusaurus makes from their content:
 * /assets/js/NAME.HASH8.js, /assets/css/NAME.HASH8.css and
 * /assets/KIND/NAME-HASH32.EXT. Only these change name when they change. The
 * path is the one within the locale, each of which is built as a site of its
 * own.
 */
bool site_type_is_immutable(struct slice path);

#endif
