import { useEffect, useRef, useState } from 'react';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { Field } from '../../ui/field';
import { Form, SubmitButton } from '../../ui/form';
import { PasswordField } from '../../ui/password-field';
import type { Submit } from '../../use-form';
import { Dialog } from '../ui/dialog';
import { setAskForProof } from '../ui/mutate';
import { useTextsOf } from '../ui/use-texts-of';
import { useViewer } from '../ui/viewer';
import { texts } from './step-up-texts';

type Answer = (isProved: boolean) => void;

/** Asks for the password or a code when a mutation is refused without a recent proof; see `mutate`. */
export function StepUp() {
  const [isOpen, setOpen] = useState(false);
  // Mutations that are refused while the dialog is open wait for the same proof.
  const waiting = useRef<Answer[]>([]);
  useEffect(() => {
    const ask = () =>
      new Promise<boolean>((resolve) => {
        waiting.current.push(resolve);
        setOpen(true);
      });
    setAskForProof(ask);
    return () => setAskForProof(undefined);
  }, []);
  const finish: Answer = (isProved) => {
    setOpen(false);
    for (const answer of waiting.current.splice(0)) answer(isProved);
  };
  return isOpen ? <ProofDialog onDone={finish} /> : null;
}

function ProofDialog({ onDone }: { readonly onDone: Answer }) {
  const words = useTextsOf(texts);
  const { common } = useTexts();
  const { twoFactorEnabled } = useViewer();
  const [how, setHow] = useState<'password' | 'code'>('password');
  const submit: Submit = async ({ password, code }) => {
    const proof = code === undefined ? { password: password ?? '' } : { code: code.trim() };
    const result = await gatehouse.reauthenticate(proof);
    if (result.status === 'refused') return result.errors;
    onDone(true);
    return [];
  };
  return (
    <Dialog title={words.title} onClose={() => onDone(false)}>
      <p>{words.lead}</p>
      <Form submit={submit} key={how} label={words.title}>
        {how === 'password' ? (
          <PasswordField name="password" label={common.currentPassword} autoComplete="current-password" />
        ) : (
          <Field name="code" label={words.code} autoComplete="one-time-code" autoFocus className="code" />
        )}
        <div className="buttons">
          {twoFactorEnabled && (
            <button
              type="button"
              className="button plain"
              onClick={() => setHow(how === 'password' ? 'code' : 'password')}
            >
              {how === 'password' ? words.useCode : words.usePassword}
            </button>
          )}
          <button type="button" className="button" onClick={() => onDone(false)}>
            {common.cancel}
          </button>
          <SubmitButton>{words.goOn}</SubmitButton>
        </div>
      </Form>
    </Dialog>
  );
}
