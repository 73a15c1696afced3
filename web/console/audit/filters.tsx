import { useId } from 'react';
import { useLanguage } from '../../texts/context';
import { texts as eventTexts } from '../events/texts';
import { InstantInput } from '../ui/instant-input';
import { PersonFilter } from '../ui/person-filter';
import { UrlField } from '../ui/url-field';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { filterNames, instantIn } from './filter';
import { texts } from './texts';

/** The filters of the record. */
export function Filters() {
  const words = useTextsOf(texts);
  const [url, set] = useUrlState();
  const isFiltered = filterNames.some((name) => url.get(name));
  return (
    <div className="toolbar audit-filters">
      <UrlField name="text" label={words.search} type="search" className="field grow" />
      <TypeFilter />
      <PersonFilter name="person" label={words.person} />
      <More />
      {isFiltered && (
        <button
          type="button"
          className="button plain"
          onClick={() => set(Object.fromEntries(filterNames.map((name) => [name, ''])))}
        >
          {words.clear}
        </button>
      )}
    </div>
  );
}

/** Filters that are needed less often; open when the address has one of them. */
function More() {
  const words = useTextsOf(texts);
  const [url] = useUrlState();
  const isUsed = ['address', 'subject', 'by', 'request', 'from', 'to'].some((name) => url.get(name));
  return (
    <details className="more-filters" open={isUsed || undefined}>
      <summary>{words.more}</summary>
      <div className="toolbar">
        <UrlField name="address" label={words.address} placeholder="203.0.113.7" spellCheck={false} />
        <PersonFilter name="subject" label={words.subject} />
        <PersonFilter name="by" label={words.actor} />
        <UrlField name="request" label={words.facts.request} spellCheck={false} />
        <InstantFilter name="from" label={words.since} />
        <InstantFilter name="to" label={words.until} />
      </div>
    </details>
  );
}

/** An end of the span: in the address in UTC, in the field in the viewer's time zone. */
function InstantFilter({ name, label }: { readonly name: 'from' | 'to'; readonly label: string }) {
  const id = useId();
  const { timeZone } = useLanguage();
  const [url, set] = useUrlState();
  const at = instantIn(url.get(name) ?? '', timeZone) ?? '';
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <InstantInput id={id} at={at} title={at} onInstant={(instant) => set({ [name]: instant })} />
    </div>
  );
}

export function TypeFilter() {
  const words = useTextsOf(texts);
  const { types } = useTextsOf(eventTexts);
  const [url, set] = useUrlState();
  const chosen = url.getAll('type').join(',');
  // A link may name several.
  const isKnown = chosen === '' || chosen in types;
  return (
    <div className="field">
      <label htmlFor="audit-type">{words.type}</label>
      <select id="audit-type" value={chosen} onChange={(event) => set({ type: event.currentTarget.value })}>
        <option value="">{words.anyType}</option>
        {!isKnown && <option value={chosen}>{chosen}</option>}
        {Object.entries(types).map(([type, name]) => (
          <option key={type} value={type}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
