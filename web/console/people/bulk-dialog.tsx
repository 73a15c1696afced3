import { useEffect, useRef, useState } from 'react';
import { useLanguage, useTexts } from '../../texts/context';
import { useExplain } from '../../texts/explain';
import { Form, SubmitButton } from '../../ui/form';
import type { Values } from '../../use-form';
import { asGatehouseError } from '../../use-loaded';
import { useAnnounce } from '../ui/announce';
import { Dialog } from '../ui/dialog';
import { Name } from '../ui/name';
import type { Undoing } from '../ui/undoing';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan } from '../ui/viewer';
import { endIn, GrantFields, ReasonField } from './act-fields';
import { LockFields, lacksEnd, lockEndIn } from './lock-fields';
import type { ConsolePersonRowFragment } from './operations';
import { type Done, perform } from './perform';
import { texts } from './texts';

export type BulkAct = 'lock' | 'unlock' | 'deactivate' | 'endSessions' | 'grant';
type PersonRow = ConsolePersonRowFragment;

/** What became of one person: nothing yet, done and perhaps how it is undone, or the reason why not. */
type Outcome = 'waiting' | { readonly undo: Undoing | undefined } | { readonly refused: string };

/** Does it for one person. @returns what was refused, and how it is undone. @throws GatehouseError */
type One = (id: string, values: Values) => Promise<Done>;

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
  const can = useCan();
  const run = useRun((id, values) => perform(act, id, values), people);
  const offer = useOffer(words.acts[act].verb, people, run);
  const { verb, title, does } = words.acts[act];
  const close = () => {
    run.stop();
    offer();
    onClose(run.outcomes !== undefined);
  };
  const submit = async (values: Values) => {
    const until = act === 'lock' ? lockEndIn(values, timeZone) : '';
    if (until === undefined) return [lacksEnd(words.lock.noEnd)];
    void run.start(people, { ...values, until, expiresAt: endIn(values, timeZone) ?? '' });
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
          {act === 'lock' && <LockFields mayEndSessions={can('update', 'user')} />}
          {act === 'deactivate' && <ReasonField />}
          {act === 'grant' && <GrantFields />}
          <div className="buttons">
            <button type="button" className="button" onClick={close}>
              {common.cancel}
            </button>
            <SubmitButton kind={act === 'unlock' || act === 'grant' ? 'main' : 'danger'}>
              {words.bulk.run(verb, people.length.toLocaleString(language))}
            </SubmitButton>
          </div>
        </Form>
      )}
    </Dialog>
  );
}

/** Offers to undo it for those for whom it was done. */
function useOffer(verb: string, people: readonly PersonRow[], { outcomes }: Run): () => void {
  const announce = useAnnounce();
  const { bulk } = useTextsOf(texts);
  return () => {
    const all = people.map(({ id }) => outcomes?.get(id));
    const undos = new Map(people.flatMap(({ id }, place) => pairOf(id, all[place])));
    if (undos.size === 0) return;
    const text = `${verb}: ${bulk.finished(String(all.filter(isDone).length), String(all.filter(isRefused).length))}`;
    const show = (onClose: () => void) => (
      <UndoDialog verb={verb} people={people.filter(({ id }) => undos.has(id))} undos={undos} onClose={onClose} />
    );
    announce(text, { show });
  };
}

const pairOf = (id: string, outcome: Outcome | undefined): [string, Undoing][] =>
  isDone(outcome) && outcome.undo ? [[id, outcome.undo]] : [];

/** Undoes what was done for many, one by one, and shows what became of each. */
function UndoDialog({
  verb,
  people,
  undos,
  onClose,
}: {
  readonly verb: string;
  readonly people: readonly PersonRow[];
  readonly undos: ReadonlyMap<string, Undoing>;
  readonly onClose: () => void;
}) {
  const { bulk } = useTextsOf(texts);
  const run = useRun(async (id) => ({ errors: (await undos.get(id)?.()) ?? [] }), people);
  const { start, stop } = run;
  const isBegun = useRef(false);
  useEffect(() => {
    if (!isBegun.current) void start(people, {});
    isBegun.current = true;
  }, [start, people]);
  const close = () => {
    stop();
    onClose();
  };
  return (
    <Dialog title={bulk.undoing(verb)} onClose={close}>
      <Results people={people} run={run} onClose={close} />
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

function useRun(act: One, everybody: readonly PersonRow[]): Run {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>();
  const [isRunning, setRunning] = useState(false);
  const stopped = useRef(false);
  const values = useRef<Values>({});
  const one = useOne(act);
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
  };
  const again = () =>
    start(
      everybody.filter(({ id }) => !isDone(outcomes?.get(id))),
      values.current,
    );
  const stop = () => {
    stopped.current = true;
  };
  return { outcomes, isRunning, start, again, stop };
}

const isRefused = (outcome: Outcome | undefined): outcome is { readonly refused: string } =>
  typeof outcome === 'object' && 'refused' in outcome;
const isDone = (outcome: Outcome | undefined): outcome is { readonly undo: Undoing | undefined } =>
  typeof outcome === 'object' && 'undo' in outcome;

/** Does it for one person, and says what became of it. */
function useOne(act: One): (id: string, values: Values) => Promise<Outcome> {
  const { refusal, failure } = useExplain();
  const { bulk } = useTextsOf(texts);
  return async (id, values) => {
    try {
      const { errors, undo } = await act(id, values);
      const [error] = errors;
      if (!error) return { undo };
      return { refused: error.code === 'VERSION_CONFLICT' ? bulk.changedMeanwhile : refusal(error) };
    } catch (reasonWhy) {
      return { refused: failure(asGatehouseError(reasonWhy)) };
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
  const [done, open] = [all.filter(isDone).length, all.filter((one) => one === 'waiting').length];
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
  return isDone(outcome) ? (
    <span className="outcome-good">{bulk.done}</span>
  ) : (
    <span className="quiet">{bulk.waiting}</span>
  );
}
