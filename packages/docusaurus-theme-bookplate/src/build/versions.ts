// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';

import { LIB } from './slots';

/** This theme's own. */
export const { version: VERSION } = require(
  join(LIB, '..', 'package.json'),
) as { version: string };

/** The first Docusaurus that has what the theme builds on. */
const OLDEST = [3, 8];

export function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldest = 0, least = 0] = OLDEST;
  return major < oldest || (major === oldest && minor < least);
}

/** One sentence instead of whatever would fail later. */
export function refuseOldDocusaurus(
  siteDir: string,
  siteVersion: string | undefined,
): void {
  const version = coreVersion(siteDir) ?? siteVersion;
  if (version && isOld(version)) {
    throw new Error(
      `docusaurus-theme-bookplate needs Docusaurus ${OLDEST.join('.')} or later, and this site has ${version}: npm install @docusaurus/core@latest, and the same for its other @docusaurus packages.`,
    );
  }
}

function coreVersion(siteDir: string): string | null {
  try {
    const path = require.resolve('@docusaurus/core/package.json', {
      paths: [siteDir],
    });
    return (require(path) as { version: string }).version;
  } catch {
    return null; // an unusual layout: Docusaurus itself will say
  }
}
