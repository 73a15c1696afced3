import { Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { Input } from '../graphql/input.js';
import { reauthenticate } from './reauthenticate.js';
import { ReauthenticateInput, ReauthenticatePayload } from './reauthentication.type.js';

@Resolver()
export class ReauthenticationResolver {
  @Mutation(() => ReauthenticatePayload, {
    description:
      'Proves once more who the caller is, by the password or a code of the second factor, so that dangerous actions ' +
      'no longer answer with REAUTHENTICATION_REQUIRED: in this session, for 10 minutes by default. In a session ' +
      'only. INVALID_INPUT for a code when there is no second factor.',
  })
  reauthenticate(@Input(() => ReauthenticateInput) input: ReauthenticateInput, @Ctx() context: Context) {
    return answer(
      reauthenticate(context, input).then(async (sessionId) => {
        context.forgetLoaded();
        return { session: await context.loaders.sessions.load(sessionId) };
      }),
    );
  }
}
