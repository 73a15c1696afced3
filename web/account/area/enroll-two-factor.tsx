import { useState } from 'react';
import { BeginTwoFactorEnrollmentDocument, ConfirmTwoFactorEnrollmentDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { CopyButton } from '../../ui/copy-button';
import { Disclosure } from '../../ui/disclosure';
import { Field } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { PasswordField } from '../../ui/password-field';
import type { Values } from '../../use-form';

interface Enrollment {
  readonly secret: string;
  readonly qrCode: string;
  readonly otpauthUri: string;
}

/** Sets up an authenticator app: password, QR code, first code. */
export function EnrollTwoFactor({ onDone }: { readonly onDone: (recoveryCodes: readonly string[]) => void }) {
  const { account, common } = useTexts();
  const [enrollment, setEnrollment] = useState<Enrollment>();
  const begin = async ({ currentPassword = '' }: Values) => {
    const { secret, qrCode, otpauthUri, errors } = (
      await gatehouse.request(BeginTwoFactorEnrollmentDocument, { input: { currentPassword } })
    ).beginTwoFactorEnrollment;
    if (secret && qrCode && otpauthUri) setEnrollment({ secret, qrCode, otpauthUri });
    return errors;
  };
  if (enrollment) return <FirstCode enrollment={enrollment} onDone={onDone} />;
  return (
    <Disclosure summary={account.twoFactor.enable}>
      <Form submit={begin} label={account.twoFactor.enable}>
        <PasswordField name="currentPassword" label={common.currentPassword} autoComplete="current-password" />
        <SubmitButton>{account.twoFactor.begin}</SubmitButton>
      </Form>
    </Disclosure>
  );
}

function FirstCode({
  enrollment: { secret, qrCode, otpauthUri },
  onDone,
}: {
  readonly enrollment: Enrollment;
  readonly onDone: (recoveryCodes: readonly string[]) => void;
}) {
  const { account } = useTexts();
  const texts = account.twoFactor;
  const confirm = async ({ code = '' }: Values) => {
    const { recoveryCodes, errors } = (
      await gatehouse.request(ConfirmTwoFactorEnrollmentDocument, { input: { code: code.trim() } })
    ).confirmTwoFactorEnrollment;
    if (recoveryCodes) onDone(recoveryCodes);
    return errors;
  };
  return (
    <>
      <p>{texts.scan}</p>
      <img className="qr" src={qrCode} alt={texts.qrCode} width="220" height="220" />
      <p>
        {texts.manual} <code className="secret">{secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <p className="row">
        <CopyButton text={secret} label={texts.copySecret} />
        <a className="button" href={otpauthUri}>
          {texts.openApp}
        </a>
      </p>
      <Form submit={confirm} label={texts.confirm}>
        <Field
          name="code"
          label={texts.firstCode}
          autoComplete="one-time-code"
          inputMode="numeric"
          className="code"
          autoFocus
        />
        <SubmitButton>{texts.confirm}</SubmitButton>
      </Form>
    </>
  );
}
