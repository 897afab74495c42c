/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From settings to the things they are about. Nothing here keeps state: a
 * reload assembles anew.
 */
#ifndef APP_ASSEMBLE_H
#define APP_ASSEMBLE_H

#include "api/api.h"
#include "app/config.h"
#include "http/server.h"

/*
 * `port` is the one listened on, which PORT may have left to the system. On
 * failure *why, from the arena, is one line for the operator.
 */
MUST_USE enum status assemble_rules(const struct config *config, uint16_t port,
                                    struct arena *arena, struct slice *why,
                                    struct http_rules **out);

/* What handlers lean on: the hash pool and the outbound client. */
MUST_USE enum status assemble_services(const struct config *config,
                                       struct api *api);
void assemble_services_release(struct api *api);

/* How many loops, when the setting leaves it open. */
size_t assemble_loops(const struct config *config);

/* What one of `loops` may hold and wait for; raises the file limit. */
struct http_limits assemble_limits(const struct config *config, size_t loops,
                                   const struct http_rules *rules);

#endif
