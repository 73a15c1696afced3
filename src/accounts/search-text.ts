/**
 * The text that a search looks through: four columns in one, so that one index serves all. No column contains a line
 * break, so a match cannot span two of them. With an alias for `from users u`, without one for the index.
 */
const searched = (alias = ''): string =>
  `lower(${['username', 'email', 'first_name', 'last_name'].map((name) => `coalesce(${alias}${name}, '')`).join(` || E'\\n' || `)})`;

/**
 * pg_trgm uses only letters and digits, and the C library decides which characters are letters. In a database with
 * LC_CTYPE "C", like the embedded one, these are ASCII only, so Иван would have no trigrams. Therefore each byte beyond
 * ASCII is written as three octal digits. If a text contains another, so do their spellings, but not the other way
 * round; so the index only preselects rows. All functions are immutable, as an index requires. Backslashes are removed
 * because the input of bytea reads them as escapes.
 */
const spelled = (text: string): string =>
  `replace(encode(replace(${text}, E'\\\\', '')::bytea, 'escape'), E'\\\\', '')`;

/** Expression of the index. */
export const indexedText = spelled(searched());

/** Escapes `%` and `_`, which are literal characters of the term. */
const asPattern = (text: string): string => `'%' || replace(replace(${text}, '%', E'\\\\%'), '_', E'\\\\_') || '%'`;

/** Whether a term has trigrams: three letters in a row, two at the edge of a word, or a character beyond ASCII. */
const hasTrigrams = /[a-z0-9]{3}|\P{ASCII}|[^a-z0-9][a-z0-9]{2}|[a-z0-9]{2}[^a-z0-9]/iu;

/**
 * Condition for rows of `from users u` that contain the term, case-insensitively. Uses the index expression as well if
 * the index can help.
 * @param add adds a parameter and returns its placeholder
 */
export function contains(term: string, isIndexed: boolean, add: (term: string) => string): string {
  if (term.includes('\n')) return 'false';
  const wanted = `lower(${add(term)}::text)`;
  // Not `> 0`: the planner would estimate that as one row in three, on top of its estimate for the index.
  const exact = `strpos(${searched('u.')}, ${wanted}) <> 0`;
  if (!isIndexed || !hasTrigrams.test(term)) return exact;
  return `${spelled(searched('u.'))} like ${asPattern(spelled(wanted))} and ${exact}`;
}
