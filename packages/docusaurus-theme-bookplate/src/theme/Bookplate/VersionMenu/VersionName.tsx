// SPDX-License-Identifier: Apache-2.0
// What the versions of a chapter are called.
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import type { Version } from 'docusaurus-theme-bookplate/client';

export function versionName(version: Version): string {
  switch (version) {
    case 'beginner':
      return translate({
        id: 'theme.bookplate.version.beginner',
        message: 'beginner',
        description: 'A version of a chapter, in "Showing: beginner"',
      });
    case 'intermediate':
      return translate({
        id: 'theme.bookplate.version.intermediate',
        message: 'intermediate',
        description: 'A version of a chapter, in "Showing: intermediate"',
      });
    case 'expert':
      return translate({
        id: 'theme.bookplate.version.expert',
        message: 'expert',
        description: 'A version of a chapter, in "Showing: expert"',
      });
    default:
      return translate({
        id: 'theme.bookplate.version.original',
        message: 'original',
        description: 'The book as it is when nothing is known of the reader',
      });
  }
}

export default function VersionName({
  version,
}: {
  version: Version;
}): ReactNode {
  return versionName(version);
}
