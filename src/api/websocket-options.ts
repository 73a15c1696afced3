import type { IncomingMessage, Server } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import type { Presented } from '../authentication/authenticate.js';
import type { Context } from '../graphql/context.js';
import type { Held } from '../operations/held.js';
import type { TracePlace } from '../operations/traceparent.js';
import type { EventFeed } from '../security-events/event-feed.js';
import type { ApolloOptions } from './apollo.js';
import type { SocketWatch } from './socket-watch.js';

/** What a socket keeps of the request that opened it. */
export type Handshake = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Dependencies of the websocket server. */
export interface WebsocketOptions extends ApolloOptions {
  readonly server: Server;
  readonly apollo: ApolloServer<Context>;
  readonly watch: SocketWatch;
  readonly held: Held;
  readonly eventFeed: EventFeed;
  readonly allowsOrigin: (origin: string | undefined) => boolean;
  /** Aborted when the service begins to stop. */
  readonly stopping: AbortSignal;
  readonly addressOf: (request: IncomingMessage) => string;
  /** Reads the credentials from the headers of the upgrade request. */
  readonly presentedIn: (request: IncomingMessage) => Presented;
  readonly createContext: (
    handshake: Handshake,
    presented: Presented,
    way: { readonly trace: TracePlace | undefined },
  ) => Promise<Context>;
}
