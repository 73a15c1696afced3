import { Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../../graphql/common.type.js';
import type { Context } from '../../graphql/context.js';
import { recognized } from '../../graphql/credentials.js';
import { Input } from '../../graphql/input.js';
import { confirmEmailChange } from './confirm-email-change.js';
import {
  ConfirmEmailChangeInput,
  ConfirmEmailChangePayload,
  RequestEmailChangeInput,
  RequestEmailChangePayload,
  UndoEmailChangeInput,
  UndoEmailChangePayload,
} from './email-change.type.js';
import { requestEmailChange } from './request-email-change.js';
import { undoEmailChange } from './undo-email-change.js';

@Resolver()
export class EmailChangeResolver {
  @Mutation(() => RequestEmailChangePayload, {
    description:
      'Mails a link that confirms the change to the new address, and one that undoes it to the old. If the ' +
      'new address belongs to another account, the answer is the same, and its owner is mailed. In a session only.',
  })
  requestEmailChange(@Input(() => RequestEmailChangeInput) input: RequestEmailChangeInput, @Ctx() context: Context) {
    return answer(requestEmailChange(context, input).then((email) => ({ email })));
  }

  @Mutation(() => ConfirmEmailChangePayload, {
    description:
      'Gives an account its new e-mail address, by the token that was mailed to that address, within 24 hours by ' +
      'default. INVALID_TOKEN otherwise; EMAIL_TAKEN when another account has got the address.',
  })
  confirmEmailChange(
    @Input(() => ConfirmEmailChangeInput) { token }: ConfirmEmailChangeInput,
    @Ctx() context: Context,
  ) {
    return answer(confirmEmailChange(context, token).then((user) => recognized(context, user)));
  }

  @Mutation(() => UndoEmailChangePayload, {
    description:
      'Gives an account its old e-mail address back, within 7 days by default, by the token that was mailed to ' +
      'that address. Ends sessions, API tokens, the password and a second factor that was set up since, and ' +
      'mails a link to set a new password.',
  })
  undoEmailChange(@Input(() => UndoEmailChangeInput) { token }: UndoEmailChangeInput, @Ctx() context: Context) {
    return answer(undoEmailChange(context, token).then((user) => recognized(context, user)));
  }
}
