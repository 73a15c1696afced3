/** Shorter names have too many neighbours with another meaning, such as HOST and HOME, or PORT and PATH. */
const shortName = 8;
/** Most letters that may be wrong, missing, superfluous or swapped. */
const mostWrong = 2;

/** Known variables of other programs that come this close to one of Gatehouse's; also with `_FILE` at the end. */
const othersNames = `
  API_SECRET AWS_SECRET GCP_SECRET NPM_SECRET AMQP_URL FTP_URL HTTP_URL MCP_URL SFTP_URL SITE_URL
  OTEL_BLRP_SCHEDULE_DELAY SMS_URL SMTP_SSL SMTP_USR EMAIL_FROM DATABASE_SSL DATA_DISK DATA_URI META_DIR DEVICE_NAME DOC_FILE DOT_FILE JOB_FILE LOCK_FILE
  POD_FILE SULOG_FILE TAG_FILE LOG_LINE LOG_PIPE LOG_SIZE LOG_TIME NODE_DEV NODE_EXE`
  .trim()
  .split(/\s+/)
  .flatMap((name) => [name, `${name}_FILE`]);

/** Gatehouse's variables have no prefix; people who expect one write this. */
const prefix = /^GATEHOUSE_/;
/** Kubernetes sets it for a service with the name `gatehouse`. */
const serviceLink = 'GATEHOUSE_PORT';

/**
 * Finds variables that are most likely misspelled. An unnoticed `DATABSE_URL`, for example, would start an embedded
 * database instead of using the intended one.
 * @param ours names of variables that are read
 * @param files names of variables that are read and end in `_FILE` for a file with another one's value
 * @returns for each suspicious name the nearest of ours
 */
export function mistypedNames(
  given: readonly string[],
  ours: readonly string[],
  files: readonly string[] = [],
): Map<string, string> {
  const known = new Set([...ours, ...files, ...othersNames, serviceLink]);
  // `PORT_FILE` has as many neighbours as `PORT`.
  const candidates = [
    ...ours.map((name) => ({ name, isShort: name.length < shortName })),
    ...files.map((name) => ({ name, isShort: name.length - '_FILE'.length < shortName })),
  ];
  const found = new Map<string, string>();
  for (const name of given) {
    if (known.has(name)) continue;
    const [nearest] = candidates
      .filter((one) => isMistyped(name, one))
      .sort((one, other) => from(name, one) - from(name, other));
    if (nearest) found.set(name, nearest.name);
  }
  return found;
}

interface Candidate {
  readonly name: string;
  readonly isShort: boolean;
}

const from = (name: string, candidate: Candidate): number => distance(plain(name), candidate.name);

function isMistyped(name: string, { name: meant, isShort }: Candidate): boolean {
  if (plain(name) === meant) return true;
  if (Math.abs(name.length - meant.length) > mostWrong) return false;
  return isShort ? isSwapped(name, meant) : distance(name, meant) <= mostWrong;
}

const plain = (name: string): string => name.toUpperCase().replace(prefix, '');

/** For a short name, only two swapped neighbouring letters count. */
const isSwapped = (name: string, meant: string): boolean =>
  name.length === meant.length && distance(name, meant) === 1 && sorted(name) === sorted(meant);

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
