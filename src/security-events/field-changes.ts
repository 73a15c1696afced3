/** Old and new values by the name of the field; JSON. Null: there was, or is, none. */
export type FieldChanges = Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;

/** In code points. Longer texts, such as a biography, are cut here and end in an ellipsis. */
const longestText = 200;

/**
 * Compares two states of something, to tell of it in an event. Give no secrets, not even their hashes.
 * @returns the fields that differ; instants as ISO 8601 in UTC, long texts cut
 * @example
 * changesBetween({ isActive: true }, { isActive: false }); // { isActive: { from: true, to: false } }
 */
export function changesBetween<State extends object>(before: State, after: State): FieldChanges {
  const fields = Object.keys({ ...before, ...after }) as (keyof State & string)[];
  const pairs = fields.map((field) => [field, before[field] ?? null, after[field] ?? null] as const);
  return Object.fromEntries(
    pairs
      .filter(([, from, to]) => !isSame(from, to))
      .map(([field, from, to]) => [field, { from: told(from), to: told(to) }]),
  );
}

const isSame = (one: unknown, other: unknown): boolean => Object.is(plain(one), plain(other));

const plain = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

function told(value: unknown): unknown {
  const said = plain(value);
  if (typeof said !== 'string' || said.length <= longestText) return said;
  const letters = [...said];
  return letters.length <= longestText ? said : `${letters.slice(0, longestText).join('')}…`;
}
