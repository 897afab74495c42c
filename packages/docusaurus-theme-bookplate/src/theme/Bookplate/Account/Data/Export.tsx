// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import {
  ApiError,
  askAsReader,
  useAttempt,
} from 'docusaurus-theme-bookplate/client';
import Said from '@theme/Bookplate/Account/Said';
import SignInAgain from '@theme/Bookplate/Account/SignInAgain';
import Problem from '@theme/Bookplate/Problem';

/** Gives the browser a file to keep. */
function download(name: string, content: unknown): void {
  const blob = new Blob([JSON.stringify(content, null, 2)], {
    type: 'application/json',
  });
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

type Outcome = 'none' | 'stale' | 'done';

async function exportAll(): Promise<Outcome> {
  try {
    const all = await askAsReader<unknown>('/api/export');
    const [day] = new Date().toISOString().split('T');
    download(`bookplate-${day}.json`, all);
    return 'done';
  } catch (error) {
    if (error instanceof ApiError && error.code === 'SESSION_NOT_FRESH') {
      return 'stale';
    }
    throw error;
  }
}

export default function Export(): ReactNode {
  const { busy, problem, attempt } = useAttempt();
  const [outcome, setOutcome] = useState<Outcome>('none');
  const start = () => {
    setOutcome('none');
    void attempt(async () => setOutcome(await exportAll()));
  };
  return (
    <>
      <h3>
        <Translate
          id="theme.bookplate.account.export"
          description="Heading above the download of one's own data"
        >
          Take it along
        </Translate>
      </h3>
      <Problem problem={problem} />
      {outcome === 'stale' ? (
        <SignInAgain onDone={start}>
          <Translate
            id="theme.bookplate.account.export.stale"
            description="Before the download, when the sign-in was long ago"
          >
            You signed in here some time ago. Before all of it is given out,
            show that it is you.
          </Translate>
        </SignInAgain>
      ) : (
        <button
          type="button"
          className="button button--secondary"
          disabled={busy}
          onClick={start}
        >
          <Translate
            id="theme.bookplate.account.export.submit"
            description="Downloads one's own data as a file"
          >
            Download everything as a file (JSON)
          </Translate>
        </button>
      )}
      <Said>
        {outcome === 'done' && (
          <Translate
            id="theme.bookplate.account.export.done"
            description="After one's own data was downloaded"
          >
            The file is among your downloads.
          </Translate>
        )}
      </Said>
    </>
  );
}
