import { useState } from 'react';
import { ChangePasswordDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { Disclosure } from '../../ui/disclosure';
import { Checkbox } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { NewPasswordField } from '../../ui/new-password-field';
import { Notice } from '../../ui/notice';
import { PasswordField } from '../../ui/password-field';
import type { Values } from '../../use-form';
import { useAccount } from '../viewer';

export function ChangePassword() {
  const { account, common } = useTexts();
  const texts = account.security;
  const { viewer, reload } = useAccount();
  const [isDone, setDone] = useState(false);
  const submit = async ({ currentPassword = '', newPassword = '', keepApiTokens }: Values) => {
    const input = { currentPassword, newPassword, keepApiTokens: keepApiTokens === 'on' };
    const { errors } = (await gatehouse.request(ChangePasswordDocument, { input })).changePassword;
    if (errors.length > 0) return errors;
    setDone(true);
    await reload();
    return [];
  };
  if (isDone) return <Notice takesFocus>{texts.passwordChanged}</Notice>;
  const about = { username: viewer.username, ...(viewer.email ? { email: viewer.email } : {}) };
  return (
    <Disclosure summary={texts.changePassword}>
      <Form submit={submit} label={texts.changePassword}>
        {/* Tells a password manager whose password this is. */}
        <input
          type="text"
          className="hidden"
          autoComplete="username"
          value={viewer.username}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <PasswordField name="currentPassword" label={common.currentPassword} autoComplete="current-password" />
        <NewPasswordField name="newPassword" label={common.newPassword} about={about} />
        <Checkbox name="keepApiTokens" label={texts.keepApiTokens} hint={texts.keepApiTokensHint} />
        <SubmitButton>{texts.changePassword}</SubmitButton>
      </Form>
    </Disclosure>
  );
}
