import { useState } from 'react';
import { DisableTwoFactorDocument, RegenerateRecoveryCodesDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { Disclosure } from '../../ui/disclosure';
import { Field } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { PasswordField } from '../../ui/password-field';
import type { Values } from '../../use-form';
import { useAccount } from '../viewer';
import { EnrollTwoFactor } from './enroll-two-factor';
import { RecoveryCodes } from './recovery-codes';

/** The second factor: set up, renewed, or switched off. Recovery codes are shown until they are said to be kept. */
export function TwoFactor() {
  const { account } = useTexts();
  const { viewer, reload } = useAccount();
  const [codes, setCodes] = useState<readonly string[]>();
  const show = (made: readonly string[]) => {
    setCodes(made);
    void reload();
  };
  if (codes) return <RecoveryCodes codes={codes} onKept={() => setCodes(undefined)} />;
  if (!viewer.twoFactorEnabled)
    return (
      <>
        <p>{account.twoFactor.off}</p>
        <EnrollTwoFactor onDone={show} />
      </>
    );
  return (
    <>
      <Notice>{account.twoFactor.on}</Notice>
      <Regenerate onDone={show} />
      <Disable />
    </>
  );
}

function Regenerate({ onDone }: { readonly onDone: (codes: readonly string[]) => void }) {
  const { account } = useTexts();
  const submit = async ({ currentPassword = '', code = '' }: Values) => {
    const input = { currentPassword, code: code.trim() };
    const { recoveryCodes, errors } = (await gatehouse.request(RegenerateRecoveryCodesDocument, { input }))
      .regenerateRecoveryCodes;
    if (recoveryCodes) onDone(recoveryCodes);
    return errors;
  };
  return (
    <Disclosure summary={account.twoFactor.regenerate}>
      <p>{account.twoFactor.regenerateLead}</p>
      <Form submit={submit} label={account.twoFactor.regenerate}>
        <Proof />
        <SubmitButton>{account.twoFactor.regenerate}</SubmitButton>
      </Form>
    </Disclosure>
  );
}

function Disable() {
  const { account } = useTexts();
  const { reload } = useAccount();
  const submit = async ({ currentPassword = '', code = '' }: Values) => {
    const input = { currentPassword, code: code.trim() };
    const { errors } = (await gatehouse.request(DisableTwoFactorDocument, { input })).disableTwoFactor;
    if (errors.length === 0) await reload();
    return errors;
  };
  return (
    <Disclosure summary={account.twoFactor.disable}>
      <p>{account.twoFactor.disableLead}</p>
      <Form submit={submit} label={account.twoFactor.disable}>
        <Proof />
        <SubmitButton kind="danger">{account.twoFactor.disable}</SubmitButton>
      </Form>
    </Disclosure>
  );
}

/** Password and code of whoever is signed in. */
function Proof() {
  const { account, common } = useTexts();
  return (
    <>
      <PasswordField name="currentPassword" label={common.currentPassword} autoComplete="current-password" />
      <Field
        name="code"
        label={account.twoFactor.code}
        hint={account.twoFactor.codeHint}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        className="code"
      />
    </>
  );
}
