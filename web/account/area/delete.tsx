import { useState } from 'react';
import { DeleteOwnAccountDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { Checkbox } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { PasswordField } from '../../ui/password-field';
import type { Values } from '../../use-form';
import { useAccount } from '../viewer';
import { AreaPage } from './area-page';

export function DeletePage() {
  const { account, common } = useTexts();
  const texts = account.remove;
  const { viewer } = useAccount();
  const [isConfirmed, setConfirmed] = useState(false);
  const submit = async ({ currentPassword = '' }: Values) => {
    if (!isConfirmed) return [{ code: 'INVALID_INPUT', field: null, message: texts.confirmFirst } as const];
    const { errors } = (await gatehouse.request(DeleteOwnAccountDocument, { input: { currentPassword } }))
      .deleteOwnAccount;
    // Nothing of the account is left in this page.
    if (errors.length === 0) window.location.assign('/');
    return errors;
  };
  return (
    <AreaPage title={texts.title} lead={texts.lead(viewer.username)}>
      <Form submit={submit}>
        <Checkbox
          name="confirmation"
          label={texts.confirm}
          onChange={(event) => setConfirmed(event.currentTarget.checked)}
        />
        <PasswordField name="currentPassword" label={common.currentPassword} autoComplete="current-password" />
        <SubmitButton kind="danger">{texts.submit}</SubmitButton>
      </Form>
    </AreaPage>
  );
}
