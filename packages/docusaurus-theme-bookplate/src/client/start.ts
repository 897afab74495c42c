// SPDX-License-Identifier: Apache-2.0
// Runs on every page, before React: reads what this browser knows, and asks the
// server once, after the page can be read.
import options from '@generated/docusaurus-theme-bookplate/default/options.json';

import { configure, setPage } from '../core/book';
import { pageOf } from '../core/pages';

const inBrowser = typeof window !== 'undefined';

/** What follows reading is no part of the first bundle. */
async function askAndFollow(): Promise<void> {
  const [{ refresh }, { follow }] = await Promise.all([
    import('../core/server'),
    import('./follow'),
  ]);
  await refresh();
  follow();
}

if (inBrowser) {
  configure(options);
  const begin = () => {
    const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1));
    idle(() => void askAndFollow(), { timeout: 2000 });
  };
  if (document.readyState === 'complete') {
    begin();
  } else {
    window.addEventListener('load', begin);
  }
}

export function onRouteUpdate({ location }: { location: Location }): void {
  setPage(pageOf(location.pathname, options.localizedBase));
}

export function onRouteDidUpdate(): void {
  window.dispatchEvent(new Event('bookplate:page'));
}
