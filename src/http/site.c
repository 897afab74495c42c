/* SPDX-License-Identifier: Apache-2.0 */
#include "http/site.h"

#include "base/mem.h"
#include "http/site_base.h"
#include "http/site_path.h"
#include "http/site_walk.h"

#include <unistd.h>

#define NOT_FOUND_PAGE      SLICE("/404.html")
#define NOT_FOUND_PAGE_SIZE sizeof("/404.html")
#define LOCALE_MAX          ((size_t)64) /* it is a short word */

struct site *site_share(struct site *site)
{
    atomic_fetch_add(&site->references, 1);
    return site;
}

void site_free(struct site *site)
{
    if (site == NULL || atomic_fetch_sub(&site->references, 1) > 1) {
        return;
    }
    for (struct site_file *file = site->files; file != NULL;
         file = file->next) {
        if (file->fd >= 0) {
            close(file->fd);
        }
    }
    arena_release(&site->arena);
    mem_free(site);
}

enum status site_find(const struct site *site, struct slice path,
                      const struct site_entry **out)
{
    char room[3 * (SITE_BASE_MAX + SITE_PATH_MAX)];
    struct slice name;

    if (path.len > sizeof(room)) { /* even if every byte is encoded */
        return STATUS_NOT_FOUND;
    }
    TRY(site_path_decode(path, room, &name));
    *out = map_get(&site->entries, name);
    return *out == NULL ? STATUS_NOT_FOUND : STATUS_OK;
}

bool site_is_way_in(const struct site *site, struct slice path)
{
    return site->base.len > 0 &&
           (slice_equal(path, SLICE("/")) || slice_equal(path, site->base));
}

/* 404.html of "/ur", of "/book" or of "". */
static const struct site_entry *find_lost_page(const struct site *site,
                                               struct slice folder)
{
    char room[SITE_BASE_MAX + LOCALE_MAX + NOT_FOUND_PAGE_SIZE];
    size_t len = folder.len + NOT_FOUND_PAGE.len;

    if (len > sizeof(room)) {
        return NULL;
    }
    memcpy(room, folder.ptr, folder.len);
    memcpy(room + folder.len, NOT_FOUND_PAGE.ptr, NOT_FOUND_PAGE.len);
    return map_get(&site->entries, slice_make(room, len));
}

size_t site_locale_length(const struct site *site, struct slice path)
{
    size_t base = site->base.len;
    size_t len = base + 1;

    len += slice_find(slice_from(path, len), '/');
    return slice_starts_with(path, site->base) && len < path.len &&
                   find_lost_page(site, slice_head(path, len)) != NULL
               ? len
               : base;
}

const struct site_entry *site_not_found(const struct site *site,
                                        struct slice path)
{
    size_t len = site_locale_length(site, path);

    return find_lost_page(site, len > site->base.len ? slice_head(path, len)
                                                     : site->base);
}

const struct site_variant *site_variant_choose(const struct site_entry *entry,
                                               struct slice accept)
{
    enum encoding encoding = ENCODING_IDENTITY;

    if (entry->encodings != 1U << ENCODING_IDENTITY) {
        encoding = encoding_choose(accept, entry->encodings);
    }
    return &entry->variants[encoding];
}
