/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/desk.h"

#include "base/log.h"
#include "base/mem.h"
#include "crypto/random.h"

/* Of a lane, a loop: as many requests as its sockets have in hand at worst. */
#define LINE_MAX ((size_t)1024)
/* Of the connections, two read: two cores of the database work for a loop. */
#define READING_MAX ((size_t)2)
/* Trips on each before another is opened. */
#define SPREAD ((size_t)8)

/* Between attempts while the database is away. */
#define PAUSE_FIRST_MS 50
#define PAUSE_MOST_MS  2000

/* The first line of what libpq says; it never quotes a password. */
static void log_failure(enum log_level level, const char *event,
                        const char *why)
{
    struct slice text = slice_from_cstr(why);

    log_at(level, event,
           log_text("error", slice_head(text, slice_find(text, '\n'))));
}

static void set_state(struct postgres_desk *desk, enum store_state state,
                      const char *why)
{
    int before = atomic_exchange(&desk->postgres->state, (int)state);

    if (before == (int)state) {
        return;
    }
    if (state == STORE_AWAY) {
        log_failure(LOG_ERROR, "database_away", why);
    } else if (before == STORE_AWAY) {
        log_info("database_back");
    }
}

static struct postgres_connection *find_room(struct postgres_desk *desk,
                                             enum postgres_lane lane)
{
    struct postgres_connection *best = NULL;

    for (size_t i = 0; i < desk->count; i++) {
        struct postgres_connection *one = &desk->connections[i];

        if (one->lane == lane && postgres_connection_has_room(one) &&
            (best == NULL || one->in_flight < best->in_flight)) {
            best = one;
        }
    }
    return best;
}

static void send_waiting(struct postgres_desk *desk, enum postgres_lane lane)
{
    struct postgres_connection *connection;

    while (!list_is_empty(&desk->lines[lane]) &&
           (connection = find_room(desk, lane)) != NULL) {
        struct list *node = list_take(&desk->lines[lane]);

        desk->waiting[lane]--;
        postgres_connection_send(
            connection, CONTAINER_OF(node, struct postgres_trip, node));
    }
}

static void sync_reads(struct postgres_desk *desk)
{
    for (size_t i = 0; i < desk->count; i++) {
        postgres_connection_sync(&desk->connections[i]);
    }
}

static size_t count_phase(const struct postgres_desk *desk,
                          enum postgres_lane lane, bool opening)
{
    size_t count = 0;

    for (size_t i = 0; i < desk->count; i++) {
        enum postgres_phase phase = desk->connections[i].phase;

        count += desk->connections[i].lane == lane &&
                 (opening ? phase == POSTGRES_LOOKING_UP ||
                                phase == POSTGRES_CONNECTING
                          : phase == POSTGRES_READY);
    }
    return count;
}

/* All reading connections have enough to do for another to be worth it. */
static bool is_crowded(struct postgres_desk *desk)
{
    const struct postgres_connection *least = find_room(desk, POSTGRES_READS);

    return least != NULL && least->in_flight >= SPREAD;
}

/* How many connections of the lane should be on their way. */
static size_t count_missing(struct postgres_desk *desk, enum postgres_lane lane)
{
    if (lane == POSTGRES_WRITES) {
        return desk->waiting[lane];
    }
    return desk->waiting[lane] > 0 || is_crowded(desk) ? 1 : 0;
}

static struct postgres_connection *find_closed(struct postgres_desk *desk,
                                               enum postgres_lane lane)
{
    for (size_t i = 0; i < desk->count; i++) {
        if (desk->connections[i].lane == lane &&
            desk->connections[i].phase == POSTGRES_CLOSED) {
            return &desk->connections[i];
        }
    }
    return NULL;
}

static void open_missing(struct postgres_desk *desk, enum postgres_lane lane)
{
    size_t missing = count_missing(desk, lane);
    size_t opening = count_phase(desk, lane, true);

    while (opening < missing && desk->failures == 0) {
        struct postgres_connection *closed = find_closed(desk, lane);

        if (closed == NULL) {
            return;
        }
        postgres_connect_start(closed);
        opening++;
    }
}

/* One attempt at a time, whoever waits and whether anybody does. */
static void try_again(struct postgres_desk *desk)
{
    enum postgres_lane lane =
        desk->waiting[POSTGRES_READS] == 0 && desk->waiting[POSTGRES_WRITES] > 0
            ? POSTGRES_WRITES
            : POSTGRES_READS;
    struct postgres_connection *closed = find_closed(desk, lane);
    int64_t left = desk->retry_at_ms - loop_now(desk->loop);

    if (count_phase(desk, POSTGRES_READS, true) > 0 ||
        count_phase(desk, POSTGRES_WRITES, true) > 0) {
        return;
    }
    if (left > 0) {
        loop_timer(desk->loop, &desk->retry, left);
        return;
    }
    closed = closed != NULL ? closed : find_closed(desk, POSTGRES_WRITES);
    if (closed != NULL) {
        postgres_connect_start(closed);
    }
}

static void on_task(struct task *task)
{
    struct postgres_desk *desk = CONTAINER_OF(task, struct postgres_desk, task);

    send_waiting(desk, POSTGRES_READS);
    send_waiting(desk, POSTGRES_WRITES);
    sync_reads(desk);
    if (desk->failures > 0) {
        try_again(desk);
        return;
    }
    open_missing(desk, POSTGRES_READS);
    open_missing(desk, POSTGRES_WRITES);
}

static void on_retry(struct timer *timer)
{
    postgres_desk_look(CONTAINER_OF(timer, struct postgres_desk, retry));
}

void postgres_desk_look(struct postgres_desk *desk)
{
    if (desk->failures > 0 || is_crowded(desk) ||
        !list_is_empty(&desk->lines[POSTGRES_READS]) ||
        !list_is_empty(&desk->lines[POSTGRES_WRITES])) {
        loop_soon(desk->loop, &desk->task);
    }
}

void postgres_desk_ready(struct postgres_desk *desk)
{
    desk->failures = 0;
    postgres_desk_heard(desk);
}

void postgres_desk_heard(struct postgres_desk *desk)
{
    desk->heard_ms = loop_now(desk->loop);
    set_state(desk, STORE_READY, NULL);
}

bool postgres_desk_hears(const struct postgres_desk *desk)
{
    return desk->heard_ms != 0 && loop_now(desk->loop) - desk->heard_ms <
                                      desk->postgres->store->timeout_ms;
}

/* Half of it by chance, so that loops and replicas do not come at once. */
static int64_t pause_ms(unsigned failures)
{
    int64_t most = PAUSE_FIRST_MS;
    uint32_t chance = 0;

    for (unsigned i = 1; i < failures && most < PAUSE_MOST_MS; i++) {
        most *= 2;
    }
    most = most < PAUSE_MOST_MS ? most : PAUSE_MOST_MS;
    if (random_bytes(&chance, sizeof(chance)) != STATUS_OK) {
        return most;
    }
    return most / 2 + chance % (most / 2 + 1);
}

static bool has_any(const struct postgres_desk *desk)
{
    return count_phase(desk, POSTGRES_READS, false) > 0 ||
           count_phase(desk, POSTGRES_WRITES, false) > 0;
}

void postgres_desk_failed(struct postgres_desk *desk, const char *why)
{
    desk->failures++;
    desk->retry_at_ms = loop_now(desk->loop) + pause_ms(desk->failures);
    if (!postgres_desk_hears(desk) || !has_any(desk)) {
        set_state(desk, STORE_AWAY, why);
    } else if (desk->failures == 1) {
        log_failure(LOG_WARN, "database_connection_failed", why);
    }
}

void postgres_desk_doubt(struct postgres_desk *desk)
{
    if (desk->failures == 0) {
        desk->failures = 1;
        desk->retry_at_ms = loop_now(desk->loop);
    }
}

enum status postgres_desk_submit(struct postgres_desk *desk,
                                 struct postgres_trip *trip)
{
    struct postgres_connection *connection = trip->connection;

    if (connection == NULL && list_is_empty(&desk->lines[trip->lane])) {
        connection = find_room(desk, trip->lane);
    }
    if (connection != NULL) {
        postgres_connection_send(connection, trip);
        loop_soon(desk->loop, &desk->task);
        return STATUS_OK;
    }
    if (desk->waiting[trip->lane] >= LINE_MAX) {
        return STATUS_BUSY;
    }
    list_append(&desk->lines[trip->lane], &trip->node);
    desk->waiting[trip->lane]++;
    postgres_desk_look(desk);
    return STATUS_OK;
}

void postgres_desk_leave_line(struct postgres_desk *desk,
                              struct postgres_trip *trip)
{
    list_remove(&trip->node);
    desk->waiting[trip->lane]--;
}

static struct postgres_desk *desk_new(struct postgres *postgres,
                                      struct loop *loop)
{
    size_t count = postgres->store->connections;
    size_t reading;
    struct postgres_desk *desk;

    count = count < 2 ? 2 : count;
    reading = count <= READING_MAX ? 1 : READING_MAX;
    desk = mem_alloc(sizeof(*desk) + count * sizeof(desk->connections[0]));
    if (desk == NULL) {
        return NULL;
    }
    desk->postgres = postgres;
    desk->loop = loop;
    desk->count = count;
    task_init(&desk->task, on_task);
    timer_init(&desk->retry, on_retry);
    list_init(&desk->lines[POSTGRES_READS]);
    list_init(&desk->lines[POSTGRES_WRITES]);
    for (size_t i = 0; i < count; i++) {
        postgres_connection_init(&desk->connections[i], desk,
                                 i < reading ? POSTGRES_READS
                                             : POSTGRES_WRITES);
    }
    return desk;
}

enum status postgres_desk_get(struct postgres *postgres,
                              struct postgres_desk **out)
{
    struct loop *loop = fiber_loop(fiber_current());
    struct postgres_desk *desk = atomic_load(&postgres->desks);

    while (desk != NULL && desk->loop != loop) {
        desk = desk->next;
    }
    if (desk == NULL) {
        desk = desk_new(postgres, loop);
        TRY_ALLOC(desk);
        desk->next = atomic_load(&postgres->desks);
        while (!atomic_compare_exchange_weak(&postgres->desks, &desk->next,
                                             desk)) {
        }
    }
    *out = desk;
    return STATUS_OK;
}

void postgres_desk_free(struct postgres_desk *desk)
{
    timer_cancel(&desk->retry);
    list_remove(&desk->task.node);
    for (size_t i = 0; i < desk->count; i++) {
        postgres_connection_close(&desk->connections[i]);
    }
    mem_free(desk);
}
