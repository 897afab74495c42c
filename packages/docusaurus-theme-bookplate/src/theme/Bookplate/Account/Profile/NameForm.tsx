// SPDX-License-Identifier: Apache-2.0
import { useState, type FormEvent, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import {
  accounts,
  asReader,
  refresh,
  useAttempt,
  type User,
} from 'docusaurus-theme-bookplate/client';
import Avatar from '@theme/Bookplate/Account/Avatar';
import Said from '@theme/Bookplate/Account/Said';
import Field from '@theme/Bookplate/Field';
import Problem from '@theme/Bookplate/Problem';

import styles from './styles.module.css';

const labels = () => ({
  name: translate({
    id: 'theme.bookplate.account.name',
    message: 'Name',
    description: "The reader's name",
  }),
  image: translate({
    id: 'theme.bookplate.account.image',
    message: 'Address of your picture',
    description: 'The field for the address (URL) of a picture',
  }),
});

const imageHint = () =>
  translate({
    id: 'theme.bookplate.account.image.hint',
    message: 'It begins with https:// and may stay empty.',
    description: 'Below the field for the address of a picture',
  });

const wrongImage = () =>
  translate({
    id: 'theme.bookplate.account.image.wrong',
    message: 'Give the whole address of a picture, with https://',
    description: 'When what was typed is no address of a picture',
  });

const noName = () =>
  translate({
    id: 'theme.bookplate.account.name.missing',
    message: 'Say what you would like to be called.',
    description: 'When the name was left empty',
  });

const isAddress = (text: string) =>
  text === '' || /^(https?:\/\/\S+|data:image\/\S+)$/i.test(text);

function wrongIn(name: string, image: string): Record<string, string> {
  return {
    ...(name === '' ? { name: noName() } : {}),
    ...(isAddress(image) ? {} : { image: wrongImage() }),
  };
}

function Save(props: { busy: boolean; saved: boolean }): ReactNode {
  const { busy, saved } = props;
  return (
    <>
      <button className="button button--primary" disabled={busy}>
        <Translate
          id="theme.bookplate.account.save"
          description="Saves name and picture"
        >
          Save
        </Translate>
      </button>
      <Said>
        {saved && (
          <Translate
            id="theme.bookplate.account.saved"
            description="After name and picture, or an answer, were saved"
          >
            Saved.
          </Translate>
        )}
      </Said>
    </>
  );
}

export default function NameForm({ user }: { user: User }): ReactNode {
  const { busy, problem, fields, attempt, refuse } = useAttempt();
  const [name, setName] = useState(user.name);
  const [image, setImage] = useState(user.image ?? '');
  const [saved, setSaved] = useState(false);
  const change = (set: (text: string) => void) => (text: string) => {
    setSaved(false);
    set(text);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const [called, shown] = [name.trim(), image.trim()];
    const wrong = wrongIn(called, shown);
    if (Object.keys(wrong).length > 0) {
      refuse({ fields: wrong });
      return;
    }
    const save = () =>
      asReader(() =>
        accounts.updateUser({ name: called, image: shown || null }),
      );
    if (await attempt(save)) {
      setSaved(true);
      await refresh();
    }
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Problem problem={problem} fields={fields} labels={labels()} />
      <div className={styles.who}>
        <Avatar name={name || user.email} image={user.image} />
        <div className={styles.fields}>
          <Field
            label={labels().name}
            name="name"
            autoComplete="name"
            maxLength={200}
            value={name}
            onValue={change(setName)}
            error={fields.name}
          />
          <Field
            label={labels().image}
            name="image"
            type="url"
            inputMode="url"
            autoComplete="photo"
            dir="ltr"
            hint={imageHint()}
            value={image}
            onValue={change(setImage)}
            error={fields.image}
          />
        </div>
      </div>
      <Save busy={busy} saved={saved} />
    </form>
  );
}
