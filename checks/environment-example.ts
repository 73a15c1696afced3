import type { DocumentedVariable } from './documented-variables.js';

export interface Topic {
  readonly title: string;
  readonly variables: readonly DocumentedVariable[];
}

const introduction = `# An example of \`.env\`, which is read in development. Made by \`npm run configuration\` from src/environment.
# Copy it to .env and remove the # before what you set; values are the defaults. docs/configuration.md tells more.
`;

/** Longest line of a comment. */
const width = 110;

/** The text of .env.example: every variable, set to its default and commented out. */
export const exampleOf = (topics: readonly Topic[]): string =>
  [introduction, ...topics.map(({ title, variables }) => [`## ${title}\n`, ...variables.map(lineOf)].join('\n'))].join(
    '\n',
  );

function lineOf({ name, meaning, type, value, otherwise }: DocumentedVariable): string {
  const byDefault = otherwise ? `; default: ${otherwise}` : '';
  return `${comment(`${meaning} (${type}${byDefault})`)}\n#${name}=${value ?? ''}\n`;
}

function comment(markdown: string): string {
  const text = markdown.replaceAll(/\[([^\]]*)\]\(([^)#]*)[^)]*\)/g, '$1 (docs/$2)').replaceAll('`', '');
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length < width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(` ${word}`);
  }
  return lines.map((line) => `#${line}`).join('\n');
}
