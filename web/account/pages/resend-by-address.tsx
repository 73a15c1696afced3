import { useState } from 'react';
import { ResendVerificationEmailDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { Field } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { Notice } from '../../ui/notice';
import type { Values } from '../../use-form';

/** For somebody who signs in by username before the address is confirmed: the address is asked for. */
export function ResendByAddress() {
  const { register: texts, common } = useTexts();
  const [isSent, setSent] = useState(false);
  const submit = async ({ email = '' }: Values) => {
    const { errors } = (await gatehouse.request(ResendVerificationEmailDocument, { input: { email } }))
      .resendVerificationEmail;
    setSent(errors.length === 0);
    return errors;
  };
  if (isSent) return <Notice>{texts.resent}</Notice>;
  return (
    <Form submit={submit} label={texts.resend}>
      <Field
        name="email"
        type="email"
        label={common.email}
        autoComplete="email"
        inputMode="email"
        autoCapitalize="none"
      />
      <SubmitButton>{texts.resend}</SubmitButton>
    </Form>
  );
}
