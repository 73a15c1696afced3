/** Texts that are searched for a part of them, and the name of the index for it. The aliases are those of all statements. */
export const searchedTexts = {
  users: { alias: 'u', columns: ['username', 'email', 'first_name', 'last_name'], index: 'users_search_index' },
  posts: { alias: 'p', columns: ['title'], index: 'posts_search_index' },
} as const satisfies Readonly<Record<string, SearchedText>>;

interface SearchedText {
  readonly alias: string;
  readonly columns: readonly string[];
  readonly index: string;
}

/** A table whose texts can be searched. */
export type Searched = keyof typeof searchedTexts;

export const searchedTables = Object.keys(searchedTexts) as readonly Searched[];

/**
 * The text that a search looks through: all columns in one, so that one index serves them. No column contains a line
 * break, so a match cannot span two of them. With an alias for a statement, without one for the index.
 */
const searched = (table: Searched, alias = ''): string =>
  `lower(${searchedTexts[table].columns.map((name) => `coalesce(${alias}${name}, '')`).join(` || E'\\n' || `)})`;

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
export const indexedText = (table: Searched): string => spelled(searched(table));

/** Escapes `%` and `_`, which are literal characters of the term. */
const asPattern = (text: string): string => `'%' || replace(replace(${text}, '%', E'\\\\%'), '_', E'\\\\_') || '%'`;

const trigrams = /[a-z0-9]{3}|\P{ASCII}|[^a-z0-9][a-z0-9]|[a-z0-9]{2}[^a-z0-9]/iu;

/**
 * Whether a term has trigrams: three letters in a row, two at the end of a word, one at its beginning, or a character beyond
 * ASCII.
 */
export const hasTrigrams = (term: string): boolean => trigrams.test(term);

/** Where a word begins, as a regular expression. The index understands it because it names all that words do not have. */
const wordBegins = `E'(^|[\\n -/:-@\\\\[-\`{-~])'`;
const asExpression = (text: string): string => `regexp_replace(${text}, '([^a-z0-9])', E'\\\\\\\\\\\\1', 'g')`;

/**
 * Condition for rows of `from users u`, or `from posts p`, that contain the term, case-insensitively. A term that is too
 * short for the index, such as the first letters of a name, is found where a word begins, for which the index helps. Uses
 * the index expression as well if the index can help.
 * @param add adds a parameter and returns its placeholder
 */
export function contains(table: Searched, term: string, isIndexed: boolean, add: (term: string) => string): string {
  if (term.includes('\n')) return 'false';
  const wanted = `lower(${add(term)}::text)`;
  const text = searched(table, `${searchedTexts[table].alias}.`);
  // Not `> 0`: the planner would estimate that as one row in three, on top of its estimate for the index.
  const exact = `strpos(${text}, ${wanted}) <> 0`;
  if (/^[a-z0-9]/i.test(term) && !hasTrigrams(term))
    return `${spelled(text)} ~ (${wordBegins} || ${asExpression(spelled(wanted))}) and ${exact}`;
  if (!isIndexed || !hasTrigrams(term)) return exact;
  return `${spelled(text)} like ${asPattern(spelled(wanted))} and ${exact}`;
}
