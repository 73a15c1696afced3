/**
 * Normalizes free text for storage: trims it, converts it to Unicode NFC and line ends to \n.
 * @returns null if nothing is left
 */
export const tidied = (text: string): string | null => text.trim().normalize('NFC').replaceAll(/\r\n?/g, '\n') || null;

/** Joiners after a letter, mark or symbol, where many scripts and emoji need them. Elsewhere they have no effect. */
const joiners = /(?<=[\p{L}\p{M}\p{S}])[\u200c\u200d]/gu;
/** Variation selectors, which choose a form of the preceding character. Several in a row could hide text. */
const selectors = /(?<=[\p{L}\p{N}\p{P}\p{S}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;
/** Control characters, including bidirectional ones, and all invisible characters. */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

/** Whether a text contains nothing invisible or misleading (Unicode TR 36, sections 2.5 and 3.6). */
const isPlain = (text: string): boolean => !unseen.test(text.replace(selectors, '').replace(joiners, ''));

/** In code points. Code units are compared first, so that a huge text is not split. */
const isAtMost = (text: string, most: number): boolean => text.length <= 2 * most && [...text].length <= most;

/**
 * Whether a text is one line without invisible characters.
 * @param most highest length, in code points
 */
export const isLine = (text: string, most: number): boolean => isAtMost(text, most) && isPlain(text);

/** Like `isLine`, but with line breaks. */
export const isBlock = (text: string, most: number): boolean =>
  isAtMost(text, most) && isPlain(text.replaceAll('\n', ''));
