import { useLanguage } from '../../texts/context';
import { Name } from '../ui/name';
import { useTextsOf } from '../ui/use-texts-of';
import { isDone, isRefused, type Outcome, type Run, useFinished } from './bulk-run';
import type { ConsolePersonRowFragment } from './operations';
import { texts } from './texts';

/** How far something that is done for many is, and what became of each. */
export function Results({
  people,
  run: { outcomes, isRunning, again, stop },
  onClose,
}: {
  readonly people: readonly ConsolePersonRowFragment[];
  readonly run: Run;
  readonly onClose: () => void;
}) {
  const { bulk } = useTextsOf(texts);
  const { language } = useLanguage();
  const finished = useFinished();
  const all = people.map(({ id }) => outcomes?.get(id));
  const [done, open] = [all.filter(isDone).length, all.filter((one) => one === 'waiting').length];
  const refused = all.length - done - open;
  const number = (count: number) => count.toLocaleString(language);
  return (
    <>
      <progress value={all.length - open} max={all.length} aria-label={bulk.results} />
      <p role="status">{isRunning ? bulk.progress(number(all.length - open), number(all.length)) : finished(all)}</p>
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
  if (!isDone(outcome)) return <span className="quiet">{bulk.waiting}</span>;
  return (
    <span>
      <span className="outcome-good">{bulk.done}</span>
      {outcome.notDone && <span className="outcome-bad"> {outcome.notDone}</span>}
    </span>
  );
}
