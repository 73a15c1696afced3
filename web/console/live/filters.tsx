import { TypeFilter } from '../audit/filters';
import { PersonFilter } from '../ui/person-filter';
import { UrlField } from '../ui/url-field';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { texts } from './texts';

const names = ['type', 'person', 'address'] as const;

export function LiveFilters() {
  const words = useTextsOf(texts);
  const [url, set] = useUrlState();
  return (
    <div className="toolbar audit-filters">
      <TypeFilter />
      <PersonFilter name="person" label={words.person} />
      <UrlField name="address" label={words.address} placeholder="203.0.113.7" spellCheck={false} />
      {names.some((name) => url.get(name)) && (
        <button
          type="button"
          className="button plain"
          onClick={() => set(Object.fromEntries(names.map((name) => [name, ''])))}
        >
          {words.clear}
        </button>
      )}
    </div>
  );
}
