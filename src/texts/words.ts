import { isBlock, isLine } from './plain-text.js';

/**
 * The scripts of today's writing (UAX #31, tables 5 and 7). Others, such as hieroglyphs, are in no name; many of
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

/** Japanese, Chinese and Korean are written in several scripts, Latin among them (UTS #39, section 5.2, highly restrictive). */
const together = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

/** What is written in these scripts, and what belongs to all: digits, most marks. */
const writtenIn = (names: readonly string[]): RegExp =>
  new RegExp(`^[${[...names, 'Common', 'Inherited'].map((name) => `\\p{scx=${name}}`).join('')}]*$`, 'u');

const writings = [...scripts.map((name) => writtenIn([name])), ...together.map(writtenIn)];

const words = /[\p{L}\p{M}\p{N}]+/gu;
/** A mark twice, or a dot above a letter that has one: neither can be seen (UTS #39, section 5.4). */
const unseenMark = /(\p{Mn})\1|\p{Soft_Dotted}\u0307/u;

/** Whether each word is written in one script, so that no letter of it can be another's double. */
export const isOneScriptPerWord = (text: string): boolean =>
  !unseenMark.test(text.normalize('NFD')) &&
  (text.match(words) ?? []).every((word) => writings.some((writing) => writing.test(word)));

/** Scripts whose letters change their form beside a joiner. */
const joining =
  'Arabic Syriac Nko Mandaic Adlam Hanifi_Rohingya Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Khmer Myanmar'
    .split(' ')
    .map((name) => `\\p{scx=${name}}`)
    .join('');
/** Joiners and selectors where they show as nothing. */
const idle = new RegExp(
  `(?<![${joining}])\\u200c|(?<![${joining}\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d|(?<![\\p{S}\\p{Extended_Pictographic}\\p{Script=Han}0-9#*])[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]|(?<=[0-9#*])(?!\\ufe0f\\u20e3)[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]|\\u2800`,
  'u',
);

const isPlainWriting = (text: string): boolean => !idle.test(text) && isOneScriptPerWord(text);

/** Whether a text can name something: one line that reads as it is. @param most in code points */
export const isNameLine = (text: string, most: number): boolean => isLine(text, most) && isPlainWriting(text);

/** The same for what describes something, where lines may be broken. */
export const isDescription = (text: string, most: number): boolean => isBlock(text, most) && isPlainWriting(text);
