import { useEffect, useRef } from 'react';
import { useLanguage, useTexts } from '../../texts/context';
import { Form, SubmitButton } from '../../ui/form';
import type { Values } from '../../use-form';
import { useAnnounce } from '../ui/announce';
import { Dialog } from '../ui/dialog';
import { Name } from '../ui/name';
import type { Undoing } from '../ui/undoing';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan } from '../ui/viewer';
import { endIn, GrantFields, ReasonField } from './act-fields';
import { Results } from './bulk-results';
import { isDone, type Outcome, type Run, useFinished, useRun } from './bulk-run';
import { LockFields, lacksEnd, lockEndIn } from './lock-fields';
import type { ConsolePersonRowFragment } from './operations';
import { perform } from './perform';
import { texts } from './texts';

export type BulkAct = 'lock' | 'unlock' | 'deactivate' | 'endSessions' | 'grant';
type PersonRow = ConsolePersonRowFragment;

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
  const finished = useFinished();
  return () => {
    const all = people.map(({ id }) => outcomes?.get(id));
    const undos = new Map(people.flatMap(({ id }, place) => pairOf(id, all[place])));
    if (undos.size === 0) return;
    const text = `${verb}: ${finished(all)}`;
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
