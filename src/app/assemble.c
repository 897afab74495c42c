/* SPDX-License-Identifier: Apache-2.0 */
#include "app/assemble.h"

#include "app/external.h"
#include "app/site_open.h"
#include "app/start_page.h"
#include "net/client.h"
#include "net/hash_pool.h"

#include <sched.h>
#include <sys/resource.h>

/*
 * Descriptors the server itself needs beside connections and files: standard
 * streams, the control thread and a few outbound requests; and for each loop
 * its epoll, its bell, its listener and a spare. What goes beyond is answered
 * by the listeners' spare descriptors.
 */
#define OWN_DESCRIPTORS  ((size_t)16)
#define LOOP_DESCRIPTORS ((size_t)6)
#define LOOPS_MAX        ((size_t)8)
/* A crowd comes in waves; after this long its memory is given back. */
#define HASH_IDLE_MS 10000

/* The public URL has been read already: what is wrong is in the list. */
static enum status make_origins(struct http_rules *rules,
                                const struct config *config, uint16_t port,
                                struct arena *arena, struct slice *why)
{
    const struct config_pair *list = &config->origins[SETTING_FRONTEND_URL];
    struct slice problem = SLICE_EMPTY;
    struct origin_settings origins;
    enum status status;

    TRY(external_origins(config, port, arena, &origins));
    status =
        origin_rules_make(&rules->arena, &origins, &problem, &rules->origins);
    if (status != STATUS_OK) {
        TRY(arena_format(arena, why, "%.*s: FRONTEND_URL: %.*s",
                         SLICE_ARG(list->where), SLICE_ARG(problem)));
    }
    return status;
}

static enum status fill(struct http_rules *rules, const struct config *config,
                        uint16_t port, struct arena *arena, struct slice *why)
{
    struct slice proxies = config->origins[SETTING_TRUSTED_PROXIES].value;

    TRY(router_init(&rules->router, &rules->arena, api_routes,
                    api_route_count));
    TRY(make_origins(rules, config, port, arena, why));
    TRY(network_list_parse(&rules->arena, proxies, why,
                           &rules->trusted_proxies));
    rules->https =
        slice_starts_with(external_public_url(config), SLICE("https://"));
    rules->home = start_page;
    return site_open(config, arena, why, &rules->site);
}

enum status assemble_rules(const struct config *config, uint16_t port,
                           struct arena *arena, struct slice *why,
                           struct http_rules **out)
{
    struct http_rules *rules = http_rules_new();
    enum status status;

    TRY_ALLOC(rules);
    status = fill(rules, config, port, arena, why);
    if (status != STATUS_OK) {
        http_rules_release(rules);
        return status;
    }
    *out = rules;
    return STATUS_OK;
}

/* Those this process may use, which in a container are not all there are. */
static size_t core_count(void)
{
    cpu_set_t cpus;

    return sched_getaffinity(0, sizeof(cpus), &cpus) == 0
               ? (size_t)CPU_COUNT(&cpus)
               : 1;
}

static size_t hash_threads(const struct config *config)
{
    size_t cores = core_count();

    if (config->HASH_THREADS > 0) {
        return (size_t)config->HASH_THREADS;
    }
    return cores > 1 ? cores - 1 : 1;
}

enum status assemble_services(const struct config *config, struct api *api)
{
    struct client_options outbound = {0};
    struct hash_pool_options hashing = {
        .threads = hash_threads(config),
        .queue_limit = hash_threads(config) * (size_t)config->HASH_QUEUE,
        .scrypt = scrypt_options_default(),
        .idle_ms = HASH_IDLE_MS,
    };

    TRY(scrypt_self_test());
    TRY(hash_pool_new(&hashing, &api->hashes));
    return client_new(&outbound, &api->client);
}

void assemble_services_release(struct api *api)
{
    if (api->client != NULL) {
        client_free(api->client);
    }
    hash_pool_free(api->hashes);
}

size_t assemble_loops(const struct config *config)
{
    size_t cores = core_count();

    if (config->LOOPS > 0) {
        return (size_t)config->LOOPS;
    }
    return cores < LOOPS_MAX ? cores : LOOPS_MAX;
}

/* The soft limit is for programs that use select(); this one does not. */
static size_t raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) {
        return 1024;
    }
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    return (size_t)limit.rlim_cur;
}

struct http_limits assemble_limits(const struct config *config, size_t loops,
                                   const struct http_rules *rules)
{
    size_t files = raise_file_limit();
    size_t taken = OWN_DESCRIPTORS + loops * LOOP_DESCRIPTORS +
                   (rules->site == NULL ? 0 : rules->site->descriptor_count);
    size_t room = files > taken + 1 ? files - taken : 1;

    if (config->MAX_CONNECTIONS > 0 && (size_t)config->MAX_CONNECTIONS < room) {
        room = (size_t)config->MAX_CONNECTIONS;
    }
    return (struct http_limits){
        .head_bytes = (size_t)config->MAX_HEAD,
        .head_ms = config->HEAD_TIMEOUT,
        .body_ms = config->BODY_TIMEOUT,
        .write_ms = config->WRITE_TIMEOUT,
        .idle_ms = config->IDLE_TIMEOUT,
        .heartbeat_ms = config->SSE_HEARTBEAT,
        .connections = (room + loops - 1) / loops,
    };
}
