import { LRUCache } from 'lru-cache';

/** The part of MikroORM's platform that puts values into the text of a statement. */
interface Formatter {
  formatQuery(text: string, values: readonly unknown[]): string;
}

/** What is remembered of the texts with values, in characters. */
const mostRemembered = 1_000_000;
const mostConstants = 1000;
const isBare = /^(?:begin|commit|rollback);?$/i;
const firstWord = /^\s*(select|insert|update|delete|with|set|savepoint|release|create|alter|drop)\b/i;

/**
 * Texts of statements without values, for the log and for figures. MikroORM sends values within the text; a text that is
 * neither a constant of the program nor known from MikroORM is reduced to its first word.
 */
export class StatementTexts {
  private readonly constants = new Set<string>();
  private readonly withoutValues = new LRUCache<string, string>({
    maxSize: mostRemembered,
    sizeCalculation: (text, full) => text.length + full.length + 1,
  });

  /** Has the texts of MikroORM's statements noted, with `?` for values. */
  watch(platform: Formatter): void {
    const { formatQuery } = platform;
    platform.formatQuery = (text, values) => {
      const full = formatQuery.call(platform, text, values);
      this.withoutValues.set(full, text);
      return full;
    };
  }

  /** Notes a text that contains no value. */
  noteConstant(text: string): void {
    if (this.constants.size >= mostConstants && !this.constants.has(text)) this.constants.clear();
    this.constants.add(text);
  }

  /** @param full as it was sent */
  of(full: string): string {
    if (this.constants.has(full) || isBare.test(full)) return full;
    return this.withoutValues.get(full) ?? `${firstWord.exec(full)?.[1]?.toLowerCase() ?? ''} …`.trim();
  }
}
