import { Link } from 'wouter';
import { useLoaded } from '../../use-loaded';
import { useAfterUndo } from '../ui/announce';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { ScreenPage } from '../ui/screen';
import { Busy, Empty, Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { addressOf } from '../ui/use-url-state';
import { useCan } from '../ui/viewer';
import { Badges } from './badges';
import { ConsolePersonDocument, type ConsolePersonFactsFragment } from './operations';
import { PersonActions } from './person-actions';
import { PersonEvents } from './person-events';
import { PersonPermissions } from './person-permissions';
import { PersonRoles } from './person-roles';
import { PersonSessions } from './person-sessions';
import { PersonTokens } from './person-tokens';
import { texts } from './texts';

export type PersonFacts = ConsolePersonFactsFragment;

/** One person: who they are, what they may do and why, and all that can be done about it. */
export function Person({ id }: { readonly id: string }) {
  const words = useTextsOf(texts);
  const { data, error, reload } = useLoaded(ConsolePersonDocument, { id });
  useAfterUndo(() => void reload());
  if (!data) return error ? <Failed error={error} onRetry={() => void reload()} /> : <Busy />;
  const person = data.user;
  if (!person)
    return (
      <Empty title={words.person.none}>
        <p className="quiet">{words.person.noneLead}</p>
        <Link href="/console/people">{words.person.back}</Link>
      </Empty>
    );
  return <Shown person={person} onChanged={() => void reload()} />;
}

function Shown({ person, onChanged }: { readonly person: PersonFacts; readonly onChanged: () => void }) {
  const words = useTextsOf(texts);
  const can = useCan();
  const { id, fullName } = person;
  // What belongs to the account is read anew with it.
  const key = JSON.stringify([person.isActive, person.isAdmin]);
  return (
    <ScreenPage
      title={fullName}
      lead={
        <span className="person-lead">
          <Link href="/console/people">{words.person.back}</Link>
          <span className="quiet">
            <Name>{person.username}</Name>
          </span>
          <Badges person={person} />
          {person.twoFactorEnabled && <span className="badge good">{words.badges.twoFactor}</span>}
          <Link href={addressOf('/console/why', { person: id })}>{words.person.why}</Link>
          {can('read', 'security-event') && (
            <Link href={addressOf('/console/audit', { person: id })}>{words.person.history}</Link>
          )}
        </span>
      }
    >
      <PersonActions person={person} onChanged={onChanged} />
      <div className="person-panels">
        <Profile person={person} />
        <div className="person-stack">
          <PersonRoles key={`roles ${key}`} person={person} onChanged={onChanged} />
          <PersonPermissions key={`permissions ${key}`} person={person} />
          <PersonSessions key={`sessions ${key}`} person={person} />
          <PersonTokens key={`tokens ${key}`} person={person} />
          <PersonEvents person={person} />
        </div>
      </div>
    </ScreenPage>
  );
}

function Profile({ person }: { readonly person: PersonFacts }) {
  const { person: words, fields, never } = useTextsOf(texts);
  const instant = (at: string | null) => (at ? <Instant at={at} /> : <span className="quiet">{never}</span>);
  const given = (['firstName', 'lastName', 'location', 'website', 'timezone', 'language', 'bio'] as const).filter(
    (name) => person[name],
  );
  return (
    <section className="panel" aria-labelledby="person-profile">
      <h2 id="person-profile">{words.profile}</h2>
      <dl className="facts">
        <dt>{fields.email}</dt>
        <dd>{person.email && <Name>{person.email}</Name>}</dd>
        {given.map((name) => (
          <Fact key={name} name={fields[name]} value={person[name] ?? ''} />
        ))}
        <dt>{words.second}</dt>
        <dd>{person.twoFactorEnabled ? words.on : words.off}</dd>
        {person.lockedUntil && (
          <>
            <dt>{words.lockedUntil}</dt>
            <dd>{instant(person.lockedUntil)}</dd>
          </>
        )}
        <dt>{words.created}</dt>
        <dd>{instant(person.createdAt)}</dd>
        <dt>{words.seen}</dt>
        <dd>{instant(person.lastLoginAt)}</dd>
        <dt>{words.password}</dt>
        <dd>{instant(person.passwordChangedAt)}</dd>
        <dt>{words.id}</dt>
        <dd>
          <code>{person.id}</code>
        </dd>
      </dl>
    </section>
  );
}

/** Beyond that hovering shows the rest. */
const longestText = 600;

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Name most={longestText}>{value}</Name>
      </dd>
    </>
  );
}
