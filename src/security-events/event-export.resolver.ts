import { Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { asksForProof } from '../graphql/descriptions.js';
import { Input } from '../graphql/input.js';
import { beginExport } from './begin-export.js';
import { BeginSecurityEventExportInput, BeginSecurityEventExportPayload } from './event-export.type.js';

@Resolver()
export class EventExportResolver {
  @Mutation(() => BeginSecurityEventExportPayload, {
    description:
      'Records that the caller exports security events (`EVENTS_EXPORTED`), before they are read from `securityEvents` ' +
      'page by page. Requires `security-event:read`. In a session only.' +
      asksForProof(),
  })
  beginSecurityEventExport(
    @Input(() => BeginSecurityEventExportInput) { format, filter }: BeginSecurityEventExportInput,
    @Ctx() context: Context,
  ) {
    return answer(beginExport(context, { format, filter }).then((before) => ({ before })));
  }
}
