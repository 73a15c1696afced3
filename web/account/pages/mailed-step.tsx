import { type ReactNode, useState } from 'react';
import type { FieldError } from '../../../client/gatehouse';
import { mailedToken } from '../../mailed-token';
import { Form, SubmitButton } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { MissingTokenPage } from './missing-token';

/** What a mailed link is for, done by a click and not by its opening: programs that look into mail open links, too. */
export function MailedStep({
  texts,
  run,
  children,
}: {
  readonly texts: { readonly title: string; readonly lead: string; readonly submit: string; readonly done: string };
  readonly run: (token: string) => Promise<readonly FieldError[]>;
  /** What comes afterwards. */
  readonly children: ReactNode;
}) {
  const [isDone, setDone] = useState(false);
  if (mailedToken === null) return <MissingTokenPage />;
  const submit = async () => {
    const errors = await run(mailedToken ?? '');
    setDone(errors.length === 0);
    return errors;
  };
  return (
    <Page title={texts.title} lead={isDone ? undefined : texts.lead}>
      {isDone ? (
        <>
          <Notice>{texts.done}</Notice>
          {children}
        </>
      ) : (
        <Form submit={submit}>
          <SubmitButton>{texts.submit}</SubmitButton>
        </Form>
      )}
    </Page>
  );
}
