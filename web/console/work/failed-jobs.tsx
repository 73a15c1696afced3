import { useMemo, useState } from 'react';
import type { GatehouseError } from '../../../client/gatehouse';
import { serverNow } from '../../server-clock';
import { Problems } from '../../ui/form';
import { asGatehouseError } from '../../use-loaded';
import { ActionButton } from '../ui/action-button';
import { useAnnounce } from '../ui/announce';
import { Instant } from '../ui/instant';
import { mutate } from '../ui/mutate';
import { Name } from '../ui/name';
import { type Column, Rows } from '../ui/rows';
import { Empty } from '../ui/states';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan } from '../ui/viewer';
import {
  ConsoleWorkFailedDocument,
  type ConsoleWorkFailedQuery,
  ConsoleWorkRetryDocument,
  type ConsoleWorkRetryMutation,
} from './operations';
import { MailCell, useTaskName } from './task-name';
import { texts } from './texts';

type Job = ConsoleWorkFailedQuery['failedJobs']['nodes'][number];
type Refused = ConsoleWorkRetryMutation['retryJob']['errors'];

const readFailed = ({ failedJobs }: ConsoleWorkFailedQuery) => failedJobs;

/** Jobs that were given up, those that failed last first. */
export function FailedJobs({ onRetried }: { readonly onRetried: () => void }) {
  const words = useTextsOf(texts);
  const announce = useAnnounce();
  const pages = usePages(ConsoleWorkFailedDocument, {}, readFailed);
  const [errors, setErrors] = useState<Refused>([]);
  const [failure, setFailure] = useState<GatehouseError>();
  const retry = async ({ id }: Job) => {
    setFailure(undefined);
    try {
      const payload = await mutate(ConsoleWorkRetryDocument, { input: { jobId: id } });
      setErrors(payload.errors);
      if (payload.errors.length > 0) return;
      announce(words.retried);
      onRetried();
    } catch (reason) {
      setFailure(asGatehouseError(reason));
    }
  };
  const columns = useColumns(retry);
  return (
    <>
      <Problems errors={errors} failure={failure} />
      <Rows
        label={words.list}
        columns={columns}
        pages={pages}
        keyOf={({ id }) => id}
        rowHeight={44}
        empty={
          <Empty title={words.emptyFailed}>
            <p className="quiet">{words.emptyFailedLead}</p>
          </Empty>
        }
      />
    </>
  );
}

function useColumns(retry: (job: Job) => Promise<void>): readonly Column<Job>[] {
  const { columns } = useTextsOf(texts);
  const nameOf = useTaskName();
  // biome-ignore lint/correctness/useExhaustiveDependencies: both are made anew each time and do the same
  return useMemo(
    () => [
      {
        key: 'task',
        title: columns.task,
        width: '11rem',
        narrowWidth: 'minmax(6rem, 1fr)',
        cell: ({ task }) => <Name title={task}>{nameOf(task)}</Name>,
      },
      {
        key: 'mail',
        title: columns.mail,
        width: 'minmax(12rem, 1fr)',
        narrowWidth: 'minmax(6rem, 1fr)',
        cell: ({ mail }) => <MailCell mail={mail} />,
      },
      {
        key: 'reason',
        title: columns.reason,
        width: 'minmax(12rem, 1.4fr)',
        isSecondary: true,
        cell: ({ lastError }) => lastError && <Name>{lastError}</Name>,
      },
      {
        key: 'attempts',
        title: columns.attempts,
        width: '5.5rem',
        isSecondary: true,
        cell: ({ attempts }) => attempts,
      },
      {
        key: 'failed',
        title: columns.failed,
        width: '9rem',
        isSecondary: true,
        cell: ({ failedAt }) => <Instant at={failedAt} how="relative" />,
      },
      {
        key: 'actions',
        title: columns.actions,
        width: '7rem',
        narrowWidth: '6.4rem',
        cell: (job) => <RetryButton job={job} onRetry={() => void retry(job)} />,
      },
    ],
    [columns],
  );
}

function RetryButton({ job, onRetry }: { readonly job: Job; readonly onRetry: () => void }) {
  const words = useTextsOf(texts);
  const nameOf = useTaskName();
  const can = useCan();
  const { task, mail, expiresAt } = job;
  const isOver = typeof expiresAt === 'string' && Date.parse(expiresAt) <= serverNow();
  const reason = can('retry', 'job') ? (isOver ? words.expired : undefined) : words.mayNot;
  const what = [nameOf(task), mail?.recipient].filter(Boolean).join(' ');
  return (
    <ActionButton label={words.retryOf(what)} reason={reason} onPress={onRetry}>
      {words.retry}
    </ActionButton>
  );
}
