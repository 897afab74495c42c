/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TCP relay, in a thread, that hands on every byte some time later: a
 * database that is far away. One way takes half of it.
 */
#ifndef TESTS_UNIT_STORE_POSTGRES_RELAY_H
#define TESTS_UNIT_STORE_POSTGRES_RELAY_H

#include <pthread.h>
#include <stdint.h>

#define RELAY_STREAMS 32 /* two for each connection */

struct relay_chunk;

struct relay_stream {
    int from;
    int to;
    struct relay_chunk *first; /* on its way */
    struct relay_chunk *last;
};

struct postgres_relay {
    int port;
    int target; /* port of the loopback */
    int64_t one_way_ms;
    int listener;
    int count;
    struct relay_stream streams[RELAY_STREAMS];
    _Atomic int stopping;
    pthread_t thread;
};

void postgres_relay_start(struct postgres_relay *relay, int target,
                          int64_t round_trip_ms);
void postgres_relay_stop(struct postgres_relay *relay);

#endif
