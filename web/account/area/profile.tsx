import { useDeferredValue, useState } from 'react';
import { UpdateProfileDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { languages } from '../../texts/languages';
import { Checkbox, Field, Labelled } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { Notice } from '../../ui/notice';
import type { Values } from '../../use-form';
import { useAccount, type Viewer } from '../viewer';
import { AreaPage } from './area-page';

/** Fields whose empty text means that nothing is said. */
const texts = ['firstName', 'lastName', 'bio', 'location', 'website', 'avatarUrl', 'language', 'timezone'] as const;

/** The address of an identicon, which stands for a picture that was not chosen. */
const identicon = /^https:\/\/www\.gravatar\.com\/avatar\/[\da-f]{64}\?d=identicon&s=\d+$/;

const shownOf = (viewer: Viewer, name: (typeof texts)[number]): string =>
  name === 'avatarUrl' && identicon.test(viewer.avatarUrl) ? '' : (viewer[name] ?? '');

export function ProfilePage() {
  const { account } = useTexts();
  const { viewer, reload } = useAccount();
  const [saved, setSaved] = useState(0);
  const submit = async (values: Values) => {
    setSaved(0);
    const changed = texts.filter((name) => (values[name] ?? '').trim() !== shownOf(viewer, name));
    const given = Object.fromEntries(changed.map((name) => [name, values[name]?.trim() || null]));
    const emailNotifications = values['emailNotifications'] === 'on';
    // What was changed elsewhere meanwhile, and not here, stays.
    const input = { ...given, ...(emailNotifications !== viewer.emailNotifications && { emailNotifications }) };
    const { errors } = (await gatehouse.request(UpdateProfileDocument, { input })).updateProfile;
    if (errors.length > 0) return errors;
    await reload();
    setSaved((before) => before + 1);
    return [];
  };
  return (
    <AreaPage title={account.profile.title} lead={account.profile.lead(viewer.username)}>
      <Form submit={submit}>
        <div className="pair">
          <Named name="firstName" autoComplete="given-name" />
          <Named name="lastName" autoComplete="family-name" />
        </div>
        <Biography />
        <div className="pair">
          <Named name="location" />
          <Named name="website" type="url" autoComplete="url" />
        </div>
        <Named name="avatarUrl" type="url" />
        <div className="pair">
          <Language />
          <TimeZone />
        </div>
        <Checkbox
          name="emailNotifications"
          label={account.profile.emailNotifications}
          hint={account.profile.emailNotificationsHint}
          defaultChecked={viewer.emailNotifications ?? false}
        />
        <SubmitButton>{account.profile.submit}</SubmitButton>
        {saved > 0 && <Notice>{account.profile.saved}</Notice>}
      </Form>
    </AreaPage>
  );
}

function Named({
  name,
  ...input
}: {
  readonly name: 'firstName' | 'lastName' | 'location' | 'website' | 'avatarUrl';
  readonly type?: string;
  readonly autoComplete?: string;
}) {
  const { account } = useTexts();
  const { viewer } = useAccount();
  return <Field name={name} label={account.profile[name]} defaultValue={shownOf(viewer, name)} isOptional {...input} />;
}

function Biography() {
  const { account } = useTexts();
  const { viewer } = useAccount();
  return (
    <Labelled name="bio" label={account.profile.bio} isOptional>
      {(described) => <textarea {...described} name="bio" rows={4} defaultValue={viewer.bio ?? ''} />}
    </Labelled>
  );
}

function Language() {
  const { account } = useTexts();
  const { viewer } = useAccount();
  const known = Object.entries(languages);
  const other = viewer.language && !Object.hasOwn(languages, viewer.language) ? viewer.language : undefined;
  return (
    <Labelled name="language" label={account.profile.language}>
      {(described) => (
        <select {...described} name="language" defaultValue={viewer.language ?? ''}>
          <option value="">{account.profile.asBrowser}</option>
          {known.map(([tag, { name }]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
          {other && <option value={other}>{other}</option>}
        </select>
      )}
    </Labelled>
  );
}

function TimeZone() {
  const { account } = useTexts();
  const { viewer } = useAccount();
  const own = viewer.timezone ? [viewer.timezone] : [];
  // There are over four hundred: they follow once the page is shown.
  const isShown = useDeferredValue(true, false);
  const zones = new Set(isShown ? [...Intl.supportedValuesOf('timeZone'), ...own] : own);
  return (
    <Labelled name="timezone" label={account.profile.timezone}>
      {(described) => (
        <select {...described} name="timezone" defaultValue={viewer.timezone ?? ''}>
          <option value="">{account.profile.asBrowser}</option>
          {[...zones].map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
