import { createGatehouse } from 'gatehouse/client';

/** GraphQL endpoint of the service; `VITE_GATEHOUSE` names another one. */
export const url: string = import.meta.env['VITE_GATEHOUSE'] ?? 'http://localhost:4000/graphql';

export const gatehouse = createGatehouse({ url });
