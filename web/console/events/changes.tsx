import { Name } from '../ui/name';
import { useTextsOf } from '../ui/use-texts-of';
import { texts } from './texts';

interface Change {
  readonly from: unknown;
  readonly to: unknown;
}

/** The fields that an event has changed, with their old and new values, by `details.changes`. */
export const changesOf = (details: Readonly<Record<string, unknown>>): readonly (readonly [string, Change])[] => {
  const { changes } = details;
  if (typeof changes !== 'object' || changes === null) return [];
  return Object.entries(changes).filter((entry): entry is [string, Change] => isChange(entry[1]));
};

const isChange = (value: unknown): value is Change =>
  typeof value === 'object' && value !== null && 'from' in value && 'to' in value;

/** A table of what changed; nothing when no field did. */
export function EventChanges({ details }: { readonly details: Readonly<Record<string, unknown>> }) {
  const words = useTextsOf(texts);
  const changes = changesOf(details);
  if (changes.length === 0) return null;
  return (
    <table className="changes">
      <thead>
        <tr>
          <th scope="col">{words.change.field}</th>
          <th scope="col">{words.change.before}</th>
          <th scope="col">{words.change.after}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(([field, { from, to }]) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td>
              <Value value={from} />
            </td>
            <td>
              <Value value={to} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** More than any field of an account may have. */
const longestValue = 2000;

function Value({ value }: { readonly value: unknown }) {
  const { nothing } = useTextsOf(texts);
  if (value === null || value === undefined) return <span className="quiet">{nothing}</span>;
  return <Name most={longestValue}>{typeof value === 'string' ? value : JSON.stringify(value)}</Name>;
}
