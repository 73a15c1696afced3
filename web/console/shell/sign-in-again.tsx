import { useState } from 'react';
import type { Challenge } from '../../../client/gatehouse';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { Field } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { PasswordField } from '../../ui/password-field';
import type { Submit } from '../../use-form';
import { Dialog } from '../ui/dialog';
import { useTextsOf } from '../ui/use-texts-of';
import { useViewer } from '../ui/viewer';
import { texts } from './texts';

/** Over the screen of somebody whose session has ended: they sign in again, and go on where they were. */
export function SignInAgain() {
  const { username } = useViewer();
  const words = useTextsOf(texts);
  const { common } = useTexts();
  const [challenge, setChallenge] = useState<Challenge>();
  const submitPassword: Submit = async ({ password = '' }) => {
    const result = await gatehouse.signIn({ identifier: username, password });
    if (result.status === 'secondFactor') setChallenge(result.challenge);
    return result.status === 'refused' ? result.errors : [];
  };
  const submitCode: Submit = async ({ code = '' }) => {
    const result = challenge && (await gatehouse.completeSignIn(challenge, code.trim()));
    if (result?.status !== 'refused') return [];
    if (result.errors.some(({ code: reason }) => reason === 'INVALID_TOKEN')) setChallenge(undefined);
    return result.errors;
  };
  return (
    <Dialog title={words.again}>
      <p>{words.againLead(username)}</p>
      {challenge ? (
        <Form submit={submitCode} key="code">
          <Field name="code" label={words.code} autoComplete="one-time-code" autoFocus className="code" />
          <SubmitButton>{words.goOn}</SubmitButton>
        </Form>
      ) : (
        <Form submit={submitPassword} key="password">
          <PasswordField name="password" label={common.password} autoComplete="current-password" />
          <SubmitButton>{common.signIn}</SubmitButton>
        </Form>
      )}
      <p>
        <a href="/login?return_to=/console">{words.againOther}</a>
      </p>
    </Dialog>
  );
}
