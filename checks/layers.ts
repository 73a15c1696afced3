/**
 * Which way imports may point inside src/: downwards. A file may import what is named on its own line
 * or on one below it. The last line that matches a file counts, and every file must have one.
 */
export const layers: readonly Layer[] = [
  { name: 'commands', files: /^(main|cli)\.ts$|^commands\// },
  { name: 'composition', files: /^(app|jobs|open-services|services)\.ts$/ },
  { name: 'http', files: /^http\//, mayUseGraphql: true },
  { name: 'graphql', files: /^graphql\/|\.(resolver|type)\.ts$/, mayUseGraphql: true },
  {
    name: 'use-cases',
    files: /^(authentication|content|accounts|sessions|api-tokens|access|security-events|mail)\/[^.]+\.ts$/,
  },
  { name: 'operation', files: /^operation\.ts$/ },
  {
    name: 'policy',
    files:
      /^access\/(caller|policy|rights|role-book|permission-catalogue|permission-name|conditions|condition-\w+|attribute-values|rank|permitted-rows)\.ts$/,
  },
  { name: 'database', files: /^database\// },
  { name: 'entities', files: /\.entity\.ts$|^security-events\/event-types\.ts$/ },
  {
    name: 'foundation',
    files:
      /^(config|config-values|mistyped-names|data-directory|secrets|app-secret|closing)\.ts$|^(operations|texts)\//,
  },
  { name: 'errors and clock', files: /^(errors|clock)\.ts$/ },
];

export interface Layer {
  readonly name: string;
  /** Paths inside src/. */
  readonly files: RegExp;
  /** Only these may import GraphQL packages: the rules must not depend on how they are asked for. */
  readonly mayUseGraphql?: boolean;
}

/** The same between capabilities: from one line to itself or to those below it, never to a neighbour. */
export const capabilities: readonly (readonly string[])[] = [
  ['authentication', 'content'],
  ['accounts'],
  ['sessions', 'api-tokens'],
  ['access'],
  ['security-events'],
  ['mail'],
];

/** What the composition hands to everything below it: nameable everywhere, but only as types. */
export const typesForAll: readonly string[] = ['services.ts', 'operation.ts'];

export const graphqlPackages = /^(graphql|type-graphql|graphql-.+|@graphql-.+|@apollo\/.+|@as-integrations\/.+)$/;

/** Names that say nothing about what is inside. */
export const emptyNames: readonly string[] = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'index'];

/** Holds what every type needs: Node, user errors, payloads. */
export const namesAllowed: readonly string[] = ['graphql/common.type.ts'];
