/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a harness without libFuzzer: every file of the corpus folder whole, cut
 * at every length, and with each byte changed in a few ways. A crash is the
 * failure; an empty or absent corpus is one too, for then nothing was tested.
 */
#include "fuzz.h"

#include <dirent.h>

#define FILE_MAX     4096
#define MUTILATE_MAX 512 /* bytes from the start that are cut and changed */

/*
 * An exact copy, so that a sanitizer sees a byte read too far. Like libFuzzer,
 * never NULL: glibc gives a pointer for no bytes too.
 */
static size_t run(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size);

    must(copy != NULL);
    memcpy(copy, bytes, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return 1;
}

static size_t run_flips(uint8_t *bytes, size_t size, size_t at)
{
    static const uint8_t flips[] = {0x01, 0x20, 0x80, 0xff};
    size_t runs = 0;

    for (size_t i = 0; i < sizeof(flips); i++) {
        bytes[at] ^= flips[i];
        runs += run(bytes, size);
        bytes[at] ^= flips[i];
    }
    return runs;
}

static size_t run_file(const char *folder, const char *name)
{
    uint8_t bytes[FILE_MAX + 1];
    char path[1024];
    size_t runs = 0;
    size_t size;
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "rb");
    must(file != NULL);
    size = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    must(size <= FILE_MAX); /* kept files are small */
    runs += run(bytes, size);
    for (size_t at = 0; at < size && at < MUTILATE_MAX; at++) {
        runs += run(bytes, at);
        runs += run_flips(bytes, size, at);
    }
    return runs;
}

int main(int argc, char **argv)
{
    const char *folder = argc == 2 ? argv[1] : ".";
    DIR *dir = opendir(folder);
    struct dirent *entry;
    size_t files = 0;
    size_t runs = 0;

    if (dir == NULL) {
        (void)fprintf(stderr, "%s: no such corpus\n", folder);
        return 1;
    }
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            runs += run_file(folder, entry->d_name);
            files++;
        }
    }
    (void)closedir(dir);
    (void)printf("%zu files, %zu runs\n", files, runs);
    return files > 0 ? 0 : 1;
}
