import { useState } from 'react';
import { Link, useSearch } from 'wouter';
import { RequestPasswordResetDocument } from '../../operations';
import { keepingReturn } from '../../return-to';
import { gatehouse } from '../../session';
import { settings } from '../../settings';
import { useTexts } from '../../texts/context';
import { Field } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import type { Values } from '../../use-form';

export function ForgotPage() {
  const { forgot: texts, common, register } = useTexts();
  const search = useSearch();
  const [sentTo, setSentTo] = useState<string>();
  const submit = async ({ email = '' }: Values) => {
    const { errors } = (await gatehouse.request(RequestPasswordResetDocument, { input: { email } }))
      .requestPasswordReset;
    if (errors.length === 0) setSentTo(email);
    return errors;
  };
  if (sentTo !== undefined)
    return (
      <Page title={texts.sentTitle}>
        <Notice>{texts.sent(sentTo)}</Notice>
        {settings.mailbox && (
          <p>
            <a href="/dev/mailbox">{register.openMailbox}</a>
          </p>
        )}
      </Page>
    );
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Form submit={submit}>
        <Field
          name="email"
          type="email"
          label={common.email}
          autoComplete="username"
          inputMode="email"
          autoCapitalize="none"
        />
        <SubmitButton>{texts.submit}</SubmitButton>
      </Form>
      <p>
        <Link href={keepingReturn('/login', search)}>{common.signIn}</Link>
      </p>
    </Page>
  );
}
