/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The endpoints as their description needs them: the rows of routes.def and
 * the inputs they name, so that neither the document nor the page can say
 * what the server does not do.
 */
#ifndef API_BETTER_AUTH_OPEN_API_TABLE_H
#define API_BETTER_AUTH_OPEN_API_TABLE_H

#include "api/better_auth/visit.h"

struct described {
    struct slice method; /* "POST" */
    struct slice path;   /* below /api/auth; a star at the end for a token */
    struct endpoint endpoint;
};

extern const struct described open_api_table[];
extern const size_t open_api_count;

/* Whether this server answers it: its plugin is on, its path not disabled. */
bool open_api_shows(const struct visit *visit, const struct described *row);

/* "Admin" and the like: whom the endpoint is of. */
struct slice open_api_tag(enum visit_plugin plugin);

/* The fields of an input, of which the last has an empty name. */
size_t open_api_field_count(const struct input *input);

/* "components": what answers are made of. */
void open_api_write_components(const struct visit *visit,
                               struct json_writer *json);

#endif
