import type { UserRow } from '../accounts/user-rows.js';
import type { Page } from '../database/pages.js';
import { unavailable } from '../errors.js';

interface Written {
  readonly authorId: string;
}

/** The loader that reads accounts in batches, once per operation. Cached lists of posts hold no account data. */
interface Loading {
  readonly loaders: { readonly users: { load(id: string): Promise<UserRow | undefined> } };
}

/** @throws SERVICE_UNAVAILABLE when the account, and with it the post or comment, was deleted after it was read */
export async function authorOf({ authorId }: Written, { loaders }: Loading): Promise<UserRow> {
  const author = await loaders.users.load(authorId);
  if (!author) throw unavailable();
  return author;
}

/** Leaves out rows whose author has been deleted: the rows are deleted too, but the list may have been read before. */
export async function withoutFormerAuthors<Row extends Written>(
  { loaders }: Loading,
  page: Page<Row>,
): Promise<Page<Row>> {
  const authors = await Promise.all(page.edges.map(({ node }) => loaders.users.load(node.authorId)));
  return { ...page, edges: page.edges.filter((_edge, i) => authors[i]) };
}
