import { useState } from 'react';
import { Link } from 'wouter';
import { mailedToken } from '../../mailed-token';
import { ResetPasswordDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { Form, SubmitButton } from '../../ui/form';
import { NewPasswordField } from '../../ui/new-password-field';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import type { Values } from '../../use-form';
import { MissingTokenPage } from './missing-token';

export function ResetPage() {
  const { reset: texts, common } = useTexts();
  const [isDone, setDone] = useState(false);
  if (mailedToken === null) return <MissingTokenPage />;
  const submit = async ({ newPassword = '' }: Values) => {
    const input = { token: mailedToken ?? '', newPassword };
    const { errors } = (await gatehouse.request(ResetPasswordDocument, { input })).resetPassword;
    setDone(errors.length === 0);
    return errors;
  };
  if (isDone)
    return (
      <Page title={texts.title}>
        <Notice>{texts.done}</Notice>
        <Link href="/login" className="button main">
          {common.signIn}
        </Link>
      </Page>
    );
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Form submit={submit}>
        <NewPasswordField name="newPassword" label={common.newPassword} />
        <SubmitButton>{texts.submit}</SubmitButton>
      </Form>
      <p>
        <Link href="/forgot-password">{texts.again}</Link>
      </p>
    </Page>
  );
}
