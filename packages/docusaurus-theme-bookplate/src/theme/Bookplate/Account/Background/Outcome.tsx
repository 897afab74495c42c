// SPDX-License-Identifier: Apache-2.0
// What came of the change of an answer, beside the answer.
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import Said from '@theme/Bookplate/Account/Said';

import type { Saving } from './useSaving';

export default function Outcome({
  outcome,
}: Pick<Saving, 'outcome'>): ReactNode {
  return (
    <Said>
      {outcome === 'saved' && (
        <Translate
          id="theme.bookplate.account.saved"
          description="After name and picture, or an answer, were saved"
        >
          Saved.
        </Translate>
      )}
      {outcome === 'later' && (
        <Translate
          id="theme.bookplate.account.background.later"
          description="After an answer was changed while the server is away"
        >
          It counts in this browser already, and is saved when the server
          answers again.
        </Translate>
      )}
    </Said>
  );
}
