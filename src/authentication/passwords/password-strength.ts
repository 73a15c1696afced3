import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { knownWords, type Person, withoutWords } from './known-words.js';

export interface Strength {
  /** 0 to 4, the scale of zxcvbn: 3 is some 10^8 guesses and more. */
  readonly score: number;
  /** What is wrong first, then what would help. In English. */
  readonly feedback: readonly string[];
  readonly isStrong: boolean;
}

const strongFrom = 3;
/** In code points. The time grows with the square: hostile text of this length takes a tenth of a second, of 128 a whole one. */
const longestPiece = 40;
/** Of the ways to read digits and signs as letters; the library's hundred is twice as slow and finds no more here. */
const l33tMaxSubstitutions = 20;

const strength = (score: number, feedback: readonly string[]): Strength => ({
  score,
  feedback,
  isStrong: score >= strongFrom,
});

/** For a password that is refused whatever it is made of. */
export const notStrong = (why: string, { score, feedback }: Strength = strength(0, [])): Strength =>
  strength(Math.min(score, strongFrom - 1), [why, ...feedback]);

/**
 * Estimates how many guesses a password would withstand, after zxcvbn (Wheeler, USENIX Security 2016). What is known of
 * the person or repeated at once counts for nothing. Only the beginning of a long password is examined, and its
 * end when the beginning is weak: either alone keeps a guesser busy.
 * @param password normalized, of bounded length: it is computed at a stretch, in a thread of its own
 * @param service names of this service
 */
export async function estimateStrength(
  password: string,
  person: Person,
  service: readonly string[],
): Promise<Strength> {
  const { zxcvbn, warnings } = await load();
  const words = knownWords(person, service);
  const unknown = withoutWords(password, words);
  const essence = withoutRepeats(unknown);
  const examined = piecesOf(essence).map((piece) => () => zxcvbn.check(piece, words));
  let best = { score: -1, feedback: [] as string[] };
  for (const examine of examined) {
    const { score, feedback } = examine();
    if (score > best.score)
      best = { score, feedback: [...(feedback.warning ? [feedback.warning] : []), ...feedback.suggestions] };
    if (best.score >= strongFrom) return strength(best.score, []);
  }
  const reasons = [
    ...(unknown === password ? [] : [warnings.userInputs]),
    ...(essence === unknown ? [] : [warnings.extendedRepeat]),
  ];
  return strength(best.score, [...new Set([...reasons.filter((reason) => reason !== null), ...best.feedback])]);
}

/** What is repeated at once is guessed as fast as one of it. Runs of one character are left to the library. */
function withoutRepeats(text: string): string {
  const once = text.replace(/(.{3,}?)\1+/gsu, '$1');
  return once.length === text.length ? text : withoutRepeats(once);
}

function piecesOf(text: string): string[] {
  const points = [...text];
  if (points.length <= longestPiece) return [text];
  return [points.slice(0, longestPiece).join(''), points.slice(-longestPiece).join('')];
}

interface Estimator {
  readonly zxcvbn: ZxcvbnFactory;
  readonly warnings: { readonly userInputs: string | null; readonly extendedRepeat: string | null };
}

let estimator: Promise<Estimator> | undefined;

/**
 * At the first use: the dictionaries take 25 MB of heap and a third of a second, and a process that only signs
 * people in never needs them.
 */
function load(): Promise<Estimator> {
  estimator ??= make();
  return estimator;
}

async function make(): Promise<Estimator> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  const { translations } = english;
  const dictionary = { ...common.dictionary, ...english.dictionary };
  const graphs = common.adjacencyGraphs;
  const zxcvbn = new ZxcvbnFactory({ dictionary, graphs, translations, l33tMaxSubstitutions });
  return { zxcvbn, warnings: translations.warnings };
}
