// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium before a book of ours. Each browser has a new profile and
// no network but this machine; each page counts what its console shows.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { atEnd, folderFor } from '../process/program.mjs';

const CHROMIUM = '/usr/bin/chromium';
export const NO_BROWSER = !existsSync(CHROMIUM) && 'chromium is not installed';
/** Two cores, shared with whatever else runs. */
export const WAIT_MS = 30_000;

const require = createRequire(import.meta.url);

/** Chromium's own setting, as a person would make it. */
const withThirdParty = (allowed) => ({
  profile: {
    cookie_controls_mode: allowed ? 0 : 1,
    block_third_party_cookies: !allowed,
  },
});

/**
 * options: those of Playwright's contexts, and
 *   hosts       { 'book.test': port }: where names lead
 *   thirdParty  whether third-party cookies are allowed; without it, as the
 *               browser has it, which may be either
 */
export async function browserFor(t, options = {}) {
  const { chromium } = require('playwright-core');
  const { hosts = {}, thirdParty, ...context } = options;
  const profile = join(folderFor(t), 'profile');
  if (thirdParty !== undefined) {
    mkdirSync(join(profile, 'Default'), { recursive: true });
    const file = join(profile, 'Default', 'Preferences');
    writeFileSync(file, JSON.stringify(withThirdParty(thirdParty)));
  }
  const rules = Object.entries(hosts).map(
    ([host, port]) => `MAP ${host}:443 127.0.0.1:${port}`,
  );
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    timeout: WAIT_MS,
    ignoreHTTPSErrors: true,
    viewport: { width: 1280, height: 800 },
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join()}`] : []),
    ],
    ...context,
  });
  browser.setDefaultTimeout(WAIT_MS);
  atEnd(t, () => browser.close()); // before its profile's folder goes
  return browser;
}

/** A refusal the browser itself reports, as it does for every 4xx. */
export const isRefusal = (text) =>
  /the server responded with a status of 4/.test(text);

/** What Chromium says of a server that is not there, or answers 5xx. */
export const isOutage = (text) =>
  /ERR_CONNECTION_REFUSED|status of 503|ERR_FAILED|ERR_EMPTY/.test(text);

/**
 * A page; `page.problems` is what its console showed as an error or a warning,
 * hydration included, and `page.asked` which requests went to the server's API.
 */
export async function pageOf(browser) {
  const page = await browser.newPage();
  page.problems = [];
  page.asked = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      page.problems.push(message.text());
    }
  });
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/^\/(api|auth)\//.test(pathname)) {
      page.asked.push(`${request.method()} ${pathname}`);
    }
  });
  return page;
}

/** The words on <html>, in their order. */
export const wordsOn = (page) =>
  page.evaluate(() => document.documentElement.dataset.bookplate ?? '');

/** Waits until the page's scripts have asked the server who this is. */
export const settled = (page) =>
  page.waitForFunction(
    () => document.documentElement.dataset.bookplateStatus !== undefined,
  );
