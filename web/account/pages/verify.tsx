import { Link } from 'wouter';
import { VerifyEmailDocument } from '../../operations';
import { gatehouse, useSession } from '../../session';
import { useTexts } from '../../texts/context';
import { MailedStep } from './mailed-step';

export function VerifyPage() {
  const { verify: texts, common } = useTexts();
  const isSignedIn = useSession().status === 'signedIn';
  return (
    <MailedStep
      texts={texts}
      run={async (token) => (await gatehouse.request(VerifyEmailDocument, { input: { token } })).verifyEmail.errors}
    >
      <Link href={isSignedIn ? '/account' : '/login'} className="button main">
        {isSignedIn ? common.yourAccount : common.signIn}
      </Link>
    </MailedStep>
  );
}
