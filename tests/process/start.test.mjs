// SPDX-License-Identifier: Apache-2.0
// How the server begins, and what keeps it from beginning.
import assert from 'node:assert/strict';
import { readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { Connection, freePorts } from '../wire/raw.mjs';
import {
  NO_LOOK,
  SKIP,
  answersTo,
  ask,
  folderFor,
  request,
  run,
  start,
} from './program.mjs';

describe('start', { skip: SKIP }, () => {
  test('says in one line where it listens', async (t) => {
    const server = await start(t);
    assert.match(
      server.stdout,
      /^bookplate [\d.]+ listening on http:\/\/127\.0\.0\.1:\d+\n$/,
    );
    assert.ok(server.port > 0);
    assert.equal((await ask(server.port, 'GET', '/readyz')).status, 200);
  });

  test('a port the system picked is an origin of its own', async (t) => {
    const server = await start(t);
    const Origin = `http://localhost:${server.port}`;
    const answer = await ask(server.port, 'GET', '/healthz', { Origin });
    assert.equal(answer.get('access-control-allow-origin'), Origin);
  });

  test('an IPv6 address stands in brackets', async (t) => {
    const server = await start(t, { env: { HOST: '::1' } }).catch((error) => {
      assert.match(`${error}`, /cannot listen/);
      t.diagnostic('skipped: there is no IPv6 here');
    });
    if (server) {
      assert.match(server.stdout, / http:\/\/\[::1\]:\d+\n$/);
    }
  });

  test('a port in use is told, unless it is to be shared', async (t) => {
    const first = await start(t);
    const env = { HOST: '127.0.0.1', PORT: `${first.port}` };
    const { code, stdout, stderr } = await run(['serve'], { env });
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^bookplate: [^\n]* in use [^\n]*\n$/);
    assert.ok(stderr.includes(`${first.port}`));
    assert.equal((await ask(first.port, 'GET', '/healthz')).status, 200);
    const second = await start(t, { env: { ...env, SHARE_PORT: 'on' } });
    assert.equal(second.port, first.port);
    first.signal('SIGTERM');
    assert.equal(await first.exit, 0);
    assert.equal((await ask(first.port, 'GET', '/healthz')).status, 200);
  });

  test('an address of another machine is told', async () => {
    const env = { HOST: '192.0.2.1', PORT: '0' };
    const { code, stderr } = await run(['serve'], { env });
    assert.equal(code, 1);
    assert.match(stderr, /^bookplate: [^\n]*192\.0\.2\.1[^\n]*\n$/);
  });

  test('a book that cannot be read is told', async (t) => {
    const folder = folderFor(t);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const SITE_DIR of [join(folder, 'none'), file]) {
      for (const command of ['serve', 'check']) {
        const env = { SITE_DIR, PORT: '0' };
        const { code, stdout, stderr } = await run([command], { env });
        assert.equal(code, 2);
        assert.equal(stdout, '');
        assert.match(stderr, /^bookplate: [^\n]*SITE_DIR[^\n]*\n$/);
      }
    }
  });
});

describe('descriptors', { skip: SKIP }, () => {
  // A descriptor that is closed at the start is the first to be used again,
  // and what is written to it would go to somebody else.
  for (const closed of ['<&-', '>&-', '2>&-', '>&- 2>&-', '<&- >&- 2>&-']) {
    test(`serves with ${closed}`, async (t) => {
      const [port] = await freePorts(1);
      const server = await start(t, {
        env: { PORT: `${port}` },
        shell: `exec "$0" "$@" ${closed}`,
        silent: true,
      });
      const held = await Connection.open(port);
      for (let i = 0; i < 10; i++) {
        server.signal('SIGHUP'); // writes a line
        const [answer] = await answersTo(held, request('GET', '/healthz'));
        assert.equal(answer.body, '{"status":"ok"}');
      }
      held.destroy();
      server.signal('SIGTERM');
      assert.equal(await server.exit, 0);
      assert.ok(server.events().every((event) => event.time));
    });
  }

  test('the descriptors of the standard streams stay free', { skip: NO_LOOK }, async (t) => {
    const [port] = await freePorts(1);
    const server = await start(t, {
      env: { PORT: `${port}` },
      shell: 'exec "$0" "$@" <&- >&- 2>&-',
      silent: true,
    });
    for (const fd of [0, 1, 2]) {
      const target = readlinkSync(`/proc/${server.child.pid}/fd/${fd}`);
      assert.equal(target, '/dev/null');
    }
  });
});
