/** Shorter names have too many neighbours with another meaning, such as HOST and HOME, or PORT and PATH. */
const shortName = 8;
/** Most letters that may be wrong, missing, superfluous or swapped. */
const mostWrong = 2;

/** Known variables of other programs that come this close to one of Gatehouse's. */
const othersNames = `
  API_SECRET AWS_SECRET GCP_SECRET NPM_SECRET AMQP_URL FTP_URL HTTP_URL MCP_URL SFTP_URL SITE_URL
  SMS_URL SMTP_SSL DATA_DISK DATA_URI META_DIR DEVICE_NAME DOC_FILE LOCK_FILE POD_FILE SULOG_FILE
  TAG_FILE LOG_LINE LOG_PIPE LOG_SIZE LOG_TIME NODE_DEV NODE_EXE`;

/**
 * Finds variables that are most likely misspelled. An unnoticed `DATABSE_URL`, for example, would start an embedded
 * database instead of using the intended one.
 * @returns for each suspicious name the one that was probably meant
 */
export function mistypedNames(given: readonly string[], ours: readonly string[]): Map<string, string> {
  const known = new Set([...ours, ...othersNames.trim().split(/\s+/)]);
  const found = new Map<string, string>();
  for (const name of given) {
    const meant = known.has(name) ? undefined : ours.find((our) => isMistyped(name, our));
    if (meant) found.set(name, meant);
  }
  return found;
}

/** For a short name, only two swapped neighbouring letters count. */
function isMistyped(name: string, meant: string): boolean {
  if (Math.abs(name.length - meant.length) > mostWrong) return false;
  if (meant.length >= shortName) return distance(name, meant) <= mostWrong;
  return name.length === meant.length && distance(name, meant) === 1 && sorted(name) === sorted(meant);
}

const sorted = (text: string): string => [...text].sort().join('');

/** Damerau-Levenshtein distance, restricted form: substitutions, deletions, insertions and swaps of neighbours. */
function distance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row += 1) rows.push(nextRow(rows, one, other, row));
  return rows.at(-1)?.at(-1) ?? 0;
}

function nextRow(rows: readonly number[][], one: string, other: string, row: number): number[] {
  const at = (up: number, column: number) => rows[row - up]?.[column] ?? Number.POSITIVE_INFINITY;
  const next = [row];
  for (let column = 1; column <= other.length; column += 1) {
    const isSame = one[row - 1] === other[column - 1];
    const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
    next.push(
      Math.min(
        at(1, column) + 1,
        (next[column - 1] ?? 0) + 1,
        at(1, column - 1) + (isSame ? 0 : 1),
        isSwapped ? at(2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      ),
    );
  }
  return next;
}
