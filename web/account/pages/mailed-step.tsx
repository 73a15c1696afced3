import { type ReactNode, useState } from 'react';
import type { FieldError } from '../../../client/gatehouse';
import { forgetMailedToken, mailedToken } from '../../mailed-token';
import { useTexts } from '../../texts/context';
import { Form, SubmitButton } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import type { Values } from '../../use-form';

interface MailedStepProps {
  readonly texts: { readonly title: string; readonly lead: string; readonly submit: string; readonly done: string };
  /** @returns what the API refused @throws GatehouseError */
  readonly run: (token: string, values: Values) => Promise<readonly FieldError[]>;
  /** What is asked for; nothing but the click by default. */
  readonly fields?: ReactNode;
  /** Below the form. */
  readonly below?: ReactNode;
  /** What comes afterwards. */
  readonly children?: ReactNode;
}

/** What a mailed link is for, done by a click and not by its opening: programs that look into mail open links, too. */
export function MailedStep({ texts, run, fields, below, children }: MailedStepProps) {
  const { missingToken } = useTexts();
  const [isDone, setDone] = useState(false);
  const token = mailedToken();
  if (isDone)
    return (
      <Page title={texts.title}>
        <Notice takesFocus>{texts.done}</Notice>
        {children}
      </Page>
    );
  if (token === null) return <Page title={missingToken.title} lead={missingToken.lead} />;
  const submit = async (values: Values) => {
    const errors = await run(token, values);
    if (errors.length > 0) return errors;
    forgetMailedToken();
    setDone(true);
    return [];
  };
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Form submit={submit}>
        {fields}
        <SubmitButton>{texts.submit}</SubmitButton>
      </Form>
      {below}
    </Page>
  );
}
