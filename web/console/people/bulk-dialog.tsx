import { useRef, useState } from 'react';
import { GatehouseError } from '../../../client/gatehouse';
import { useLanguage, useTexts } from '../../texts/context';
import { useExplain } from '../../texts/explain';
import { Form, SubmitButton } from '../../ui/form';
import type { Values } from '../../use-form';
import { asGatehouseError } from '../../use-loaded';
import { useAnnounce } from '../ui/announce';
import { Dialog } from '../ui/dialog';
import { Name } from '../ui/name';
import { useTextsOf } from '../ui/use-texts-of';
import { endIn, GrantFields, ReasonField } from './act-fields';
import { acts } from './acts';
import type { ConsolePersonRowFragment } from './operations';
import { texts } from './texts';

export type BulkAct = 'unlock' | 'deactivate' | 'endSessions' | 'grant';
type PersonRow = ConsolePersonRowFragment;

/** What became of one person: nothing yet, done, or the reason why not. */
type Outcome = 'waiting' | 'done' | { readonly refused: string };

/** Says what will be done with many, does it one by one, and shows what became of each. */
export function BulkDialog({
  act,
  people,
  onClose,
}: {
  readonly act: BulkAct;
  readonly people: readonly PersonRow[];
  readonly onClose: (isChanged: boolean) => void;
}) {
  const words = useTextsOf(texts);
  const { common } = useTexts();
  const { language, timeZone } = useLanguage();
  const run = useRun(act, people);
  const { verb, title, does } = words.acts[act];
  const close = () => {
    run.stop();
    onClose(run.outcomes !== undefined);
  };
  const submit = async (values: Values) => {
    void run.start(people, { ...values, expiresAt: endIn(values, timeZone) ?? '' });
    return [];
  };
  return (
    <Dialog title={title} onClose={close}>
      {run.outcomes ? (
        <Results people={people} run={run} onClose={close} />
      ) : (
        <Form submit={submit} label={title}>
          <p>{does}</p>
          <People people={people} />
          {act === 'deactivate' && <ReasonField />}
          {act === 'grant' && <GrantFields />}
          <div className="buttons">
            <button type="button" className="button" onClick={close}>
              {common.cancel}
            </button>
            <SubmitButton kind={act === 'deactivate' || act === 'endSessions' ? 'danger' : 'main'}>
              {words.bulk.run(verb, people.length.toLocaleString(language))}
            </SubmitButton>
          </div>
        </Form>
      )}
    </Dialog>
  );
}

function People({ people }: { readonly people: readonly PersonRow[] }) {
  const { more } = useTextsOf(texts);
  const { language } = useLanguage();
  const shown = people.slice(0, 8);
  return (
    <p className="bulk-people">
      {shown.map(({ id, fullName }) => (
        <span className="badge" key={id}>
          <Name>{fullName}</Name>
        </span>
      ))}
      {people.length > shown.length && (
        <span className="quiet">{more((people.length - shown.length).toLocaleString(language))}</span>
      )}
    </p>
  );
}

interface Run {
  /** By the ids of people; undefined until it is started. */
  readonly outcomes: ReadonlyMap<string, Outcome> | undefined;
  readonly isRunning: boolean;
  readonly start: (people: readonly PersonRow[], values: Values) => Promise<void>;
  /** With the same values, for those who were refused or left out. */
  readonly again: () => Promise<void>;
  readonly stop: () => void;
}

function useRun(act: BulkAct, everybody: readonly PersonRow[]): Run {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>();
  const [isRunning, setRunning] = useState(false);
  const stopped = useRef(false);
  const values = useRef<Values>({});
  const one = useOne(act);
  const announce = useAnnounce();
  const { bulk } = useTextsOf(texts);
  const start = async (people: readonly PersonRow[], given: Values) => {
    stopped.current = false;
    values.current = given;
    const now = new Map<string, Outcome>(outcomes ?? everybody.map(({ id }) => [id, 'waiting']));
    for (const { id } of people) now.set(id, 'waiting');
    const show = () => setOutcomes(new Map(now));
    setRunning(true);
    show();
    for (const { id } of people) {
      if (stopped.current) break;
      now.set(id, await one(id, given));
      show();
    }
    setRunning(false);
    const done = [...now.values()].filter((outcome) => outcome === 'done').length;
    announce(bulk.finished(String(done), String([...now.values()].filter(isRefused).length)));
  };
  const again = () =>
    start(
      everybody.filter(({ id }) => outcomes?.get(id) !== 'done'),
      values.current,
    );
  const stop = () => {
    stopped.current = true;
  };
  return { outcomes, isRunning, start, again, stop };
}

const isRefused = (outcome: Outcome | undefined): outcome is { readonly refused: string } =>
  typeof outcome === 'object';

/** Does it for one person, and says what became of it. */
function useOne(act: BulkAct): (id: string, values: Values) => Promise<Outcome> {
  const { refusal, failure } = useExplain();
  return async (id, { reason, roleId = '', expiresAt }) => {
    const works = {
      unlock: () => acts.unlock(id),
      deactivate: () => acts.deactivate(id, reason?.trim() || null),
      endSessions: () => acts.endSessions(id),
      grant: () => acts.grant(id, roleId, expiresAt || null),
    };
    try {
      const [error] = await works[act]();
      return error ? { refused: refusal(error) } : 'done';
    } catch (reasonWhy) {
      const error = reasonWhy instanceof GatehouseError ? reasonWhy : asGatehouseError(reasonWhy);
      return { refused: failure(error) };
    }
  };
}

function Results({
  people,
  run: { outcomes, isRunning, again, stop },
  onClose,
}: {
  readonly people: readonly PersonRow[];
  readonly run: Run;
  readonly onClose: () => void;
}) {
  const { bulk } = useTextsOf(texts);
  const { language } = useLanguage();
  const all = people.map(({ id }) => outcomes?.get(id));
  const [done, open] = [all.filter((one) => one === 'done').length, all.filter((one) => one === 'waiting').length];
  const refused = all.length - done - open;
  const number = (count: number) => count.toLocaleString(language);
  return (
    <>
      <progress value={all.length - open} max={all.length} aria-label={bulk.results} />
      <p role="status">
        {isRunning
          ? bulk.progress(number(all.length - open), number(all.length))
          : bulk.finished(number(done), number(refused))}
      </p>
      <ul className="bulk-results" aria-label={bulk.results}>
        {people.map(({ id, fullName }) => (
          <li key={id}>
            <Name>{fullName}</Name> <OutcomeText outcome={outcomes?.get(id)} />
          </li>
        ))}
      </ul>
      <div className="buttons">
        {isRunning ? (
          <button type="button" className="button" onClick={stop}>
            {bulk.stop}
          </button>
        ) : (
          refused + open > 0 && (
            <button type="button" className="button" onClick={() => void again()}>
              {bulk.again(number(refused + open))}
            </button>
          )
        )}
        <button type="button" className="button main" onClick={onClose}>
          {bulk.close}
        </button>
      </div>
    </>
  );
}

function OutcomeText({ outcome }: { readonly outcome: Outcome | undefined }) {
  const { bulk } = useTextsOf(texts);
  if (isRefused(outcome)) return <span className="outcome-bad">{outcome.refused}</span>;
  return outcome === 'done' ? (
    <span className="outcome-good">{bulk.done}</span>
  ) : (
    <span className="quiet">{bulk.waiting}</span>
  );
}
