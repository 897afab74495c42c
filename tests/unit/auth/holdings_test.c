/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No table of ours is forgotten: each is in store/holdings.def, so that it is
 * exported and erased with its reader, or named here with the reason why not.
 */
#include "../check.h"

#include <dirent.h>
#include <stdbool.h>

static const char *const holdings[] = {
#define HOLDING(name, table) table,
#include "store/holdings.def"
#undef HOLDING
};

static const char *const others[] = {
    "bookplate_outbox",      /* by address: outbox_erase */
    "bookplate_audit",       /* kept, under a pseudonym */
    "bookplate_audit_head",  /* of the chain, of nobody */
    "bookplate_key",         /* of the server */
    "bookplate_service_key", /* of other services */
};

/* Columns that name a reader. */
static const char *const names[] = {"user_id", "reader_id", "owner"};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static bool is_among(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool names_a_reader(const char *columns)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        char column[64];

        snprintf(column, sizeof(column), " %s ", names[i]);
        if (strstr(columns, column) != NULL) {
            return true;
        }
    }
    return false;
}

static size_t seen;

/* `text` begins behind CREATE TABLE. */
static void check_table(char *text)
{
    char name[128] = "";
    char *end = strstr(text, "\n)");

    assert_int_equal(sscanf(text, "%127[a-z_]", name), 1);
    assert_non_null(end);
    *end = '\0';
    if (is_among(holdings, COUNT(holdings), name)) {
        assert_non_null(strstr(text, " user_id text NOT NULL"));
        seen++;
    } else if (names_a_reader(text) || !is_among(others, COUNT(others), name)) {
        fail_msg("%s is not in store/holdings.def", name);
    }
    *end = '\n';
}

static void check_file(const char *path)
{
    static const char start[] = "CREATE TABLE ";
    static char text[1 << 20];
    FILE *file = fopen(path, "r");
    size_t len;

    assert_non_null(file);
    len = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[len] = '\0';
    for (char *at = text; (at = strstr(at, start)) != NULL;) {
        at += sizeof(start) - 1;
        check_table(at);
    }
}

static void knows_every_table(void **state)
{
    char path[1024];
    struct dirent *entry;
    DIR *folder;

    (void)state;
    snprintf(path, sizeof(path), "%s/db", getenv("PROJECT_ROOT"));
    folder = opendir(path);
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (strstr(entry->d_name, ".sql") != NULL) {
            snprintf(path, sizeof(path), "%s/db/%.255s", getenv("PROJECT_ROOT"),
                     entry->d_name);
            check_file(path);
        }
    }
    closedir(folder);
    assert_int_equal(seen, COUNT(holdings));
}

RUN_TESTS(cmocka_unit_test(knows_every_table))
