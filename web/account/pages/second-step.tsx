import { useState } from 'react';
import type { Challenge } from '../../../client/gatehouse';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { Field } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { Page } from '../../ui/page';
import type { Values } from '../../use-form';

/** Asks for a code of the authenticator app, or for a recovery code. */
export function SecondStep({
  challenge,
  onEnd,
}: {
  readonly challenge: Challenge;
  /** The challenge cannot be answered any more, or the person begins again. */
  readonly onEnd: (reason: 'expired' | 'cancelled') => void;
}) {
  const { login: texts } = useTexts();
  const [method, setMethod] = useState<'TOTP' | 'RECOVERY_CODE'>('TOTP');
  const isApp = method === 'TOTP';
  const submit = async ({ code = '' }: Values) => {
    const result = await gatehouse.completeSignIn(challenge, code.trim(), method);
    if (result.status !== 'refused') return [];
    if (result.errors.some((error) => error.code === 'INVALID_TOKEN')) onEnd('expired');
    return result.errors;
  };
  return (
    <Page title={texts.codeTitle} lead={isApp ? texts.codeLead : texts.recoveryLead}>
      <Form submit={submit} key={method}>
        <Field
          name="code"
          label={isApp ? texts.code : texts.recoveryCode}
          autoComplete="one-time-code"
          inputMode={isApp ? 'numeric' : 'text'}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          className="code"
          autoFocus
        />
        <SubmitButton>{texts.submitCode}</SubmitButton>
      </Form>
      <p className="row">
        <button type="button" className="button plain" onClick={() => setMethod(isApp ? 'RECOVERY_CODE' : 'TOTP')}>
          {isApp ? texts.useRecovery : texts.useApp}
        </button>
        <button type="button" className="button plain" onClick={() => onEnd('cancelled')}>
          {texts.startOver}
        </button>
      </p>
    </Page>
  );
}
