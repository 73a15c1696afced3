import { useCallback, useEffect, useState } from 'react';
import { gatehouse, useSession } from '../session';
import { Loading } from '../ui/loading';
import { Frame } from './shell/frame';
import { SignInAgain } from './shell/sign-in-again';
import { StepUp } from './shell/step-up';
import { ViewerProvider } from './ui/viewer';

/**
 * The console of whoever is signed in. Others are asked to sign in, and come back. A session that ends while the console is
 * open is followed by another of the same person without leaving the page, so that nothing typed is lost.
 */
export function App() {
  const session = useSession();
  const [userId, setUserId] = useState<string>();
  const isSignedIn = session.status === 'signedIn';
  const isSomebodyElse = isSignedIn && userId !== undefined && userId !== session.userId;
  useEffect(() => {
    // Nothing of the former person's is shown to another.
    if (isSomebodyElse) window.location.reload();
    else if (isSignedIn) setUserId(session.userId);
    else if (session.status === 'signedOut' && userId === undefined) leaveForSignIn();
  }, [session, isSignedIn, isSomebodyElse, userId]);
  if (userId === undefined || isSomebodyElse) return <Starting />;
  return (
    <ViewerProvider>
      <Frame />
      <StepUp />
      {!isSignedIn && <SignInAgain />}
    </ViewerProvider>
  );
}

function leaveForSignIn(): void {
  const { pathname, search } = window.location;
  window.location.replace(`/login?${new URLSearchParams({ return_to: pathname + search })}`);
}

/** While it is not known whether somebody is signed in; says so when the service does not answer. */
function Starting() {
  const [error, setError] = useState<unknown>();
  const start = useCallback(() => {
    setError(undefined);
    gatehouse.start().catch(setError);
  }, []);
  useEffect(start, [start]);
  return <Loading error={error} onRetry={start} />;
}
