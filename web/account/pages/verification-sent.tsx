import { useState } from 'react';
import { ResendVerificationEmailDocument } from '../../operations';
import { gatehouse } from '../../session';
import { settings } from '../../settings';
import { useTexts } from '../../texts/context';
import { Form, SubmitButton } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';

/** After a registration: what to do now, and what if no mail comes. */
export function VerificationSent({
  email,
  onOtherAddress,
}: {
  readonly email: string;
  readonly onOtherAddress?: () => void;
}) {
  const { register: texts } = useTexts();
  return (
    <Page title={texts.sentTitle}>
      <Notice>{texts.sent(email)}</Notice>
      {settings.mailbox && (
        <p>
          <a href="/dev/mailbox">{texts.openMailbox}</a>
        </p>
      )}
      <p>{texts.sentHint}</p>
      <Resend email={email} />
      {onOtherAddress && (
        <button type="button" className="button plain" onClick={onOtherAddress}>
          {texts.otherAddress}
        </button>
      )}
    </Page>
  );
}

function Resend({ email }: { readonly email: string }) {
  const { register: texts } = useTexts();
  const [isSent, setSent] = useState(false);
  const submit = async () => {
    const { errors } = (await gatehouse.request(ResendVerificationEmailDocument, { input: { email } }))
      .resendVerificationEmail;
    setSent(errors.length === 0);
    return errors;
  };
  if (isSent) return <Notice>{texts.resent}</Notice>;
  return (
    <Form submit={submit}>
      <SubmitButton>{texts.resend}</SubmitButton>
    </Form>
  );
}
