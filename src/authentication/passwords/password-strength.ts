import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { knownWords, type Person, withoutWords } from './known-words.js';

export interface Strength {
  /** 0 to 4 on zxcvbn's scale; 3 means about 10^8 guesses or more. */
  readonly score: number;
  /** What is wrong, followed by suggestions. In English. */
  readonly feedback: readonly string[];
  readonly isStrong: boolean;
}

const strongFrom = 3;
/**
 * In code points. The time is quadratic: hostile text of this length takes a tenth of a second, of 128 a whole second.
 */
const longestPiece = 40;
/**
 * How many ways of reading digits and signs as letters are tried. The library's default of 100 takes twice as long and
 * finds no more here.
 */
const l33tMaxSubstitutions = 20;

const strength = (score: number, feedback: readonly string[]): Strength => ({
  score,
  feedback,
  isStrong: score >= strongFrom,
});

/** The strength of a password that is refused for another reason. */
export const notStrong = (why: string, { score, feedback }: Strength = strength(0, [])): Strength =>
  strength(Math.min(score, strongFrom - 1), [why, ...feedback]);

/**
 * Estimates how many guesses a password withstands, with zxcvbn (Wheeler, USENIX Security 2016). Words known about the
 * person and immediate repetitions count for nothing. Of a long password only its beginning is examined, and also its
 * end if the beginning is weak; one strong part is enough.
 * @param password normalized and of bounded length, because this runs without a pause; call it in a worker thread
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

/**
 * Removes immediate repetitions, which are guessed as fast as one occurrence. zxcvbn itself handles runs of one
 * character.
 */
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
 * Loads the dictionaries when first needed: they take 25 MB of heap and a third of a second, and a process that only
 * handles sign-ins never needs them.
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
