// SPDX-License-Identifier: Apache-2.0
// "Showing: beginner" and the menu behind it. Which word is shown the style
// sheet chooses by the words on <html>, as it does with the variants; in a
// chapter without any the menu is hidden, for it would change nothing.
import { useRef, useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import {
  LEVELS,
  chooseVersion,
  useStore,
  type Version,
} from 'docusaurus-theme-bookplate/client';

import VersionName from './VersionName';

const VERSIONS: Version[] = [...LEVELS, 'original'];

function SeeAll(): ReactNode {
  const [all, setAll] = useState(false);
  const toggle = () => {
    document.documentElement.toggleAttribute('data-bookplate-all', !all);
    setAll(!all);
  };
  return (
    <button
      type="button"
      className="clean-btn bookplate-bar__all"
      aria-pressed={all}
      onClick={toggle}
    >
      <Translate
        id="theme.bookplate.bar.seeAll"
        description="Shows all variants of a chapter at once"
      >
        See all
      </Translate>
    </button>
  );
}

export interface Props {
  page: string;
}

export default function VersionMenu({ page }: Props): ReactNode {
  const menu = useRef<HTMLDetailsElement>(null);
  const [always, setAlways] = useState(false);
  const { pages, version: chosen } = useStore().local;
  const now = pages[page] ?? chosen;
  const choose = (version: Version | null) => {
    // What was chosen for every chapter is taken back in every chapter.
    const isEverywhere = always || (version === null && chosen !== null);
    chooseVersion(version, isEverywhere ? undefined : page);
    menu.current?.removeAttribute('open');
    menu.current?.querySelector('summary')?.focus();
  };
  return (
    <div className="bookplate-bar__version">
      <details
        ref={menu}
        onKeyDown={({ key }) => {
          if (key === 'Escape') {
            menu.current?.removeAttribute('open');
            menu.current?.querySelector('summary')?.focus();
          }
        }}
      >
        <summary>
          <Translate
            id="theme.bookplate.bar.showing"
            description="Before the name of the version of a chapter that is shown"
          >
            Showing:
          </Translate>{' '}
          {VERSIONS.map((version) => (
            <b key={version} data-bookplate-word={version}>
              <VersionName version={version} />
            </b>
          ))}
        </summary>
        <div className="bookplate-bar__menu">
          {VERSIONS.map((version) => (
            <button
              key={version}
              type="button"
              className="clean-btn bookplate-bar__choice"
              aria-pressed={version === now}
              onClick={() => choose(version)}
            >
              <VersionName version={version} />
            </button>
          ))}
          <button
            type="button"
            className="clean-btn bookplate-bar__choice"
            aria-pressed={now === null}
            onClick={() => choose(null)}
          >
            <Translate
              id="theme.bookplate.bar.byAnswers"
              description="Lets the reader's answers choose the version again"
            >
              As my answers say
            </Translate>
          </button>
          <label className="bookplate-bar__always">
            <input
              type="checkbox"
              checked={always}
              onChange={({ target }) => setAlways(target.checked)}
            />{' '}
            <Translate
              id="theme.bookplate.bar.always"
              description="Makes the choice of a version count for every chapter"
            >
              In every chapter
            </Translate>
          </label>
        </div>
      </details>
      <SeeAll />
    </div>
  );
}
