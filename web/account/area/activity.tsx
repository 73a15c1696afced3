import { useRef, useState } from 'react';
import type { GatehouseError } from '../../../client/gatehouse';
import { OwnEventsDocument, type OwnEventsQuery } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { useFormat } from '../../texts/format';
import { Problems } from '../../ui/form';
import { Loading } from '../../ui/loading';
import { asGatehouseError, useLoaded } from '../../use-loaded';
import { useAccount } from '../viewer';
import { AreaPage } from './area-page';

type Events = NonNullable<OwnEventsQuery['viewer']>['securityEvents'];
type Event = Events['nodes'][number];

/** What happened on the account, the newest first. */
export function ActivityPage() {
  const { account } = useTexts();
  const { data, error, reload } = useLoaded(OwnEventsDocument, { before: null });
  const events = data?.viewer?.securityEvents;
  if (!events) return <Loading error={error} onRetry={() => void reload()} />;
  return (
    <AreaPage title={account.activity.title} lead={account.activity.lead} failure={error}>
      <List newest={events} />
    </AreaPage>
  );
}

function List({ newest }: { readonly newest: Events }) {
  const { account } = useTexts();
  const [older, setOlder] = useState<readonly Events[]>([]);
  const [failure, setFailure] = useState<GatehouseError>();
  const pages = [newest, ...older];
  const { hasPreviousPage, startCursor } = (pages.at(-1) ?? newest).pageInfo;
  const isLoading = useRef(false);
  const loadOlder = async () => {
    if (isLoading.current) return;
    isLoading.current = true;
    try {
      const { viewer } = await gatehouse.request(OwnEventsDocument, { before: startCursor });
      setFailure(undefined);
      if (viewer) setOlder((before) => [...before, viewer.securityEvents]);
    } catch (reason) {
      setFailure(asGatehouseError(reason));
    }
    isLoading.current = false;
  };
  return (
    <>
      <ol className="entries">
        {pages.flatMap(({ nodes }) => nodes.toReversed().map((event) => <Entry key={event.id} event={event} />))}
      </ol>
      <Problems failure={failure} />
      {hasPreviousPage && (
        <button type="button" className="button" onClick={() => void loadOlder()}>
          {account.activity.older}
        </button>
      )}
    </>
  );
}

function Entry({ event }: { readonly event: Event }) {
  const { account } = useTexts();
  const { activity } = account;
  const { viewer } = useAccount();
  const { dateTime } = useFormat();
  const { type, occurredAt, ipAddress, device, actorId, details } = event;
  // A lock by wrong attempts has a factor.
  const isByAdministrator = type === 'ACCOUNT_LOCKED' && details['factor'] === undefined;
  const role = typeof details['role'] === 'string' ? details['role'] : undefined;
  const facts = [
    dateTime(occurredAt),
    role && activity.role(role),
    typeof details['count'] === 'number' ? activity.times(details['count']) : undefined,
    // `localhost`: the service acted by itself; newer events have no address then.
    ipAddress && ipAddress !== 'localhost' ? account.sessions.from(ipAddress) : undefined,
    device,
    actorId !== viewer.id && activity.byOthers.includes(type) ? activity.bySomebodyElse : undefined,
  ].filter(Boolean);
  return (
    <li className="entry">
      <div>
        <strong>{isByAdministrator ? activity.lockedByAdministrator : (activity.types[type] ?? type)}</strong>
        <p className="quiet">{facts.join(' · ')}</p>
      </div>
    </li>
  );
}
