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
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { ConsoleTokensDocument, type ConsoleTokensQuery, ConsoleTokensRevokeDocument } from './operations';
import { texts } from './texts';
import '../styles/lists.css';

type Token = ConsoleTokensQuery['apiTokens']['nodes'][number];

const readTokens = ({ apiTokens }: ConsoleTokensQuery) => apiTokens;
const states = ['ACTIVE', 'EXPIRED', 'REVOKED'] as const;

/** The API tokens of everybody whom the viewer may read. */
export default function Tokens() {
  const words = useTextsOf(texts);
  const { language } = useLanguage();
  const [url, set] = useUrlState();
  const userId = url.get('person');
  const state = states.find((one) => one === url.get('state'));
  const filter = { ...(userId && { userId }), ...(state && { state }) };
  const pages = usePages(ConsoleTokensDocument, { filter }, readTokens);
  const [revoking, setRevoking] = useState<Token>();
  const columns = useColumns(setRevoking);
  return (
    <ScreenPage title={words.title} lead={words.lead} isFilling>
      <div className="toolbar list-filters">
        <PersonFilter name="person" label={words.person} />
        <div className="field">
          <label htmlFor="token-state">{words.state}</label>
          <select id="token-state" value={state ?? ''} onChange={(event) => set({ state: event.currentTarget.value })}>
            <option value="">{words.anyState}</option>
            {states.map((one) => (
              <option key={one} value={one}>
                {words.states[one]}
              </option>
            ))}
          </select>
        </div>
        {(userId || state) && (
          <button type="button" className="button plain" onClick={() => set({ person: '', state: '' })}>
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
      {revoking && <Revoke token={revoking} onRevoked={pages.reload} onClose={() => setRevoking(undefined)} />}
    </ScreenPage>
  );
}

function Revoke({
  token: { id, name, user },
  onRevoked,
  onClose,
}: {
  readonly token: Token;
  readonly onRevoked: () => void;
  readonly onClose: () => void;
}) {
  const words = useTextsOf(texts);
  const announce = useAnnounce();
  const run = async () => {
    const { errors } = await mutate(ConsoleTokensRevokeDocument, { input: { apiTokenId: id } });
    if (errors.length === 0) {
      announce(words.revoked);
      onRevoked();
    }
    return errors;
  };
  return (
    <Confirm title={words.revokeTitle} verb={words.revokeTitle} run={run} onClose={onClose}>
      <p>{words.revokeLead(name, user.fullName)}</p>
    </Confirm>
  );
}

const tones = { ACTIVE: 'good', EXPIRED: '', REVOKED: '' } as const;

function State({ token: { state, user } }: { readonly token: Token }) {
  const words = useTextsOf(texts);
  if (state === 'ACTIVE' && !user.isActive) return <span className="badge">{words.noAccount}</span>;
  return <span className={`badge ${tones[state]}`}>{words.states[state]}</span>;
}

function useColumns(onRevoke: (token: Token) => void): readonly Column<Token>[] {
  const words = useTextsOf(texts);
  const { columns } = words;
  return useMemo(
    () => [
      { key: 'name', title: columns.name, width: 'minmax(8rem, 1fr)', cell: ({ name }) => <Name>{name}</Name> },
      {
        key: 'person',
        title: columns.person,
        width: 'minmax(8rem, 1fr)',
        isSecondary: true,
        cell: ({ user }) => (
          <Link href={`/console/people/${user.id}`}>
            <Name title={user.username}>{user.fullName}</Name>
          </Link>
        ),
      },
      {
        key: 'state',
        title: columns.state,
        width: '9.5rem',
        narrowWidth: '7rem',
        cell: (token) => <State token={token} />,
      },
      {
        key: 'scopes',
        title: columns.scopes,
        width: 'minmax(9rem, 1.4fr)',
        isSecondary: true,
        cell: ({ scopes }) => (scopes.length > 0 ? <Name>{scopes.join(', ')}</Name> : words.noScopes),
      },
      {
        key: 'created',
        title: columns.created,
        width: '8rem',
        isSecondary: true,
        cell: ({ createdAt }) => <Instant at={createdAt} how="date" />,
      },
      {
        key: 'used',
        title: columns.used,
        width: '8.5rem',
        isSecondary: true,
        cell: ({ lastUsedAt }) => (lastUsedAt ? <Instant at={lastUsedAt} how="relative" /> : words.never),
      },
      {
        key: 'ends',
        title: columns.ends,
        width: '9.5rem',
        isSecondary: true,
        cell: ({ expiresAt }) => (expiresAt ? <Instant at={expiresAt} how="date" /> : words.noEnd),
      },
      {
        key: 'actions',
        title: columns.actions,
        width: '8.5rem',
        narrowWidth: '8rem',
        cell: (token) => <RevokeButton token={token} onRevoke={onRevoke} />,
      },
    ],
    [columns, words, onRevoke],
  );
}

function RevokeButton({ token, onRevoke }: { readonly token: Token; readonly onRevoke: (token: Token) => void }) {
  const words = useTextsOf(texts);
  const { name, user, state } = token;
  const reason = state === 'ACTIVE' ? (user.viewerCanUpdate ? undefined : words.mayNot) : words.isOver;
  return (
    <ActionButton label={words.revokeOf(name, user.fullName)} reason={reason} onPress={() => onRevoke(token)}>
      {words.revoke}
    </ActionButton>
  );
}
