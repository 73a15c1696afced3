import { useEffect, useState } from 'react';
import {
  RevokeOtherSessionsDocument,
  RevokeSessionDocument,
  SessionsDocument,
  type SessionsQuery,
} from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { useFormat } from '../../texts/format';
import { Action } from '../../ui/action';
import { Loading } from '../../ui/loading';
import { useLoaded } from '../../use-loaded';
import { useAccount } from '../viewer';
import { AreaPage } from './area-page';

type Session = NonNullable<SessionsQuery['viewer']>['sessions'][number];

/** Where the account is signed in. A sign-in or end elsewhere is shown at once. */
export function SessionsPage() {
  const { account } = useTexts();
  const texts = account.sessions;
  const { sessionChanges } = useAccount();
  const { data, error, reload } = useLoaded(SessionsDocument, {});
  useEffect(() => {
    if (sessionChanges > 0) void reload();
  }, [sessionChanges, reload]);
  const sessions = data?.viewer?.sessions;
  if (!sessions) return <Loading error={error} onRetry={() => void reload()} />;
  const current = sessions.filter(({ isCurrent }) => isCurrent);
  const others = sessions.filter(({ isCurrent }) => !isCurrent);
  return (
    <AreaPage title={texts.title} lead={texts.lead} failure={error}>
      <ul className="entries">
        {[...current, ...others].map((session) => (
          <Entry key={session.id} session={session} onEnded={reload} />
        ))}
      </ul>
      {others.length > 0 && <EndOthers onEnded={reload} />}
    </AreaPage>
  );
}

function Entry({ session, onEnded }: { readonly session: Session; readonly onEnded: () => Promise<void> }) {
  const { account } = useTexts();
  const texts = account.sessions;
  const { dateTime, relative } = useFormat();
  const { id, device, ipAddress, createdAt, lastUsedAt, isCurrent } = session;
  const end = async () => {
    const { errors } = (await gatehouse.request(RevokeSessionDocument, { input: { sessionId: id } })).revokeSession;
    await onEnded();
    return errors;
  };
  return (
    <li className="entry">
      <div>
        <strong>{device}</strong> {isCurrent && <span className="badge">{texts.current}</span>}
        <p className="quiet">
          {ipAddress ? texts.from(ipAddress) : texts.fromUnknown} · {texts.since(dateTime(createdAt))} ·{' '}
          {texts.used(relative(lastUsedAt))}
        </p>
      </div>
      {!isCurrent && (
        <div>
          <Action run={end} label={texts.endNamed(device)}>
            {texts.end}
          </Action>
        </div>
      )}
    </li>
  );
}

function EndOthers({ onEnded }: { readonly onEnded: () => Promise<void> }) {
  const { account } = useTexts();
  const texts = account.sessions;
  const [revokeApiTokens, setRevokeApiTokens] = useState(false);
  const end = async () => {
    const { errors } = (await gatehouse.request(RevokeOtherSessionsDocument, { revokeApiTokens })).revokeOtherSessions;
    await onEnded();
    return errors;
  };
  return (
    <section>
      <h2>{texts.endOthers}</h2>
      <label className="choice">
        <input
          type="checkbox"
          name="revokeApiTokens"
          checked={revokeApiTokens}
          onChange={(event) => setRevokeApiTokens(event.currentTarget.checked)}
        />
        <span>{texts.alsoTokens}</span>
      </label>
      <p>
        <Action run={end}>{texts.endOthers}</Action>
      </p>
    </section>
  );
}
