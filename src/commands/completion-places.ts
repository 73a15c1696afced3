import type { Command, Option } from 'commander';

interface Word {
  /** Of letters, digits and `-`, so that shells take it as it is. */
  readonly word: string;
  readonly description: string;
}

interface Flag extends Word {
  /** What follows it: `file`, another value, or nothing. */
  readonly takes: 'file' | 'value' | undefined;
}

/** What may stand behind a command, or behind the program's name alone. */
export interface Place {
  /** Names of the commands that lead there, with a space between; empty for the program alone. */
  readonly path: string;
  readonly words: readonly Word[];
  readonly flags: readonly Flag[];
  readonly takesFile: boolean;
}

/** The places of all commands, for scripts that complete command lines. */
export function placesOf(gatehouse: Command): Place[] {
  const everywhere = gatehouse.options.filter(({ long }) => long !== '--version').map(flagOf);
  const help: Flag = { word: '--help', description: 'show what there is', takes: undefined };
  const below = (command: Command, path: string): Place[] => {
    const own = command.options.map(flagOf).filter(({ word }) => !everywhere.some((flag) => flag.word === word));
    const place: Place = {
      path,
      words: [
        ...command.commands.map(wordOf),
        ...command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices.map(choice)),
      ],
      flags: [...own, ...everywhere, help],
      takesFile: command.registeredArguments.some((argument) => argument.name() === 'file'),
    };
    return [place, ...command.commands.flatMap((one) => below(one, `${path} ${one.name()}`.trim()))];
  };
  return below(gatehouse, '');
}

const wordOf = (command: Command): Word => ({ word: command.name(), description: command.description() });
const choice = (word: string): Word => ({ word, description: '' });

function flagOf({ long, flags, description }: Option): Flag {
  const value = /[<[]([^>\]]+)/.exec(flags)?.[1];
  return {
    word: String(long),
    description,
    takes: value === undefined ? undefined : value === 'file' ? 'file' : 'value',
  };
}

/** Paths that are commands, as the text `place word` that leads to them: ` migrate`, `migrate up`. */
export const stepsOf = (places: readonly Place[]): string[] =>
  places.filter(({ path }) => path !== '').map(({ path }) => (path.includes(' ') ? path : ` ${path}`));

/** Flags of all places that take a value, as the text `place flag`. */
export const valuesOf = (places: readonly Place[], takes: 'file' | 'value'): string[] =>
  places.flatMap(({ path, flags }) =>
    flags.filter((flag) => flag.takes === takes).map(({ word }) => `${path} ${word}`),
  );

/** In single quotes, for a shell. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
