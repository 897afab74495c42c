// SPDX-License-Identifier: Apache-2.0
// Who chose a version for every chapter sees that one, whatever they answer.
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import { chooseVersion, type Version } from 'docusaurus-theme-bookplate/client';
import { versionName } from '@theme/Bookplate/VersionMenu/VersionName';

export default function OwnVersion({
  version,
}: {
  version: Version;
}): ReactNode {
  return (
    <p className="alert alert--info">
      <Translate
        id="theme.bookplate.changes.own"
        description="{version} is like 'beginner' or 'original'"
        values={{ version: versionName(version) }}
      >
        {
          'You chose to see one version in every chapter: {version}. Your answers count once you let them choose.'
        }
      </Translate>{' '}
      <button
        type="button"
        className="button button--sm button--secondary"
        onClick={() => chooseVersion(null)}
      >
        <Translate
          id="theme.bookplate.changes.letChoose"
          description="Takes the reader's own choice of a version back"
        >
          Let my answers choose
        </Translate>
      </button>
    </p>
  );
}
