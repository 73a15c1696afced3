import { useLanguage } from '../../texts/context';
import { useTextsOf } from '../ui/use-texts-of';
import type { ConsoleSettingsQuery } from './operations';
import { texts } from './texts';

type Finding = ConsoleSettingsQuery['settings']['health'][number];

const tones = { OK: 'good', WARNING: 'warm', FAULT: 'bad' } as const;

/** What the checks have found: what needs somebody is in view, the rest can be opened. */
export function Health({ found }: { readonly found: readonly Finding[] }) {
  const words = useTextsOf(texts);
  const { language } = useLanguage();
  const wrong = found.filter(({ state }) => state !== 'OK');
  const well = found.filter(({ state }) => state === 'OK');
  return (
    <section className="panel" aria-labelledby="health">
      <h2 id="health">{words.health}</h2>
      {wrong.length === 0 ? (
        <p>
          <span className="badge good">{words.states.OK}</span> {words.allWell}
        </p>
      ) : (
        <Findings found={wrong} />
      )}
      {well.length > 0 && (
        <details>
          <summary>{words.wellChecks(well.length.toLocaleString(language))}</summary>
          <Findings found={well} />
        </details>
      )}
    </section>
  );
}

/** The sentences are the service's own, in English. */
function Findings({ found }: { readonly found: readonly Finding[] }) {
  const { states } = useTextsOf(texts);
  return (
    <ul className="findings">
      {found.map(({ check, state, message }) => (
        <li key={`${check} ${message}`}>
          <span className={`badge ${tones[state]}`}>{states[state]}</span>
          <strong lang="en">{check}</strong>
          <span lang="en">{message}</span>
        </li>
      ))}
    </ul>
  );
}
