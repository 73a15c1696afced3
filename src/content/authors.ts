import type { UserRow } from '../accounts/user-rows.js';
import type { Page } from '../database/pages.js';
import { unavailable } from '../errors.js';

interface Written {
  readonly authorId: string;
}

/** Reads accounts together, once in an operation: what a list remembers of posts says nothing of their authors. */
interface Loading {
  readonly loaders: { readonly users: { load(id: string): Promise<UserRow | undefined> } };
}

/** @throws SERVICE_UNAVAILABLE when the account was deleted, and this with it, since this was read */
export async function authorOf({ authorId }: Written, { loaders }: Loading): Promise<UserRow> {
  const author = await loaders.users.load(authorId);
  if (!author) throw unavailable();
  return author;
}

/** With an account goes what it wrote, also where the list was read a moment before. */
export async function withoutFormerAuthors<Row extends Written>(
  { loaders }: Loading,
  page: Page<Row>,
): Promise<Page<Row>> {
  const authors = await Promise.all(page.edges.map(({ node }) => loaders.users.load(node.authorId)));
  return { ...page, edges: page.edges.filter((_edge, i) => authors[i]) };
}
