// SPDX-License-Identifier: Apache-2.0
// SIGHUP: the file and the book are read again, whole or not at all.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import {
  NO_LOOK,
  SKIP,
  answersTo,
  ask,
  folderFor,
  openMany,
  request,
  start,
  until,
  writeSite,
} from './program.mjs';

const HOME = request('GET', '/');

/** A server whose settings and book are in one folder. */
async function startFrom(t, settings = []) {
  const cwd = folderFor(t);
  const site = join(cwd, 'site');
  mkdirSync(site);
  writeSite(site, 'First');
  const set = (lines) =>
    writeFileSync(
      join(cwd, 'bookplate.env'),
      [`SITE_DIR=${site}`, ...lines, ''].join('\n'),
    );
  set(settings);
  const server = await start(t, { cwd });
  let reloads = 0;
  const reload = async (event) => {
    reloads++;
    server.signal('SIGHUP');
    await until(() => server.logs().length >= reloads, event);
    assert.equal(server.events().at(-1).event, event);
  };
  return { server, site, set, reload };
}

describe('SIGHUP', { skip: SKIP }, () => {
  test('serves a rebuilt book to connections old and new', async (t) => {
    const { server, site, reload } = await startFrom(t);
    const [old] = await openMany(t, server.port, 1);
    const [before] = await answersTo(old, HOME);
    assert.match(before.body, /First/);
    writeSite(site, 'Second');
    writeFileSync(join(site, 'new.txt'), 'new');
    assert.match((await ask(server.port, 'GET', '/')).body, /First/);
    assert.equal((await ask(server.port, 'GET', '/new.txt')).status, 404);
    await reload('reloaded');
    const isSecond = (answer) => /Second/.test(answer.body);
    await until(async () => isSecond((await answersTo(old, HOME))[0]), 'it');
    for (let i = 0; i < 8; i++) {
      assert.ok(isSecond(await ask(server.port, 'GET', '/')));
    }
    const [after] = await answersTo(old, HOME);
    assert.notEqual(after.get('etag'), before.get('etag'));
    assert.equal((await ask(server.port, 'GET', '/new.txt')).body, 'new');
    assert.equal(old.closed, false);
  });

  test('takes another level and another origin', async (t) => {
    const { server, set, reload } = await startFrom(t);
    const Origin = 'https://book.example';
    set([`FRONTEND_URL=${Origin}`]);
    await reload('reloaded');
    const isSeen = async () =>
      (await ask(server.port, 'GET', '/healthz', { Origin })).get(
        'access-control-allow-origin',
      ) === Origin;
    await until(isSeen, 'the origin');
    set(['LOG_LEVEL=error']);
    server.signal('SIGHUP');
    await until(async () => !(await isSeen()), 'the origin is gone');
    assert.equal(server.logs().length, 1, 'the new level holds at once');
  });

  test('keeps what it has when the new is wrong, and says why', async (t) => {
    const { server, site, set, reload } = await startFrom(t);
    writeSite(site, 'Second');
    for (const [wrong, word] of [
      ['PORT=x', 'PORT'],
      ['PROT=1', 'PROT'],
      ['FRONTEND_URL=https://*.com', 'FRONTEND_URL'],
      ['TRUSTED_PROXIES=1.2.3.4/99', 'TRUSTED_PROXIES'],
      ['LOG_LEVEL=error\nHEAD_TIMEOUT=1', 'HEAD_TIMEOUT'],
      ['"', 'bookplate.env:2'],
    ]) {
      set([wrong]);
      await reload('reload_refused');
      assert.ok(server.events().at(-1).reason.includes(word), word);
      assert.equal(server.events().at(-1).level, 'error');
    }
    assert.match((await ask(server.port, 'GET', '/')).body, /First/);
    set([]);
    await reload('reloaded');
    await until(
      async () => /Second/.test((await ask(server.port, 'GET', '/')).body),
      'the new book',
    );
  });

  test('keeps the book when its folder is gone', async (t) => {
    const { server, site, reload } = await startFrom(t);
    renameSync(site, `${site}.old`);
    await reload('reload_refused');
    assert.match(server.events().at(-1).reason, /SITE_DIR/);
    assert.match((await ask(server.port, 'GET', '/')).body, /First/);
  });

  test('a hundred in a row lose nothing and leak no descriptor', { skip: NO_LOOK }, async (t) => {
    const { server, site } = await startFrom(t);
    const count = () => readdirSync(`/proc/${server.child.pid}/fd`).length;
    const [held] = await openMany(t, server.port, 1);
    await answersTo(held, HOME);
    const before = count();
    for (let i = 0; i < 100; i++) {
      writeSite(site, `Build ${i}`);
      server.signal('SIGHUP');
      const [answer] = await answersTo(held, HOME);
      assert.match(answer.body, /First|Build/);
    }
    await until(async () => {
      server.signal('SIGHUP'); // one that comes too soon is told so, and lost
      return /Build 99/.test((await answersTo(held, HOME))[0].body);
    }, 'the last build');
    await until(() => count() <= before, 'descriptors are given back');
    server.signal('SIGTERM');
    assert.equal(await server.exit, 0);
    assert.ok(server.events().length > 0, 'each line is one JSON object');
  });
});
