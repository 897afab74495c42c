/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite behind store/engine.h. Reading is done where it is asked for, on a
 * connection of that thread's own: a look-up takes microseconds, less than
 * handing it over would. Writing goes to the writer.
 */
#include "store/engine.h"

#include "base/mem.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/file.h"
#include "store/sqlite/writer.h"

#include <pthread.h>

/* Eight loops and the main thread. */
#define SEATS_MAX ((size_t)9)

/* A thread, and the connection it reads with. */
struct seat {
    pthread_t thread;
    struct sqlite_connection connection;
};

struct sqlite_state {
    struct store *store;
    struct slice path; /* in the store's arena */
    struct sqlite_writer *writer;
    struct sqlite_outage reads;
    pthread_mutex_t lock;
    _Atomic size_t seat_count; /* seats are filled, then counted */
    struct seat seats[SEATS_MAX];
};

struct store_direct {
    struct sqlite_connection connection;
    struct sqlite_outage outage;
};

static void configure(void)
{
    /* One lock fewer that all threads share at each allocation. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum status open_state(struct sqlite_state *state,
                              const struct store_settings *settings,
                              struct arena *arena, struct slice *why)
{
    struct slice path;

    TRY(sqlite_file_prepare(settings->url, arena, why, &path));
    TRY(slice_dup(&state->store->arena, path, &state->path));
    return sqlite_writer_new(state->store, state->path, arena, why,
                             &state->writer);
}

static enum status engine_open(struct store *store,
                               const struct store_settings *settings,
                               struct arena *arena, struct slice *why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct sqlite_state *state = mem_alloc(sizeof(*state));
    enum status status;

    TRY_ALLOC(state);
    (void)pthread_once(&once, configure);
    state->store = store;
    pthread_mutex_init(&state->lock, NULL);
    status = open_state(state, settings, arena, why);
    if (status != STATUS_OK) {
        pthread_mutex_destroy(&state->lock);
        mem_free(state);
        return status;
    }
    store->state = state;
    return STATUS_OK;
}

static void engine_close(struct store *store)
{
    struct sqlite_state *state = store->state;

    for (size_t i = 0; i < atomic_load(&state->seat_count); i++) {
        sqlite_connection_close(&state->seats[i].connection);
    }
    /* Last: whoever closes the file last empties the log. */
    sqlite_writer_free(state->writer);
    pthread_mutex_destroy(&state->lock);
    mem_free(state);
}

static struct seat *find_seat(struct sqlite_state *state)
{
    size_t count =
        atomic_load_explicit(&state->seat_count, memory_order_acquire);
    pthread_t self = pthread_self();

    for (size_t i = 0; i < count; i++) {
        if (pthread_equal(state->seats[i].thread, self)) {
            return &state->seats[i];
        }
    }
    return NULL;
}

/* Under the lock. */
static enum status fill_seat(struct sqlite_state *state, struct arena *arena,
                             struct seat **out)
{
    size_t count = atomic_load(&state->seat_count);
    struct seat *seat = &state->seats[count];
    struct slice why = SLICE_EMPTY;
    enum status status;

    if (count == SEATS_MAX) {
        return STATUS_INTERNAL;
    }
    seat->thread = pthread_self();
    seat->connection.outage = &state->reads;
    seat->connection.timeout_ms = state->store->timeout_ms;
    status = sqlite_connection_open(&seat->connection, state->path.ptr,
                                    ROLE_READER, arena, &why);
    if (status != STATUS_OK) {
        sqlite_outage_log(&state->reads, TROUBLE_IO, SLICE("open for reading"),
                          why);
        sqlite_connection_close(&seat->connection);
        return status;
    }
    atomic_store_explicit(&state->seat_count, count + 1, memory_order_release);
    *out = seat;
    return STATUS_OK;
}

static enum status take_seat(struct sqlite_state *state, struct arena *arena,
                             struct seat **out)
{
    enum status status;

    *out = find_seat(state);
    if (*out != NULL) {
        return STATUS_OK;
    }
    pthread_mutex_lock(&state->lock);
    status = fill_seat(state, arena, out);
    pthread_mutex_unlock(&state->lock);
    return status;
}

static enum status engine_read(struct store *store,
                               const struct statement *statement,
                               struct arena *arena, struct rows *out)
{
    struct sqlite_call call = {store_query(store, statement), statement->params,
                               statement->param_count};
    struct seat *seat;

    TRY(take_seat(store->state, arena, &seat));
    if (!store_next_may_run(store)) {
        return STATUS_UNAVAILABLE;
    }
    return sqlite_run(&seat->connection, &call, arena, out);
}

static enum status engine_write(struct store *store,
                                const struct statement *statements,
                                size_t count, struct arena *arena,
                                struct rows *out)
{
    struct sqlite_state *state = store->state;

    return sqlite_writer_run(state->writer, statements, count, arena, out);
}

static enum store_state engine_state(const struct store *store)
{
    const struct sqlite_state *state = store->state;

    return sqlite_writer_has_stopped(state->writer) ? STORE_AWAY : STORE_READY;
}

static void direct_close(struct store_direct *direct)
{
    sqlite_connection_close(&direct->connection);
    mem_free(direct);
}

static enum status direct_open(struct store *store, struct arena *arena,
                               struct slice *why, struct store_direct **out)
{
    const struct sqlite_state *state = store->state;
    struct store_direct *direct = mem_alloc(sizeof(*direct));
    enum status status;

    TRY_ALLOC(direct);
    direct->connection.outage = &direct->outage;
    direct->connection.timeout_ms = store->timeout_ms;
    status = sqlite_connection_open(&direct->connection, state->path.ptr,
                                    ROLE_DIRECT, arena, why);
    if (status != STATUS_OK) {
        direct_close(direct);
        return status;
    }
    *out = direct;
    return STATUS_OK;
}

static enum status direct_run(struct store_direct *direct, struct slice sql,
                              struct arena *arena, struct rows *rows,
                              struct slice *why)
{
    return sqlite_run_script(&direct->connection, sql, arena, rows, why);
}

const struct store_engine store_sqlite = {
    .dialect = QUERY_SQLITE,
    .open = engine_open,
    .close = engine_close,
    .read = engine_read,
    .write = engine_write,
    .state = engine_state,
    .direct_open = direct_open,
    .direct_close = direct_close,
    .direct_run = direct_run,
};
