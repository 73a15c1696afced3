/**
 * What people write about themselves, as it is kept: trimmed, in Unicode NFC, its lines ended by \n.
 * @returns null for what is empty then
 */
export const tidied = (text: string): string | null => text.trim().normalize('NFC').replaceAll(/\r\n?/g, '\n') || null;

/** Joins letters in many scripts and parts of an emoji; says nothing anywhere else. */
const joiners = /(?<=[\p{L}\p{M}\p{S}])[\u200c\u200d]/gu;
/** Picks a form of the character before it; in a row they can smuggle text that nobody sees. */
const selectors = /(?<=[\p{L}\p{N}\p{P}\p{S}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;
/** Controls, among them those that turn the direction of what follows, and all that shows as nothing. */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

/** Whether a text holds nothing that shows other than it reads (Unicode TR 36, sections 2.5 and 3.6). */
const isPlain = (text: string): boolean => !unseen.test(text.replace(selectors, '').replace(joiners, ''));

/** In code points. The units are counted first: a huge text is not taken apart. */
const isAtMost = (text: string, most: number): boolean => text.length <= 2 * most && [...text].length <= most;

export const isLine = (text: string, most: number): boolean => isAtMost(text, most) && isPlain(text);

/** The same, where lines may be broken. */
export const isBlock = (text: string, most: number): boolean =>
  isAtMost(text, most) && isPlain(text.replaceAll('\n', ''));
