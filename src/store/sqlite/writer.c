/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite/writer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/sqlite/group.h"
#include "store/sqlite/tidy.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

/* A job is a few KiB, so this is a few MiB; a group takes milliseconds. */
#define QUEUE_MAX ((size_t)1024)
/* Enough to share a flush among; more would only answer later. */
#define GROUP_MAX ((size_t)128)
/* Pages in the log after which it is copied into the database: 4 MiB. */
#define LOG_PAGES 1000
/* Readers never let go of it: wait for them, writing nothing meanwhile. */
#define LOG_PAGES_MAX 16384
#define IDLE_MS       ((int64_t)1000)
/* Another process may be reading; then the log stays, or is emptied later. */
#define BRIEF_WAIT_MS ((int64_t)100)
/* After an erasure the log is emptied, and until nobody reads it tried again.
 */
#define ERASE_WITHIN_MS ((int64_t)1000)
#define ERASE_AGAIN_MS  ((int64_t)5000)

struct sqlite_writer {
    struct store *store;
    struct sqlite_connection connection;
    struct sqlite_outage outage;
    int log_pages;       /* in the log after the last commit */
    int copied_pages;    /* of them in the database too */
    int64_t erase_at_ms; /* when to empty the log; 0: no need */
    bool untidy;         /* pieces of deleted rows may be left (tidy.h) */
    _Atomic bool stopped;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work_waits;
    pthread_cond_t settled; /* for callers without a loop */
    struct list queue;
    size_t waiting;
    bool closing;
};

static struct timespec after_ms(int64_t ms)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return until;
}

/* On the loop's thread: the writer's share comes home. */
static void deliver(struct message *message)
{
    struct job *job = CONTAINER_OF(message, struct job, message);

    job->done = true;
    fiber_ref_wake(job->waiter);
    job_release(job);
}

static void answer(struct sqlite_writer *writer, struct job *job)
{
    if (job->loop != NULL && !atomic_load(&job->abandoned)) {
        job->message.deliver = deliver;
        loop_post(job->loop, &job->message);
        return;
    }
    /* Nobody, or a thread that sleeps. */
    pthread_mutex_lock(&writer->lock);
    job->done = true;
    pthread_cond_broadcast(&writer->settled);
    pthread_mutex_unlock(&writer->lock);
    job_release(job);
}

/* Under the lock. Those nobody waits for any more are not begun. */
static size_t take_group(struct sqlite_writer *writer, struct sqlite_job **jobs)
{
    size_t count = 0;
    struct list *node;

    while (count < GROUP_MAX && (node = list_take(&writer->queue)) != NULL) {
        struct job *job = CONTAINER_OF(node, struct job, node);

        writer->waiting--;
        if (atomic_load(&job->abandoned)) {
            job_release(job);
        } else {
            jobs[count++] = (struct sqlite_job *)job;
        }
    }
    return count;
}

/* False when the writer is to end; 0 jobs when there was nothing to do. */
static bool next_group(struct sqlite_writer *writer, struct sqlite_job **jobs,
                       size_t *count)
{
    struct timespec until = after_ms(IDLE_MS);
    bool idle = false;
    bool go_on;

    *count = 0;
    pthread_mutex_lock(&writer->lock);
    while (!writer->closing && !idle &&
           (*count = take_group(writer, jobs)) == 0) {
        if (writer->log_pages == writer->copied_pages &&
            writer->erase_at_ms == 0) {
            (void)pthread_cond_wait(&writer->work_waits, &writer->lock);
        } else {
            idle = pthread_cond_timedwait(&writer->work_waits, &writer->lock,
                                          &until) == ETIMEDOUT;
        }
    }
    go_on = !writer->closing || *count > 0;
    pthread_mutex_unlock(&writer->lock);
    return go_on;
}

/* The disk did not take what it was given. */
static bool is_loss(int code)
{
    return code == SQLITE_IOERR || code == SQLITE_IOERR_WRITE ||
           code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC ||
           code == SQLITE_IOERR_TRUNCATE;
}

static void stop_at_loss(struct sqlite_writer *writer, int code)
{
    if (!is_loss(code)) {
        return;
    }
    atomic_store(&writer->stopped, true);
    log_error("database_writer_stopped",
              log_text("reason", SLICE("the disk failed; what it holds is "
                                       "unknown; mend it, then restart")),
              log_number("code", code));
    /* What the log holds is all that is certain: leave it as it is. */
    (void)sqlite3_db_config(writer->connection.db,
                            SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

static int copy_log(struct sqlite_writer *writer, int mode)
{
    int pages = 0;
    int copied = 0;
    int code = sqlite3_wal_checkpoint_v2(writer->connection.db, NULL, mode,
                                         &pages, &copied);

    if (code == SQLITE_OK || code == SQLITE_BUSY) {
        writer->log_pages = pages;
        writer->copied_pages = copied;
        return SQLITE_OK;
    }
    /* Tried again after as many pages, or when idle after the next write. */
    writer->copied_pages = writer->log_pages;
    (void)sqlite_outage_note(&writer->outage, writer->connection.db, code,
                             SLICE("checkpoint"));
    stop_at_loss(writer, code);
    return code;
}

static int copy_log_briefly(struct sqlite_writer *writer)
{
    int code;

    writer->connection.timeout_ms = BRIEF_WAIT_MS;
    code = copy_log(writer, SQLITE_CHECKPOINT_TRUNCATE);
    writer->connection.timeout_ms = writer->store->timeout_ms;
    return code;
}

/* Quiet for a moment: nobody is kept waiting. */
static void tidy(struct sqlite_writer *writer)
{
    int code;

    writer->connection.timeout_ms = BRIEF_WAIT_MS;
    code = sqlite_tidy(&writer->connection);
    writer->connection.timeout_ms = writer->store->timeout_ms;
    writer->untidy = code != SQLITE_OK;
    stop_at_loss(writer, code);
}

/*
 * What was deleted is overwritten in the database, but the log keeps pages as
 * they were until it is written over.
 */
static void erase(struct sqlite_writer *writer, bool idle)
{
    if (idle && writer->untidy) {
        tidy(writer);
    }
    if (!atomic_load(&writer->stopped)) {
        (void)copy_log_briefly(writer);
    }
    writer->erase_at_ms = writer->log_pages == 0 && !writer->untidy
                              ? 0
                              : clock_mono_ms() + ERASE_AGAIN_MS;
}

static void copy_log_if_due(struct sqlite_writer *writer, bool idle)
{
    if (atomic_load(&writer->stopped)) {
        writer->copied_pages = writer->log_pages;
        writer->erase_at_ms = 0;
        return;
    }
    if (writer->log_pages < writer->copied_pages) {
        writer->copied_pages = 0; /* it began anew */
    }
    if (idle || writer->log_pages - writer->copied_pages >= LOG_PAGES) {
        (void)copy_log(writer, writer->log_pages >= LOG_PAGES_MAX
                                   ? SQLITE_CHECKPOINT_RESTART
                                   : SQLITE_CHECKPOINT_PASSIVE);
    }
    if (writer->erase_at_ms != 0 && clock_mono_ms() >= writer->erase_at_ms) {
        erase(writer, idle);
    }
    if (idle) { /* once is enough: a reader of another process holds it */
        writer->copied_pages = writer->log_pages;
    }
}

/* The first of several sets the time, so that they cannot put it off. */
static void note_erasure(struct sqlite_writer *writer,
                         const struct sqlite_job *job)
{
    if (!job->erases || job->job.status != STATUS_OK) {
        return;
    }
    writer->untidy = true;
    if (writer->erase_at_ms == 0) {
        writer->erase_at_ms = clock_mono_ms() + ERASE_WITHIN_MS;
    }
}

static int on_commit(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct sqlite_writer *writer = arg;

    (void)db;
    (void)name;
    writer->log_pages = pages;
    return SQLITE_OK;
}

static void work(struct sqlite_writer *writer, struct sqlite_job **jobs,
                 size_t count)
{
    if (atomic_load(&writer->stopped)) {
        for (size_t i = 0; i < count; i++) {
            jobs[i]->job.status = STATUS_UNAVAILABLE;
        }
    } else if (count > 0) {
        stop_at_loss(writer, sqlite_group_run(&writer->connection,
                                              writer->store, jobs, count));
    }
    for (size_t i = 0; i < count; i++) {
        note_erasure(writer, jobs[i]);
        answer(writer, &jobs[i]->job);
    }
    copy_log_if_due(writer, count == 0);
}

static void *writer_main(void *arg)
{
    struct sqlite_writer *writer = arg;
    struct sqlite_job *jobs[GROUP_MAX];
    size_t count;

    (void)pthread_setname_np(pthread_self(), "sqlite");
    while (next_group(writer, jobs, &count)) {
        work(writer, jobs, count);
    }
    return NULL;
}

/*
 * A log that an earlier process left may have a hole on the disk behind what
 * the kernel shows of it: nothing is appended to it before all of it is in
 * the database. It may hold what was erased, so it is emptied.
 */
static enum status take_over(struct sqlite_writer *writer, struct arena *arena,
                             struct slice *why)
{
    struct sqlite_connection *connection = &writer->connection;
    int code;

    code = copy_log_briefly(writer);
    (void)sqlite3_wal_hook(connection->db, on_commit, writer);
    if (code != SQLITE_OK) {
        TRY(arena_format(arena, why, "the database cannot be read: %s",
                         sqlite3_errmsg(connection->db)));
        return STATUS_UNAVAILABLE;
    }
    return STATUS_OK;
}

static enum status start(struct sqlite_writer *writer, struct arena *arena,
                         struct slice *why)
{
    int error = pthread_create(&writer->thread, NULL, writer_main, writer);

    if (error != 0) {
        TRY(arena_format(arena, why, "no thread for the writer: %s",
                         strerror(error)));
        return STATUS_UNAVAILABLE;
    }
    return STATUS_OK;
}

static void writer_init(struct sqlite_writer *writer, struct store *store)
{
    pthread_condattr_t monotonic;

    writer->store = store;
    writer->connection.outage = &writer->outage;
    writer->connection.timeout_ms = store->timeout_ms;
    list_init(&writer->queue);
    pthread_mutex_init(&writer->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&writer->work_waits, &monotonic);
    pthread_cond_init(&writer->settled, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static void writer_release(struct sqlite_writer *writer)
{
    sqlite_connection_close(&writer->connection);
    pthread_cond_destroy(&writer->settled);
    pthread_cond_destroy(&writer->work_waits);
    pthread_mutex_destroy(&writer->lock);
    mem_free(writer);
}

static enum status open_and_start(struct sqlite_writer *writer,
                                  struct slice path, struct arena *arena,
                                  struct slice *why)
{
    TRY(sqlite_connection_open(&writer->connection, path.ptr, ROLE_WRITER,
                               arena, why));
    TRY(take_over(writer, arena, why));
    return start(writer, arena, why);
}

enum status sqlite_writer_new(struct store *store, struct slice path,
                              struct arena *arena, struct slice *why,
                              struct sqlite_writer **out)
{
    struct sqlite_writer *writer = mem_alloc(sizeof(*writer));
    enum status status;

    TRY_ALLOC(writer);
    writer_init(writer, store);
    status = open_and_start(writer, path, arena, why);
    if (status != STATUS_OK) {
        writer_release(writer);
        return status;
    }
    *out = writer;
    return STATUS_OK;
}

void sqlite_writer_free(struct sqlite_writer *writer)
{
    struct list *node;

    pthread_mutex_lock(&writer->lock);
    writer->closing = true;
    pthread_cond_signal(&writer->work_waits);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    while ((node = list_take(&writer->queue)) != NULL) {
        struct job *job = CONTAINER_OF(node, struct job, node);

        job->status = STATUS_UNAVAILABLE;
        answer(writer, job);
    }
    if (!atomic_load(&writer->stopped)) {
        /* Figures for the planner, from samples where tables have grown. */
        (void)sqlite_script(&writer->connection,
                            "PRAGMA analysis_limit=400; PRAGMA optimize");
    }
    if (writer->erase_at_ms != 0) { /* closing leaves it to who is last */
        erase(writer, true);
    }
    writer_release(writer);
}

bool sqlite_writer_has_stopped(const struct sqlite_writer *writer)
{
    return atomic_load(&writer->stopped);
}

static enum status submit(struct sqlite_writer *writer, struct job *job)
{
    enum status status = STATUS_BUSY;

    pthread_mutex_lock(&writer->lock);
    if (writer->closing || atomic_load(&writer->stopped)) {
        status = STATUS_UNAVAILABLE;
    } else if (writer->waiting < QUEUE_MAX) {
        atomic_fetch_add(&job->owners, 1);
        list_append(&writer->queue, &job->node);
        writer->waiting++;
        pthread_cond_signal(&writer->work_waits);
        status = STATUS_OK;
    }
    pthread_mutex_unlock(&writer->lock);
    return status;
}

/* In a fiber; the job's `done` is the loop's own. */
static enum status park(struct job *job, int64_t timeout_ms)
{
    int64_t until = clock_mono_ms() + timeout_ms;

    while (!job->done) {
        int64_t left = until - clock_mono_ms();
        enum status status = left > 0 ? fiber_park(left) : STATUS_UNAVAILABLE;

        if (status == STATUS_CANCELLED || status == STATUS_UNAVAILABLE) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status block(struct sqlite_writer *writer, struct job *job)
{
    struct timespec until = after_ms(writer->store->timeout_ms);
    int error = 0;
    bool done;

    pthread_mutex_lock(&writer->lock);
    while (!job->done && error != ETIMEDOUT) {
        error = pthread_cond_timedwait(&writer->settled, &writer->lock, &until);
    }
    done = job->done;
    pthread_mutex_unlock(&writer->lock);
    return done ? STATUS_OK : STATUS_UNAVAILABLE;
}

static enum status run(struct sqlite_writer *writer, struct job *job)
{
    enum status status;

    if (fiber_current() != NULL) {
        job->loop = fiber_loop(fiber_current());
        job->waiter = fiber_ref(fiber_current());
    }
    assert(job->loop != NULL || loop_current() == NULL);
    TRY(submit(writer, job));
    status = job->loop != NULL ? park(job, writer->store->timeout_ms)
                               : block(writer, job);
    if (status == STATUS_OK) {
        return job->status;
    }
    atomic_store(&job->abandoned, true);
    if (status == STATUS_UNAVAILABLE) {
        sqlite_outage_log(&writer->outage, TROUBLE_SLOW, SLICE("write"),
                          SLICE("no answer in time"));
    }
    return status;
}

static void release(struct sqlite_job **job)
{
    if (*job != NULL) {
        job_release(&(*job)->job);
    }
}

enum status sqlite_writer_run(struct sqlite_writer *writer,
                              const struct statement *statements, size_t count,
                              struct arena *arena, struct rows *out)
{
    CLEANUP(release) struct sqlite_job *job = NULL;

    TRY(sqlite_job_new(writer->store, statements, count, &job));
    TRY(run(writer, &job->job));
    return out == NULL ? STATUS_OK : sqlite_job_take(job, arena, out);
}
