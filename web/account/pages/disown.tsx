import { useState } from 'react';
import { mailedToken } from '../../mailed-token';
import { DisownRegistrationDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { Form, SubmitButton } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import type { Values } from '../../use-form';
import { MissingTokenPage } from './missing-token';

/** For the owner of a mailbox with which somebody else has registered. */
export function DisownPage() {
  const { disown: texts } = useTexts();
  const [done, setDone] = useState<'kept' | 'removed'>();
  if (mailedToken === null) return <MissingTokenPage />;
  const submit = async (values: Values) => {
    const deleteAccount = values['deleteAccount'] === 'true';
    const input = { token: mailedToken ?? '', deleteAccount };
    const { errors } = (await gatehouse.request(DisownRegistrationDocument, { input })).disownRegistration;
    if (errors.length === 0) setDone(deleteAccount ? 'removed' : 'kept');
    return errors;
  };
  if (done)
    return (
      <Page title={texts.title}>
        <Notice>{texts[done]}</Notice>
      </Page>
    );
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Form submit={submit}>
        <fieldset className="choices">
          <legend className="hidden">{texts.title}</legend>
          <Choice value="false" label={texts.keep} hint={texts.keepHint} isChosen />
          <Choice value="true" label={texts.remove} hint={texts.removeHint} />
        </fieldset>
        <SubmitButton>{texts.submit}</SubmitButton>
      </Form>
    </Page>
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
