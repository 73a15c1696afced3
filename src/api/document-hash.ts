import { createHash } from 'node:crypto';
import { Lexer, Source, TokenKind } from 'graphql';
import { parseOptions } from './limits.js';

/** In characters. Texts above this are compared as they are: no operation of at most 1,000 tokens is that long. */
const longest = 32 * 1024;

/** SHA-256 of a text in UTF-8, in hexadecimal digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Hash of a document that does not depend on white space, commas and comments: printers differ in these, and clients send
 * what they printed. A text that is no GraphQL has the hash of the text itself.
 * @returns hexadecimal digits
 */
export const documentHash = (text: string): string => sha256(tokensOf(text)?.join(' ') ?? text);

/** @returns undefined for a text that would not be parsed: too long, too many tokens, or an unknown character */
function tokensOf(text: string): string[] | undefined {
  if (text.length > longest) return undefined;
  const lexer = new Lexer(new Source(text));
  const tokens: string[] = [];
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance())
      if (tokens.push(text.slice(token.start, token.end)) > parseOptions.maxTokens) return undefined;
  } catch {
    return undefined;
  }
  return tokens;
}
