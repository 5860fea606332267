/** A parameter of the request that was accepted but has no (or less) effect, and why. */
export interface IgnoredParameter {
  /** Its path in the request, for instance `messages[3].tool_calls[0].function.arguments`. */
  readonly param: string;
  readonly reason: string;
}
