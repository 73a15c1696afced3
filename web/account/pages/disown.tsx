import { useState } from 'react';
import { DisownRegistrationDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { MailedStep } from './mailed-step';

/** For the owner of a mailbox with which somebody else has registered. */
export function DisownPage() {
  const { disown: texts } = useTexts();
  const [done, setDone] = useState<'kept' | 'removed'>('kept');
  return (
    <MailedStep
      texts={{ ...texts, done: texts[done] }}
      fields={
        <fieldset className="choices">
          <legend className="hidden">{texts.title}</legend>
          <Choice value="false" label={texts.keep} hint={texts.keepHint} isChosen />
          <Choice value="true" label={texts.remove} hint={texts.removeHint} />
        </fieldset>
      }
      run={async (token, values) => {
        const deleteAccount = values['deleteAccount'] === 'true';
        setDone(deleteAccount ? 'removed' : 'kept');
        const input = { token, deleteAccount };
        return (await gatehouse.request(DisownRegistrationDocument, { input })).disownRegistration.errors;
      }}
    />
  );
}

const Choice = ({
  value,
  label,
  hint,
  isChosen = false,
}: {
  readonly value: string;
  readonly label: string;
  readonly hint: string;
  readonly isChosen?: boolean;
}) => (
  <label className="choice">
    <input type="radio" name="deleteAccount" value={value} defaultChecked={isChosen} />
    <span>
      <strong>{label}</strong>
      <span className="hint">{hint}</span>
    </span>
  </label>
);
