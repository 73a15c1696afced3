import { parse } from '@swc/core';

export interface Import {
  readonly specifier: string;
  /** True for imports that disappear at compilation. */
  readonly isTypeOnly: boolean;
  readonly line: number;
}

/** A node of the syntax tree; its members depend on its type. */
interface Node {
  readonly type?: string;
  readonly span?: { readonly start: number };
  readonly value?: unknown;
  readonly [member: string]: unknown;
}

/** Finds everything a module imports: imports, re-exports, and `import('…')` in code and in types. */
export async function importsOf(source: string): Promise<Import[]> {
  const module = await parse(source, { syntax: 'typescript', decorators: true, target: 'es2022' });
  const bytes = Buffer.from(source);
  return [...nodesIn(module)].flatMap((node) => {
    const specifier = specifierOf(node);
    if (typeof specifier?.value !== 'string') return [];
    return [{ specifier: specifier.value, isTypeOnly: isTypeOnly(node), line: lineOf(bytes, specifier) }];
  });
}

function* nodesIn(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value) yield value as Node;
  for (const member of Object.values(value)) yield* nodesIn(member);
}

function specifierOf(node: Node): Node | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return (node['source'] as Node | null) ?? undefined;
    case 'TsImportType':
      return node['argument'] as Node;
    case 'CallExpression':
      return (node['callee'] as Node).type === 'Import' ? firstArgument(node) : undefined;
    default:
      return undefined;
  }
}

const firstArgument = (call: Node) => (call['arguments'] as { expression: Node }[])[0]?.expression;

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TsImportType' || node['typeOnly'] === true) return true;
  const names = (node['specifiers'] ?? []) as { isTypeOnly?: boolean }[];
  return names.length > 0 && names.every((name) => name.isTypeOnly === true);
}

/** A span's start counts bytes from 1. */
function lineOf(bytes: Buffer, node: Node): number {
  const before = bytes.subarray(0, (node.span?.start ?? 1) - 1);
  return before.toString().split('\n').length;
}
