import { useCallback, useState } from 'react';
import { useLoaded } from '../../use-loaded';
import { ActionButton } from '../ui/action-button';
import { ScreenPage } from '../ui/screen';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { useCan } from '../ui/viewer';
import { FailedJobs } from './failed-jobs';
import { LivingJobs } from './living-jobs';
import { ConsoleWorkCountsDocument, type ConsoleWorkCountsQuery } from './operations';
import { RetryAll } from './retry-all';
import { useTaskName } from './task-name';
import { texts } from './texts';
import '../styles/lists.css';

const shows = ['failed', 'waiting', 'running'] as const;
type Counts = ConsoleWorkCountsQuery['jobCounts'];

/** Jobs and mails that have failed, wait and run. */
export default function Work() {
  const words = useTextsOf(texts);
  const [url] = useUrlState();
  const show = shows.find((one) => one === url.get('show')) ?? 'failed';
  const task = url.get('task') || undefined;
  const { data, reload } = useLoaded(ConsoleWorkCountsDocument, {});
  const [version, setVersion] = useState(0);
  const reread = useCallback(() => {
    setVersion((before) => before + 1);
    void reload();
  }, [reload]);
  const can = useCan();
  const [isRetrying, setRetrying] = useState(false);
  const counts = data?.jobCounts ?? [];
  return (
    <ScreenPage
      title={words.title}
      lead={words.lead}
      isFilling
      actions={
        <>
          <ActionButton onPress={reread}>{words.reload}</ActionButton>
          <ActionButton reason={can('retry', 'job') ? undefined : words.mayNot} onPress={() => setRetrying(true)}>
            {words.retryAll}
          </ActionButton>
        </>
      }
    >
      <div className="toolbar list-filters">
        <Shows show={show} counts={counts} />
        {show !== 'failed' && <TaskFilter counts={counts} />}
      </div>
      {show === 'failed' ? (
        <FailedJobs key={version} onRetried={reread} />
      ) : (
        <LivingJobs key={version} task={task} state={show === 'running' ? 'RUNNING' : 'WAITING'} />
      )}
      {isRetrying && <RetryAll onDone={reread} onClose={() => setRetrying(false)} />}
    </ScreenPage>
  );
}

function Shows({ show, counts }: { readonly show: (typeof shows)[number]; readonly counts: Counts }) {
  const words = useTextsOf(texts);
  const [, set] = useUrlState();
  const sumOf = (name: (typeof shows)[number]) => counts.reduce((sum, count) => sum + count[name], 0);
  return (
    <fieldset className="segments">
      <legend className="hidden">{words.show}</legend>
      {shows.map((one) => (
        <button
          key={one}
          type="button"
          className="segment"
          aria-pressed={one === show}
          onClick={() => set({ show: one, task: '' }, 'push')}
        >
          {words.shows[one]} <span className="segment-count">{sumOf(one)}</span>
        </button>
      ))}
    </fieldset>
  );
}

function TaskFilter({ counts }: { readonly counts: Counts }) {
  const words = useTextsOf(texts);
  const [url, set] = useUrlState();
  const nameOf = useTaskName();
  return (
    <div className="field">
      <label htmlFor="work-task">{words.task}</label>
      <select
        id="work-task"
        value={url.get('task') ?? ''}
        onChange={(event) => set({ task: event.currentTarget.value })}
      >
        <option value="">{words.anyTask}</option>
        {counts.map(({ task }) => (
          <option key={task} value={task}>
            {nameOf(task)}
          </option>
        ))}
      </select>
    </div>
  );
}
