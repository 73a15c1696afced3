import { Verification } from '../audit/verification';
import { ScreenPage } from '../ui/screen';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import '../styles/now.css';
import { EndingGrants } from './ending-grants';
import { EventNumbers } from './event-numbers';
import { spanNames, useSpan } from './span';
import { Standing } from './standing';
import { texts } from './texts';
import { Unusual } from './unusual';

/** What is going on: unusual things first, then numbers, each leading to its list. */
export default function Now() {
  const words = useTextsOf(texts);
  const [url, set] = useUrlState();
  const span = useSpan();
  return (
    <ScreenPage title={words.title} actions={<Ranges />}>
      <Verification />
      <Unusual span={span} />
      <EventNumbers span={span} />
      <Standing now={span.to} />
      {url.get('list') === 'ending' && <EndingGrants now={span.to} onClose={() => set({ list: '' }, 'push')} />}
    </ScreenPage>
  );
}

function Ranges() {
  const words = useTextsOf(texts);
  const [, set] = useUrlState();
  const { name } = useSpan();
  return (
    <fieldset className="ranges">
      <legend className="hidden">{words.range}</legend>
      {spanNames.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === name}
          onClick={() => set({ range: one === 'day' ? '' : one })}
        >
          {words.ranges[one]}
        </button>
      ))}
    </fieldset>
  );
}
