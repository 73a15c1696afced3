import { useState } from 'react';
import { RequestEmailChangeDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { Disclosure } from '../../ui/disclosure';
import { Field } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { PasswordField } from '../../ui/password-field';
import type { Values } from '../../use-form';

export function ChangeEmail() {
  const { account, common } = useTexts();
  const texts = account.security;
  const [sentTo, setSentTo] = useState<string>();
  const submit = async ({ newEmail = '', currentPassword = '' }: Values) => {
    const input = { newEmail, currentPassword };
    const { errors } = (await gatehouse.request(RequestEmailChangeDocument, { input })).requestEmailChange;
    if (errors.length === 0) setSentTo(newEmail);
    return errors;
  };
  if (sentTo !== undefined) return <Notice takesFocus>{texts.emailSent(sentTo)}</Notice>;
  return (
    <Disclosure summary={texts.changeEmail}>
      <Form submit={submit} label={texts.changeEmail}>
        <Field
          name="newEmail"
          type="email"
          label={texts.newEmail}
          hint={texts.newEmailHint}
          autoComplete="email"
          inputMode="email"
          autoCapitalize="none"
        />
        <PasswordField name="currentPassword" label={common.currentPassword} autoComplete="current-password" />
        <SubmitButton>{texts.changeEmail}</SubmitButton>
      </Form>
    </Disclosure>
  );
}
