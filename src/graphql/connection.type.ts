import { type ClassType, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { type Connection, PageInfo } from './pagination.js';

/**
 * Creates the types of a Relay connection (GraphQL Cursor Connections Specification).
 * @param name name of the nodes' type
 * @returns the connection type, and a resolver that counts the rows only when their number is selected
 */
export function connectionTypes(name: string, nodeType: () => ClassType) {
  const ConnectionType = uncountedConnection(name, nodeType);

  @Resolver(() => ConnectionType)
  class TotalResolver {
    @FieldResolver(() => Int, {
      description: 'How many rows the whole list has, on all pages together; counted only when it is asked for.',
    })
    totalCount(@Root() connection: Connection<unknown>): Promise<number> {
      return connection.total();
    }

    @FieldResolver(() => Boolean, {
      description: 'Whether `totalCount` is an estimate, as it is of long lists: those of more than 10,000 rows.',
    })
    totalCountIsEstimate(@Root() { isEstimate }: Connection<unknown>): boolean | Promise<boolean> {
      return isEstimate?.() ?? false;
    }
  }
  return [ConnectionType, TotalResolver] as const;
}

/** Creates the type of a connection whose rows are not counted. */
export function uncountedConnection(name: string, nodeType: () => ClassType) {
  @ObjectType(`${name}Edge`, {
    simpleResolvers: true,
    description: `One row of a list of ${name}, with its cursor (Relay cursor connections).`,
  })
  class Edge {
    @Field(() => String, { description: 'Marks the place of the row in its list: pass it as `after` or `before`.' })
    cursor!: string;

    @Field(nodeType, { description: 'The row itself.' })
    node!: object;
  }

  @ObjectType(`${name}Connection`, {
    simpleResolvers: true,
    description: `One page of a list of ${name} (Relay cursor connections).`,
  })
  class ConnectionType {
    @Field(() => [Edge], { description: 'The rows of the page, each with its cursor.' })
    edges!: Edge[];

    @Field(() => [nodeType()], { description: 'The rows of the page, without cursors.' })
    nodes!: object[];

    @Field(() => PageInfo, { description: 'Whether there are further pages, and the cursors to read them by.' })
    pageInfo!: PageInfo;
  }
  return ConnectionType;
}
