import type { EndpointName } from '../../../src/contract/index.ts';
import { loadSession, sessionStore } from '../session/current-session.ts';
import type { Answer, CallArguments, CallInput, DownloadName } from './call-types.ts';
import { ConsoleError } from './console-error.ts';
import { readAnswer, type SentInput, send } from './send.ts';

/**
 * Calls an endpoint by its name. A session that has run out is asked for again and the call repeated, so that nothing
 * that was typed is lost. @throws {ConsoleError}
 */
export function call<Name extends EndpointName>(
  name: Name,
  ...[input]: CallArguments<Name>
): Promise<Answer<Name>> {
  return request(name, input);
}

/** As `call`, with a signal that ends it. */
export async function request<Name extends EndpointName>(
  name: Name,
  input: CallInput<Name> | undefined,
  signal?: AbortSignal,
): Promise<Answer<Name>> {
  const response = await recover(name, sentInput(input), signal);
  // The server answers by the same map that the type is of.
  return (await readAnswer(name, response)) as Answer<Name>;
}

/** The response itself, for downloads that a page shows. @throws {ConsoleError} */
export function fetchFile<Name extends DownloadName>(
  name: Name,
  input: CallInput<Name>,
  signal?: AbortSignal,
): Promise<Response> {
  return recover(name, sentInput(input), signal);
}

/** The parts that a call has; which ones, its type has seen to. */
export function sentInput(input: unknown): SentInput {
  return (input ?? {}) as SentInput;
}

async function recover(
  name: EndpointName,
  input: SentInput,
  signal: AbortSignal | undefined,
): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await send(name, input, { csrfToken: sessionStore.csrfToken, signal });
    } catch (error) {
      if (!(error instanceof ConsoleError) || attempt > 2 || !(await mend(error))) throw error;
    }
  }
}

/** Whether the call may be tried again. */
async function mend({ code }: ConsoleError): Promise<boolean> {
  switch (code) {
    case 'no_session':
      sessionStore.expire();
      await sessionStore.restored();
      return true;
    case 'invalid_csrf_token':
      // Another tab has begun a new session.
      await loadSession();
      return true;
    case 'password_change_required':
      sessionStore.demandPassword();
      return false;
    case 'two_factor_required':
      sessionStore.demandTwoFactor();
      return false;
    default:
      return false;
  }
}
