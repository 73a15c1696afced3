/**
 * What a search looks through, in one text, so that one index serves all four columns. No column holds a line
 * break, so nothing is found across two of them. For `from users u`, and without the alias for the index.
 */
const searched = (alias = ''): string =>
  `lower(${['username', 'email', 'first_name', 'last_name'].map((name) => `coalesce(${alias}${name}, '')`).join(` || E'\\n' || `)})`;

/**
 * pg_trgm sees letters and digits only, and which characters are letters it asks the C library: in a database
 * with LC_CTYPE "C", as the embedded one is, that is ASCII alone, and Иван would have no trigrams. So each byte
 * beyond ASCII is spelled as three octal digits. What contains a text contains its spelling, too; the converse is
 * not so, hence the index only proposes. All of this is immutable, as an index wants it; a backslash would be
 * read as an escape by bytea's input.
 */
const spelled = (text: string): string =>
  `replace(encode(replace(${text}, E'\\\\', '')::bytea, 'escape'), E'\\\\', '')`;

/** What the index is made of. */
export const indexedText = spelled(searched());

/** % and _ are what somebody typed, not patterns. */
const asPattern = (text: string): string => `'%' || replace(replace(${text}, '%', E'\\\\%'), '_', E'\\\\_') || '%'`;

/** What has three letters in a row, or two at the edge of a word, has trigrams; any character beyond ASCII has by itself. */
const hasTrigrams = /[a-z0-9]{3}|\P{ASCII}|[^a-z0-9][a-z0-9]{2}|[a-z0-9]{2}[^a-z0-9]/iu;

/**
 * The condition for rows of `from users u` that contain the term in any case; in the index's words, too, where it can help.
 * @param add gives the term's placeholder
 */
export function contains(term: string, isIndexed: boolean, add: (term: string) => string): string {
  if (term.includes('\n')) return 'false';
  const wanted = `lower(${add(term)}::text)`;
  // Not `> 0`: the planner would take it for one row in three, on top of what it knows from the index.
  const exact = `strpos(${searched('u.')}, ${wanted}) <> 0`;
  if (!isIndexed || !hasTrigrams.test(term)) return exact;
  return `${spelled(searched('u.'))} like ${asPattern(spelled(wanted))} and ${exact}`;
}
