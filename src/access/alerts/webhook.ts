import { createHmac } from 'node:crypto';
import { newId } from '../new-id.ts';

/** Where messages go, and what they are signed with. */
export interface WebhookTarget {
  /** http or https. */
  readonly url: string;
  /** `whsec_` and base64; absent: messages are not signed. */
  readonly secret?: string;
}

export interface WebhookMessage {
  /** The same for each try, so that a receiver knows one that it has already. */
  readonly id: string;
  readonly body: string;
}

export interface WebhookAnswer {
  readonly delivered: boolean;
  /** Null: there was none. */
  readonly status: number | null;
  /** Why it counts as not delivered. */
  readonly problem: string | null;
}

const secretPrefix = 'whsec_';

/** @param at milliseconds since 1970: when what it tells of happened. */
export function webhookMessage(type: string, at: number, data: object): WebhookMessage {
  return {
    id: newId('msg_'),
    body: JSON.stringify({ type, timestamp: new Date(at).toISOString(), data }),
  };
}

/**
 * Posts a message once, by the scheme of Standard Webhooks (standardwebhooks.com). A redirect counts as refused: whoever
 * answers with one could lead the server to addresses that nobody set. Never rejects.
 */
export async function postWebhook(
  { url, secret }: WebhookTarget,
  { id, body }: WebhookMessage,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<WebhookAnswer> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'claudecode-api',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    ...(secret !== undefined && { 'webhook-signature': sign(secret, `${id}.${timestamp}.${body}`) }),
  };
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    // Only the status is of interest, and what nobody reads would hold the connection.
    await response.body?.cancel();
    const { ok: delivered, status } = response;
    return { delivered, status, problem: delivered ? null : `It was answered with the status ${status}.` };
  } catch (error) {
    const problem = timeout.aborted ? `There was no answer within ${timeoutMs / 1000} s.` : reasonOf(error);
    return { delivered: false, status: null, problem };
  }
}

function sign(secret: string, content: string): string {
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

/** What fetch says of itself is `fetch failed`; the cause knows more. */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(reason instanceof Error)) return String(reason);
  const code = 'code' in reason && typeof reason.code === 'string' ? reason.code : '';
  return `It could not be sent: ${reason.message === '' ? code : reason.message}.`;
}
