export type AccessErrorCode =
  /** No API key came, and one is required. */
  | 'missing_key'
  /** Unknown, inactive or expired. */
  | 'invalid_key'
  /** Wrong user name or password, or a disabled user: they are not told apart. Or a wrong code. */
  | 'invalid_credentials'
  /** The code came too late, or what it was asked for has changed: it begins again with the password. */
  | 'sign_in_expired'
  /** Too many failed sign-ins. */
  | 'too_many_attempts'
  /** No session, or one that has ended. */
  | 'no_session'
  /** The first password must be changed before anything else. */
  | 'password_change_required'
  /** Two-factor sign-in must be set up before anything else. */
  | 'two_factor_required'
  /** The role does not allow it. */
  | 'forbidden'
  | 'not_found'
  /** It would contradict what is there: a name that is taken, the last admin. */
  | 'conflict'
  | 'invalid';

/** Why somebody may not do something, told so that they can put it right. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code: AccessErrorCode;
  /** The field at fault. */
  readonly param: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: AccessErrorCode,
    message: string,
    details: { readonly param?: string; readonly retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.param = details.param;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
