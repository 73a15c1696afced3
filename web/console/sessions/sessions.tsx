import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useLanguage } from '../../texts/context';
import { ActionButton } from '../ui/action-button';
import { useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { Instant } from '../ui/instant';
import { mutate } from '../ui/mutate';
import { Name } from '../ui/name';
import { numberOf } from '../ui/number-of';
import { PersonFilter } from '../ui/person-filter';
import { type Column, Rows } from '../ui/rows';
import { ScreenPage } from '../ui/screen';
import { Empty } from '../ui/states';
import { UrlField } from '../ui/url-field';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { EndAll } from './end-all';
import { ConsoleSessionsDocument, type ConsoleSessionsQuery, ConsoleSessionsRevokeDocument } from './operations';
import { texts } from './texts';
import '../styles/lists.css';

type Session = ConsoleSessionsQuery['sessions']['nodes'][number];

const readSessions = ({ sessions }: ConsoleSessionsQuery) => sessions;

/** The open sessions of everybody whom the viewer may read. */
export default function Sessions() {
  const words = useTextsOf(texts);
  const { language } = useLanguage();
  const [url, set] = useUrlState();
  const [userId, ipAddress] = [url.get('person'), url.get('address')];
  const filter = { ...(userId && { userId }), ...(ipAddress && { ipAddress }) };
  const pages = usePages(ConsoleSessionsDocument, { filter }, readSessions);
  const [ending, setEnding] = useState<Session>();
  const columns = useColumns(setEnding);
  return (
    <ScreenPage title={words.title} lead={words.lead} isFilling>
      <div className="toolbar list-filters">
        <PersonFilter name="person" label={words.person} />
        <UrlField name="address" label={words.address} placeholder="203.0.113.7" spellCheck={false} />
        {userId && <EndAll userId={userId} onEnded={pages.reload} />}
        {(userId || ipAddress) && (
          <button type="button" className="button plain" onClick={() => set({ person: '', address: '' })}>
            {words.clear}
          </button>
        )}
      </div>
      {pages.total !== undefined && (
        <p className="quiet count" aria-live="polite">
          {words.count(numberOf(pages.total, language))}
        </p>
      )}
      <Rows
        label={words.list}
        columns={columns}
        pages={pages}
        keyOf={({ id }) => id}
        rowHeight={44}
        empty={
          <Empty title={words.empty}>
            <p className="quiet">{words.emptyLead}</p>
          </Empty>
        }
      />
      {ending && <End session={ending} onEnded={pages.reload} onClose={() => setEnding(undefined)} />}
    </ScreenPage>
  );
}

function End({
  session: { id, user, device },
  onEnded,
  onClose,
}: {
  readonly session: Session;
  readonly onEnded: () => void;
  readonly onClose: () => void;
}) {
  const words = useTextsOf(texts);
  const announce = useAnnounce();
  const run = async () => {
    const { errors } = await mutate(ConsoleSessionsRevokeDocument, { input: { sessionId: id } });
    if (errors.length === 0) {
      announce(words.ended);
      onEnded();
    }
    return errors;
  };
  return (
    <Confirm title={words.endTitle} verb={words.endTitle} run={run} onClose={onClose}>
      <p>{words.endLead(user.fullName, device)}</p>
    </Confirm>
  );
}

function useColumns(onEnd: (session: Session) => void): readonly Column<Session>[] {
  const words = useTextsOf(texts);
  const { columns } = words;
  return useMemo(
    () => [
      {
        key: 'person',
        title: columns.person,
        width: 'minmax(13rem, 1.4fr)',
        narrowWidth: 'minmax(7rem, 1fr)',
        cell: ({ user, isCurrent }) => (
          <>
            <Link href={`/console/people/${user.id}`}>
              <Name title={user.username}>{user.fullName}</Name>
            </Link>
            {isCurrent && (
              <>
                {' '}
                <span className="badge info">{words.own}</span>
              </>
            )}
          </>
        ),
      },
      {
        key: 'device',
        title: columns.device,
        width: 'minmax(10.5rem, 1fr)',
        isSecondary: true,
        cell: ({ device, userAgent }) => <Name title={userAgent ?? device}>{device}</Name>,
      },
      {
        key: 'address',
        title: columns.address,
        width: 'minmax(8rem, 10rem)',
        isSecondary: true,
        cell: ({ ipAddress }) => ipAddress && <Name>{ipAddress}</Name>,
      },
      {
        key: 'opened',
        title: columns.opened,
        width: '9.5rem',
        narrowWidth: '6.2rem',
        cell: ({ createdAt }) => <Instant at={createdAt} how="compact" />,
      },
      {
        key: 'used',
        title: columns.used,
        width: '7.5rem',
        isSecondary: true,
        cell: ({ lastUsedAt }) => <Instant at={lastUsedAt} how="relative" />,
      },
      {
        key: 'ends',
        title: columns.ends,
        width: '7.5rem',
        isSecondary: true,
        cell: ({ expiresAt }) => <Instant at={expiresAt} how="relative" />,
      },
      {
        key: 'actions',
        title: columns.actions,
        width: '6.5rem',
        narrowWidth: '6.5rem',
        cell: (session) => <EndButton session={session} onEnd={onEnd} />,
      },
    ],
    [columns, words, onEnd],
  );
}

function EndButton({ session, onEnd }: { readonly session: Session; readonly onEnd: (session: Session) => void }) {
  const words = useTextsOf(texts);
  const { user, device, isCurrent } = session;
  const reason = isCurrent ? words.ownHint : user.viewerCanUpdate ? undefined : words.mayNot;
  return (
    <ActionButton label={words.endOf(user.fullName, device)} reason={reason} onPress={() => onEnd(session)}>
      {words.end}
    </ActionButton>
  );
}
