import { isBlock, isLine } from './plain-text.js';

/**
 * Scripts in modern use (UAX #31, tables 5 and 7). Others, such as hieroglyphs, do not occur in names, and many of
 * their letters look like Latin ones.
 */
const scripts = `
  Latin Arabic Armenian Bengali Bopomofo Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Hangul Han
  Hebrew Hiragana Kannada Katakana Khmer Lao Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan
  Adlam Balinese Bamum Batak Canadian_Aboriginal Chakma Cham Cherokee Hanifi_Rohingya Javanese Kayah_Li Lepcha Limbu
  Lisu Mandaic Meetei_Mayek Miao New_Tai_Lue Newa Nko Nyiakeng_Puachue_Hmong Ol_Chiki Osage Saurashtra Sundanese
  Syloti_Nagri Syriac Tai_Le Tai_Tham Tai_Viet Tifinagh Vai Wancho Yi`
  .trim()
  .split(/\s+/);

/** Japanese, Chinese and Korean combine several scripts, including Latin (UTS #39, section 5.2, highly restrictive). */
const together = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

/** Matches text in these scripts together with characters of all scripts: digits and most marks. */
const writtenIn = (names: readonly string[]): RegExp =>
  new RegExp(`^[${[...names, 'Common', 'Inherited'].map((name) => `\\p{scx=${name}}`).join('')}]*$`, 'u');

const writings = [...scripts.map((name) => writtenIn([name])), ...together.map(writtenIn)];

const words = /[\p{L}\p{M}\p{N}]+/gu;
/** A repeated mark, or a dot above a letter that already has one: both are invisible (UTS #39, section 5.4). */
const unseenMark = /(\p{Mn})\1|\p{Soft_Dotted}\u0307/u;

/** Whether each word uses one script, so that none of its letters can imitate a letter of another script. */
export const isOneScriptPerWord = (text: string): boolean =>
  !unseenMark.test(text.normalize('NFD')) &&
  (text.match(words) ?? []).every((word) => writings.some((writing) => writing.test(word)));

/** Scripts whose letters change their form next to a joiner. */
const joining =
  'Arabic Syriac Nko Mandaic Adlam Hanifi_Rohingya Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Khmer Myanmar'
    .split(' ')
    .map((name) => `\\p{scx=${name}}`)
    .join('');
/** Joiners and selectors at places where they are invisible, and the blank Braille pattern. */
const idle = new RegExp(
  `(?<![${joining}])\\u200c|(?<![${joining}\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d|(?<![\\p{S}\\p{Extended_Pictographic}\\p{Script=Han}0-9#*])[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]|(?<=[0-9#*])(?!\\ufe0f\\u20e3)[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]|\\u2800`,
  'u',
);

const isPlainWriting = (text: string): boolean => !idle.test(text) && isOneScriptPerWord(text);

/**
 * Whether a text can be a name: one line without invisible or misleading characters.
 * @param most highest length, in code points
 */
export const isNameLine = (text: string, most: number): boolean => isLine(text, most) && isPlainWriting(text);

/** Like `isNameLine`, for descriptions, which may have line breaks. */
export const isDescription = (text: string, most: number): boolean => isBlock(text, most) && isPlainWriting(text);
