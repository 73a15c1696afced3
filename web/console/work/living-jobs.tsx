import { useMemo } from 'react';
import { Instant } from '../ui/instant';
import { Name } from '../ui/name';
import { type Column, Rows } from '../ui/rows';
import { Empty } from '../ui/states';
import { usePages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { ConsoleWorkJobsDocument, type ConsoleWorkJobsQuery } from './operations';
import { MailCell, useTaskName } from './task-name';
import { texts } from './texts';

type Job = ConsoleWorkJobsQuery['jobs']['nodes'][number];

const readJobs = ({ jobs }: ConsoleWorkJobsQuery) => jobs;

/** Jobs that wait or run, those due first in front. */
export function LivingJobs({
  task,
  state,
}: {
  readonly task: string | undefined;
  readonly state: 'WAITING' | 'RUNNING';
}) {
  const words = useTextsOf(texts);
  const pages = usePages(ConsoleWorkJobsDocument, { filter: { state, ...(task && { task }) } }, readJobs);
  const columns = useColumns();
  return (
    <Rows
      label={words.list}
      columns={columns}
      pages={pages}
      keyOf={({ id }) => id}
      empty={<Empty title={state === 'RUNNING' ? words.emptyRunning : words.emptyWaiting} />}
    />
  );
}

function useColumns(): readonly Column<Job>[] {
  const { columns, again } = useTextsOf(texts);
  const nameOf = useTaskName();
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is made anew each time and does the same
  return useMemo(
    () => [
      {
        key: 'task',
        title: columns.task,
        width: 'minmax(11rem, 16rem)',
        narrowWidth: 'minmax(7rem, 1fr)',
        cell: ({ task, isPeriodic }) => (
          <>
            <Name title={task}>{nameOf(task)}</Name> {isPeriodic && <span className="badge">{again}</span>}
          </>
        ),
      },
      {
        key: 'mail',
        title: columns.mail,
        width: 'minmax(12rem, 1fr)',
        isSecondary: true,
        cell: ({ mail }) => <MailCell mail={mail} />,
      },
      {
        key: 'due',
        title: columns.due,
        width: '9rem',
        cell: ({ dueAt }) => <Instant at={dueAt} how="relative" />,
      },
      {
        key: 'attempts',
        title: columns.attempts,
        width: '5.5rem',
        isSecondary: true,
        cell: ({ attempts }) => attempts,
      },
      {
        key: 'reason',
        title: columns.reason,
        width: 'minmax(12rem, 1.4fr)',
        isSecondary: true,
        cell: ({ lastError }) => lastError && <Name>{lastError}</Name>,
      },
    ],
    [columns, again],
  );
}
