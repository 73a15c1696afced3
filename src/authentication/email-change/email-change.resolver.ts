import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../../graphql/common.type.js';
import type { Context } from '../../graphql/context.js';
import { recognized } from '../../graphql/credentials.js';
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
    description: 'Mails a link to the new address, which changes it, and one to the old, which undoes it.',
  })
  requestEmailChange(
    @Arg('input', () => RequestEmailChangeInput) input: RequestEmailChangeInput,
    @Ctx() context: Context,
  ) {
    return answer(requestEmailChange(context, input).then((email) => ({ email })));
  }

  @Mutation(() => ConfirmEmailChangePayload, { description: 'By the token that was mailed to the new address.' })
  confirmEmailChange(
    @Arg('input', () => ConfirmEmailChangeInput) { token }: ConfirmEmailChangeInput,
    @Ctx() context: Context,
  ) {
    return answer(confirmEmailChange(context, token).then((user) => recognized(context, user)));
  }

  @Mutation(() => UndoEmailChangePayload, {
    description: 'From the mail to the old address: brings it back, signs everybody out and mails a reset link.',
  })
  undoEmailChange(@Arg('input', () => UndoEmailChangeInput) { token }: UndoEmailChangeInput, @Ctx() context: Context) {
    return answer(undoEmailChange(context, token).then((user) => recognized(context, user)));
  }
}
