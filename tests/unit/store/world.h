/* SPDX-License-Identifier: Apache-2.0 */
/* A store with empty tables, a loop, and short words for statements. */
#ifndef TESTS_UNIT_STORE_WORLD_H
#define TESTS_UNIT_STORE_WORLD_H

#include "../check.h"

#include "net/fiber.h"
#include "store/engine.h"

struct world {
    struct loop *loop;
    struct store *store;
    struct schema schema;
    struct arena kept;  /* as long as the test */
    struct arena arena; /* what calls give; may be reset between them */
    /* What the last call gave, statement by statement. */
    struct rows rows[STORE_STATEMENTS_MAX];
};

/* Which of queries.def have been run. */
extern _Atomic bool world_used[QUERY_COUNT];

#define T(literal) value_text(SLICE(literal))
#define I(number)  value_integer(number)
#define B(on)      value_boolean(on)
#define AT(ms)     value_time(ms)
#define NONE       VALUE_NOTHING

#define PARAMS(...) ((const struct value[]){__VA_ARGS__})
#define COUNT(...)  (sizeof(PARAMS(__VA_ARGS__)) / sizeof(struct value))

#define CALL(id, ...)                                                          \
    ((struct statement){.query = QUERY_##id,                                   \
                        .params = PARAMS(__VA_ARGS__),                         \
                        .param_count = COUNT(__VA_ARGS__)})
/* The same, and a row must change or come back. */
#define MUST(id, ...)                                                          \
    ((struct statement){.query = QUERY_##id,                                   \
                        .params = PARAMS(__VA_ARGS__),                         \
                        .param_count = COUNT(__VA_ARGS__),                     \
                        .must_change = true})
#define BARE(id) ((struct statement){.query = QUERY_##id})

/* All of the statements at once; expects that status. */
#define WRITE(world, expected, ...)                                            \
    world_write((world), (expected), (const struct statement[]){__VA_ARGS__},  \
                sizeof((const struct statement[]){__VA_ARGS__}) /              \
                    sizeof(struct statement))

/* On failure the test fails. Tables are there and empty. */
void world_open(struct world *world, struct slice url);
void world_close(struct world *world);
/* Through a connection of its own. */
void world_direct(struct world *world, const char *sql);

/* Runs fn(world) in a fiber until it ends. */
void world_run(struct world *world, void (*fn)(struct world *world));

/*
 * STATUS_OK when the store said what was expected, STATUS_UNAVAILABLE when it
 * was out of order; anything else fails the test.
 */
enum status world_write(struct world *world, enum status expected,
                        const struct statement *statements, size_t count);
enum status world_read(struct world *world, struct statement statement);
/* A statement in the words of query.h, without parameters. */
enum status world_select(struct world *world, const char *template);

/* Row `row` of what statement `at` gave, as that table has it. */
struct record world_record(struct world *world, enum table_id table, size_t at,
                           size_t row);

void world_empty(struct world *world);
/* All that the tables hold, as text. */
struct slice world_dump(struct world *world);

#endif
