import { Refusal, refuse, type UserError, UserErrorCode } from '../errors.js';
import { isBlock, isLine, tidied } from '../texts/plain-text.js';

/** Longest texts, in code points. */
const longest = { title: 200, body: 20_000, category: 50, comment: 5000 } as const;

/** The texts of a post as an author sends them. Absent, and null except for the category, means unchanged. */
export interface PostTexts {
  readonly title?: string | null | undefined;
  readonly body?: string | null | undefined;
  /** Null: removed. */
  readonly category?: string | null | undefined;
}

interface Reading {
  /** @returns the text as it is stored, or undefined when it is invalid */
  readonly read: (text: string) => string | undefined;
  readonly problem: string;
}

const written = (accepts: (text: string, most: number) => boolean, most: number) => (text: string) => {
  const kept = tidied(text);
  return kept !== null && accepts(kept, most) ? kept : undefined;
};

/** Lower-case letters and digits, in words joined by hyphens. */
const slug = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** @returns the category as it is stored, or undefined for an invalid name */
export function categoryNamed(text: string): string | undefined {
  const name = text.trim().toLowerCase();
  return name.length <= longest.category && slug.test(name) ? name : undefined;
}

const readings: Record<keyof PostTexts, Reading> = {
  title: {
    read: written(isLine, longest.title),
    problem: `A title has 1 to ${longest.title} characters on one line.`,
  },
  body: {
    read: written(isBlock, longest.body),
    problem: `A post has 1 to ${longest.body} characters of plain text.`,
  },
  category: {
    read: categoryNamed,
    problem: `A category has 1 to ${longest.category} letters and digits, in words joined by hyphens.`,
  },
};

/** The columns to be changed. */
export interface PostChanges {
  title?: string;
  body?: string;
  category?: string | null;
}

/** @throws Refusal INVALID_INPUT with one error for each invalid field */
export function readPostTexts(input: PostTexts): PostChanges {
  const changes: PostChanges = input.category === null ? { category: null } : {};
  const errors: UserError[] = [];
  for (const [field, { read, problem }] of Object.entries(readings) as [keyof PostTexts, Reading][]) {
    const given = input[field];
    if (given == null) continue;
    const value = read(given);
    if (value === undefined)
      errors.push({ code: UserErrorCode.INVALID_INPUT, message: problem, field: ['input', field] });
    else changes[field] = value;
  }
  if (errors.length > 0) throw new Refusal(errors);
  return changes;
}

const readBody = written(isBlock, longest.comment);

/** @returns the comment as it is stored @throws Refusal INVALID_INPUT */
export function readComment(text: string): string {
  const body = readBody(text);
  if (body === undefined)
    throw refuse('INVALID_INPUT', `A comment has 1 to ${longest.comment} characters of plain text.`, 'body');
  return body;
}
