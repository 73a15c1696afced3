/** Who is calling, as far as decisions need it. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
  readonly isAdmin: boolean;
}
