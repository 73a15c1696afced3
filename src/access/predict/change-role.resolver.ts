import { Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../../graphql/common.type.js';
import type { Context } from '../../graphql/context.js';
import { asksForProof } from '../../graphql/descriptions.js';
import { Input } from '../../graphql/input.js';
import { changeRole } from './change-role.js';
import { ChangeRoleInput, ChangeRolePayload } from './change-role.type.js';

@Resolver()
export class ChangeRoleResolver {
  @Mutation(() => ChangeRolePayload, {
    description:
      'Makes the change that `previewRoleChange` predicts, all of it at one instant or nothing, and answers with the ' +
      'same errors. Requires `role:update` for the role, before and after the change, for its details and ' +
      'permissions, and `role:grant` for its grants. Users whom the caller may not read count as unknown. FORBIDDEN, ' +
      'without the permissions, is not among the errors of the preview.' +
      asksForProof(
        'to edit a role that somebody else holds, or to grant one that reaches the permissions named at `grantRole`',
      ),
  })
  changeRole(@Input(() => ChangeRoleInput) input: ChangeRoleInput, @Ctx() context: Context) {
    return answer(changeRole(context, input).then((role) => ({ role })));
  }
}
