import { useRef, useState } from 'react';
import { useLanguage } from '../../texts/context';
import { useExplain } from '../../texts/explain';
import type { Values } from '../../use-form';
import { asGatehouseError } from '../../use-loaded';
import { numberOf } from '../ui/number-of';
import type { Undoing } from '../ui/undoing';
import { useTextsOf } from '../ui/use-texts-of';
import type { ConsolePersonRowFragment } from './operations';
import type { Done } from './perform';
import { texts } from './texts';
import { useSessionsGoOn } from './use-sessions-go-on';

type PersonRow = ConsolePersonRowFragment;

/**
 * What became of one person: nothing yet, done and perhaps how it is undone and what of it was not done, or the reason why not.
 */
export type Outcome = 'waiting' | Succeeded | { readonly refused: string };

interface Succeeded {
  readonly undo: Undoing | undefined;
  readonly notDone: string | undefined;
}

/** Does it for one person. @returns what was refused, and how it is undone. @throws GatehouseError */
type One = (id: string, values: Values) => Promise<Done>;

/** Something that is done for many, one by one. */
export interface Run {
  /** By the ids of people; undefined until it is started. */
  readonly outcomes: ReadonlyMap<string, Outcome> | undefined;
  readonly isRunning: boolean;
  readonly start: (people: readonly PersonRow[], values: Values) => Promise<void>;
  /** With the same values, for those who were refused or left out. */
  readonly again: () => Promise<void>;
  readonly stop: () => void;
}

export function useRun(act: One, everybody: readonly PersonRow[]): Run {
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

export const isRefused = (outcome: Outcome | undefined): outcome is { readonly refused: string } =>
  typeof outcome === 'object' && 'refused' in outcome;
export const isDone = (outcome: Outcome | undefined): outcome is Succeeded =>
  typeof outcome === 'object' && 'undo' in outcome;
const isInPart = (outcome: Outcome | undefined): outcome is Succeeded =>
  isDone(outcome) && outcome.notDone !== undefined;

/** Does it for one person, and says what became of it. */
function useOne(act: One): (id: string, values: Values) => Promise<Outcome> {
  const { refusal, failure } = useExplain();
  const explain = useSessionsGoOn();
  const { bulk } = useTextsOf(texts);
  return async (id, values) => {
    try {
      const { errors, undo, sessionsGoOn } = await act(id, values);
      const [error] = errors;
      if (!error) return { undo, notDone: sessionsGoOn && explain(sessionsGoOn) };
      return { refused: error.code === 'VERSION_CONFLICT' ? bulk.changedMeanwhile : refusal(error) };
    } catch (reasonWhy) {
      return { refused: failure(asGatehouseError(reasonWhy)) };
    }
  };
}

/** Says for how many it was done, done in part, and refused. */
export function useFinished(): (all: readonly (Outcome | undefined)[]) => string {
  const { bulk } = useTextsOf(texts);
  const { language } = useLanguage();
  return (all) => {
    const number = (is: (outcome: Outcome | undefined) => boolean) => numberOf(all.filter(is).length, language);
    const refused = number(isRefused);
    if (!all.some(isInPart)) return bulk.finished(number(isDone), refused);
    return bulk.finishedInPart(
      number((one) => isDone(one) && !isInPart(one)),
      number(isInPart),
      refused,
    );
  };
}
