import { Link } from 'wouter';
import { ConfirmEmailChangeDocument, UndoEmailChangeDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { MailedStep } from './mailed-step';

export function ConfirmEmailPage() {
  const { confirmEmail: texts, common } = useTexts();
  return (
    <MailedStep
      texts={texts}
      run={async (token) =>
        (await gatehouse.request(ConfirmEmailChangeDocument, { input: { token } })).confirmEmailChange.errors
      }
    >
      <Link href="/account" className="button main">
        {common.yourAccount}
      </Link>
    </MailedStep>
  );
}

export function UndoEmailPage() {
  const { undoEmail: texts, forgot } = useTexts();
  return (
    <MailedStep
      texts={texts}
      run={async (token) =>
        (await gatehouse.request(UndoEmailChangeDocument, { input: { token } })).undoEmailChange.errors
      }
    >
      <p>{texts.next}</p>
      <Link href="/forgot-password" className="button main">
        {forgot.submit}
      </Link>
    </MailedStep>
  );
}
