import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Challenge } from '../../../client/gatehouse';
import { useSession } from '../../session';
import { settings } from '../../settings';
import { useTexts } from '../../texts/context';
import { Page } from '../../ui/page';
import { DemoPeople } from './demo-people';
import { SecondStep } from './second-step';

/** What this is and where to go. */
export function StartPage() {
  const { start: texts, common } = useTexts();
  const session = useSession();
  const [challenge, setChallenge] = useState<Challenge>();
  const [, navigate] = useLocation();
  const isSignedIn = session.status === 'signedIn';
  useEffect(() => {
    if (!challenge || !isSignedIn) return;
    setChallenge(undefined);
    navigate('/account');
  }, [challenge, isSignedIn, navigate]);
  if (challenge && !isSignedIn) return <SecondStep challenge={challenge} onEnd={() => setChallenge(undefined)} />;
  return (
    <Page title={texts.title(settings.serviceName)} lead={texts.lead}>
      {session.status === 'signedIn' ? (
        <>
          <p>{texts.signedInAs(session.username)}</p>
          <p className="row">
            <Link href="/account" className="button main">
              {texts.toAccount}
            </Link>
          </p>
        </>
      ) : (
        <p className="row">
          <Link href="/login" className="button main">
            {common.signIn}
          </Link>
          <Link href="/register" className="button">
            {common.register}
          </Link>
        </p>
      )}
      {settings.demoPeople && <DemoPeople people={settings.demoPeople} onChallenge={setChallenge} />}
      {(settings.playground || settings.mailbox) && <ForDevelopers />}
    </Page>
  );
}

function ForDevelopers() {
  const { start: texts } = useTexts();
  return (
    <section>
      <h2>{texts.developers}</h2>
      <ul className="links">
        {settings.playground && (
          <li>
            <a href="/playground">{texts.playground}</a>
          </li>
        )}
        {settings.mailbox && (
          <li>
            <a href="/dev/mailbox">{texts.mailbox}</a>
          </li>
        )}
        <li>
          {texts.apiAddress} <code>{`${window.location.origin}/graphql`}</code>
        </li>
      </ul>
    </section>
  );
}
