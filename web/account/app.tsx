import { useEffect } from 'react';
import { Link, Route, Switch } from 'wouter';
import { gatehouse, useSession } from '../session';
import { useTexts } from '../texts/context';
import { Action } from '../ui/action';
import { Layout } from '../ui/layout';
import { AccountArea } from './account-area';
import { DisownPage } from './pages/disown';
import { ConfirmEmailPage, UndoEmailPage } from './pages/email-change';
import { ForgotPage } from './pages/forgot';
import { LoginPage } from './pages/login';
import { NotFoundPage } from './pages/not-found';
import { RegisterPage } from './pages/register';
import { ResetPage } from './pages/reset';
import { StartPage } from './pages/start';
import { VerifyPage } from './pages/verify';

export function App() {
  useEffect(() => {
    // Pages that need nobody to be signed in work without an answer; the others ask again and say why.
    void gatehouse.start().catch(() => undefined);
  }, []);
  return (
    <Layout actions={<Actions />}>
      <Switch>
        <Route path="/" component={StartPage} />
        <Route path="/register" component={RegisterPage} />
        <Route path="/verify-email" component={VerifyPage} />
        <Route path="/disown-registration" component={DisownPage} />
        <Route path="/login" component={LoginPage} />
        <Route path="/forgot-password" component={ForgotPage} />
        <Route path="/reset-password" component={ResetPage} />
        <Route path="/confirm-email-change" component={ConfirmEmailPage} />
        <Route path="/undo-email-change" component={UndoEmailPage} />
        <Route path="/account/*?" component={AccountArea} />
        <Route component={NotFoundPage} />
      </Switch>
    </Layout>
  );
}

/** In the upper corner: who is signed in, or the way to sign in. */
function Actions() {
  const session = useSession();
  const { common } = useTexts();
  if (session.status === 'unknown') return null;
  return (
    <nav className="actions" aria-label={common.yourAccount}>
      {session.status === 'signedIn' ? (
        <>
          <Link href="/account">{session.username}</Link>
          <SignOut />
        </>
      ) : (
        <Link href="/login">{common.signIn}</Link>
      )}
    </nav>
  );
}

function SignOut() {
  const { common } = useTexts();
  const signOut = async () => {
    await gatehouse.signOut();
    return [];
  };
  return (
    <Action kind="plain" run={signOut}>
      {common.signOut}
    </Action>
  );
}
