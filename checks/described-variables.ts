import type { Topic } from './environment-example.js';

const head = `// Made by \`npm run configuration\` from the other files of this folder.

/** What is known of a variable without its value. */
export interface DescribedVariable {
  readonly name: string;
  /** Heading of docs/configuration.md under which it stands. */
  readonly topic: string;
  /** A sentence or more; names are between backticks. */
  readonly description: string;
  /** Which values it takes, in words. */
  readonly type: string;
  /** The default as it would be set; null where there is none, or where it depends on something. */
  readonly byDefault: string | null;
  /** In words, of a default that depends on something. */
  readonly otherwise: string | null;
}

`;

/** The text of src/environment/described.ts. */
export const describedOf = (topics: readonly Topic[]): string => {
  const all = topics.flatMap(({ title, variables }) =>
    variables.map(({ name, meaning, type, value, otherwise }) => ({
      name,
      topic: title,
      description: withoutLinks(meaning),
      type: withoutLinks(type),
      byDefault: value ?? null,
      otherwise: otherwise ? withoutLinks(otherwise) : null,
    })),
  );
  return `${head}export const described: readonly DescribedVariable[] = ${JSON.stringify(all, null, 2)};\n`;
};

const withoutLinks = (markdown: string): string => markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
