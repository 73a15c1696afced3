import { Link } from 'wouter';
import { ResetPasswordDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { NewPasswordField } from '../../ui/new-password-field';
import { MailedStep } from './mailed-step';

export function ResetPage() {
  const { reset: texts, common } = useTexts();
  return (
    <MailedStep
      texts={texts}
      fields={<NewPasswordField name="newPassword" label={common.newPassword} />}
      run={async (token, { newPassword = '' }) =>
        (await gatehouse.request(ResetPasswordDocument, { input: { token, newPassword } })).resetPassword.errors
      }
      below={
        <p>
          <Link href="/forgot-password">{texts.again}</Link>
        </p>
      }
    >
      <Link href="/login" className="button main">
        {common.signIn}
      </Link>
    </MailedStep>
  );
}
