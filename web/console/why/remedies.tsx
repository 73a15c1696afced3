import { useState } from 'react';
import { Link } from 'wouter';
import { useLoaded } from '../../use-loaded';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { Busy, Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { addressOf } from '../ui/use-url-state';
import { useCan } from '../ui/viewer';
import { Filled } from './filled';
import { ConsoleWhyRemediesDocument, type ConsoleWhyRemediesQuery } from './operations';
import { Preview } from './preview';
import type { Question } from './question';
import { texts } from './texts';

type Remedy = ConsoleWhyRemediesQuery['accessDecision']['remedies'][number];

/** Changes each of which would make the refusal of now a yes, with what else they would do. */
export function Remedies({ question: { person, check } }: { readonly question: Question }) {
  const words = useTextsOf(texts);
  const { data, error, isStale, reload } = useLoaded(ConsoleWhyRemediesDocument, { userId: person, check });
  if (error) return <Failed error={error} onRetry={() => void reload()} />;
  // A change that would answer another question must not be followed.
  if (!data || isStale) return <Busy />;
  const { remedies } = data.accessDecision;
  return (
    <section className="panel" aria-labelledby="why-remedies">
      <h2 id="why-remedies">{words.remedies}</h2>
      {remedies.length === 0 && <p className="quiet">{words.noRemedies}</p>}
      <ul className="why-remedies">
        {remedies.map((remedy) => (
          <RemedyRow key={`${remedy.kind}${remedy.role?.id}${remedy.permission?.id}`} remedy={remedy} userId={person} />
        ))}
      </ul>
    </section>
  );
}

function RemedyRow({ remedy, userId }: { readonly remedy: Remedy; readonly userId: string }) {
  const words = useTextsOf(texts);
  const can = useCan();
  const [isOpen, setOpen] = useState(false);
  const { kind, role, grant, permission, change } = remedy;
  const formerEnd = grant?.revokedAt ?? grant?.expiresAt;
  return (
    <li className="why-remedy">
      <div className="why-remedy-head">
        <span>
          <Filled
            text={words.remedyKinds[kind]}
            parts={{ role: <Name>{role?.name ?? ''}</Name>, permission: <Name>{permission?.name ?? ''}</Name> }}
          />{' '}
          <span className="quiet">
            {role && words.level(role.level)}
            {formerEnd && (
              <>
                {', '}
                <Filled text={words.formerly} parts={{ instant: <Instant at={formerEnd} how="date" /> }} />
              </>
            )}
          </span>
        </span>
        <span className="buttons">
          {change && can('read', 'role') && (
            <button type="button" className="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? words.hidePreview : words.preview}
            </button>
          )}
          {change ? <DraftLink change={change} /> : <Link href={`/console/people/${userId}`}>{words.toPerson}</Link>}
        </span>
      </div>
      {change && change.addPermissions.length > 0 && (
        <p>
          <code className="why-conditions">{JSON.stringify(change.addPermissions[0]?.conditions)}</code>
        </p>
      )}
      {isOpen && change && <Preview change={change} userId={userId} />}
    </li>
  );
}

/** The editor of roles takes a change from its address. */
function DraftLink({ change }: { readonly change: NonNullable<Remedy['change']> }) {
  const words = useTextsOf(texts);
  const { roleId, ...draft } = change;
  return <Link href={addressOf(`/console/roles/${roleId}`, { draft: JSON.stringify(draft) })}>{words.draft}</Link>;
}
