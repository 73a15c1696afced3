import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../graphql/context.js';
import { assertMayExplain } from '../../graphql/rules.js';
import { SecurityEventType } from '../../security-events/security-event.type.js';
import { type AccessChange, type AccessChanges, cursorOfChange, listAccessChanges } from './access-changes.js';
import { AccessChangeConnection, AccessChangesArguments, AccessChangeType } from './access-changes.type.js';
import { eventsOfChanges } from './change-events.js';

/** A change with the page that it is on, for which events are read at once. */
interface Node extends AccessChange {
  readonly eventsOfPage: () => ReturnType<typeof eventsOfChanges>;
}

@Resolver(() => AccessChangeType)
export class AccessChangesResolver {
  @Query(() => AccessChangeConnection, {
    description:
      'The instants at which `accessDecision` began to answer otherwise about a user, in `allowed` or in `reason`, ' +
      'newest first, with what happened then. A page that would take too long ends early: it may be short, and even ' +
      'empty, while `hasNextPage` is true; `endCursor` leads on. Rights as for `accessDecision`.',
  })
  async accessChanges(
    @Args(() => AccessChangesArguments) { userId: id, ...question }: AccessChangesArguments,
    @Ctx() context: Context,
  ) {
    const userId = id.toLowerCase();
    await assertMayExplain(context, userId, null);
    return connectionOf(context, await listAccessChanges(context, { userId, ...question }));
  }

  @FieldResolver(() => [SecurityEventType], {
    description:
      'The security events that report the change, at most ten. As far as the caller may read them: all with ' +
      '`security-event:read`, otherwise those that happened to themself. None where they are no longer kept.',
  })
  async events(@Root() change: Node) {
    return (await change.eventsOfPage()).get(change)?.slice(0, mostEvents) ?? [];
  }
}

export const mostEvents = 10;

function connectionOf(context: Context, page: AccessChanges) {
  let events: ReturnType<typeof eventsOfChanges> | undefined;
  const eventsOfPage = () => {
    events ??= eventsOfChanges(context, { ...page, changes: nodes });
    return events;
  };
  const nodes: Node[] = page.changes.map((change) => ({ ...change, eventsOfPage }));
  const edges = nodes.map((node) => ({ node, cursor: cursorOfChange(page.userId, node.at.getTime()) }));
  const pageInfo = {
    hasNextPage: !page.isComplete,
    hasPreviousPage: page.isAfter,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: page.endCursor,
  };
  return { edges, nodes, pageInfo };
}
