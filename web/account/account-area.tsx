import { useCallback, useEffect, useState } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { SessionEventsDocument, ViewerDocument } from '../operations';
import { gatehouse, useSession } from '../session';
import { useLanguage, useTexts } from '../texts/context';
import { Loading } from '../ui/loading';
import { useLoaded } from '../use-loaded';
import { AccessPage } from './area/access';
import { ActivityPage } from './area/activity';
import { DeletePage } from './area/delete';
import { ProfilePage } from './area/profile';
import { SecurityPage } from './area/security';
import { SessionsPage } from './area/sessions';
import { TokensPage } from './area/tokens';
import { NotFoundPage } from './pages/not-found';
import { AccountProvider } from './viewer';

/** The pages of whoever is signed in. Everybody else is asked to sign in, and comes back. */
export function AccountArea() {
  const session = useSession();
  const [location] = useLocation();
  if (session.status === 'unknown') return <Starting />;
  if (session.status !== 'signedIn')
    return <Redirect to={`/login?${new URLSearchParams({ return_to: location })}`} replace />;
  // Another person or session gets pages of its own: nothing of the former is left.
  return <SignedIn key={session.sessionId} />;
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

function SignedIn() {
  const { data, error, reload } = useLoaded(ViewerDocument, {});
  const sessionChanges = useSessionChanges();
  const { setPreferences } = useLanguage();
  const viewer = data?.viewer;
  useEffect(() => {
    if (viewer) setPreferences(viewer.language, viewer.timezone);
  }, [viewer, setPreferences]);
  useEffect(() => () => setPreferences(null, null), [setPreferences]);
  if (!viewer) return <Loading error={error} onRetry={() => void reload()} />;
  return (
    <AccountProvider value={{ viewer, reload, failure: error, sessionChanges }}>
      <div className="area">
        <Navigation />
        <Switch>
          <Route path="/account" component={ProfilePage} />
          <Route path="/account/security" component={SecurityPage} />
          <Route path="/account/sessions" component={SessionsPage} />
          <Route path="/account/tokens" component={TokensPage} />
          <Route path="/account/activity" component={ActivityPage} />
          <Route path="/account/access" component={AccessPage} />
          <Route path="/account/delete" component={DeletePage} />
          <Route component={NotFoundPage} />
        </Switch>
      </div>
    </AccountProvider>
  );
}

/** Follows the sessions of the account on every page, so that a page whose session is ended elsewhere leaves at once. */
function useSessionChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const events = gatehouse.follow(SessionEventsDocument, {});
    const listen = async () => {
      for await (const _event of events) setChanges((before) => before + 1);
    };
    void listen().catch(() => undefined);
    return () => void events.return?.();
  }, []);
  return changes;
}

function Navigation() {
  const { account: texts, common } = useTexts();
  const [location] = useLocation();
  const entries = [
    ['/account', texts.profile.title],
    ['/account/security', texts.security.title],
    ['/account/sessions', texts.sessions.title],
    ['/account/tokens', texts.tokens.title],
    ['/account/activity', texts.activity.title],
    ['/account/access', texts.access.title],
    ['/account/delete', texts.remove.title],
  ] as const;
  return (
    <nav className="side" aria-label={common.accountPages}>
      {entries.map(([path, title]) => (
        <Link key={path} href={path} aria-current={location === path ? 'page' : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  );
}
