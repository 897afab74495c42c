// SPDX-License-Identifier: Apache-2.0
// A small clean house in a temporary folder, in which a test plants one breach
// and runs one tool of the project on it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export const project = resolve(import.meta.dirname ??
  dirname(new URL(import.meta.url).pathname), '../..');

const clean = {
  'src/base/slice.h': '#include <stddef.h>\n\nsize_t slice_len(int s);\n',
  'src/base/slice.c':
    '#include "base/slice.h"\n\nsize_t slice_len(int s)\n{\n' +
    '    return (size_t)s;\n}\n',
  'src/codec/json.c': '#include "base/slice.h"\n\n#include <jansson.h>\n',
  'tests/unit/base/slice_test.c': '#include "base/slice.h"\n',
  'docs/start.md': 'Run ./build/release/bookplate; see https://x/home/a.\n',
};

export class House {
  constructor(extra = {}) {
    this.root = mkdtempSync(join(tmpdir(), 'bookplate-house-'));
    execFileSync('git', ['init', '-q', this.root]);
    for (const [path, text] of Object.entries({ ...clean, ...extra })) {
      this.write(path, text);
    }
  }

  write(path, text) {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** Runs tools/NAME on the house: { code, lines }. */
  check(name, ...flags) {
    return run(join(project, 'tools', name), [...flags, this.root]);
  }

  remove() {
    rmSync(this.root, { recursive: true });
  }
}

export function run(command, args, options = {}) {
  const ended = spawnSync(command, args, { encoding: 'utf8', ...options });
  const lines = (ended.stdout + ended.stderr).split('\n').filter(Boolean);
  return { code: ended.status, lines };
}

/** What the tool says about a house with these files more. */
export function verdict(name, extra, ...flags) {
  const house = new House(extra);
  try {
    return house.check(name, ...flags);
  } finally {
    house.remove();
  }
}
