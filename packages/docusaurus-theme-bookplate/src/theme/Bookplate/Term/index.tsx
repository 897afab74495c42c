// SPDX-License-Identifier: Apache-2.0
// A word of the book's glossary where it is used: its meaning opens below it.
import { useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import useBaseUrl from '@docusaurus/useBaseUrl';
import Translate from '@docusaurus/Translate';
import type { Glossary } from 'docusaurus-theme-bookplate/core/glossary';

import styles from './styles.module.css';

export interface Props {
  /** The word's id in the glossary. */
  of: string;
  children: ReactNode;
}

function Meaning({ of, glossary }: { of: string; glossary: Glossary }) {
  const { text, page } = glossary[of] ?? { text: '' };
  const to = useBaseUrl(page);
  return (
    <span className={styles.meaning}>
      {text}{' '}
      {page && (
        <Link to={to}>
          <Translate
            id="theme.bookplate.term.more"
            description="Leads to where the book explains a word"
          >
            More
          </Translate>
        </Link>
      )}
    </span>
  );
}

export default function Term({ of, children }: Props): ReactNode {
  const [glossary, setGlossary] = useState<Glossary | null>(null);
  const [open, setOpen] = useState(false);
  const toggle = async () => {
    setOpen(!open);
    const loaded = await import(
      '@generated/docusaurus-theme-bookplate/default/glossary.json'
    );
    setGlossary(loaded.default);
  };
  return (
    <span
      className={styles.term}
      data-bookplate-term={of}
      onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}
    >
      <button
        type="button"
        className={styles.word}
        aria-expanded={open}
        onClick={() => void toggle()}
      >
        {children}
      </button>
      <span role="status">
        {open && glossary && <Meaning of={of} glossary={glossary} />}
      </span>
    </span>
  );
}
